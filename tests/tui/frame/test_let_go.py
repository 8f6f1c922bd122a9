"""A screen that was left is let go, with all that it showed."""

from __future__ import annotations

import gc
import weakref
from pathlib import Path

import pytest

from index import Searcher
from tests.archives import built_archive
from tests.tui.conftest import Until
from tui.app.app import MorgueApp
from tui.app.screens.article import ArticleScreen
from tui.app.widgets.result_list import ResultList


@pytest.fixture(scope="module")
def archives(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two archives with an article each."""
    made = []
    for name in ("ferry", "tram"):
        folder = tmp_path_factory.mktemp(name)
        (folder / f"{name}.txt").write_text(f"The {name} stops\n\nThe {name} stops at noon.\n", "utf-8")
        made.append(built_archive(tmp_path_factory.mktemp("let-go") / name, folder))
    return made[0], made[1]


def living(left: list[weakref.ref[object]]) -> int:
    gc.unfreeze()
    gc.collect()
    return sum(one() is not None for one in left)


async def test_articles_and_archives_that_were_left_are_let_go(archives: tuple[Path, Path], until: Until) -> None:
    app = MorgueApp(lambda: Searcher.open(archives[0]), "stops", "lexical", archives[0])
    left = list[weakref.ref[object]]()
    async with app.run_test(size=(120, 40)) as pilot:
        for turn in range(1, 4):
            await until(pilot, lambda: app.screen.query_one(ResultList).hits)
            app.screen.query_one(ResultList).focus()
            await pilot.press("enter")
            await until(pilot, lambda: isinstance(app.screen, ArticleScreen) and app.screen.text.page)
            left.append(weakref.ref(app.screen))
            await pilot.press("escape")
            await until(pilot, lambda: app.screen is app._search)
            if turn > 1:  # Textual holds the one that an application begins with
                left.append(weakref.ref(app._search))
            app.open_archive(archives[turn % 2])
            await until(pilot, lambda: app.screen is app._search and app._search.is_open)
            await pilot.press(*"stops")
        await until(pilot, lambda: app.screen.query_one(ResultList).hits)
        await until(pilot, lambda: living(left) == 0)
