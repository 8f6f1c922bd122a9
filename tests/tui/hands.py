"""Hands in the terminal UI: they press keys and count them, and look whether a goal stands on the screen."""

from __future__ import annotations

import os
import re
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, chdir, contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from unittest.mock import patch

from textual.pilot import Pilot

from tests.tui.cells import lines, shown
from tests.tui.newsroom import Picture, newsroom, opened
from tui.app.actions.keymap import Keymap
from tui.app.app import MorgueApp
from tui.app.themes import Look
from tui.app.widgets.search_line import SearchLine

SIZE = (120, 40)
QUESTION, OTHER = "harbour council", "ferry strike"
ARTICLES = 24
_SECONDS = 60.0
_ROW = re.compile(r"[▌▏ ] {0,2}\d{1,3} (?P<date>\d{4}-\d\d-\d\d)  (?P<outlet>Outlet \d)")
_DESKTOP = ("TMUX", "STY", "DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME", "SSH_CONNECTION", "SSH_TTY")


class Missed(AssertionError):
    """The goal of a task was not reached; says which, and what stands on the screen."""


@dataclass(slots=True)
class Keys:
    """What was pressed: keys, and letters of words."""

    keys: int = 0
    letters: int = 0


class Hands:
    """Presses keys in the application, counts them, and looks whether a goal is reached.

    Args:
        place: a folder with the archive, in which files are written.
        pressed: counts.
    """

    def __init__(self, place: Path, pressed: Keys) -> None:
        self.place = place
        self.pressed = pressed
        self._app: MorgueApp | None = None
        self._pilot: Pilot[None] | None = None

    @property
    def archive(self) -> Path:
        return self.place / "archive"

    @property
    def app(self) -> MorgueApp:
        assert self._app is not None
        return self._app

    @property
    def picture(self) -> Picture:
        return Picture(self.app)

    @property
    def text(self) -> str:
        return shown(self.app)

    @property
    def rows(self) -> list[re.Match[str]]:
        """Return the results that are drawn: the newest answer's, not those of an older one."""
        return [found for line in lines(self.app) if (found := _ROW.search(line)) is not None]

    @asynccontextmanager
    async def at_work(self, look: Look = "dark", keymap: Keymap | None = None) -> AsyncIterator[None]:
        """Begin, as ``morgue`` does."""
        self._app = MorgueApp(lambda: opened(self.archive), archive=self.archive, look=look, keymap=keymap)
        async with self._app.run_test(size=SIZE, notifications=True) as self._pilot:
            await self.until("the archive is open", lambda: "24 articles" in self.text and self.picture.is_at_rest)
            yield

    def begin(self) -> None:
        """Count from here on."""
        self.pressed.keys = self.pressed.letters = 0

    async def press(self, *keys: str) -> None:
        assert self._pilot is not None
        self.pressed.keys += len(keys)
        await self._pilot.press(*keys)

    async def write(self, words: str) -> None:
        assert self._pilot is not None
        self.pressed.letters += len(words)
        await self._pilot.press(*("space" if letter == " " else letter for letter in words))

    async def until(self, goal: str, holds: Callable[[], object]) -> None:
        """Wait for what the screen is to show, or a file is to hold.

        Raises:
            Missed: it does not within a minute.
        """
        assert self._pilot is not None
        end = monotonic() + _SECONDS
        while not holds():
            if monotonic() > end:
                raise Missed("\n".join((f"not reached: {goal}", *lines(self.app))))
            await self._pilot.pause(0.02)

    async def ask(self, question: str) -> None:
        """Ask, and go to the first result."""
        if not isinstance(self.app.focused, SearchLine):
            await self.press("slash")
        await self.write(question)
        await self.press("enter")
        await self.until("a selected result", lambda: self.at_rest(question) and self.picture.selected)

    def at_rest(self, question: str) -> bool:
        """Tell whether results of a question, and of no other, stand there."""
        picture = self.picture
        return picture.searches and picture.line == question and bool(self.rows) and picture.is_at_rest

    async def in_list(self) -> None:
        await self.ask(QUESTION)
        self.begin()

    async def in_article(self) -> None:
        await self.in_list()
        title = self.selected
        await self.press("enter")
        await self.until("the article", lambda: not self.picture.searches and title in self.head)
        await self.until("its text", lambda: re.search(r"match \d+ of \d+", self.text))
        self.begin()

    @property
    def selected(self) -> str:
        row = self.picture.selected
        assert row is not None
        return row.title

    def is_at(self, title: str) -> bool:
        """Tell whether the row of an article is drawn as the selected one."""
        row = self.picture.selected
        return row is not None and row.title == title

    @property
    def head(self) -> str:
        """Return the head of the article that is being read."""
        return "\n".join(lines(self.app)[:5])


@contextmanager
def workplace(place: Path) -> Iterator[Path]:
    """Make an archive in a folder, in which files are written and what is asked is remembered; touch nothing else."""
    newsroom(place / "archive", ARTICLES)
    variables = {"MORGUE_STATE": str(place / "state"), "MORGUE_HISTORY": "on", "COLORTERM": "truecolor"}
    kept = {name: value for name, value in os.environ.items() if name not in (*_DESKTOP, "NO_COLOR", "MORGUE_THEME")}
    with patch.dict(os.environ, kept | variables, clear=True), chdir(place):
        yield place
