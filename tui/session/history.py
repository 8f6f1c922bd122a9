"""The questions that were asked of an archive, and the place where its reader left: in the user's folder alone.

Neither is in an archive, nor in a copy of one. With ``MORGUE_HISTORY=off`` nothing is written; what was written stays
until it is cleared.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from archive.core.clock import now_utc
from archive.core.errors import Action, Busy, Remedy
from archive.folder.files import make_private_dir, remove, write_atomic
from archive.folder.user_folder import state_folder

_VARIABLE: Final = "MORGUE_HISTORY"
_OFF: Final = ("off", "0", "no", "false")
_MOST: Final = 500  # questions; chosen, not measured: more than anybody goes back through
_PATIENCE: Final = 2.0  # seconds; whoever writes holds the lock for milliseconds


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question that was asked.

    Attributes:
        text: as it was typed.
        mode: which legs answered it.
        at: UTC time when it was asked last, ISO 8601.
        found: how many rows answered, None where that is not known.
    """

    text: str
    mode: str
    at: str
    found: int | None = None


@dataclass(frozen=True, slots=True)
class Left:
    """Where a reader left: the question that stood there, how it was answered, and the row that was selected.

    Attributes:
        text: of the question, with all that narrowed it.
        mode: which legs answered it.
        group: what a row stood for.
        passage: identifier of the passage that was selected, None where nothing was.
        article: that of its article.
        order: which row came first.
        rows: how many were asked for.
    """

    text: str
    mode: str
    group: str
    passage: str | None = None
    article: str | None = None
    order: str = "best"
    rows: int = 0


class History:
    """What is remembered of asking one archive; safe beside other programs that remember. Losing it costs nothing else.

    Args:
        archive: its identifier.
    """

    def __init__(self, archive: str) -> None:
        self._cleared = 0
        self._is_cleared = False
        self._file = state_folder() / "history" / f"{archive}.json"

    @property
    def is_on(self) -> bool:
        """Tell whether anything is written down."""
        return os.environ.get(_VARIABLE, "").strip().casefold() not in _OFF

    def questions(self) -> tuple[AskedQuestion, ...]:
        """Return the questions that were asked, each once, the one that was asked last first."""
        found = []
        for one in self._read().get("questions", ()):
            with suppress(TypeError):  # of another build, or damaged
                found.append(AskedQuestion(**one))
        return tuple(found)

    def asked(self, text: str, mode: str, found: int | None = None) -> None:
        """Write down that a question was asked; it becomes the first of the list.

        Not where all is forgotten while this waits for its turn.
        """
        if not self.is_on or not text.strip():
            return
        cleared, new = self._cleared, AskedQuestion(text, mode, now_utc(), found)

        def put_first(held: dict[str, Any]) -> bool:
            others = [one for one in self.questions() if (one.text, one.mode) != (text, mode)]
            held["questions"] = [asdict(one) for one in (new, *others)[:_MOST]]
            if cleared == self._cleared:
                self._is_cleared = False
            return cleared == self._cleared

        self._change(put_first)

    def left(self) -> Left | None:
        """Return where the reader left, None where nobody did."""
        with suppress(TypeError):
            if place := self._read().get("left"):
                return Left(**place)
        return None

    def leave(self, place: Left) -> None:
        """Write down where the reader leaves; after all was forgotten, not before something is asked."""

        def put(held: dict[str, Any]) -> bool:
            held["left"] = asdict(place)
            return not self._is_cleared

        if self.is_on:
            self._change(put)

    def clear(self) -> None:
        """Forget all of it, and what is on its way to be written down.

        Raises:
            Busy: another program holds it for long.
        """
        from filelock import Timeout

        self._cleared += 1
        try:
            if self._file.parent.is_dir():
                with self._lock():
                    remove(self._file)
            self._is_cleared = True
        except Timeout as error:
            raise Busy("Another program is writing down what was asked.", remedy=Remedy(Action.TRY_LATER)) from error

    def _change(self, change: Callable[[dict[str, Any]], bool]) -> None:
        """Change what is remembered, if that is wanted still when its turn comes, which ``change`` tells.

        Where the folder cannot be written to, nothing is remembered.
        """
        from filelock import Timeout

        with suppress(OSError, Timeout):
            make_private_dir(self._file.parent)
            with self._lock():
                held = self._read()
                if change(held):
                    write_atomic(self._file, json.dumps(held, ensure_ascii=True).encode("ascii"))

    def _lock(self) -> AbstractContextManager[object]:
        from filelock import FileLock

        return FileLock(_beside(self._file), timeout=_PATIENCE, mode=0o600)

    def _read(self) -> dict[str, Any]:
        try:
            held = json.loads(self._file.read_bytes())
        except (OSError, ValueError):
            return {}
        return held if isinstance(held, dict) else {}


def _beside(file: Path) -> Path:
    return file.with_name(f"{file.name}.lock")
