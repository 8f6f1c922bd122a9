"""A screen that is left before it has its parts is gone, and nothing else happens: keys come faster than screens."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from textual.screen import Screen

from tests.tui.conftest import Until
from tests.tui.keeping.conftest import in_list
from tests.tui.newsroom import newsroom, opened
from tui.app.actions.overlay import Overlay
from tui.app.actions.whole_screen import WholeScreen
from tui.app.adding import add_screen, other_screen, update_screen, work_screen
from tui.app.app import MorgueApp
from tui.app.screens.article import ArticleScreen
from tui.app.screens.help import HelpScreen
from tui.app.screens.search import SearchScreen
from tui.session.history import History
from tui.writing.job import Job

KEYS = ("f1", "i", "w", "C", "Q", "J", "ctrl+r", "A", "R", "O")
MODULES = (add_screen, other_screen, update_screen, work_screen)  # which hold screens that are imported late


def kinds(of: type[WholeScreen]) -> Iterator[type[WholeScreen]]:
    """Yield the screens that are opened over others: those from which no other one is made."""
    for kind in of.__subclasses__():
        if not kind.__subclasses__():
            yield kind
        yield from kinds(kind)


def more_than(left: set[type[Screen[Any]]], before: int) -> bool:
    return len(left) > before


async def test_every_screen_can_be_left_before_it_has_its_parts(
    tmp_path: Path, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MORGUE_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("MORGUE_HISTORY", "on")
    root = newsroom(tmp_path / "archive", 12)
    app, left = MorgueApp(lambda: opened(root), "harbour council", "lexical", root), set[type[Screen[Any]]]()
    async with app.run_test(size=(120, 40)) as pilot:
        await in_list(pilot, until)
        with opened(root) as searcher:
            History(searcher.archive.id).asked("ferry", "lexical", 1)
        push = app.push_screen

        def push_and_leave(screen: Screen[Any], *arguments: Any, **options: Any) -> Any:
            mounted = push(screen, *arguments, **options)
            if isinstance(screen, Overlay) or "v" not in keys:
                left.add(type(screen))
                app.pop_screen()
            return mounted

        monkeypatch.setattr(app, "push_screen", push_and_leave)
        for keys in (*((key,) for key in KEYS), ("enter",), ("enter", "v")):
            before = len(left)
            await pilot.press(*keys)
            await until(pilot, partial(more_than, left, before))
        await pilot.press("escape")
        app.job = Job("update", root)
        app._show_run()
        await until(pilot, lambda: isinstance(app.screen, SearchScreen))
        await pilot.press("j")
        assert app.is_running
    assert app.return_code is None or app.return_code == 0
    opened_over = {kind for kind in kinds(WholeScreen) if kind.__module__.startswith("tui.")} - {SearchScreen}
    assert ArticleScreen in opened_over
    assert left == opened_over


async def test_a_screen_that_was_left_does_not_take_another_one_with_it(tmp_path: Path, until: Until) -> None:
    root = newsroom(tmp_path / "archive", 12)
    app = MorgueApp(lambda: opened(root), "harbour council", "lexical", root)
    async with app.run_test(size=(120, 40)) as pilot:
        await in_list(pilot, until)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, ArticleScreen))
        article = app.screen
        await pilot.press("f1")
        await until(pilot, lambda: isinstance(app.screen, HelpScreen))
        shown = app.screen
        assert isinstance(shown, HelpScreen)
        for _ in range(2):
            shown.action_close()
        await pilot.pause()
        assert app.screen is article
        assert isinstance(article, ArticleScreen)
        for _ in range(3):
            article.action_back()
        await pilot.pause()
        assert isinstance(app.screen, SearchScreen)
