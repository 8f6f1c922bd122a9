"""One run that writes, as an open program knows of it: an immutable value, which each message makes another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from pathlib import Path

    from tui.writing.ended import Ended
    from tui.writing.progress import Counts, Far
    from tui.writing.survey import Survey

Verb = Literal["add", "update", "remove", "restore"]


@dataclass(frozen=True, slots=True)
class Target:
    """The article that is taken out or brought back: its identifier and its title."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class Job:
    """A run.

    Attributes:
        verb: what is done.
        root: the archive.
        path: what is added, None where nothing is.
        survey: what was seen there beforehand.
        opens: whether the archive, which is made by this, is to be opened when it is done.
        target: what is taken out or brought back, None where nothing is.
        far: how far it is, None at the beginning.
        counts: what was found in the sources so far.
        paused: it stands still until it is told to go on.
        stops: how often it was told to stop.
        ended: how it ended, None while it runs.
    """

    verb: Verb
    root: Path
    path: Path | None = None
    survey: Survey | None = None
    opens: bool = False
    target: Target | None = None
    far: Far | None = None
    counts: Counts | None = None
    paused: bool = False
    stops: int = 0
    ended: Ended | None = None

    @property
    def arguments(self) -> tuple[str, ...]:
        """Return the command's name and what it is given."""
        if self.target is not None:
            return ("remove", *(["--undo"] if self.verb == "restore" else []), "--", self.target.id)
        return (self.verb,) if self.path is None else (self.verb, "--", str(self.path))

    @property
    def is_done(self) -> bool:
        """Tell whether it was done to its end."""
        return self.ended is not None and self.ended.is_done

    @property
    def share(self) -> float | None:
        """Return how much of what it is at is done, 0 to 1; None while that is not known."""
        far, files = self.far, self._files
        if far is None:
            return None
        if far.total is not None:
            return min(1.0, far.done / far.total) if far.total else None
        return min(1.0, files[0] / files[1]) if files is not None else None

    @property
    def left(self) -> float | None:
        """Return the seconds until what it is at is done; None while that is not known."""
        far, files = self.far, self._files
        if far is None or far.left is not None or files is None or not (far.rate and files[0]):
            return None if far is None else far.left
        articles_a_file = far.done / files[0]
        return max(0, files[1] - files[0]) * articles_a_file / far.rate

    @property
    def _files(self) -> tuple[int, int] | None:
        """Return how many files were looked at while reading, and of how many; None where that is not known."""
        if self.survey is None or not self.survey.whole or self.far is None or self.far.counts is None:
            return None
        return (self.far.counts.files, self.survey.looked_at) if self.survey.looked_at else None
