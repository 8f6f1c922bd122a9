"""An archive of made-up news with the application over it, folders to add, and children that take their time."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from index import Searcher
from tests.tui.newsroom import Picture, newsroom, opened
from tui.app.app import MorgueApp
from tui.app.widgets.panel import Panel
from tui.session.request import ModeName
from tui.writing import child

SIZE = (120, 40)
QUESTION = "harbour council"


@pytest.fixture(autouse=True)
def own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep what is written beside archives in a folder of the test's own; other archives are opened like the first."""

    def open_at(app: MorgueApp, root: Path) -> Searcher:
        return opened(root)

    monkeypatch.setenv("MORGUE_STATE", str(tmp_path / "state"))
    monkeypatch.setattr(MorgueApp, "_open", open_at)


@pytest.fixture
def slow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Let children encode with a cheap encoder that takes so many seconds for each few passages."""

    def slow(seconds: float) -> None:
        command = ("env", f"MORGUE_CACHE={tmp_path / 'cache'}", sys.executable, "-m", "tests.tui.slow", str(seconds))
        monkeypatch.setattr(child, "COMMAND", command)

    return slow


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Twelve articles."""
    return newsroom(tmp_path / "archive", 12)


@pytest.fixture
def more(tmp_path: Path) -> Path:
    """A folder of twenty articles that are in no archive, and one file that nobody reads."""
    folder = tmp_path / "more"
    folder.mkdir()
    for number in range(20):
        text = f"Late boat {number}\n\nThe boat of town {number} was late on Monday.\n"
        (folder / f"{number:02}.txt").write_text(text, "utf-8")
    (folder / "table.xyz").write_text("1,2,3", "utf-8")
    return folder


@pytest.fixture
def app(root: Path) -> Callable[..., MorgueApp]:
    """Make the application, asking something."""

    def app(query: str = QUESTION, mode: ModeName = "lexical") -> MorgueApp:
        return MorgueApp(lambda: opened(root), query, mode, root)

    return app


def seen(app: MorgueApp) -> str:
    """Return what is drawn, a line after the other."""
    return "\n".join(Picture(app).lines)


def flat(app: MorgueApp) -> str:
    """Return what is drawn in the panel as one line, however it was broken into lines."""
    panels = app.screen.query(Panel)
    if not panels:
        return ""
    region = panels.first().content_region
    lines = Picture(app).lines[region.y : region.bottom]
    return " ".join(" ".join(line[region.x : region.right] for line in lines).split())


def write(app: MorgueApp, text: str) -> None:
    """Paste a text into the line that is typed in."""
    from tui.app.adding.path_line import PathLine

    app.screen.query_one(PathLine).put(text)
