from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from time import sleep

import pytest

from archive.core.errors import Action, NoIndex, NotAnArchive, Remedy, UnknownId, UsageError
from index import Answer, Confidence, Group, Mark, Mode, Searcher, build, parse
from index.ann.choice import Proposer
from index.embedding.onnx import OnnxEncoder

REBUILD = """
import sys
from pathlib import Path
from archive import Archive
from index import build
with Archive.open(Path(sys.argv[1])) as archive:
    for _ in range(int(sys.argv[2])):
        print(build(archive, rebuild=True).generation, flush=True)
"""
QUESTIONS = (
    "sanctions", "harbour cracks", '"inner basin"', "+penalty cup", "gas -football", "who gave a recipe to the library",
    "muelle", "港口", "the", "-harbour", "larnholm",
)  # fmt: skip


@pytest.fixture(scope="module")
def searcher(news_archive: Path) -> Iterator[Searcher]:
    with Searcher.open(news_archive) as opened:
        assert opened.warm()
        yield opened


def same(answer: Answer) -> Answer:
    """Return an answer without the time it took and without what found its candidates, which may differ."""
    return replace(answer, took_ms=0.0, plan="")


def records(answer: Answer) -> list[str | None]:
    return [hit.article.record for hit in answer]


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize("question", QUESTIONS)
def test_every_hit_is_verbatim_and_its_highlights_lie_in_it(searcher: Searcher, question: str, mode: Mode) -> None:
    answer = searcher.search(question, k=50, mode=mode, nearest=True)
    assert len(answer) > 0
    for rank, hit in enumerate(answer, 1):
        version = searcher.archive.version(hit.article.id, hit.passage.version)
        assert version.text[hit.passage.start : hit.passage.end] == hit.passage.text
        assert all(hidden.end <= hit.passage.start or hit.passage.end <= hidden.start for hidden in version.hidden)
        assert hit.rank == rank
        assert hit.article.id == hit.passage.article_id
        assert all(0 <= mark.start < mark.end <= len(hit.passage.text) for mark in hit.highlights)
        assert all(mark.mark == Mark.MATCH for mark in hit.highlights)
        assert list(hit.highlights) == sorted(hit.highlights)
        assert hit.reason


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize("question", QUESTIONS)
def test_the_same_question_has_the_same_answer(
    searcher: Searcher, news_archive: Path, question: str, mode: Mode
) -> None:
    first = searcher.search(question, k=20, mode=mode)
    assert same(searcher.search(question, k=20, mode=mode)) == same(first)
    with Searcher.open(news_archive) as other:
        assert same(other.search(parse(question), k=20, mode=mode)) == same(first)


@pytest.mark.parametrize("mode", [Mode.HYBRID, Mode.LEXICAL])
def test_k_cuts_the_answer_and_changes_nothing_above_the_cut(searcher: Searcher, mode: Mode) -> None:
    every = searcher.search("larnholm", k=50, mode=mode)
    for k in (1, 2, 4):
        assert searcher.search("larnholm", k=k, mode=mode).hits == every.hits[:k]


@pytest.mark.parametrize("k", [0, -1])
def test_k_below_one_is_refused(searcher: Searcher, k: int) -> None:
    with pytest.raises(UsageError):
        searcher.search("gas", k=k)


def test_stories_are_refused_in_plain_words(searcher: Searcher) -> None:
    with pytest.raises(UsageError, match="Stories"):
        searcher.search("gas", group=Group.STORY)


def test_grouped_by_article_each_article_comes_once_with_its_best_passage(searcher: Searcher) -> None:
    passages = searcher.search("sanctions", k=50)
    articles = searcher.search("sanctions", k=50, group=Group.ARTICLE)
    found = records(articles)
    assert len(found) == len(set(found))
    assert set(records(passages)) <= set(found)
    first = {hit.article.record: hit.passage for hit in reversed(passages.hits)}
    assert all(hit.passage == first[hit.article.record] for hit in articles if hit.article.record in first)


def test_passages_of_the_same_words_are_folded_into_one_that_counts_its_copies(searcher: Searcher) -> None:
    answer = searcher.search("harbour breakwater")
    texts = [hit.passage.text for hit in answer]
    assert len(texts) == len(set(texts))
    assert answer.hits[0].copies == 1


def test_the_copies_of_a_hit_are_given_as_far_as_they_meet_the_conditions(searcher: Searcher) -> None:
    answer = searcher.search("harbour breakwater")
    (copy,) = searcher.copies(answer, answer.hits[0])
    assert {copy.article.record, answer.hits[0].article.record} == {"a1", "a8"}
    assert copy.passage.text == answer.hits[0].passage.text
    assert searcher.archive.passage(copy.passage.id) == copy.passage
    assert searcher.copies(answer, answer.hits[1]) == ()
    narrowed = searcher.search("harbour breakwater outlet:courier")
    assert (narrowed.hits[0].copies, searcher.copies(narrowed, narrowed.hits[0])) == (0, ())


@pytest.mark.parametrize("mode", Mode)
def test_exclusions_bind_both_legs(searcher: Searcher, mode: Mode) -> None:
    assert "b1" in records(searcher.search("penalty", k=50, mode=mode, nearest=True))
    answer = searcher.search("penalty -harbour", k=50, mode=mode, nearest=True)
    assert {"a2", "a5"} <= set(records(answer))
    assert not {"a1", "a8", "b1"} & set(records(answer))


@pytest.mark.parametrize("mode", Mode)
def test_a_word_behind_a_plus_binds_both_legs(searcher: Searcher, mode: Mode) -> None:
    answer = searcher.search("harbour +penalty", k=50, mode=mode, nearest=True)
    assert set(records(answer)) == {"a2", "a5", "b1"}


@pytest.mark.parametrize("mode", Mode)
def test_passages_that_hold_the_phrase_come_first(searcher: Searcher, mode: Mode) -> None:
    answer = searcher.search('"youth cup" sanctions pipeline', k=50, mode=mode, nearest=True)
    holding = ["youth cup" in hit.passage.text for hit in answer]
    assert holding[0]
    assert holding == sorted(holding, reverse=True)
    assert set(records(answer)) == {"a5", "b1"}


@pytest.mark.parametrize("mode", [Mode.LEXICAL, Mode.HYBRID])
@pytest.mark.parametrize(("word", "record"), [("winter", "a9"), ("week", "b1"), ("dry", "a3")])
def test_what_only_a_title_says_is_found_once_in_the_first_passage(
    searcher: Searcher, word: str, record: str, mode: Mode
) -> None:
    hits = [hit for hit in searcher.search(word, mode=mode) if hit.article.record == record and hit.lexical]
    assert 0 in [hit.passage.start for hit in hits]
    assert len(hits) == 1 or mode == Mode.HYBRID
    assert all(hit.reason.startswith("its article matches") for hit in hits)


@pytest.mark.parametrize("mode", [Mode.LEXICAL, Mode.HYBRID])
def test_beginnings_and_spellings_are_searched_for_and_lit(searcher: Searcher, mode: Mode) -> None:
    answer = searcher.search("+sanct* ostmrk~", mode=mode)
    assert {"a2", "b1"} <= set(records(answer))
    lit = {hit.passage.text[one.start : one.end].lower() for hit in answer for one in hit.highlights}
    assert lit == {"sanctions", "sanctioned", "ostmark"}
    assert answer.notes == ("sanct* stands for sanctions (3), sanctioned (2).", "ostmrk~ stands for ostmark (3).")


@pytest.mark.parametrize("mode", [Mode.LEXICAL, Mode.HYBRID])
@pytest.mark.parametrize(("question", "unasked"), [("larnhohlm", "similar"), ("Ларнхолм", "also looked for")])
def test_other_spellings_are_told_and_looked_for_when_asked(
    searcher: Searcher, question: str, unasked: str, mode: Mode
) -> None:
    folded = question.casefold()
    assert searcher.search(question, mode=mode).notes == (f"“{folded}” is in no article; {unasked}: larnholm (5).",)
    answer = searcher.search(question, mode=mode, expand=True)
    assert answer.notes == (f"“{folded}” is in no article; also looked for: larnholm (5).",)
    assert {"a5", "b1"} <= set(records(answer))
    hit = next(hit for hit in answer if hit.highlights)
    lit = {hit.passage.text[one.start : one.end] for one in searcher.highlights(answer.query, hit.passage.text, "en")}
    assert lit == {"Larnholm"}


@pytest.mark.parametrize("mode", Mode)
def test_what_is_like_a_passage_is_found_but_neither_it_nor_its_copies(searcher: Searcher, mode: Mode) -> None:
    (known, *_) = searcher.search("harbour breakwater").hits
    answer = searcher.search(f"like:{known.passage.id}", mode=mode)
    assert known.copies == 1
    assert known.passage.text not in {hit.passage.text for hit in answer}
    assert answer.confidence == Confidence.STRONG
    assert answer.hits[0].article.record in ("a6", "b1")
    if mode != Mode.SEMANTIC:
        lit = {hit.passage.text[one.start : one.end].lower() for hit in answer for one in hit.highlights}
        assert "harbour" in lit


def test_like_a_passage_and_words_and_conditions_go_together(searcher: Searcher) -> None:
    (known, *_) = searcher.search("harbour breakwater").hits
    answer = searcher.search(f"like:{known.passage.id} bread -lang:es", nearest=True)
    assert "a4" in records(answer)
    assert "a6" not in records(answer)


@pytest.mark.parametrize("mode", Mode)
def test_a_passage_that_is_not_there_is_told_and_finds_nothing(searcher: Searcher, mode: Mode) -> None:
    answer = searcher.search("like:0123456789abcdef", mode=mode)
    assert (answer.hits, answer.confidence) == ((), Confidence.NOTHING)
    assert answer.notes == ("like:0123456789abcdef: there is no such passage in the index.",)


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize("question", ["qqq*", "+sanctionz*", "harbour +qqq*"])
def test_a_beginning_that_no_word_has_finds_nothing(searcher: Searcher, question: str, mode: Mode) -> None:
    answer = searcher.search(question, mode=mode)
    assert (answer.hits, answer.confidence) == ((), Confidence.NOTHING)
    assert "no word of the archive starts like this" in answer.notes[0]


def test_a_phrase_that_nothing_holds_finds_nothing(searcher: Searcher) -> None:
    answer = searcher.search('"basin inner"')
    assert (answer.hits, answer.confidence) == ((), Confidence.NOTHING)


def test_a_phrase_that_is_held_is_never_nothing(searcher: Searcher) -> None:
    assert searcher.search('"faulty compressor"').confidence != Confidence.NOTHING


@pytest.mark.parametrize("mode", Mode)
def test_conditions_alone_list_what_is_left_newest_first_and_undated_last(searcher: Searcher, mode: Mode) -> None:
    answer = searcher.search("-harbour", k=50, mode=mode)
    dates = [hit.article.published for hit in answer]
    assert dates[-1] is None
    assert dates[:-1] == sorted((date for date in dates if date), reverse=True)
    assert (answer.plan, answer.confidence, answer.confidence_score) == ("listing", Confidence.STRONG, None)
    assert "exclusions" in answer.notes[0]
    assert {hit.lexical for hit in answer} == {hit.semantic for hit in answer} == {None}
    assert not {"a1", "a8", "b1"} & set(records(answer))


def test_an_empty_question_lists_the_newest_articles(searcher: Searcher) -> None:
    answer = searcher.search("  ")
    assert answer.plan == "listing"
    assert answer.hits[0].article.published == "2022-02-01"


def test_what_the_archive_holds_nothing_about_is_nothing_unless_the_nearest_is_asked_for(searcher: Searcher) -> None:
    answer = searcher.search("quantum gravity")
    assert (answer.hits, answer.confidence) == ((), Confidence.NOTHING)
    assert len(searcher.search("quantum gravity", nearest=True)) > 0


def test_words_light_up_by_their_stem(searcher: Searcher) -> None:
    hit = searcher.search("sanctions").hits[0]
    lit = [hit.passage.text[mark.start : mark.end] for mark in hit.highlights]
    assert lit == ["sanctions", "sanctioned"]


def test_words_of_other_languages_are_stemmed_as_their_articles_were(searcher: Searcher) -> None:
    hit = searcher.search("pescador dársenas", mode=Mode.LEXICAL).hits[0]
    lit = {hit.passage.text[mark.start : mark.end] for mark in hit.highlights}
    assert hit.article.language == "es"
    assert {"dársena"} <= lit


def test_chinese_is_found_and_lit(searcher: Searcher) -> None:
    hit = searcher.search("东部港口", mode=Mode.LEXICAL).hits[0]
    assert hit.article.record == "a7"
    assert [hit.passage.text[mark.start : mark.end] for mark in hit.highlights] == ["东部港口"]


@pytest.mark.parametrize("mode", Mode)
def test_what_cleaning_hid_is_never_found(searcher: Searcher, mode: Mode) -> None:
    answer = searcher.search("email address will not be published required fields", k=50, mode=mode, nearest=True)
    assert all("email address" not in hit.passage.text for hit in answer)
    assert searcher.search('"leave a reply"', nearest=True).hits == ()


def test_no_phrase_crosses_a_hidden_span(searcher: Searcher) -> None:
    (article,) = [one for one in searcher.archive.articles() if one.record == "a9"]
    version = searcher.archive.version(article.id, article.version)
    assert version.hidden
    assert searcher.search('"city library the mayor"', nearest=True).hits == ()


def test_highlights_of_a_whole_article_touch_nothing_hidden(searcher: Searcher) -> None:
    (article,) = [one for one in searcher.archive.articles() if one.record == "a9"]
    version = searcher.archive.version(article.id, article.version)
    lit = searcher.highlights("published fields sanctions baker", version.text, article.language, version.hidden)
    assert [version.text[mark.start : mark.end] for mark in lit] == ["baker", "sanctions"]
    assert all(mark.end <= span.start or span.end <= mark.start for mark in lit for span in version.hidden)
    assert searcher.highlights("published", version.text, article.language)


def test_legs_tell_rank_and_raw_score(searcher: Searcher) -> None:
    hit = searcher.search("sanctions").hits[0]
    assert hit.lexical is not None
    assert hit.semantic is not None
    assert (hit.lexical.rank, hit.semantic.rank) == (1, 1)
    assert 0.3 < hit.semantic.score <= 1
    only_words = searcher.search("sanctions", mode=Mode.LEXICAL).hits[0]
    assert only_words.semantic is None
    only_meaning = searcher.search("sanctions", mode=Mode.SEMANTIC).hits[0]
    assert only_meaning.lexical is None


def test_the_nearest_sentence_is_one_of_the_passage(searcher: Searcher) -> None:
    answer = searcher.search("who gave a recipe to the library", mode=Mode.SEMANTIC)
    nearest = answer.hits[0].nearest
    assert nearest is not None
    assert nearest.mark == Mark.SEMANTIC
    assert answer.hits[0].passage.text[nearest.start : nearest.end].startswith("The baker, Ida Krumm")
    assert searcher.search("recipe", mode=Mode.LEXICAL).hits[0].nearest is None


def test_an_article_is_viewed_with_its_passages(searcher: Searcher) -> None:
    hit = searcher.search("sanctions").hits[0]
    view = searcher.view(hit.article.id)
    assert hit.passage in view.passages
    assert view.version.text[hit.passage.start : hit.passage.end] == hit.passage.text
    with pytest.raises(UnknownId):
        searcher.view("0" * 16)
    with pytest.raises(UnknownId):
        searcher.view(hit.article.id, "0" * 64)


def test_threads_share_a_searcher(searcher: Searcher) -> None:
    work = [(question, mode) for question in QUESTIONS for mode in Mode] * 4
    expected = {one: same(searcher.search(one[0], mode=one[1])) for one in set(work)}
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda one: same(searcher.search(one[0], mode=one[1])), work))
    assert all(answer == expected[one] for one, answer in zip(work, answers, strict=True))


def test_a_folder_that_is_no_archive_is_told(tmp_path: Path) -> None:
    with pytest.raises(NotAnArchive) as told:
        Searcher.open(tmp_path)
    assert told.value.remedy


def test_an_archive_without_an_index_is_told(tmp_path: Path) -> None:
    from archive import Archive, word_rule

    root, article = tmp_path / "archive", tmp_path / "harbour.txt"
    with Archive.create(root) as archive:
        with pytest.raises(NoIndex) as told:
            Searcher.open(root)
        assert told.value.remedy == Remedy(Action.ADD)
        article.write_text("Harbour strike\n\nThe port is closed.\n", "utf-8")
        archive.add([article], word_rule())
    with pytest.raises(NoIndex) as told:
        Searcher.open(root)
    assert told.value.remedy == Remedy(Action.UPDATE)


def test_a_searcher_stays_on_its_generation_through_rebuilds_in_another_process(
    light_copy: Callable[[], Path],
) -> None:
    root = light_copy()
    with Searcher.open(root) as searcher:
        before = same(searcher.search("sanctions"))
        child = subprocess.Popen([sys.executable, "-c", REBUILD, str(root), "5"], stdout=subprocess.PIPE, text=True)
        while child.poll() is None:
            assert same(searcher.search("sanctions")) == before
            sleep(0.02)
        assert child.stdout is not None
        assert child.stdout.read().split() == ["2", "3", "4", "5", "6"]
        child.stdout.close()
        assert child.returncode == 0
        assert same(searcher.search("sanctions")) == before
        assert searcher.newer() == 6
        with searcher.reopened() as reopened:
            assert (reopened.generation, reopened.newer()) == (6, None)
            assert same(replace(reopened.search("sanctions"), generation=1)) == before
            assert reopened.encoder_ready
        assert same(searcher.search("sanctions")) == before


def test_a_searcher_knows_how_far_it_is_behind(light_copy: Callable[[], Path], onnx_encoder: OnnxEncoder) -> None:
    from archive import Archive

    root = light_copy()
    with Searcher.open(root) as searcher, Archive.open(root) as archive:
        assert (searcher.behind(), searcher.newer()) == (0, None)
        (cup,) = [one for one in archive.articles() if one.record == "a5"]
        archive.remove(cup.id)
        assert searcher.behind() == 1
        assert "a5" not in records(searcher.search("youth cup"))
        build(archive, encoder=lambda _: onnx_encoder)
        with searcher.reopened() as reopened:
            assert reopened.behind() == 0
            assert "a5" not in records(reopened.search("youth cup"))


def test_chroma_proposes_the_same_hits_as_scoring_everything(news_archive: Path, searcher: Searcher) -> None:
    with Searcher.open(news_archive) as other:
        assert other.warm(Proposer.CHROMA)
        for question in ("sanctions", "port is closed", "gas -football"):
            proposed, exact = other.search(question), searcher.search(question)
            assert proposed.degraded == ()
            assert [hit.passage for hit in proposed] == [hit.passage for hit in exact]
        assert "chroma" in other.search("sanctions").plan
