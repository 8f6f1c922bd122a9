"""What was drawn of screens that were left does not stay in memory."""

from __future__ import annotations

import gc
from collections.abc import Awaitable, Callable
from pathlib import Path

from textual._styles_cache import StylesCache
from textual.pilot import Pilot

from index import Searcher
from tui.app.app import MorgueApp
from tui.app.screens.help import HelpScreen

Until = Callable[[Pilot[None], Callable[[], object]], Awaitable[None]]


def caches() -> int:
    gc.collect()
    return sum(isinstance(each, StylesCache) for each in gc.get_objects())


async def test_lines_of_screens_that_were_left_are_let_go(tmp_path: Path, until: Until) -> None:
    app = MorgueApp(lambda: Searcher.open(tmp_path / "nothing"))
    async with app.run_test(size=(120, 35)) as pilot:
        held = []
        for _ in range(6):
            await pilot.press("f1")
            await until(pilot, lambda: isinstance(app.screen, HelpScreen))
            await pilot.press("escape")
            await until(pilot, lambda: not isinstance(app.screen, HelpScreen))
            held.append(caches())
        assert max(held[1:]) <= held[0] + 3, held
