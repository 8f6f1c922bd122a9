"""What a person keeps of an archive."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from archive import Archive, UnknownId, UsageError
from archive.folder.locking import writer_lock
from archive.notebook.kept import Standing
from tests.archive.conftest import World, change
from tests.archive.notebook.conftest import QUARRY, WORDS, clipped, only
from tests.archive.purge.test_purge import holding

NOTE = "askthecarter"


def test_a_clip_holds_the_very_words_and_is_there_when_the_archive_is_opened_again(told: World) -> None:
    kept = clipped(told, question="quarry", note="ask the carter")
    told.close()
    clip = only(told)
    assert clip == kept
    assert (clip.text, clip.standing) == (WORDS, Standing.CURRENT)
    assert (clip.question, clip.note) == ("quarry", "ask the carter")
    assert clip.article is not None
    assert told.archive.version(clip.article.id, clip.version).text[clip.start : clip.end] == WORDS


def test_clips_come_by_question_in_the_order_of_keeping(told: World) -> None:
    for words, question in (("quarry", "b"), ("Umber", "a"), ("carts", "b"), ("closed", "")):
        clipped(told, words=words, question=question)
    assert [(clip.question, clip.text) for clip in told.archive.notebook.clips()] == [
        ("b", "quarry"), ("b", "carts"), ("a", "Umber"), ("", "closed")
    ]  # fmt: skip
    assert [clip.text for clip in told.archive.notebook.clips("a")] == ["Umber"]


def test_the_same_passage_is_marked_once_for_a_question(told: World) -> None:
    first = clipped(told, question="quarry", note="mine")
    assert clipped(told, question="quarry") == first
    assert clipped(told, question="carts").id != first.id
    assert clipped(told, question="quarry", note="other").note == "other"
    assert len(told.archive.notebook.clips()) == 2


@pytest.mark.parametrize(("start", "end"), [(-1, 4), (5, 5), (9, 4), (0, 10_000), (3, 4)])
def test_a_place_without_words_is_refused(told: World, start: int, end: int) -> None:
    one = told.articles()["quarry.txt"]
    with pytest.raises(UsageError):
        told.archive.notebook.add_clip(one.id, one.version, start, end)
    assert told.archive.notebook.clips() == ()


def test_unknown_articles_texts_and_clips_are_refused(told: World) -> None:
    one, notebook = told.articles()["quarry.txt"], told.archive.notebook
    for article, version in ((one.id, "0" * 64), ("0" * 16, one.version)):
        with pytest.raises(UnknownId):
            notebook.add_clip(article, version, 0, 4)
    for refused in (notebook.remove_clips, notebook.undo_clips):
        with pytest.raises(UnknownId):
            refused(["nothing"])
    with pytest.raises(UnknownId):
        notebook.note_clip("nothing", "note")


def test_what_was_taken_out_last_comes_back_together(told: World) -> None:
    notebook = told.archive.notebook
    first, second, third = (clipped(told, words=words, note=words) for words in ("quarry", "Umber", "carts"))
    assert notebook.remove_clips([first.id]) == 1
    assert notebook.remove_clips([second.id, third.id]) == 2
    assert notebook.clips() == ()
    assert {clip.note for clip in notebook.undo_clips()} == {"Umber", "carts"}
    assert notebook.undo_clips([first.id]) == (first,)
    assert notebook.clips() == (first, second, third)
    assert notebook.undo_clips() == ()


def test_a_note_is_changed_and_taken_away(told: World) -> None:
    clip = clipped(told, note="one")
    assert told.archive.notebook.note_clip(clip.id, "two\nlines").note == "two\nlines"
    told.archive.notebook.note_clip(clip.id, "")
    assert only(told).note == ""


def test_what_a_person_typed_that_is_no_text_is_kept_as_what_can_be_drawn(told: World) -> None:
    assert clipped(told, note="\ud800 \x1b[2J").note == "\ufffd \ufffd[2J"


def test_words_that_stand_elsewhere_in_a_text_read_again_move_with_it(told: World) -> None:
    clipped(told)
    told.write("quarry.txt", "A correction stands here now.\n\n" + QUARRY.replace("counted the", "counted\nthe"))
    told.update()
    clip = only(told)
    assert (clip.standing, clip.text) == (Standing.MOVED, "Zebedee counted\nthe carts twice")
    assert clip.version == told.articles()["quarry.txt"].version
    assert told.text("quarry.txt")[clip.start : clip.end] == clip.text


def test_words_that_are_changed_stay_in_the_older_text_and_say_so(told: World) -> None:
    before = clipped(told)
    told.write("quarry.txt", QUARRY.replace("twice", "thrice"))
    told.update()
    clip = only(told)
    assert (clip.standing, clip.text, clip.version) == (Standing.OLDER, WORDS, before.version)
    told.write("quarry.txt", QUARRY)
    told.update()
    assert only(told).standing == Standing.CURRENT


def test_a_clip_of_an_article_that_was_removed_says_so(told: World) -> None:
    clipped(told)
    one = told.ids()["quarry.txt"]
    told.archive.remove(one)
    assert (only(told).standing, only(told).text) == (Standing.REMOVED, WORDS)
    told.archive.restore(one)
    assert only(told).standing == Standing.CURRENT


def test_nothing_that_is_kept_leaves_the_index_behind(told: World) -> None:
    before = change(told.archive)
    one, notebook = told.ids()["a.txt"], told.archive.notebook
    clip = clipped(told)
    notebook.star(one)
    saved = notebook.save("quarry")
    notebook.judge("quarry", [one])
    notebook.mark_seen(saved.id, before)
    notebook.remove_clips([clip.id])
    assert change(told.archive) == before
    assert told.archive.behind(before) == 0


def test_things_are_kept_while_another_holds_the_archive_for_writing(told: World) -> None:
    with writer_lock(told.layout):
        clipped(told)
    with told.archive.writing(), Archive.open(told.root) as other:
        one = told.articles()["a.txt"]
        other.notebook.add_clip(one.id, one.version, 0, 3)
    assert len(told.archive.notebook.clips()) == 2


def test_stars_mark_articles_and_are_taken_back(told: World) -> None:
    notebook, one = told.archive.notebook, told.articles()["a.txt"]
    notebook.star(one.id)
    notebook.star(one.id)
    assert [star.article for star in notebook.stars()] == [one]
    assert notebook.unstar([one.id]) == 1
    assert notebook.stars() == ()
    assert notebook.undo_stars() == 1
    told.archive.remove(one.id)
    assert [(star.article_id, star.article) for star in notebook.stars()] == [(one.id, None)]
    with pytest.raises(UnknownId):
        notebook.star("nothing")
    told.archive.restore(one.id)


def test_a_saved_question_knows_which_articles_came_after_it_was_seen(told: World) -> None:
    notebook, seen = told.archive.notebook, change(told.archive)
    saved = notebook.save("+carts", "lexical", seen=seen)
    assert notebook.saved() == (saved,)
    assert notebook.unseen(saved, change(told.archive)) == frozenset()
    told.tell("b.txt", "Friday")
    told.write("quarry.txt", f"{QUARRY} More.")
    told.update()
    upto = change(told.archive)
    ids = told.ids()
    assert notebook.unseen(saved, upto) == {ids["b.txt"], ids["quarry.txt"]}
    assert notebook.unseen(saved, seen) == frozenset()
    saved = notebook.mark_seen(saved.id, upto)
    assert notebook.unseen(saved, upto) == frozenset()
    assert notebook.mark_seen(saved.id, 0).seen == upto


def test_a_question_is_saved_once_in_a_mode_and_what_was_seen_of_it_stays(told: World) -> None:
    notebook = told.archive.notebook
    saved = notebook.save("quarry", seen=5)
    assert notebook.save(" quarry ", seen=9) == saved
    assert notebook.save("quarry", "lexical").id != saved.id
    assert notebook.forget([saved.id]) == 1
    assert [one.mode for one in notebook.saved()] == ["lexical"]
    assert notebook.undo_saved() == (saved,)
    with pytest.raises(UsageError):
        notebook.save("  ")


def test_a_later_judgement_takes_the_place_of_an_earlier_one(told: World) -> None:
    notebook, one = told.archive.notebook, told.articles()["quarry.txt"]
    (passage, *_) = told.archive.passages(one.id, one.version)
    assert notebook.judge("quarry", [one.id, passage.id], 2) == 2
    assert notebook.judge("quarry", [passage.id], 0) == 2
    found = {judgement.target: judgement for judgement in notebook.judgements()}
    assert {target: judgement.gain for target, judgement in found.items()} == {one.id: 2, passage.id: 0}
    assert (found[passage.id].article_id, found[passage.id].version) == (one.id, one.version)
    with pytest.raises(UnknownId):
        notebook.judge("quarry", [one.id, "nothing"], 9)
    assert found[one.id].gain == 2
    notebook.unjudge("quarry", one.id)
    assert [judgement.target for judgement in notebook.judgements()] == [passage.id]
    with pytest.raises(UnknownId):
        notebook.unjudge("quarry", one.id)


def test_judging_anew_tells_how_it_was_judged_until_then(told: World) -> None:
    notebook, one = told.archive.notebook, told.ids()["quarry.txt"]
    assert [notebook.rejudge("quarry", one, gain) for gain in (3, None, None, 1)] == [None, 3, None, None]
    assert [(judgement.target, judgement.gain) for judgement in notebook.judgements()] == [(one, 1)]
    with pytest.raises(UnknownId):
        notebook.rejudge("quarry", "nothing", 1)


@pytest.fixture
def flipped(told: World) -> Iterator[World]:
    """An archive with two clips, a byte of the words of the second of which is not as it was written."""
    clipped(told, words="Umber", note="sound")
    clipped(told, note=NOTE)
    told.close()
    held = told.layout.catalog.read_bytes()
    assert held.count(NOTE.encode()) == 1
    told.layout.catalog.write_bytes(held.replace(NOTE.encode(), b"\xff" + NOTE.encode()[1:]))
    yield told
    told.close()
    told.layout.catalog.write_bytes(held)


@pytest.mark.leaves_damage
def test_a_clip_that_is_not_as_it_was_written_is_told_and_not_shown(flipped: World) -> None:
    assert [problem for problem in flipped.archive.check() if "clips" in problem]
    notebook = flipped.archive.notebook
    assert notebook.problems == ()
    assert only(flipped).note == "sound"
    (problem,) = flipped.archive.notebook.problems
    assert problem.startswith("A row of clips does not hold what was written")
    assert clipped(flipped, words="quarry").text == "quarry"


def test_a_clip_that_is_not_as_it_was_written_stops_no_purge(flipped: World) -> None:
    assert flipped.archive.purge(flipped.ids()["quarry.txt"]).erased.clips == 1
    assert only(flipped).standing == Standing.PURGED
    assert list(flipped.archive.check()) == []
    flipped.close()
    assert holding(flipped.root, WORDS, NOTE[1:]) == []


def test_a_clip_whose_identifier_is_not_as_it_was_written_stops_no_purge(told: World) -> None:
    key = clipped(told, note=NOTE).id.encode()
    told.close()
    held = told.layout.catalog.read_bytes()
    place = held.rindex(key, 0, held.index(NOTE.encode()))
    told.layout.catalog.write_bytes(held[:place] + b"z" + held[place + 1 :])
    assert told.archive.notebook.clips() == ()
    told.archive.purge(told.ids()["quarry.txt"])
    assert list(told.archive.check()) == []


def test_a_notebook_of_a_closed_archive_keeps_nothing(told: World) -> None:
    archive = told.archive
    one, notebook = told.articles()["quarry.txt"], archive.notebook
    told.close()
    for use in (lambda: notebook.star(one.id), lambda: archive.notebook.star(one.id), notebook.clips, notebook.gather):
        with pytest.raises(UsageError, match="was closed"):
            use()
    assert told.archive.notebook.stars() == ()


def test_a_question_that_was_forgotten_and_is_saved_again_was_seen_anew(told: World) -> None:
    notebook = told.archive.notebook
    saved = notebook.save("quarry", seen=5)
    notebook.forget([saved.id])
    assert notebook.save("quarry", seen=2).seen == 2
    assert notebook.save("quarry", seen=9).seen == 2


def test_a_question_is_the_same_however_it_is_typed(told: World) -> None:
    notebook, one = told.archive.notebook, told.ids()["quarry.txt"]
    clipped(told, question=" carts ")
    assert len(notebook.clips("carts ")) == 1
    notebook.judge(" carts ", [one])
    notebook.unjudge("carts  ", one)
    assert notebook.judgements() == ()


def test_a_question_is_saved_only_in_a_mode_there_is(told: World) -> None:
    with pytest.raises(UsageError, match="by magic"):
        told.archive.notebook.save("carts", "by magic")
    assert told.archive.notebook.saved() == ()


def test_a_judgement_comes_back_for_its_question_alone(told: World) -> None:
    notebook, one = told.archive.notebook, told.ids()["quarry.txt"]
    for question in ("carts", "quarry"):
        notebook.judge(question, [one])
        notebook.unjudge(question, one)
    assert [back.question for back in notebook.undo_judgements([(" carts", one)])] == ["carts"]
    assert [judgement.question for judgement in notebook.judgements()] == ["carts"]
    with pytest.raises(UnknownId):
        notebook.undo_judgements([("carts", one)])
    assert [back.question for back in notebook.undo_judgements()] == ["quarry"]
