"""An archive that may only be read: what is kept lies in the user's folder, which is said, and is there next time."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from archive import Archive
from archive.folder.user_folder import notebook_file
from tests.tui.cells import shown
from tests.tui.conftest import Until
from tests.tui.keeping.conftest import QUESTION, SIZE, in_list, on_disk, said
from tests.tui.keeping.test_marking import signs
from tests.tui.newsroom import Picture
from tui.app.app import MorgueApp
from tui.app.notebook.desk import ASIDE

Make = Callable[..., MorgueApp]


@pytest.fixture
def may_be_written(news: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Let the archive be one that its reader may only read, until this is called; root may write to any."""
    allowed = os.access

    def access(path: Any, how: int, **more: Any) -> bool:
        return not (how == os.W_OK and Path(path).is_relative_to(news)) and allowed(path, how, **more)

    monkeypatch.setattr(os, "access", access)
    return lambda: monkeypatch.setattr(os, "access", allowed)


async def test_what_is_kept_of_an_archive_that_may_only_be_read_is_said_to_lie_elsewhere_and_stays(
    news: Path, app: Make, until: Until, may_be_written: Callable[[], None]
) -> None:
    catalog = news / "catalog.sqlite"
    before = catalog.read_bytes()
    application = app()
    async with application.run_test(size=SIZE) as pilot:
        await in_list(pilot, until)
        for key, words in (
            ("space", "Clip kept"),
            ("asterisk", "Article starred"),
            ("plus", "relevant"),
            ("S", "saved"),
        ):
            application.clear_notifications()
            await pilot.press(key)
            await until(pilot, lambda: said(application, ASIDE.strip()))
            assert said(application, words)
        assert signs(application) == "◆✓★"
        await pilot.press("C")
        await until(pilot, lambda: "1 clip" in shown(application))
        assert "in your own folder" in shown(application)
        await pilot.press("e", *"call", "enter")
        await until(pilot, lambda: "note: call" in shown(application))
    with Archive.open(news) as archive:
        assert notebook_file(archive.id, news.resolve()).is_file()
    assert catalog.read_bytes() == before
    again = app()
    async with again.run_test(size=SIZE) as pilot:
        await in_list(pilot, until)
        await until(pilot, lambda: signs(again) == "◆✓★")
        await pilot.press("Q")
        await until(pilot, lambda: "1 saved question" in shown(again) and QUESTION in shown(again))
        await pilot.press("escape", "U")
        await until(pilot, lambda: said(again, "There is nothing to undo."))
    may_be_written()
    kept = on_disk(news)
    assert [(clip.question, clip.note) for clip in kept.clips] == [(QUESTION, "call")]
    assert (len(kept.stars), list(kept.judged.values()), len(kept.saved)) == (1, [1], 1)


async def test_what_was_kept_elsewhere_is_said_no_more_once_the_archive_may_be_written_to(
    news: Path, app: Make, until: Until, may_be_written: Callable[[], None]
) -> None:
    application = app()
    async with application.run_test(size=SIZE) as pilot:
        await in_list(pilot, until)
        await pilot.press("space")
        await until(pilot, lambda: said(application, ASIDE.strip()))
        may_be_written()
        application.clear_notifications()
        await pilot.press("j", "space")
        await until(pilot, lambda: said(application, "Clip kept"))
        assert not said(application, ASIDE.strip())
        await pilot.press("C")
        await until(pilot, lambda: "2 clips" in shown(application))
        assert "in your own folder" not in shown(application)
        assert len(on_disk(news).clips) == 2
        await pilot.press("escape")
        await until(pilot, lambda: Picture(application).searches)
