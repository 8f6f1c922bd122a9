"""Help lists every key, because it is made from the bindings."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

from textual.pilot import Pilot

from index import Searcher
from tui.app import keys
from tui.app.app import MorgueApp
from tui.app.screens.article import ArticleScreen
from tui.app.screens.help import HelpScreen
from tui.app.widgets.article_text import ArticleText
from tui.app.widgets.result_list import ResultList

Until = Callable[[Pilot[None], Callable[[], object]], Awaitable[None]]


def listed() -> set[str]:
    return {key for section in keys.sections() for binding in section.keys for key in binding.key.split(",")}


def active(app: MorgueApp) -> set[str]:
    return set(app.screen.active_bindings)


async def test_every_key_that_works_anywhere_is_listed(seed_archive: Path, until: Until) -> None:
    app = MorgueApp(lambda: Searcher.open(seed_archive), "sanctions", "lexical")
    working = set()
    async with app.run_test(size=(160, 45)) as pilot:
        await until(pilot, lambda: app.query_one(ArticleText).page)
        working |= active(app)
        await pilot.press("enter")
        working |= active(app)
        await pilot.press("tab")
        assert isinstance(app.focused, ArticleText)
        working |= active(app)
        app.query_one(ResultList).focus()
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, ArticleScreen))
        working |= active(app)

    assert {"n", "f1", "slash", "escape", "ctrl+q"} <= working
    assert working - listed() == set()


def test_every_listed_key_says_what_it_does() -> None:
    assert [b.key for section in keys.sections() for b in section.keys if not b.description] == []


def test_no_key_of_ours_clashes_with_tmux_or_wezterm() -> None:
    ours = [*keys.EVERYWHERE, *keys.SEARCH, *keys.QUERY, *keys.RESULTS, *keys.TEXT, *keys.ARTICLE, *keys.HELP]

    assert not {"ctrl+a", "ctrl+b"} & {key for binding in ours for key in binding.key.split(",")}


async def test_help_opens_from_the_search_line_shows_the_keys_and_closes(
    seed_archive: Path, picture: Callable[[MorgueApp], str]
) -> None:
    app = MorgueApp(lambda: Searcher.open(seed_archive))
    async with app.run_test(size=(160, 60)) as pilot:
        await pilot.press("f1")
        assert isinstance(app.screen, HelpScreen)
        shown = picture(app)
        assert all(binding.description in shown for binding in keys.SEARCH)
        await pilot.press("escape")
        assert not isinstance(app.screen, HelpScreen)
        await pilot.press("f1", "f1")
        assert not isinstance(app.screen, HelpScreen)


def test_keys_are_labelled_as_on_the_keyboard() -> None:
    assert [keys.label(key) for key in ("f1", "ctrl+q", "slash", "N", "enter", "pagedown")] == [
        "F1",
        "Ctrl+Q",
        "/",
        "N",
        "Enter",
        "PgDn",
    ]
