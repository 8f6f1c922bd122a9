"""What a person does to what is kept, as values: each makes itself durable, says what was done, and knows its undoing.

What is done depends on what is kept when its turn comes (``Wish``): keys that follow each other quickly are done in
their order, each seeing what the one before it did.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol, TypeAlias

from tui.session.kept import Kept, Place
from tui.session.keyed import Keyed

if TYPE_CHECKING:
    from archive.notebook.notebook import Notebook


@dataclass(frozen=True, slots=True)
class Made:
    """A change that is durable.

    Attributes:
        kept: what is kept now.
        words: what was done, empty where that need not be said.
        undo: what undoes it, None where nothing does.
    """

    kept: Kept
    words: str | Keyed
    undo: Change | None = None


class Change(Protocol):
    """Something to be done to a notebook."""

    def make(self, notebook: Notebook, kept: Kept) -> Made:
        """Do it; durable when it returns. Called in a thread.

        Raises:
            ArchiveError: it was not done.
        """


Wish: TypeAlias = "Callable[[Kept], Change | None]"
"""Says what is to be done, once it is known what is kept; nothing where it is None."""


@dataclass(frozen=True, slots=True)
class MarkClip:
    """Mark a passage as a clip."""

    place: Place
    question: str

    def make(self, notebook: Notebook, kept: Kept) -> Made:
        """Keep it."""
        at = self.place
        clip = notebook.add_clip(at.article, at.version, at.start, at.end, question=self.question)
        words = f"Clip kept, {at.end - at.start} characters."
        return Made(kept.with_clips([clip]), words, DropClips((clip.id,)))


@dataclass(frozen=True, slots=True)
class DropClips:
    """Take clips out."""

    ids: tuple[str, ...]

    def make(self, notebook: Notebook, kept: Kept) -> Made:
        """Take them out."""
        count = notebook.remove_clips(self.ids)
        return Made(kept.without_clips(self.ids), f"{_clips(count)} taken out.", BringClips(self.ids))


@dataclass(frozen=True, slots=True)
class BringClips:
    """Bring clips back that were taken out."""

    ids: tuple[str, ...]

    def make(self, notebook: Notebook, kept: Kept) -> Made:
        """Bring them back to where they were on the list."""
        back = notebook.undo_clips(self.ids)
        order = {clip.id: place for place, clip in enumerate(notebook.clips())}
        clips = sorted(kept.with_clips(back).clips, key=lambda clip: order.get(clip.id, len(order)))
        return Made(replace(kept, clips=tuple(clips)), f"{_clips(len(back))} brought back.", DropClips(self.ids))


@dataclass(frozen=True, slots=True)
class NoteClip:
    """Write a note to a clip; an empty one takes it away."""

    id: str
    note: str

    def make(self, notebook: Notebook, kept: Kept) -> Made:
        """Write it."""
        before = kept.clip(self.id)
        clip = notebook.note_clip(self.id, self.note)
        words = "Note kept." if clip.note else "Note taken away."
        return Made(kept.with_clips([clip]), words, None if before is None else NoteClip(self.id, before.note))


@dataclass(frozen=True, slots=True)
class StarArticle:
    """Mark an article; ``again`` where the mark was taken away just now, so that it is the one it was."""

    id: str
    again: bool = False

    def make(self, notebook: Notebook, kept: Kept) -> Made:
        """Mark it."""
        if self.again:
            notebook.undo_stars([self.id])
        else:
            notebook.star(self.id)
        return Made(kept.starred(self.id, on=True), "Article starred.", UnstarArticle(self.id))


@dataclass(frozen=True, slots=True)
class UnstarArticle:
    """Mark an article no more."""

    id: str

    def make(self, notebook: Notebook, kept: Kept) -> Made:
        """Take its mark away."""
        notebook.unstar([self.id])
        return Made(kept.starred(self.id, on=False), "Star taken away.", StarArticle(self.id, again=True))


@dataclass(frozen=True, slots=True)
class JudgePassage:
    """Judge how good an answer a passage is to a question: 0 for none; None takes the judgement out."""

    question: str
    target: str
    gain: int | None

    def make(self, notebook: Notebook, kept: Kept) -> Made:
        """Note it, or take it out."""
        before = notebook.rejudge(self.question, self.target, self.gain)
        undo = JudgePassage(self.question, self.target, before)
        words = "No longer judged." if self.gain is None else f"Judged {'relevant' if self.gain else 'not relevant'}."
        return Made(kept.judging(self.question, self.target, self.gain), words, undo)


@dataclass(frozen=True, slots=True)
class SaveQuestion:
    """Save a question; what answers it up to a change of the catalog counts as seen."""

    question: str
    mode: str
    change: int

    def make(self, notebook: Notebook, kept: Kept) -> Made:
        """Keep it."""
        known = kept.is_saved(self.question, self.mode)
        saved = notebook.save(self.question, self.mode, seen=self.change)
        words = Keyed(f"{'This question is saved already' if known else 'Question saved'}; {{saved}} lists them.")
        return Made(kept.with_saved([saved]), words, None if known else ForgetQuestions((saved.id,)))


@dataclass(frozen=True, slots=True)
class ForgetQuestions:
    """Take saved questions out."""

    ids: tuple[str, ...]

    def make(self, notebook: Notebook, kept: Kept) -> Made:
        """Take them out."""
        notebook.forget(self.ids)
        return Made(kept.without_saved(self.ids), "Saved question taken out.", BringQuestions(self.ids))


@dataclass(frozen=True, slots=True)
class BringQuestions:
    """Bring saved questions back that were taken out."""

    ids: tuple[str, ...]

    def make(self, notebook: Notebook, kept: Kept) -> Made:
        """Bring them back to where they were on the list."""
        notebook.undo_saved(self.ids)
        order = {one.id: place for place, one in enumerate(notebook.saved())}
        brought = kept.with_saved(one for one in notebook.saved() if one.id in self.ids)
        saved = sorted(brought.saved, key=lambda one: order.get(one.id, len(order)))
        return Made(replace(kept, saved=tuple(saved)), "Question saved again.", ForgetQuestions(self.ids))


@dataclass(frozen=True, slots=True)
class SeeQuestion:
    """Note that the answers to a saved question were seen up to a change of the catalog."""

    id: str
    change: int

    def make(self, notebook: Notebook, kept: Kept) -> Made:
        """Note it; what was seen is not unseen again."""
        seen = notebook.mark_seen(self.id, self.change)
        return Made(kept.with_saved([seen]), "")


def toggled_clip(place: Place, question: str) -> Wish:
    """Mark words as a clip, or take the clips of exactly these words out."""

    def wish(kept: Kept) -> Change:
        clips = kept.clips_at(place)
        return DropClips(tuple(clip.id for clip in clips)) if clips else MarkClip(place, question)

    return wish


def toggled_star(article_id: str) -> Wish:
    """Mark an article, or take its mark away."""
    return lambda kept: UnstarArticle(article_id) if article_id in kept.stars else StarArticle(article_id)


def toggled_judgement(question: str, passage_id: str, gain: int) -> Wish:
    """Judge a passage; judged the same a second time, it is judged no more."""

    def wish(kept: Kept) -> Change:
        same = kept.gain(question, passage_id) == gain
        return JudgePassage(question, passage_id, None if same else gain)

    return wish


def _clips(count: int) -> str:
    return f"{count} clip{'' if count == 1 else 's'}"
