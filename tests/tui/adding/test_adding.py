"""Adding and updating inside the UI: seen beforehand, told of, paused, stopped; the UI answers all the while."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest
from textual.pilot import Pilot

from archive import Archive
from tests.tui.adding.conftest import SIZE, flat, seen, write
from tests.tui.conftest import Until
from tests.tui.keeping.conftest import in_list, said
from tests.tui.newsroom import Picture
from tests.tui.running import vectors
from tui.app.adding.add_screen import AddScreen
from tui.app.adding.update_screen import UpdateScreen
from tui.app.adding.work_screen import WorkScreen
from tui.app.app import MorgueApp
from tui.app.screens.search import SearchScreen

Make = Callable[..., MorgueApp]
Slow = Callable[[float], None]


async def look_at(pilot: Pilot[None], until: Until, path: object) -> None:
    """Ask to add something, and look at it."""
    assert isinstance(pilot.app, MorgueApp)
    app = pilot.app
    await pilot.press("A")
    await until(pilot, lambda: isinstance(app.screen, AddScreen))
    write(app, str(path))
    await pilot.press("enter")


async def begin(pilot: Pilot[None], until: Until, path: object) -> MorgueApp:
    """Add something."""
    app = await in_list(pilot, until)
    await look_at(pilot, until, path)
    await until(pilot, lambda: "Enter begins" in seen(app))
    await pilot.press("enter")
    await until(pilot, lambda: isinstance(app.screen, WorkScreen))
    return app


async def test_a_folder_is_seen_beforehand_and_added_and_the_selection_stays(
    app: Make, root: Path, more: Path, slow: Slow, until: Until
) -> None:
    slow(0)
    application = app()
    async with application.run_test(size=SIZE) as pilot:
        await in_list(pilot, until)
        await pilot.press("j")
        await until(pilot, lambda: Picture(application).selected)
        chosen = Picture(application).selected
        assert chosen is not None
        await look_at(pilot, until, more)
        await until(pilot, lambda: "Enter begins" in seen(application))
        told = seen(application)
        assert f"To the archive {root}" in told
        assert "To be read: 20 files" in told
        assert "00.txt, 01.txt, 02.txt, …" in told
        assert "*.xyz: table.xyz" in told
        with Archive.open(root) as archive:
            assert len(list(archive.articles())) == 12
        await pilot.press("enter")
        await until(pilot, lambda: "Done. Articles: 20 added; 1 refused." in seen(application))
        assert f"{more / 'table.xyz'}: There is no reader for files named *.xyz." in flat(application)
        await pilot.press("escape")
        assert isinstance(application.screen, SearchScreen)
        await until(pilot, lambda: "32 articles" in Picture(application).lines[0] and Picture(application).is_at_rest)
        now = Picture(application).selected
        assert now is not None
        assert now.title == chosen.title
        await pilot.press("slash", "ctrl+u", *"boat")
        await until(pilot, lambda: "Late boat" in seen(application))


async def test_the_ui_answers_while_articles_are_added_and_says_how_far_that_is(
    app: Make, more: Path, slow: Slow, until: Until
) -> None:
    slow(2.0)
    application = app()
    async with application.run_test(size=SIZE) as pilot:
        await begin(pilot, until, more)
        await until(pilot, lambda: "of 20 passages" in seen(application) and "█" in seen(application))
        assert "20 added, 0 changed, 0 moved, 0 unchanged, 1 refused" in seen(application)
        await pilot.press("escape")
        await until(pilot, lambda: "! Adding" in seen(application) and "of 20 passages" in seen(application))
        assert "not indexed yet" not in seen(application)
        await pilot.press("slash", "ctrl+u", *"ferry")
        await until(pilot, lambda: Picture(application).line.startswith("ferry") and Picture(application).is_at_rest)
        await pilot.press("enter", "enter")
        await until(pilot, lambda: not isinstance(application.screen, SearchScreen))
        await pilot.press("escape", "A")
        await until(pilot, lambda: isinstance(application.screen, WorkScreen))
        assert application.job is not None
        assert application.job.ended is None, "it was shown, and not begun anew"
        await pilot.press("escape")
        await until(pilot, lambda: said(application, "done. Articles: 20 added; 1 refused."))
        await until(pilot, lambda: "! Adding" not in seen(application))


async def test_paused_it_says_so_and_does_nothing_until_it_goes_on(
    app: Make, root: Path, more: Path, slow: Slow, until: Until
) -> None:
    slow(0.2)
    application, before = app(), vectors(root)
    async with application.run_test(size=SIZE) as pilot:
        await begin(pilot, until, more)
        await until(pilot, lambda: vectors(root) > before)
        await pilot.press("p")
        await until(pilot, lambda: "Paused: p goes on" in seen(application))
        assert application._child is not None
        process = psutil.Process(application._child.pid)
        await until(pilot, lambda: process.status() == psutil.STATUS_STOPPED)
        made = vectors(root)
        time.sleep(0.8)
        assert vectors(root) == made
        await pilot.press("escape")
        await until(pilot, lambda: "Paused: p goes on" in seen(application))
        await pilot.press("A", "p")
        await until(pilot, lambda: "Done." in seen(application))


async def test_stopped_it_asks_once_more_keeps_what_is_done_and_an_update_goes_on(
    app: Make, root: Path, more: Path, slow: Slow, until: Until
) -> None:
    slow(0.8)
    application, before = app(), vectors(root)
    async with application.run_test(size=SIZE) as pilot:
        await begin(pilot, until, more)
        await until(pilot, lambda: vectors(root) > before)
        await pilot.press("x")
        await until(pilot, lambda: said(application, "x again stops it"))
        assert application.job is not None
        assert application.job.stops == 0
        await pilot.press("x")
        await until(pilot, lambda: "vectors are made and kept" in seen(application))
        assert "R goes on with what was begun" in seen(application)
        await pilot.press("escape")
        await until(pilot, lambda: "20 articles are not indexed yet" in seen(application))
        await pilot.press("R")
        await until(pilot, lambda: isinstance(application.screen, UpdateScreen))
        assert str(more) in seen(application)
        await pilot.press("enter")
        await until(pilot, lambda: "Done. Articles: 32 unchanged; 1 refused." in seen(application))
        await pilot.press("q")
        await until(pilot, lambda: "not indexed yet" not in seen(application))


async def test_killed_from_outside_it_is_told_in_words(
    app: Make, root: Path, more: Path, slow: Slow, until: Until
) -> None:
    slow(0.3)
    application, before = app(), vectors(root)
    async with application.run_test(size=SIZE) as pilot:
        await begin(pilot, until, more)
        await until(pilot, lambda: vectors(root) > before)
        assert application._child is not None
        os.kill(application._child.pid, signal.SIGKILL)
        await until(pilot, lambda: "It was ended from outside, by SIGKILL." in seen(application))
        slow(0)
        await pilot.press("escape", "R")
        await until(pilot, lambda: isinstance(application.screen, UpdateScreen))
        await pilot.press("enter")
        await until(pilot, lambda: "Done." in seen(application))


async def test_a_wrong_path_is_told_in_words_and_can_be_mended(app: Make, root: Path, more: Path, until: Until) -> None:
    application = app()
    async with application.run_test(size=SIZE) as pilot:
        await in_list(pilot, until)
        await look_at(pilot, until, more.parent / "mere")
        await until(pilot, lambda: f"There is no file or folder {more.parent / 'mere'}." in seen(application))
        await pilot.press("enter")
        assert isinstance(application.screen, AddScreen)
        await pilot.press("backspace", "backspace", "backspace", "tab")
        await until(pilot, lambda: application.screen.query_one("PathLine").value == f"{more}/")  # type: ignore[attr-defined]
        await pilot.press("enter")
        await until(pilot, lambda: "To be read: 20 files" in seen(application))
        await pilot.press("ctrl+u")
        write(application, str(root))
        await pilot.press("enter")
        await until(pilot, lambda: "lies inside the archive" in seen(application))
        await pilot.press("escape")
        assert isinstance(application.screen, SearchScreen)
        assert application.job is None


async def test_an_archive_that_may_only_be_read_is_told_of_before_anything_is_begun(
    app: Make, root: Path, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    allowed: Any = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK and allowed(path, mode))
    application = app()
    async with application.run_test(size=SIZE) as pilot:
        await in_list(pilot, until)
        for key in ("A", "R"):
            application.clear_notifications()
            await pilot.press(key)
            await until(pilot, lambda: said(application, f"The archive {root} may only be read here"))
            assert isinstance(application.screen, SearchScreen)
            assert application.job is None


async def test_an_archive_that_another_program_writes_to_is_told_in_its_words(
    app: Make, root: Path, more: Path, slow: Slow, until: Until
) -> None:
    slow(0)
    application = app()
    with Archive.open(root) as archive, archive.writing():
        async with application.run_test(size=SIZE) as pilot:
            await in_list(pilot, until)
            await look_at(pilot, until, more)
            await until(pilot, lambda: "Enter begins" in seen(application))
            assert f"process {os.getpid()}" in seen(application)
            await pilot.press("enter")
            await until(pilot, lambda: "Another process is writing to" in seen(application))


async def test_names_of_files_draw_safely(app: Make, tmp_path: Path, slow: Slow, until: Until) -> None:
    slow(0)
    folder = tmp_path / "odd [red]"
    folder.mkdir()
    for name in ("a\x1b[2J.txt", "[bold]b.txt", "c\u202egnp.txt", "漢字 e\u0301.txt", "d\n\td.txt", "\x1b]0;x\x07.pdf"):
        (folder / name).write_text("Odd\n\nThis is an odd file.\n", "utf-8")
    (Path(os.fsdecode(os.fsencode(folder) + b"/\xff\xfe.txt"))).write_text("x")
    application = app()
    async with application.run_test(size=SIZE) as pilot:
        await begin(pilot, until, folder)
        await until(pilot, lambda: "Done." in seen(application))
        assert "Refused:" in seen(application)
        assert "odd [red]" in seen(application)
        assert not {"\x1b", "\x07", "\u202e"} & set(seen(application).replace("\n", ""))
        await pilot.press("escape")


async def test_a_child_that_prints_garbage_is_told_of(
    app: Make, more: Path, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sys

    from tui.writing import child

    code = "import sys; print('\\x1b[2J[/red] {'); sys.stderr.write('{]\\n\\x1b]0;owned\\x07 no\\n'); sys.exit(17)"
    monkeypatch.setattr(child, "COMMAND", (sys.executable, "-c", code))
    application = app()
    async with application.run_test(size=SIZE) as pilot:
        await begin(pilot, until, more)
        await until(pilot, lambda: "owned" in seen(application))
        assert "\x1b" not in seen(application)
        await pilot.press("escape")
        assert Picture(application).rows


async def test_leaving_stops_what_is_being_added_and_says_what_was_kept(
    app: Make, root: Path, more: Path, slow: Slow, until: Until
) -> None:
    slow(0.8)
    application, before = app(), vectors(root)
    async with application.run_test(size=SIZE) as pilot:
        await begin(pilot, until, more)
        await until(pilot, lambda: vectors(root) > before)
        assert application._child is not None
        pid = application._child.pid
        await pilot.press("ctrl+q")
        await until(pilot, lambda: application.parting or not application.is_running)
    assert "vectors are made and kept" in application.parting
    assert not psutil.pid_exists(pid)


async def test_ended_in_any_other_way_the_child_is_ended_too(
    app: Make, root: Path, more: Path, slow: Slow, until: Until
) -> None:
    slow(0.8)
    application, before = app(), vectors(root)
    async with application.run_test(size=SIZE) as pilot:
        await begin(pilot, until, more)
        await until(pilot, lambda: vectors(root) > before)
        await pilot.press("p")
        assert application._child is not None
        pid = application._child.pid
    assert "vectors are made and kept" in application.parting
    assert not psutil.pid_exists(pid)
