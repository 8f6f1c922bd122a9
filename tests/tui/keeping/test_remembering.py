"""Former questions, and beginning where one left."""

from __future__ import annotations

import os
import pty
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from archive import Archive
from index import Group, Mode
from tests.tui.cells import shown
from tests.tui.conftest import Until, read_until
from tests.tui.keeping.conftest import QUESTION, SIZE, in_list, said
from tests.tui.newsroom import Picture, opened
from tests.tui.running import ROOT, wait
from tui.app.app import MorgueApp
from tui.app.screens.notebook.history import HistoryScreen
from tui.app.widgets.result_list import ResultList
from tui.session.history import History

Make = Callable[..., MorgueApp]


@pytest.fixture(autouse=True)
def remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MORGUE_HISTORY")


def history(news: Path) -> History:
    with Archive.open(news) as archive:
        return History(archive.id)


def asked(news: Path) -> list[str]:
    return [one.text for one in history(news).questions()]


async def left_at(app: MorgueApp, until: Until) -> str:
    """Go to the third row and leave; return its title."""
    async with app.run_test(size=SIZE) as pilot:
        await in_list(pilot, until)
        await pilot.press("j", "j")
        row = Picture(app).selected
        assert row is not None
        await pilot.press("ctrl+q")
    return row.title


async def test_the_next_start_shows_the_row_where_one_left_and_typing_asks_anew(
    app: Make, until: Until, news: Path
) -> None:
    title = await left_at(app(), until)
    application = app("")
    async with application.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: Picture(application).selected and Picture(application).is_at_rest)
        row = Picture(application).selected
        assert row is not None
        assert (row.title, Picture(application).line) == (title, QUESTION)
        await pilot.press(*"ferry")
        assert Picture(application).line.rstrip("*") == "ferry"
        await pilot.press("enter")
        await until(pilot, lambda: application.focused is application.query_one("#results"))
        await until(pilot, lambda: asked(news)[:1] == ["ferry"])
    assert asked(news) == ["ferry", QUESTION]


async def test_where_one_left_is_written_down_before_anything_is_torn_down(app: Make, until: Until, news: Path) -> None:
    application = app()
    async with application.run_test(size=SIZE) as pilot:
        await in_list(pilot, until)
        await pilot.press("j", "j")
        row = application.query_one(ResultList).hit
        assert row is not None
        application.exit()
        left = history(news).left()
        assert left is not None
        assert left.passage == row.passage.id


@pytest.mark.parametrize(
    ("last", "told"),
    [(b"\x11", signal.SIG_DFL), (b"", signal.SIG_DFL), (b"", signal.SIG_IGN)],
    ids=["leaving", "without a word", "under nohup"],
)
def test_a_terminal_that_is_closed_loses_no_place(
    news: Path, last: bytes, told: signal.Handlers, tmp_path: Path
) -> None:
    pid, terminal = pty.fork()
    if pid == 0:
        signal.signal(signal.SIGHUP, told)  # the tests may run under nohup, too
        os.environ.update(TERM="xterm-256color", COLUMNS="120", LINES="40", MORGUE_HISTORY="on", PYTHONPATH=str(ROOT))
        command = ["-m", "tests.tui.slow", "0", "--archive", str(news), "browse", "--mode", "lexical", QUESTION]
        os.execv(sys.executable, [sys.executable, *command])
    read_until(terminal, b"Results 1/", b"\rjj")
    read_until(terminal, b"3 of ", last)
    os.close(terminal)
    try:
        wait(lambda: os.waitpid(pid, os.WNOHANG)[0], seconds=60)
    except AssertionError:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        raise
    left = history(news).left()
    assert left is not None
    with opened(news) as searcher:
        third = searcher.search(QUESTION, 3, Mode.LEXICAL, Group.ARTICLE).hits[2]
    assert (left.text, left.passage) == (QUESTION, third.passage.id)


async def test_a_question_on_the_command_line_is_asked_and_not_the_one_left(app: Make, until: Until) -> None:
    await left_at(app(), until)
    application = app("ferry")
    async with application.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: Picture(application).rows and Picture(application).is_at_rest)
        assert Picture(application).line == "ferry"


async def test_nothing_is_taken_up_where_it_is_switched_off(
    app: Make, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    await left_at(app(), until)
    monkeypatch.setenv("MORGUE_HISTORY", "off")
    application = app("")
    async with application.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: "Ask a topic in plain words" in shown(application))
        await until(pilot, lambda: application.query_one("#query").screen.is_open)  # type: ignore[attr-defined]
        assert Picture(application).line in ("", "Ask a topic …")


async def test_words_on_their_way_are_no_questions(app: Make, until: Until, news: Path) -> None:
    application = app("")
    async with application.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: application.query_one("#query").screen.is_open)  # type: ignore[attr-defined]
        await pilot.press(*"harbour", "space")
        await until(pilot, lambda: Picture(application).rows and Picture(application).is_at_rest)
        await pilot.press(*"ferry", "enter")
        await until(pilot, lambda: asked(news))
    assert asked(news) == ["harbour ferry"]


@pytest.mark.parametrize("key", ["up", "ctrl+r"])
async def test_former_questions_are_listed_from_the_line_and_asked_again(
    app: Make, until: Until, news: Path, key: str
) -> None:
    for text in ("council tariff", "+ferry"):
        history(news).asked(text, "lexical", 3)
    application = app("strike")
    async with application.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: Picture(application).rows and Picture(application).is_at_rest)
        await pilot.press(key)
        await until(pilot, lambda: isinstance(application.screen, HistoryScreen))
        await until(pilot, lambda: "+ferry" in shown(application) and "by words, 3 found" in shown(application))
        assert shown(application).index("+ferry") < shown(application).index("council tariff")
        await pilot.press("enter")
        await until(pilot, lambda: Picture(application).searches and Picture(application).line == "+ferry")
        await until(pilot, lambda: Picture(application).selected)


async def test_history_is_forgotten_at_a_second_press(app: Make, until: Until, news: Path) -> None:
    history(news).asked("a very private question", "lexical")
    application = app("strike")
    async with application.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: Picture(application).rows and Picture(application).is_at_rest)
        await pilot.press("up")
        await until(pilot, lambda: isinstance(application.screen, HistoryScreen))
        await pilot.press("X")
        assert "a very private question" in asked(news)
        await pilot.press("X")
        await until(pilot, lambda: said(application, "Forgotten."))
        assert asked(news) == []


async def test_a_click_selects_a_former_question_and_a_double_click_asks_it(
    app: Make, until: Until, news: Path
) -> None:
    for text in ("council tariff", "+ferry"):
        history(news).asked(text, "lexical", 3)
    application = app("strike")
    async with application.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: Picture(application).rows and Picture(application).is_at_rest)
        await pilot.press("up")
        await until(pilot, lambda: isinstance(application.screen, HistoryScreen))
        await until(pilot, lambda: "council tariff" in shown(application))
        y = next(y for y, line in enumerate(Picture(application).lines) if "council tariff" in line)
        await pilot.click(offset=(20, y))
        assert isinstance(application.screen, HistoryScreen)
        await pilot.press("j", "k")
        await pilot.click(offset=(20, y), times=2)
        await until(pilot, lambda: Picture(application).searches and Picture(application).line == "council tariff")
