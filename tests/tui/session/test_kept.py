"""What is kept as one value: after every change, and every undoing, it is what the notebook holds."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive import Archive
from archive.core.article import Passage
from archive.core.errors import UnknownId
from archive.notebook.kept import SavedQuestion
from archive.notebook.notebook import Notebook
from index.search.news import News
from tests.tui.newsroom import newsroom
from tui.session.changes import (
    Change,
    DropClips,
    ForgetQuestions,
    NoteClip,
    SaveQuestion,
    SeeQuestion,
    Wish,
    toggled_clip,
    toggled_judgement,
    toggled_star,
)
from tui.session.kept import Kept, Place

QUESTIONS = ("harbour council", "ferry", "")


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.open(newsroom(tmp_path / "archive", 6)) as archive:
        yield archive


def passages(archive: Archive) -> list[Passage]:
    return [passage for one in archive.articles() for passage in archive.passages(one.id, one.version)]


def held(notebook: Notebook) -> Kept:
    return Kept.read(notebook)


def wished(kept: Kept, found: list[Passage], drawn: random.Random) -> Change | None:
    """Draw something that a person could do."""
    passage, question = drawn.choice(found), drawn.choice(QUESTIONS)
    at = Place.of(passage)
    part = Place(at.article, at.version, at.start + 3, at.start + 20)
    clip = drawn.choice(kept.clips).id if kept.clips else None
    saved = drawn.choice(kept.saved).id if kept.saved else None
    wishes: list[Wish] = [
        toggled_clip(drawn.choice([at, part]), question),
        toggled_star(passage.article_id),
        toggled_judgement(question or "tram", passage.id, drawn.randrange(2)),
        lambda _: None if clip is None else DropClips((clip,)),
        lambda _: None if clip is None else NoteClip(clip, drawn.choice(["call them", ""])),
        lambda _: SaveQuestion(question or "tram", drawn.choice(["hybrid", "lexical"]), 1),
        lambda _: None if saved is None else ForgetQuestions((saved,)),
    ]
    return drawn.choice(wishes)(kept)


@pytest.mark.parametrize("seed", range(4))
def test_what_is_drawn_is_what_the_notebook_holds_and_undoing_all_leads_back(archive: Archive, seed: int) -> None:
    drawn, found, notebook = random.Random(seed), passages(archive), archive.notebook
    kept, undoing, count = Kept.read(notebook), list[Change](), 0
    for _ in range(60):
        change = wished(kept, found, drawn)
        if change is None:
            continue
        made = change.make(notebook, kept)
        kept, count = made.kept, count + 1
        undoing += [] if made.undo is None else [made.undo]
        now = held(notebook)
        assert sorted(kept.clips, key=lambda clip: clip.id) == sorted(now.clips, key=lambda clip: clip.id)
        assert (kept.stars, kept.judged) == (now.stars, now.judged)
        assert sorted(one.id for one in kept.saved) == sorted(one.id for one in now.saved)
    assert count > 30
    while undoing:
        kept = undoing.pop().make(notebook, kept).kept
        assert {clip.id for clip in kept.clips} == {clip.id for clip in held(notebook).clips}
    assert (kept.clips, kept.stars, dict(kept.judged), kept.saved) == ((), frozenset(), {}, ())
    assert held(notebook) == kept


def test_signs_tell_whole_clips_parts_judgements_for_the_question_and_stars_apart(archive: Archive) -> None:
    notebook, (one, other, *_) = archive.notebook, passages(archive)
    kept, at = Kept.read(notebook), Place.of(one)
    part = Place(at.article, at.version, at.start, at.start + 9)
    kept = toggled_clip(part, "ferry")(kept).make(notebook, kept).kept  # type: ignore[union-attr]
    assert kept.signs(one, "ferry") == "◇"
    for wish in (toggled_clip(at, "ferry"), toggled_star(at.article), toggled_judgement("ferry", one.id, 0)):
        change = wish(kept)
        assert change is not None
        kept = change.make(notebook, kept).kept
    assert kept.signs(one, " ferry ") == "◆✗★"
    assert kept.signs(one, "another") == "◆★"
    assert kept.signs(other, "ferry") == ("★" if other.article_id == at.article else "")


def test_a_clip_that_was_taken_out_and_brought_back_stands_where_it_stood(archive: Archive) -> None:
    notebook, found = archive.notebook, passages(archive)
    kept = Kept.read(notebook)
    for passage in found[:3]:
        kept = toggled_clip(Place.of(passage), "ferry")(kept).make(notebook, kept).kept  # type: ignore[union-attr]
    order = [clip.id for clip in kept.clips]
    made = DropClips((order[0],)).make(notebook, kept)
    assert made.undo is not None
    assert [clip.id for clip in made.undo.make(notebook, made.kept).kept.clips] == order


def test_what_is_gone_meanwhile_is_an_error_and_nothing_is_told_as_kept(archive: Archive) -> None:
    with pytest.raises(UnknownId):
        DropClips(("0123456789ab",)).make(archive.notebook, Kept())


def test_an_article_is_new_once_of_all_saved_questions_that_were_not_seen_since(archive: Archive) -> None:
    notebook, (one, other, third, *_) = archive.notebook, list(archive.articles())
    first, second, dropped = (notebook.save(question) for question in ("ferry", "tram", "quarry"))
    found = {
        first.id: News(first, (one, other), 7),
        second.id: News(second, (other,), 7),
        dropped.id: News(dropped, (third,), 7),
    }
    kept = Kept.read(notebook, found).without_saved([dropped.id])
    assert (kept.new_articles(), kept.news_of(first), kept.news_of(second)) == (2, 2, 1)
    kept = SeeQuestion(first.id, 7).make(notebook, kept).kept
    assert kept.new_articles() == 1
    assert [kept.news_of(saved) for saved in kept.saved] == [0, 1]


def test_what_was_looked_up_before_a_question_was_seen_is_no_news_when_it_comes_after(archive: Archive) -> None:
    notebook, one = archive.notebook, next(iter(archive.articles()))
    saved = notebook.save("ferry")
    begun = {saved.id: News(saved, (one,), 7)}
    kept = SeeQuestion(saved.id, 7).make(notebook, Kept.read(notebook)).kept
    late = Kept.read(notebook, begun)
    (seen,) = kept.saved
    assert isinstance(seen, SavedQuestion)
    assert (late.news_about(seen), late.new_articles()) == (None, 0)


def test_undoing_a_judgement_brings_back_what_another_program_judged_meanwhile(archive: Archive) -> None:
    notebook, passage = archive.notebook, passages(archive)[0]
    kept = Kept.read(notebook)
    notebook.judge("ferry", [passage.id], 3)
    change = toggled_judgement("ferry", passage.id, 1)(kept)
    assert change is not None
    made = change.make(notebook, kept)
    assert held(notebook).gain("ferry", passage.id) == 1
    assert made.undo is not None
    assert made.undo.make(notebook, made.kept).kept.gain("ferry", passage.id) == 3
    assert held(notebook).gain("ferry", passage.id) == 3


def test_a_judgement_that_another_program_took_out_can_be_taken_out(archive: Archive) -> None:
    notebook, passage = archive.notebook, passages(archive)[0]
    notebook.judge("ferry", [passage.id], 1)
    kept = Kept.read(notebook)
    notebook.rejudge("ferry", passage.id, None)
    change = toggled_judgement("ferry", passage.id, 1)(kept)
    assert change is not None
    made = change.make(notebook, kept)
    assert made.kept.gain("ferry", passage.id) is None
    assert made.undo is not None
    assert made.undo.make(notebook, made.kept).kept.gain("ferry", passage.id) is None
