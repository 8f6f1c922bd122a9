"""Searching in the UI, as a reporter does it: keys and mouse over a real archive."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from textual.events import MouseScrollDown
from textual.pilot import Pilot

from index import Answer, Searcher
from tui.app.app import MorgueApp
from tui.app.screens.article import ArticleScreen
from tui.app.widgets.article_text import ArticleText
from tui.app.widgets.notice import NoticePanel
from tui.app.widgets.preview import Preview
from tui.app.widgets.result_list import ResultList
from tui.app.widgets.search_line import SearchLine
from tui.app.widgets.status_line import StatusLine
from tui.session.request import ModeName

Until = Callable[[Pilot[None], Callable[[], object]], Awaitable[None]]
Picture = Callable[[MorgueApp], str]
NARROW, WIDE = (80, 24), (160, 45)


def app_over(path: Path, query: str = "", mode: ModeName = "lexical") -> MorgueApp:
    return MorgueApp(lambda: Searcher.open(path), query, mode)


def results(app: MorgueApp) -> ResultList:
    return app.query_one(ResultList)


def titles(app: MorgueApp) -> list[str]:
    return [hit.passage.id for hit in results(app).hits]


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_the_search_line_takes_keys_before_the_archive_is_open(
    seed_archive: Path, until: Until, size: tuple[int, int]
) -> None:
    gate = Event()

    def opener() -> Searcher:
        gate.wait(20)
        return Searcher.open(seed_archive)

    app = MorgueApp(opener, mode="lexical")
    async with app.run_test(size=size) as pilot:
        await pilot.press(*"sanctions")
        assert isinstance(app.focused, SearchLine)
        assert "Opening the archive" in app.query_one(NoticePanel).notice.heading
        gate.set()
        await until(pilot, lambda: results(app).hits)
        assert app.query_one(SearchLine).value == "sanctions"


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_results_appear_while_typing_with_title_date_snippet_and_ranks(
    seed_archive: Path, until: Until, picture: Picture, size: tuple[int, int]
) -> None:
    app = app_over(seed_archive)
    async with app.run_test(size=size) as pilot:
        await pilot.press(*"sanctions")
        await until(pilot, lambda: results(app).hits)
        shown, hit = picture(app), results(app).hits[0]

    assert hit.article.title[:30] in shown
    assert "words" in shown
    assert (hit.article.published or "no date")[:10] in shown
    mark = hit.highlights[0]
    assert hit.passage.text[mark.start : mark.end] in shown


async def test_enter_goes_to_the_first_result_even_when_it_is_not_there_yet(seed_archive: Path, until: Until) -> None:
    app = app_over(seed_archive)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press(*"sanctions", "enter")
        await until(pilot, lambda: isinstance(app.focused, ResultList))
        assert results(app).selected == 0


async def test_down_leads_into_the_list_and_up_from_its_first_result_out_of_it(
    seed_archive: Path, until: Until
) -> None:
    app = app_over(seed_archive, "sanctions")
    async with app.run_test(size=WIDE) as pilot:
        await until(pilot, lambda: len(results(app).hits) > 1)
        await pilot.press("down", "j", "k")
        assert isinstance(app.focused, ResultList)
        assert results(app).selected == 0
        await pilot.press("up")
        assert isinstance(app.focused, SearchLine)


@pytest.mark.parametrize("size", [NARROW, WIDE])
async def test_escape_from_an_article_loses_neither_question_nor_place(
    seed_archive: Path, until: Until, size: tuple[int, int]
) -> None:
    app = app_over(seed_archive, "sanctions Ukraine")
    async with app.run_test(size=size) as pilot:
        await pilot.press("f8")
        await until(pilot, lambda: len(results(app).hits) > 5)
        await pilot.press("enter", "j", "j", "j", "j", "j")
        list_, before = results(app), (results(app).selected, results(app).scroll_offset, titles(app))
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, ArticleScreen) and app.screen.text.page is not None)
        await pilot.press("enter")
        assert isinstance(app.screen, ArticleScreen), "Enter inside the article does nothing"
        await pilot.press("n", "end", "escape")
        assert (list_.selected, list_.scroll_offset, titles(app)) == before
        assert before[0] == 5
        assert app.query_one(SearchLine).value == "sanctions Ukraine"
        assert app.focused is list_


async def test_the_article_opens_at_the_passage(seed_archive: Path, until: Until, picture: Picture) -> None:
    app = app_over(seed_archive, "sanctions")
    async with app.run_test(size=NARROW) as pilot:
        await until(pilot, lambda: results(app).hits)
        await pilot.press("enter", "end", "enter")
        hit = results(app).hits[-1] if not isinstance(app.screen, ArticleScreen) else None
        await until(pilot, lambda: isinstance(app.screen, ArticleScreen) and app.screen.text.page is not None)
        page = app.screen.query_one(ArticleText).page
        assert page is not None
        assert hit is None or page.hit is hit
        first_words = page.hit.passage.text.split("\n")[0][:30]
        assert first_words in picture(app)


class Slow(Searcher):
    """A searcher that takes its time over one question."""

    gate = Event()

    def search(self, query: Any, *args: Any, **options: Any) -> Answer:
        answer = super().search(query, *args, **options)
        if query == "sanctions":
            self.gate.wait(20)
        return answer


async def test_a_late_answer_to_an_old_question_is_never_drawn(seed_archive: Path, until: Until) -> None:
    Slow.gate.clear()
    app = MorgueApp(lambda: Slow.open(seed_archive), mode="lexical")
    async with app.run_test(size=WIDE) as pilot:
        await until(pilot, lambda: "Ask a topic" in app.query_one(NoticePanel).notice.heading)
        app.query_one(SearchLine).value = "sanctions"
        await pilot.pause(0.1)
        app.query_one(SearchLine).value = "pipeline"
        await until(pilot, lambda: results(app).hits)
        drawn = titles(app)
        Slow.gate.set()
        await pilot.pause(0.3)
        assert titles(app) == drawn
        assert "pipeline" in results(app).hits[0].passage.text


async def test_words_are_found_at_once_and_meanings_as_soon_as_the_model_is_loaded(
    seed_archive: Path, until: Until, picture: Picture
) -> None:
    app = app_over(seed_archive, "sanctions threats", "hybrid")
    async with app.run_test(size=WIDE) as pilot:
        await until(pilot, lambda: results(app).hits)
        await until(pilot, lambda: results(app).hits[0].semantic is not None)
        assert "words and meaning" in picture(app)
        await until(pilot, lambda: (page := app.query_one(ArticleText).page) and page.nearest)


async def test_the_mode_key_changes_who_answers_and_stays_on_the_passage(seed_archive: Path, until: Until) -> None:
    app = app_over(seed_archive, "sanctions")
    async with app.run_test(size=WIDE) as pilot:
        await until(pilot, lambda: len(results(app).hits) > 2)
        await pilot.press("enter", "j", "j")
        chosen = results(app).hit
        assert chosen is not None
        assert " words · " in app.query_one(StatusLine).text
        await pilot.press("m")
        await until(pilot, lambda: results(app).hits[0].semantic is not None)
        assert " meaning · " in app.query_one(StatusLine).text
        now = results(app).hit
        assert now is not None
        assert now.passage.id == chosen.passage.id
        await pilot.press("f2")
        await until(pilot, lambda: "words and meaning" in app.query_one(StatusLine).text)


@pytest.mark.parametrize(("size", "beside"), [(NARROW, False), (WIDE, True)])
async def test_the_preview_lies_below_on_narrow_screens_and_beside_on_wide_ones(
    seed_archive: Path, until: Until, size: tuple[int, int], beside: bool
) -> None:
    app = app_over(seed_archive, "sanctions")
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: app.query_one(ArticleText).page)
        list_, preview = results(app).region, app.query_one(Preview).region
        assert (preview.x >= list_.right) == beside
        assert (preview.y >= list_.bottom) != beside
        await pilot.press("f4")
        assert not app.query_one(Preview).display
        assert results(app).region.height > list_.height or results(app).region.width > list_.width


async def test_a_click_selects_a_double_click_opens_and_the_wheel_scrolls(seed_archive: Path, until: Until) -> None:
    app = app_over(seed_archive, "sanctions Ukraine")
    async with app.run_test(size=NARROW) as pilot:
        await pilot.press("f8")
        await until(pilot, lambda: len(results(app).hits) > 10)
        list_ = results(app)
        await pilot.click(ResultList, offset=(10, 3))
        assert (list_.selected, app.focused) == (1, list_)
        top = list_.scroll_offset.y
        list_.post_message(MouseScrollDown(list_, 5, 5, 0, 1, 0, False, False, False))
        await until(pilot, lambda: list_.scroll_offset.y > top)
        assert list_.selected == 1
        await pilot.double_click(ResultList, offset=(10, 1))
        await until(pilot, lambda: isinstance(app.screen, ArticleScreen))


async def test_copying_gives_the_passage_with_all_that_finds_it_again(seed_archive: Path, until: Until) -> None:
    app = app_over(seed_archive, "sanctions")
    async with app.run_test(size=WIDE) as pilot:
        await until(pilot, lambda: results(app).hits)
        hit = results(app).hits[0]
        await pilot.press("enter", "y")
        assert app.clipboard == hit.passage.text
        await pilot.press("c")
        copied = app.clipboard

    assert copied.startswith(hit.passage.text)
    for part in (hit.article.title, hit.article.path, f"characters {hit.passage.start} to {hit.passage.end}"):
        assert part in copied
    assert hit.article.url is None or hit.article.url in copied


async def test_single_letters_type_in_the_search_line_and_command_outside_it(seed_archive: Path, until: Until) -> None:
    app = app_over(seed_archive)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press(*"qnc/?m")
        assert app.query_one(SearchLine).value == "qnc/?m"
        app.query_one(SearchLine).value = "sanctions"
        await until(pilot, lambda: results(app).hits)
        await pilot.press("enter", "slash")
        assert isinstance(app.focused, SearchLine)
        assert app.query_one(SearchLine).value == "sanctions"
