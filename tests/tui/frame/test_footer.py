"""Footer, help and palette are made of what can be done where one is."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from textual.command import CommandPalette
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Input, OptionList

from index import Searcher
from tests.archives import built_archive
from tests.tui.cells import shown
from tui.app import keys
from tui.app.actions.working import Hint, Offered
from tui.app.app import MorgueApp
from tui.app.screens.article import ArticleScreen
from tui.app.screens.help import HelpScreen
from tui.app.screens.palette import beginning
from tui.app.screens.versions import VersionsScreen
from tui.app.widgets.article_text import ArticleText
from tui.app.widgets.notice import NoticePanel
from tui.app.widgets.result_list import ResultList
from tui.app.widgets.search_line import SearchLine
from tui.app.widgets.status_line import fitting, joined

Until = Callable[[Pilot[None], Callable[[], object]], Awaitable[None]]
Picture = Callable[[MorgueApp], str]


def app_over(path: Path) -> MorgueApp:
    return MorgueApp(lambda: Searcher.open(path), "sanctions", "lexical")


def bottom(app: MorgueApp) -> str:
    lines = [strip.text for strip in app.screen._compositor.render_strips()]
    return lines[-1]


async def test_the_footer_names_what_can_be_done_where_the_focus_is(seed_archive: Path, until: Until) -> None:
    app = app_over(seed_archive)
    async with app.run_test(size=(200, 50)) as pilot:
        await until(pilot, lambda: app.query_one(ArticleText).page)
        assert isinstance(app.focused, SearchLine)
        assert "Enter ask" in bottom(app)
        assert "F7 unfold" in bottom(app)
        assert "/ ask" not in bottom(app), "a letter there"
        await pilot.press("enter")
        await until(pilot, lambda: "Enter read" in bottom(app))
        assert "F1 help" in bottom(app)
        assert "c copy" in bottom(app)
        await pilot.press("tab")
        await until(pilot, lambda: "n next match" in bottom(app))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, ArticleScreen))
        await until(pilot, lambda: "Esc back" in bottom(app))
        assert "h hidden" in bottom(app)


async def test_the_footer_names_unfolding_only_where_something_is_folded(
    tmp_path: Path, until: Until, picture: Picture
) -> None:
    folder = tmp_path / "news"
    folder.mkdir()
    part = "Line {0} of the tram was closed for repairs of its tracks, the operator of trams said. " * 8
    text = "\n\n".join(part.format(number) for number in range(4))
    (folder / "lines.txt").write_text(f"Lines closed\n\n{text}\n", "utf-8")
    (folder / "depot.txt").write_text("Depots\n\nA tram depot will be built beside the harbour.\n", "utf-8")
    path = built_archive(tmp_path / "archive", folder)
    app = MorgueApp(lambda: Searcher.open(path), "tram tracks", "lexical")
    async with app.run_test(size=(200, 50), notifications=True) as pilot:
        results = app.query_one(ResultList)
        await until(pilot, lambda: len(results.hits) == 2)
        await until(pilot, lambda: "F7 unfold" in bottom(app))
        await pilot.press("enter")
        await until(pilot, lambda: "Enter read" in bottom(app))
        assert "F7 unfold" in bottom(app)
        await pilot.press("j")
        await until(pilot, lambda: "unfold" not in bottom(app))
        assert "i why" in bottom(app)
        await pilot.press("x")
        await until(pilot, lambda: "Nothing is folded under this result." in picture(app))
        assert app.query_one(SearchLine).value == "tram tracks", "the key is no letter of another question"
        await pilot.press("k", "x")
        await until(pilot, lambda: len(results.hits) > 2)
        await pilot.press("j")
        await pilot.pause()
        assert "F7 unfold" in bottom(app), "it folds again what a passage is listed with"


@pytest.mark.parametrize("question", ["", "zzzz"])
async def test_without_results_the_footer_names_nothing_that_needs_one(
    seed_archive: Path, until: Until, question: str
) -> None:
    app = MorgueApp(lambda: Searcher.open(seed_archive), question, "lexical")
    async with app.run_test(size=(200, 50)) as pilot:
        await until(pilot, lambda: app.query_one(NoticePanel).display and "F1 help" in bottom(app))
        await until(pilot, lambda: app.query_one(SearchLine).screen.is_open)  # type: ignore[attr-defined]
        assert "Enter ask" in bottom(app)
        assert [word for word in ("unfold", "F4 article", "Esc results") if word in bottom(app)] == []
        await pilot.press("ctrl+u", *"sanctions", "space")
        await until(pilot, lambda: app.query_one(ResultList).hits and "F4 article" in bottom(app))


@pytest.mark.parametrize("size", [(80, 24), (160, 45)])
async def test_the_footer_names_the_first_thing_to_do_and_help_at_every_size(
    seed_archive: Path, until: Until, size: tuple[int, int]
) -> None:
    app = app_over(seed_archive)
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: app.query_one(ResultList).hits)
        await pilot.press("enter")
        await until(pilot, lambda: "Enter read" in bottom(app))
        assert "1 of" in bottom(app)
        assert "F1 help" in bottom(app)


async def test_a_click_on_the_footer_presses_the_key(seed_archive: Path, until: Until) -> None:
    app = app_over(seed_archive)
    async with app.run_test(size=(160, 45)) as pilot:
        await until(pilot, lambda: app.query_one(ResultList).hits)
        await until(pilot, lambda: "F1 help" in bottom(app))
        await pilot.click(offset=(bottom(app).index("F1 help") + 4, 44))
        await until(pilot, lambda: isinstance(app.screen, HelpScreen))


async def test_help_lists_first_what_works_here_and_is_filtered_by_what_is_typed(
    seed_archive: Path, until: Until
) -> None:
    app = app_over(seed_archive)
    async with app.run_test(size=(160, 100)) as pilot:
        await until(pilot, lambda: app.query_one(ResultList).hits)
        await pilot.press("enter", "f1")
        assert isinstance(app.screen, HelpScreen)
        words = shown(app)
        assert words.index("Results (you are here)") < words.index("Everywhere")
        assert all(row.tooltip in words for row in keys.RESULTS)
        await pilot.press(*"copy addr")
        await until(pilot, lambda: "Next result" not in shown(app))
        assert "Copy the address of the selected article" in shown(app)
        for _ in "copy addr":
            await pilot.press("backspace")
        await pilot.press(*"near each")
        await until(pilot, lambda: '"gas pipeline"~5' in shown(app))
        await pilot.press(*"zzz")
        await until(pilot, lambda: "No key and no question is described" in shown(app))
        await pilot.press("escape")
        assert isinstance(app.focused, ResultList)


async def test_help_opens_from_the_line_and_closes_by_the_key_that_opened_it(seed_archive: Path, until: Until) -> None:
    app = app_over(seed_archive)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: app.query_one(ResultList).hits)
        await pilot.press("f1")
        assert isinstance(app.screen, HelpScreen)
        before = bottom(app)
        await pilot.press("pagedown", "down")
        assert bottom(app) == before
        assert isinstance(app.screen.focused, Input)
        await pilot.press("f1")
        assert not isinstance(app.screen, HelpScreen)
        assert isinstance(app.focused, SearchLine)


async def test_the_palette_finds_a_command_by_its_words_and_does_it(seed_archive: Path, until: Until) -> None:
    app = app_over(seed_archive)
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: app.query_one(ArticleText).page)
        await pilot.press("ctrl+p")
        await until(pilot, lambda: isinstance(app.screen, CommandPalette))
        await pilot.press(*"versions")
        await until(pilot, lambda: app.screen.query_one(OptionList).option_count >= 1)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, CommandPalette) is False)
        await until(pilot, lambda: isinstance(app.screen, VersionsScreen))


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("add", "add"),
        ("upd", "update"),
        ("quit", "quit"),
        ("next art", "next-article"),
        ("copy addr", "copy-address"),
        ("unfold", "unfold"),
        ("clip", "clip"),
        ("archive", "other-archive"),
    ],
)
async def test_the_palette_lists_first_what_begins_with_what_is_typed(
    seed_archive: Path, until: Until, typed: str, first: str
) -> None:
    app = app_over(seed_archive)
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: app.query_one(ArticleText).page)
        await pilot.press("enter", "ctrl+p")
        await until(pilot, lambda: isinstance(app.screen, CommandPalette))
        await pilot.press(*("space" if letter == " " else letter for letter in typed))
        wanted = next(row for place in keys.PLACES for row in place.actions if row.id == first)
        options = app.screen.query_one(OptionList)
        await until(
            pilot, lambda: options.option_count and wanted.tooltip in str(options.get_option_at_index(0).prompt)
        )


def test_what_begins_with_all_words_comes_before_what_goes_on_and_that_before_inner_words() -> None:
    def offered(name: str, words: str, short: str = "") -> Offered:
        return Offered(name, "nothing", words, short or words, "x", Screen())

    assert beginning("add", offered("add", "Add a folder")) == 3
    assert beginning("ad", offered("add", "Take in a folder")) == 2
    assert beginning("Look", offered("a", "Nothing", "look, begin")) == 3
    assert beginning("add", offered("copy-address", "Copy the address")) == 1
    assert beginning("addr cop", offered("copy-address", "Copy the address")) == 1
    assert beginning("dress", offered("copy-address", "Copy the address")) == 0
    assert beginning("add a folder of dogs", offered("add", "Add a folder")) == 0
    assert beginning(" ", offered("add", "Add a folder")) == 0


async def test_the_palette_offers_what_the_screen_can_do_each_once(seed_archive: Path, until: Until) -> None:
    app = app_over(seed_archive)
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: app.query_one(ArticleText).page)
        await pilot.press("ctrl+p")
        await until(pilot, lambda: isinstance(app.screen, CommandPalette))
        options = app.screen.query_one(OptionList)
        await until(pilot, lambda: options.option_count > 30)
        wanted = [row for rows in (keys.RESULTS, keys.SEARCH, keys.TEXT, keys.READER, keys.PREVIEW) for row in rows]
        texts = [str(options.get_option_at_index(place).prompt) for place in range(options.option_count)]
        assert [row.id for row in wanted if sum(row.tooltip in text for text in texts) < 1] == []
        assert "The article before it on the list\n[" in texts
        assert not any(row.tooltip in text for row in (*keys.EDITING, *keys.ARTICLE[:1]) for text in texts)


async def test_no_key_is_without_a_word_on_leaving(seed_archive: Path, until: Until, picture: Picture) -> None:
    app = app_over(seed_archive)
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await until(pilot, lambda: app.query_one(ResultList).hits)
        await pilot.press("enter", "ctrl+c")
        await until(pilot, lambda: "Ctrl+Q leaves Morgue; Ctrl+Z goes back to the shell" in picture(app))


def test_hints_that_have_no_room_give_place_to_shorter_ones() -> None:
    wanted = [Hint("enter", "read"), Hint("f4", "a very long explanation"), Hint("f1", "help")]
    assert fitting(wanted, 18) == [wanted[0]]
    assert fitting(wanted, 19) == [wanted[0], wanted[2]]
    assert fitting(wanted, 0) == []


def test_help_and_the_first_thing_to_do_come_before_other_hints() -> None:
    wanted = [Hint("enter", "only"), Hint("escape", "results"), Hint("f1", "help")]
    assert fitting(wanted, 21) == [wanted[0], wanted[2]]


def test_words_that_matter_least_give_place_first() -> None:
    assert joined(("1 of 20+", "words and meaning", "best first"), 28) == "1 of 20+ · words and meaning"
    assert joined(("1 of 20+", "words and meaning"), 0) == "1 of 20+"


async def test_the_footer_names_keys_at_the_smallest_size_however_much_there_is_to_tell(
    seed_archive: Path, until: Until
) -> None:
    app = MorgueApp(lambda: Searcher.open(seed_archive), "sanctions threats")
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: (hits := app.query_one(ResultList).hits) and hits[0].semantic)
        await pilot.press("enter")
        await until(pilot, lambda: "Enter read" in bottom(app) and "F1 help" in bottom(app))
        assert "1 of 5 articles · words and meaning" in bottom(app)
