"""Keys that mark a passage, pressed where no passage is shown, mark none."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from textual.command import CommandPalette
from textual.widgets import OptionList

from tests.tui.conftest import Until
from tests.tui.keeping.conftest import QUESTION, SIZE, in_list, on_disk
from tests.tui.newsroom import Picture, opened
from tui.app import keys
from tui.app.actions.keymap import Keymap
from tui.app.app import MorgueApp
from tui.app.screens.search import SearchScreen
from tui.app.widgets.narrowing.panel import NarrowPanel
from tui.app.widgets.narrowing.time_strip import TimeStrip

MARKING = {row.id for row in keys.MARKING}


@pytest.mark.parametrize(("key", "pane"), [("f", NarrowPanel), ("t", TimeStrip)])
async def test_what_narrows_by_values_or_time_neither_keeps_nor_judges(
    news: Path, app: Callable[..., MorgueApp], until: Until, key: str, pane: type[NarrowPanel | TimeStrip]
) -> None:
    application = app()
    async with application.run_test(size=SIZE) as pilot:
        await in_list(pilot, until)
        screen = application.screen
        assert isinstance(screen, SearchScreen)
        await until(pilot, lambda: screen.session.counts is not None)
        assert {found.binding.id for found in screen.active_bindings.values()} >= MARKING
        await pilot.press(key)
        assert isinstance(application.focused, pane)
        assert {found.binding.id for found in screen.active_bindings.values()} & MARKING == set()
        await pilot.press("plus", "minus", "asterisk", "space", "plus", "asterisk")
        await until(pilot, lambda: Picture(application).is_at_rest and not application.workers._workers)
        kept = on_disk(news)
        assert (kept.clips, kept.stars, dict(kept.judged)) == ((), frozenset(), {})
        await pilot.press("escape", "asterisk")
        await until(pilot, lambda: on_disk(news).stars)


@pytest.mark.parametrize("key", ["f", "t"])
async def test_keys_of_ones_own_that_mark_do_nothing_at_all_there(news: Path, until: Until, key: str) -> None:
    own = {"clip": "B", "star": "equals_sign", "relevant": "V,ctrl+n", "irrelevant": "semicolon", "remove-article": "D"}
    application = MorgueApp(lambda: opened(news), QUESTION, "lexical", news, keymap=Keymap(own))
    async with application.run_test(size=SIZE) as pilot:
        await in_list(pilot, until)
        screen = application.screen
        assert isinstance(screen, SearchScreen)
        await until(pilot, lambda: screen.session.counts is not None)
        await pilot.press(key)
        pane, session = application.focused, screen.session
        assert isinstance(pane, NarrowPanel | TimeStrip)
        await pilot.press("B", "equals_sign", "V", "ctrl+n", "semicolon", "D")
        await until(pilot, lambda: Picture(application).is_at_rest and not application.workers._workers)
        assert application.focused is pane
        assert (screen.session, application.job) == (session, None)
        kept = on_disk(news)
        assert (kept.clips, kept.stars, dict(kept.judged)) == ((), frozenset(), {})
        await pilot.press("escape", "B")
        await until(pilot, lambda: on_disk(news).clips)


async def test_plus_demands_a_value_as_minus_leaves_it_out(
    news: Path, app: Callable[..., MorgueApp], until: Until
) -> None:
    application = app()
    async with application.run_test(size=SIZE) as pilot:
        await in_list(pilot, until)
        screen = application.screen
        assert isinstance(screen, SearchScreen)
        await until(pilot, lambda: screen.session.counts is not None)
        await pilot.press("f", "plus")
        await until(pilot, lambda: [chip.excluded for chip in screen.session.request.narrowing.chips] == [False])
        await pilot.press("plus", "minus")
        await until(pilot, lambda: [chip.excluded for chip in screen.session.request.narrowing.chips] == [True])


async def test_what_is_chosen_by_its_words_is_done_wherever_the_focus_is(
    news: Path, app: Callable[..., MorgueApp], until: Until
) -> None:
    application = app()
    async with application.run_test(size=SIZE) as pilot:
        await in_list(pilot, until)
        await pilot.press("f", "ctrl+p")
        await until(pilot, lambda: isinstance(application.screen, CommandPalette))
        await pilot.press(*"star the")
        await until(pilot, lambda: application.screen.query_one(OptionList).option_count)
        await pilot.press("enter")
        await until(pilot, lambda: on_disk(news).stars)


async def test_an_archive_that_opens_as_the_session_ends_is_no_trouble(app: Callable[..., MorgueApp]) -> None:
    application = app()
    async with application.run_test(size=SIZE):
        pass
    assert application.screen_stack == []
    application._encoder_tried()
