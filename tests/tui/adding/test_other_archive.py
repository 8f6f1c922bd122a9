"""Opening another archive and coming back; making one where there is none."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from archive import Archive
from tests.tui.adding.conftest import SIZE, flat, seen, write
from tests.tui.conftest import Until
from tests.tui.keeping.conftest import in_list, said
from tests.tui.newsroom import Picture, newsroom
from tests.tui.running import vectors
from tui.app import messages
from tui.app.adding.add_screen import AddScreen
from tui.app.adding.other_screen import OtherScreen
from tui.app.adding.work_screen import WorkScreen
from tui.app.app import MorgueApp
from tui.app.screens.search import SearchScreen
from tui.session.searcher_pool import SearcherPool

Make = Callable[..., MorgueApp]


async def test_another_archive_is_opened_with_a_session_of_its_own_and_the_first_again(
    app: Make, root: Path, tmp_path: Path, until: Until
) -> None:
    other = newsroom(tmp_path / "second", 5, seed=2)
    application = app()
    async with application.run_test(size=SIZE) as pilot:
        await in_list(pilot, until)
        await pilot.press("space")
        await until(pilot, lambda: said(application, "Clip kept"))
        with application._worker.pool.lend() as first:
            pass
        await pilot.press("O")
        await until(pilot, lambda: isinstance(application.screen, OtherScreen))
        assert f"Open now: {root}" in seen(application)
        await until(pilot, lambda: "second/   an archive" in seen(application))
        write(application, "second")
        await pilot.press("enter")
        await until(pilot, lambda: "second · 5 articles" in Picture(application).lines[0])
        assert isinstance(application.screen, SearchScreen)
        assert application.screen.line.value == ""
        assert application.kept.clips == ()
        await until(pilot, lambda: first.closed)
        application.post_message(messages.UndoWanted())
        await until(pilot, lambda: said(application, "nothing to undo"))
        await pilot.press(*"harbour")
        await until(pilot, lambda: Picture(application).rows and Picture(application).is_at_rest)
        await pilot.press("ctrl+t")
        await until(pilot, lambda: isinstance(application.screen, OtherScreen))
        write(application, "archive")
        await pilot.press("enter")
        await until(pilot, lambda: "archive · 12 articles" in Picture(application).lines[0])
        await until(pilot, lambda: len(application.kept.clips) == 1)
        await pilot.press(*"harbour")
        await in_list(pilot, until)
    with Archive.open(other) as archive:
        assert archive.notebook.clips() == ()


async def test_enter_alone_opens_the_other_archive_and_the_one_before(
    app: Make, root: Path, tmp_path: Path, until: Until
) -> None:
    other = newsroom(tmp_path / "second", 5, seed=2)
    (tmp_path / "elsewhere").mkdir()
    newsroom(tmp_path / "elsewhere" / "third", 3, seed=3)
    application = app()
    async with application.run_test(size=SIZE) as pilot:
        await in_list(pilot, until)
        await pilot.press("O", "enter")
        await until(pilot, lambda: "second · 5 articles" in Picture(application).lines[0])
        await pilot.press("ctrl+t", "enter")
        await until(pilot, lambda: "archive · 12 articles" in Picture(application).lines[0])
        await pilot.press("ctrl+t")
        await until(pilot, lambda: isinstance(application.screen, OtherScreen) and str(other) in flat(application))
        assert "second/ an archive" in flat(application), "what else is there is listed"
        assert "archive/ an archive" in flat(application)
        write(application, "elsewhere/third")
        await pilot.press("enter")
        await until(pilot, lambda: "third · 3 articles" in Picture(application).lines[0])
        await pilot.press("ctrl+t")
        await until(pilot, lambda: str(root) in flat(application))
        await pilot.press("enter")
        await until(pilot, lambda: "archive · 12 articles" in Picture(application).lines[0])


async def test_an_archive_that_is_not_there_yet_is_made_by_adding_and_opened(
    app: Make, more: Path, tmp_path: Path, until: Until, slow: Callable[[float], None]
) -> None:
    slow(0)
    application = app()
    async with application.run_test(size=SIZE) as pilot:
        await in_list(pilot, until)
        await pilot.press("O")
        await until(pilot, lambda: isinstance(application.screen, OtherScreen))
        write(application, "new one")
        await pilot.press("enter")
        await until(pilot, lambda: "is no archive yet" in seen(application))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(application.screen, AddScreen))
        assert f"To the archive {tmp_path / 'new one'}" in seen(application)
        write(application, str(more))
        await pilot.press("enter")
        await until(pilot, lambda: "Enter begins" in seen(application))
        await pilot.press("enter")
        await until(pilot, lambda: "Indexing meanings" in seen(application))
        await until(pilot, lambda: "Done. Articles: 20 added; 1 refused." in seen(application))
        await pilot.press("enter")
        await until(pilot, lambda: "new one · 20 articles" in Picture(application).lines[0])
        await pilot.press(*"boat")
        await until(pilot, lambda: Picture(application).is_at_rest and "Late boat" in seen(application))


async def test_where_none_can_be_made_it_is_said(app: Make, more: Path, until: Until) -> None:
    application = app()
    async with application.run_test(size=SIZE) as pilot:
        await in_list(pilot, until)
        await pilot.press("O")
        await until(pilot, lambda: isinstance(application.screen, OtherScreen))
        write(application, "more")
        await pilot.press("enter")
        await until(pilot, lambda: "empty" in seen(application).split())
        await pilot.press("enter", "enter", "escape")
        await until(pilot, lambda: isinstance(application.screen, SearchScreen))


async def test_what_is_being_added_goes_on_beside_another_archive(
    app: Make, root: Path, more: Path, tmp_path: Path, until: Until, slow: Callable[[float], None]
) -> None:
    slow(3.0)
    newsroom(tmp_path / "second", 5, seed=2)
    application, before = app(), vectors(root)
    async with application.run_test(size=SIZE) as pilot:
        await in_list(pilot, until)
        await pilot.press("A")
        await until(pilot, lambda: isinstance(application.screen, AddScreen))
        write(application, str(more))
        await pilot.press("enter")
        await until(pilot, lambda: "Enter begins" in seen(application))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(application.screen, WorkScreen) and vectors(root) > before)
        await pilot.press("escape", "O")
        await until(pilot, lambda: isinstance(application.screen, OtherScreen))
        await until(pilot, lambda: "goes on all the same" in flat(application))
        write(application, "second")
        await pilot.press("enter")
        await until(pilot, lambda: "second · 5 articles" in Picture(application).lines[0])
        await until(pilot, lambda: "! Adding" in seen(application) and "to archive" in seen(application))
        await until(pilot, lambda: said(application, "to archive: done. Articles: 20 added"))
        assert "second · 5 articles" in Picture(application).lines[0]


def test_a_searcher_that_comes_after_closing_is_closed() -> None:
    closed = list[str]()

    class Closable:
        def __init__(self, name: str) -> None:
            self.name = name

        def close(self) -> None:
            closed.append(self.name)

    pool: Any = SearcherPool()
    pool.replace(Closable("first"))
    with pool.lend():
        pool.close()
        assert closed == []
    assert closed == ["first"]
    pool.replace(Closable("late"))
    assert closed == ["first", "late"]
    assert not pool.open
