"""Phrases that begin in one passage and end in the next."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import pairwise

import pytest

from archive import Archive
from archive.core.article import Passage
from index import Answer, Confidence, Group, Hit, Mode, Searcher, build, passage_rule
from index.analysis.analyzer import words
from index.embedding.onnx import OnnxEncoder
from tests.archives import empty_archive

SUBJECTS = (
    "crane",
    "warehouse",
    "lantern",
    "customs office",
    "dredger",
    "ropeway",
    "tariff",
    "watchman",
    "ledger",
    "sluice",
)
VERBS = (
    "was inspected",
    "had been painted",
    "stood empty",
    "was let to a trader",
    "lost its roof",
    "came under the hammer",
)
WHEN = (
    "in the spring",
    "on a Monday of rain",
    "after the strike",
    "before the fair",
    "when the ice broke up",
    "at noon",
)


def report(seed: int, sentences: int = 40) -> str:
    """Write an article of several passages in which hardly any row of words stands twice."""
    return " ".join(
        f"The {SUBJECTS[turn % 10]} of quay {turn * 7} {VERBS[turn % 6]} {WHEN[(turn + seed) % 6]}."
        for turn in range(seed * 100, seed * 100 + sentences)
    )


@pytest.fixture(scope="module", params=["rank-bm25", "tantivy"])
def searcher(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    onnx_encoder: OnnxEncoder,
    background: None,
) -> Iterator[Searcher]:
    folder = tmp_path_factory.mktemp("divided")
    records = [{"id": str(seed), "title": f"Report {seed}", "text": report(seed)} for seed in range(1, 6)]
    typeset = re.sub(r"(\w\w)(ring|in|ike|ir|on)\.", "\\1-\n\\2.", report(7))  # sentences end with a divided word
    records.append({"id": "typeset", "title": "Report 7", "text": typeset})
    records.append({"id": "six", "title": "The pear orchard", "text": "Nothing was said of fruit."})
    (folder / "news.jsonl").write_text("\n".join(map(json.dumps, records)), "utf-8")
    root = empty_archive(folder / "archive")
    settings = root / "morgue.toml"
    settings.write_text(settings.read_text("utf-8").replace('engine = "auto"', f'engine = "{request.param}"'), "utf-8")
    with Archive.open(root) as archive:
        archive.add([folder / "news.jsonl"], passage_rule(archive.settings))
        build(archive, encoder=lambda _: onnx_encoder)
    with Searcher.open(root) as opened:
        yield opened


def divided(searcher: Searcher, record: str) -> Iterator[tuple[Passage, Passage, str]]:
    """Yield neighbouring passages of an article, and the words around the edge between them as a quotation."""
    (article,) = [one for one in searcher.archive.articles() if one.record == record]
    for one, other in pairwise(searcher.archive.passages(article.id, article.version)):
        before, behind = words(one.text), words(other.text)
        yield one, other, f'"{one.text[before.starts[-4] :]} {other.text[: behind.ends[4]]}"'


def by_passage(answer: Answer) -> dict[str, Hit]:
    return {hit.passage.id: hit for hit in answer}


@pytest.mark.parametrize("mode", [Mode.HYBRID, Mode.LEXICAL])
def test_both_passages_come_first_and_show_their_part(searcher: Searcher, mode: Mode) -> None:
    asked = list(divided(searcher, "2"))
    assert len(asked) > 1
    for one, other, quotation in asked:
        answer = searcher.search(quotation, mode=mode)
        assert {hit.passage.id for hit in answer.hits[:2]} == {one.id, other.id}
        first, second = by_passage(answer)[one.id], by_passage(answer)[other.id]
        assert first.highlights[-1].end >= len(one.text) - 1
        assert second.highlights[0].start == 0
        assert len(first.highlights) == 4
        assert len(second.highlights) == 5
        assert "the phrase goes on in the next passage" in first.reason
        assert "the phrase begins in the passage before" in second.reason
        assert all(hit.highlights for hit in answer)


def test_a_word_that_a_line_end_divides_is_lit_whole(searcher: Searcher) -> None:
    asked = [each for each in divided(searcher, "typeset") if "-\n" in each[0].text[-6:]]
    assert asked
    for one, _, quotation in asked:
        hit = by_passage(searcher.search(quotation))[one.id]
        assert "goes on in the next passage" in hit.reason
        assert hit.highlights[-1].end == len(one.text) - 1


def test_by_article_the_passage_with_a_part_is_shown(searcher: Searcher) -> None:
    for one, other, quotation in divided(searcher, "3"):
        (hit,) = searcher.search(quotation, group=Group.ARTICLE).hits
        assert hit.passage.id in (one.id, other.id)
        assert hit.highlights


def test_a_phrase_that_a_passage_holds_says_nothing_of_others(searcher: Searcher) -> None:
    answer = searcher.search('"customs office of quay"', k=50)
    assert answer.hits
    assert all(hit.highlights for hit in answer)
    assert not [hit for hit in answer if "the phrase" in hit.reason and "office" in hit.passage.text]


def test_a_passage_without_the_phrase_says_that_it_stands_elsewhere(searcher: Searcher) -> None:
    _, _, quotation = next(divided(searcher, "4"))
    answer = searcher.search(quotation, k=50)
    others = [hit for hit in answer.hits[2:] if "elsewhere in its article" in hit.reason]
    assert len(others) == len(answer.hits) - 2
    assert all(hit.highlights for hit in answer)


def test_words_that_are_asked_for_exactly_are_not_found_by_meaning(searcher: Searcher) -> None:
    assert all(hit.lexical is not None for hit in searcher.search('"lost its roof"', k=50))


def test_an_answer_of_which_nothing_is_lit_is_not_sure(searcher: Searcher) -> None:
    answer = searcher.search('"pear orchard"')
    assert [hit.article.record for hit in answer] == ["six"]
    assert not answer.hits[0].highlights
    assert answer.confidence == Confidence.WEAK


def test_a_quotation_finds_its_parts_in_their_order(searcher: Searcher) -> None:
    passages = list(divided(searcher, "5"))
    first, last = passages[0][0].text, passages[-1][1].text
    began, ended = " ".join(first.split()[:6]), " ".join(last.split()[-6:])
    for typed, expected in ((f'"{began} ... {ended}"', {"5"}), (f'"{ended} ... {began}"', set())):
        answer = searcher.search(typed, k=20)
        assert {hit.article.record for hit in answer} == expected
        assert all(hit.highlights for hit in answer)
