"""Screens over another: what works everywhere works there, and what the footer and sentences say of keys is true."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from textual.command import CommandPalette
from textual.events import Paste
from textual.screen import ModalScreen, Screen

import tui.app.screens
from archive import Archive
from tests.tui.cells import shown
from tests.tui.conftest import Until
from tests.tui.keeping.conftest import QUESTION, SIZE, in_list, on_disk, said
from tests.tui.newsroom import Picture, opened
from tui.app import keys
from tui.app.actions.keymap import Keymap, checked
from tui.app.actions.overlay import Overlay
from tui.app.app import MorgueApp
from tui.app.screens.help import HelpScreen
from tui.app.screens.notebook.clips import ClipsScreen
from tui.app.widgets.status_line import StatusLine

Make = Callable[..., MorgueApp]
OWN = {
    "note": "n",
    "undo": "Z",
    "undo-in-clips": "Z",
    "saved": "W",
    "clip": "K",
    "ask-clips-question": "l",
    "help": "ctrl+g",
}


@pytest.fixture
def marked(news: Path) -> Path:
    """Two clips and a question that was asked before."""
    with Archive.open(news) as archive:
        for one in list(archive.articles())[:2]:
            passage = archive.passages(one.id, one.version)[0]
            archive.notebook.add_clip(one.id, one.version, passage.start, passage.end, question=QUESTION)
    return news


def footer(app: MorgueApp) -> list[str]:
    """Return what the bottom line offers, as it is drawn."""
    line = footer_line(app)
    offered = [f"{keys.label(hint.key)} {hint.words}" for hint in app.screen.query_one(StatusLine).hints]
    return sorted((one for one in offered if one in line), key=line.index)


def footer_line(app: MorgueApp) -> str:
    """Return the line of the screen on which keys are named."""
    return Picture(app).lines[app.screen.query_one(StatusLine).region.y]


def modal_screens() -> Iterator[type[Screen[Any]]]:
    """Yield every class of ours that is a screen over another, but the list of commands: its keys go into its line."""
    for module in pkgutil.walk_packages(tui.app.screens.__path__, "tui.app.screens."):
        importlib.import_module(module.name)
    left = [*ModalScreen.__subclasses__()]
    while left:
        kind = left.pop()
        left += kind.__subclasses__()
        if kind.__module__.startswith("tui.") and not issubclass(kind, CommandPalette):
            yield kind


def test_every_screen_over_another_binds_what_works_everywhere() -> None:
    ours = set(modal_screens())
    assert len(ours) >= 8
    assert {kind.__name__ for kind in ours if not issubclass(kind, Overlay)} == set()


@pytest.mark.parametrize("presses", ["C", "Q", "J", "i", "f1", "ctrl+r", "enter v"])
async def test_palette_shell_and_the_word_on_leaving_are_there_over_another_screen(
    marked: Path, app: Make, until: Until, presses: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MORGUE_HISTORY", raising=False)
    application = app()
    async with application.run_test(size=SIZE) as pilot:
        await in_list(pilot, until)
        for key in presses.split():
            await pilot.press(key)
            await until(pilot, lambda: not Picture(application).searches)
        await until(pilot, lambda: isinstance(application.screen, Overlay))
        over = application.screen
        await pilot.press("ctrl+c")
        await until(pilot, lambda: said(application, "Ctrl+Q leaves Morgue"))
        assert over.active_bindings["ctrl+z"].binding.id == "suspend"
        await pilot.press("ctrl+p")
        await until(pilot, lambda: isinstance(application.screen, CommandPalette))
        await pilot.press("escape")
        await until(pilot, lambda: application.screen is over)
        assert "F1 help" in footer(application)
        await pilot.press("escape")
        await until(pilot, lambda: application.screen is not over)


def test_ones_own_keys_cannot_take_what_works_everywhere_on_a_screen_over_another() -> None:
    places = (keys.CLIPS, keys.SAVED, keys.HISTORY, keys.JUDGING, keys.WHY, keys.VERSIONS, keys.HELP, keys.PROMPT)
    for name in (rows[-1].id or "" for rows in places):
        assert checked({name: "f1"}) == ({}, (f"{name} wants F1, which is a key of help",))


@pytest.mark.parametrize("size", [(80, 24), SIZE])
async def test_the_footer_offers_what_can_be_done_with_clips_and_while_a_note_is_written(
    marked: Path, app: Make, until: Until, size: tuple[int, int]
) -> None:
    application = app()
    async with application.run_test(size=size) as pilot:
        await in_list(pilot, until)
        await pilot.press("C")
        await until(pilot, lambda: "2 clips" in shown(application))
        offered = footer(application)
        assert offered[:2] == ["Enter ask", "Esc back"]
        assert {"e note", "d drop", "c copy", "y all", "w write"} <= set(offered)
        row = application.screen.query_one(StatusLine).region.y
        await pilot.click(offset=(footer_line(application).index("e note") + 3, row))
        screen = application.screen
        assert isinstance(screen, ClipsScreen)
        await until(pilot, lambda: screen.prompt.has_focus)
        assert screen.prompt.value == ""
        assert footer(application)[:2] == ["Enter keep", "Esc leave"]
        assert "e note" not in footer(application)


async def test_footer_and_sentences_name_ones_own_keys(marked: Path, until: Until) -> None:
    application = MorgueApp(lambda: opened(marked), QUESTION, "lexical", marked, keymap=Keymap(OWN))
    async with application.run_test(size=SIZE) as pilot:
        await in_list(pilot, until)
        await pilot.press("j", "j", "K")
        await until(pilot, lambda: said(application, "Z undoes it."))
        await pilot.press("ctrl+o")
        await until(pilot, lambda: said(application, "Question saved; W lists them."))
        await pilot.press("C")
        await until(pilot, lambda: "3 clips" in shown(application))
        assert {"n note", "l ask", "Ctrl+G help"} <= set(footer(application))
        await pilot.press("d", "d", "d")
        await until(pilot, lambda: "No clips yet: K marks the selected passage." in shown(application))
        await pilot.press("Z")
        await until(pilot, lambda: "1 clip" in shown(application))
        await pilot.press("l")
        await until(pilot, lambda: Picture(application).searches)
        await pilot.press("slash", "ctrl+u")
        await until(pilot, lambda: "Ctrl+G lists every key." in shown(application))


async def test_what_writes_into_a_line_is_not_offered_beside_it(news: Path, app: Make, until: Until) -> None:
    application = app()
    async with application.run_test(size=(200, 40)) as pilot:
        await until(pilot, lambda: Picture(application).rows)
        assert not any(hint.key == "space" for hint in application.screen.query_one(StatusLine).hints)
        await pilot.press("enter")
        await until(pilot, lambda: "Space clip" in footer(application))


async def test_all_lines_that_are_pasted_are_the_note(marked: Path, app: Make, until: Until) -> None:
    application = app()
    async with application.run_test(size=SIZE) as pilot:
        await in_list(pilot, until)
        await pilot.press("C")
        await until(pilot, lambda: "2 clips" in shown(application))
        await pilot.press("e")
        application.post_message(Paste("call the\nharbour office"))
        await until(pilot, lambda: "call the harbour office" in shown(application))
        await pilot.press("enter")
        await until(pilot, lambda: "note: call the harbour office" in shown(application))
    assert [clip.note for clip in on_disk(marked).clips] == ["call the harbour office", ""]


async def test_all_lines_that_are_pasted_filter_the_help(news: Path, app: Make, until: Until) -> None:
    application = app()
    async with application.run_test(size=SIZE) as pilot:
        await in_list(pilot, until)
        await pilot.press("f1")
        await until(pilot, lambda: isinstance(application.screen, HelpScreen))
        application.post_message(Paste("copy\nzzz"))
        await until(pilot, lambda: "No key and no question is described" in shown(application))


async def test_the_palette_is_gone_back_to_from_the_help_over_it(app: Make, until: Until) -> None:
    application = app()
    async with application.run_test(size=SIZE) as pilot:
        await in_list(pilot, until)
        await pilot.press("ctrl+p")
        await until(pilot, lambda: isinstance(application.screen, CommandPalette))
        palette = application.screen
        await pilot.press("f1")
        await until(pilot, lambda: isinstance(application.screen, HelpScreen))
        await pilot.press("ctrl+p")
        await until(pilot, lambda: application.screen is palette)
        await pilot.press("escape")
        await until(pilot, lambda: len(application.screen_stack) == 1)


async def test_the_palette_is_left_once_by_an_enter_that_comes_twice(app: Make, until: Until) -> None:
    application = app()
    async with application.run_test(size=SIZE) as pilot:
        await in_list(pilot, until)
        await pilot.press("C")
        await until(pilot, lambda: isinstance(application.screen, ClipsScreen))
        clips = application.screen
        await pilot.press("ctrl+p")
        await until(pilot, lambda: isinstance(application.screen, CommandPalette))
        palette = application.screen
        for _ in range(2):
            palette.dismiss()
        await pilot.pause()
        assert application.screen is clips
