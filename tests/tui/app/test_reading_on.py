"""Going on to the next passage or article while what follows is being looked up."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from textual.pilot import Pilot

from archive.core.article import Article
from index import Searcher
from tests.archives import built_archive
from tests.tui.conftest import Until
from tui.app import messages
from tui.app.app import MorgueApp
from tui.app.screens.article import ArticleScreen
from tui.app.screens.search import SearchScreen
from tui.app.worker import ArchiveWorker
from tui.session.request import FIRST_PAGE

PART = "Line {0} of the tram was closed for repairs of its tracks, the operator of trams said. " * 8


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An article with trams in each of more passages than two pages hold, and another with one."""
    folder = tmp_path_factory.mktemp("news")
    text = "\n\n".join(PART.format(number) for number in range(2 * FIRST_PAGE + 10))
    (folder / "lines.txt").write_text(f"Lines closed\n\n{text}\n", "utf-8")
    (folder / "depot.txt").write_text(f"Depots\n\nA tram depot. {'Nothing else of it is known. ' * 20}\n", "utf-8")
    return built_archive(tmp_path_factory.mktemp("reading-on") / "archive", folder)


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[Event]:
    """Let nothing that is folded be looked up before it is allowed."""
    gate, find_folded = Event(), ArchiveWorker.find_folded

    def waiting(*arguments: Any) -> None:
        gate.wait(60)
        find_folded(*arguments)

    monkeypatch.setattr(ArchiveWorker, "find_folded", waiting)
    yield gate
    gate.set()


def application(archive: Path) -> MorgueApp:
    return MorgueApp(lambda: Searcher.open(archive), "tram tracks", "lexical")


def searching(app: MorgueApp) -> SearchScreen:
    return app.get_default_screen()


async def reading(pilot: Pilot[None], until: Until) -> ArticleScreen:
    """Open the first result, under which further passages of its article are folded."""
    app = pilot.app
    assert isinstance(app, MorgueApp)
    await until(pilot, lambda: len(searching(app).session.rows) == 2)
    assert searching(app).session.rows[0].passages > 2
    await pilot.press("enter", "enter")
    await until(pilot, lambda: isinstance(app.screen, ArticleScreen) and app.screen.text.page)
    assert isinstance(app.screen, ArticleScreen)
    return app.screen


async def test_what_is_pressed_while_folded_passages_are_looked_up_is_done_in_its_order(
    archive: Path, until: Until, gate: Event
) -> None:
    app = application(archive)
    async with app.run_test(size=(120, 35)) as pilot:
        screen = await reading(pilot, until)
        await pilot.press("right_curly_bracket", "right_curly_bracket", "right_square_bracket", "left_square_bracket")
        gate.set()
        await until(pilot, lambda: searching(app).session.selected)
        await app.workers.wait_for_complete()
        await pilot.pause()
        session = searching(app).session
        assert session.selected == len(session.rows) - 2, "the last passage of the article before the other one"
        assert screen.text.page is not None
        assert session.row is not None
        await until(pilot, lambda: screen.text.page.hit.passage == session.row.hit.passage)  # type: ignore[union-attr]


async def test_two_passages_on_are_two(archive: Path, until: Until, gate: Event) -> None:
    app = application(archive)
    async with app.run_test(size=(120, 35)) as pilot:
        await reading(pilot, until)
        await pilot.press("right_curly_bracket", "right_curly_bracket")
        gate.set()
        await until(pilot, lambda: searching(app).session.selected == 2)


async def test_nobody_goes_on_who_has_left_the_article(archive: Path, until: Until, gate: Event) -> None:
    app = application(archive)
    async with app.run_test(size=(120, 35)) as pilot:
        await reading(pilot, until)
        await pilot.press("right_curly_bracket", "escape")
        gate.set()
        await until(pilot, lambda: len(searching(app).session.rows) > 2)
        assert searching(app).session.selected == 0


async def test_nobody_goes_on_by_a_later_answer_when_looking_up_has_failed(
    archive: Path, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(worker: ArchiveWorker, answer: object, hit: object, post: Any) -> None:
        post(messages.OperationFailed("A disk failed."))

    monkeypatch.setattr(ArchiveWorker, "find_folded", failing)
    app = application(archive)
    async with app.run_test(size=(120, 35)) as pilot:
        await reading(pilot, until)
        await pilot.press("right_curly_bracket")
        await until(pilot, lambda: any("A disk failed." in note.message for note in app._notifications))
        answer = searching(app).session.answer
        searching(app).action_look_again()
        await until(pilot, lambda: searching(app).session.answer is not answer)
        assert searching(app).session.selected == 0


async def test_nobody_goes_on_who_has_typed_something_else(archive: Path, until: Until, gate: Event) -> None:
    app = application(archive)
    async with app.run_test(size=(120, 35)) as pilot:
        await until(pilot, lambda: len(searching(app).session.rows) == 2)
        await pilot.press("enter", "tab", "right_curly_bracket", "escape", "slash", "end", "space", *"repairs", "space")
        await until(pilot, lambda: not searching(app).session.waiting and not searching(app).session.is_old)
        gate.set()
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert searching(app).session.selected == 0


async def test_another_article_is_looked_for_as_far_as_the_list_goes(archive: Path, until: Until) -> None:
    app = application(archive)
    async with app.run_test(size=(120, 35)) as pilot:
        await until(pilot, lambda: len(searching(app).session.rows) == 2)
        other = searching(app).session.rows[1].hit.article
        await pilot.press("f8")
        await until(pilot, lambda: len(searching(app).session.rows) == FIRST_PAGE)
        await pilot.press("enter", "enter")
        await until(pilot, lambda: isinstance(app.screen, ArticleScreen))
        await pilot.press("right_square_bracket")
        await until(pilot, lambda: _selects(app, other))


def _selects(app: MorgueApp, article: Article) -> bool:
    hit = searching(app).hit
    return hit is not None and hit.article == article
