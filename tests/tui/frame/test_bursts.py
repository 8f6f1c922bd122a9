"""Keys that come faster than they are done do what the same keys do one by one, in their order."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from textual.events import Key
from textual.pilot import Pilot

from tests.tui.conftest import Until
from tests.tui.newsroom import newsroom, opened
from tui.app.app import MorgueApp
from tui.app.screens.article import ArticleScreen
from tui.app.widgets.result_list import ResultList

KEYS = ("down", "up", "j", "k", "end", "home", "enter", "escape", "slash", "t", "m", "i")
LETTERS = {"enter": "\r", "slash": "/"}
BURSTS = 25
State = tuple[object, ...]


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return newsroom(tmp_path_factory.mktemp("bursts") / "archive", 12)


async def begun(app: MorgueApp, pilot: Pilot[None], until: Until) -> None:
    """Go to the first row."""
    await until(pilot, lambda: app.get_default_screen().query_one(ResultList).hits)
    await pilot.press("enter")
    await until(pilot, lambda: app.screen.query_one(ResultList).has_focus)


def state(app: MorgueApp) -> State:
    """Return where one is, and what is chosen there."""
    search, picking = app.get_default_screen(), app.get_default_screen().timeline.picking
    read = app.screen.quoted() if isinstance(app.screen, ArticleScreen) else None
    return (
        type(app.screen).__name__,
        app.focused and type(app.focused).__name__,
        search.session.selected,
        search.session.request.mode,
        search.line.value,
        read and (read.article.id, read.start),
        picking and search.timeline.display and (picking.timeline.unit, picking.days),
    )


async def one_by_one(app: MorgueApp, pilot: Pilot[None], pressed: tuple[str, ...]) -> None:
    for key in pressed:
        await pilot.press(key)
        await settled(app, pilot)


async def settled(app: MorgueApp, pilot: Pilot[None]) -> None:
    """Wait until nothing changes any more."""
    before: State | None = None
    quiet = 0
    while quiet < 4:
        await pilot.pause(0.05)
        now = state(app)
        still = now == before and not app.get_default_screen().session.waiting
        quiet, before = quiet + 1 if still else 0, now


def drawn() -> list[tuple[str, ...]]:
    rng = random.Random(11)
    return [tuple(rng.choices(KEYS, k=rng.randint(2, 6))) for _ in range(BURSTS)]


@pytest.mark.parametrize(
    "pressed", [("j", "j", "enter"), ("i", "escape", "j"), ("down", "end", "enter", "escape", "k"), *drawn()]
)
async def test_a_burst_of_keys_does_what_they_do_one_by_one(root: Path, pressed: tuple[str, ...], until: Until) -> None:
    ended = list[State]()
    for is_burst in (False, True):
        app = MorgueApp(lambda: opened(root), "harbour council", "lexical", root)
        async with app.run_test(size=(120, 40)) as pilot:
            await begun(app, pilot, until)
            if is_burst:
                for key in pressed:
                    app.post_message(Key(key, key if len(key) == 1 else LETTERS.get(key)))
            else:
                await one_by_one(app, pilot, pressed)
            await settled(app, pilot)
            ended.append(state(app))
    assert ended[1] == ended[0]
