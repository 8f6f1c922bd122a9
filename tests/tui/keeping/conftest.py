"""An archive of made-up news, and the application over it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from textual.pilot import Pilot

from archive import Archive
from tests.tui.conftest import Until
from tests.tui.newsroom import Picture, newsroom, opened
from tui.app.app import MorgueApp
from tui.session.kept import Kept
from tui.session.request import ModeName

SIZE = (120, 40)
QUESTION = "harbour council"


@pytest.fixture
def news(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Twelve articles; what this user asked is written to a folder of the test's own."""
    monkeypatch.setenv("MORGUE_STATE", str(tmp_path / "state"))
    return newsroom(tmp_path / "archive", 12)


@pytest.fixture
def app(news: Path) -> Callable[..., MorgueApp]:
    """Make the application, asking something."""

    def app(query: str = QUESTION, mode: ModeName = "lexical") -> MorgueApp:
        return MorgueApp(lambda: opened(news), query, mode, news)

    return app


async def in_list(pilot: Pilot[None], until: Until) -> MorgueApp:
    """Wait for rows, and go to the first."""
    app = pilot.app
    assert isinstance(app, MorgueApp)
    await until(pilot, lambda: Picture(app).rows and Picture(app).is_at_rest)
    await pilot.press("enter")
    await until(pilot, lambda: Picture(app).selected)
    return app


def said(app: MorgueApp, words: str) -> bool:
    return any(words in note.message for note in app._notifications)


def on_disk(news: Path) -> Kept:
    """Read what is kept as another program does."""
    with Archive.open(news) as archive:
        return Kept.read(archive.notebook)
