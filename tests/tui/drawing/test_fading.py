"""Old rows fade where the next answer takes a moment, and only those."""

from __future__ import annotations

import random
from pathlib import Path

from index import Searcher
from tests.tui.conftest import Until
from tui.app.app import MorgueApp
from tui.app.widgets.result_list import FADE_SECONDS, ResultList


async def test_old_rows_fade_a_moment_later(seed_archive: Path, until: Until) -> None:
    app = MorgueApp(lambda: Searcher.open(seed_archive), "Ukraine", "lexical")
    async with app.run_test() as pilot:
        rows = app.screen.query_one(ResultList)
        await until(pilot, lambda: rows.rows)
        rows.show(rows.rows, 0, old=True)
        assert not rows._fades
        await until(pilot, lambda: rows._fades)
        rows.show(rows.rows, 0, old=False)
        assert not rows._fades


async def test_rows_that_are_current_never_stay_faded(seed_archive: Path, until: Until) -> None:
    app, chance = MorgueApp(lambda: Searcher.open(seed_archive), "Ukraine", "lexical"), random.Random(4)
    async with app.run_test() as pilot:
        rows = app.screen.query_one(ResultList)
        await until(pilot, lambda: rows.rows)
        for _ in range(60):
            rows.show(rows.rows, 0, old=True)
            await pilot.pause(FADE_SECONDS * chance.uniform(0.9, 1.1))
            rows.show((*list(rows.rows),), 0, old=False)
            await pilot.pause(0.02)
            assert not rows._fades
