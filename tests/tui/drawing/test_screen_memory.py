"""Writing only what differs: after any pictures the terminal shows the last one, and little was sent."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from rich.segment import Segment
from rich.style import Style
from textual._compositor import ChopsUpdate, CompositorUpdate, LayoutUpdate
from textual.geometry import Region
from textual.strip import Strip

from tests.tui.conftest import Drive
from tests.tui.drawing.screen import Screen
from tui.app.drawing.screen_memory import ScreenMemory

WIDTH, HEIGHT = 24, 4
CONSOLE = Console(file=StringIO(), force_terminal=True, color_system="truecolor", width=WIDTH)
STYLES = [Style.parse(words) for words in ("", "bold", "red on #102030", "bold red on #102030", "dim", "#405060")]
WORDS = ["harbour", "a", " ", "制裁", "e\u0301", "🚢", "…", "▌", "◆ ", "\u00ad", "…“x”"]


@st.composite
def lines(draw: st.DrawFn, width: int = WIDTH) -> Strip:
    """Draw a line of segments, filled up to a width."""
    parts = draw(st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from(STYLES)), max_size=8))
    strip = Strip([Segment(text, style) for text, style in parts])
    return strip.adjust_cell_length(width, draw(st.sampled_from(STYLES)))


pictures = st.lists(st.lists(lines(), min_size=HEIGHT, max_size=HEIGHT), min_size=1, max_size=5)


def whole(picture: list[Strip]) -> LayoutUpdate:
    return LayoutUpdate([[strip] for strip in picture], Region(0, 0, WIDTH, HEIGHT))


def parts(picture: list[Strip], cut: int, changed: list[int]) -> ChopsUpdate:
    """Return an update of some lines, each in two pieces."""
    chops = [dict(zip((0, cut), strip.divide([cut, WIDTH]), strict=True)) for strip in picture]
    return ChopsUpdate(chops, [(y, 0, WIDTH) for y in changed], [[cut, WIDTH]] * HEIGHT)


@given(pictures, st.lists(st.integers(1, WIDTH - 1), min_size=5, max_size=5), st.data())
def test_the_terminal_shows_the_last_picture_whatever_stood_there(
    drawn: list[list[Strip]], cuts: list[int], data: st.DataObject
) -> None:
    memory, screen, expected = ScreenMemory(), Screen(WIDTH, HEIGHT), Screen(WIDTH, HEIGHT)
    for number, (picture, cut) in enumerate(zip(drawn, cuts, strict=False)):
        changed = data.draw(st.lists(st.integers(0, HEIGHT - 1), min_size=1, unique=True)) if number else [0]
        update = parts(picture, cut, sorted(changed)) if number else whole(picture)
        if data.draw(st.booleans()) and number == 2:
            memory.forget()
        cells = screen.after(memory.text(update, CONSOLE))
        plain = "".join(f"\x1b[{y + 1};{x + 1}H{text}" for y, x, text in as_textual_does(update))
        assert cells == expected.after(plain)


def as_textual_does(update: CompositorUpdate) -> list[tuple[int, int, str]]:
    """Return the places and the pieces that Textual itself writes."""
    if isinstance(update, LayoutUpdate):
        return [(y, 0, "".join(strip.render(CONSOLE) for strip in line)) for y, line in enumerate(update.strips)]
    assert isinstance(update, ChopsUpdate)
    return [(y, x, strip.render(CONSOLE)) for y, _, _ in update.spans for x, strip in update.chops[y].items() if strip]


def test_what_stands_there_is_not_sent_again() -> None:
    memory, style = ScreenMemory(), Style.parse("red on #102030")
    before = [Strip([Segment("harbour", style), Segment(" ferry strike ", STYLES[1]), Segment("now", style)])] * HEIGHT
    first = memory.text(whole(before), CONSOLE)
    assert first.count("harbour") == HEIGHT
    assert memory.text(whole(before), CONSOLE) == ""
    third = Strip([Segment("harbour", style), Segment(" ferry strike!", STYLES[1]), Segment("now", style)])
    second = memory.text(whole([*before[:2], third, before[3]]), CONSOLE)
    assert second == "\x1b[3;8H\x1b[1m ferry strike!\x1b[0m"
    memory.forget()
    assert memory.text(whole(before), CONSOLE) == first


def test_the_ui_sends_a_letter_without_the_list_again(seed_archive: Path, drive: Drive) -> None:
    """Ctrl+L sends all of it, so that what another program drew over it is gone."""
    steps = [(b"Results", b"\x0c"), (b"Results", b"\x11")]
    ended = drive(seed_archive, "sanctions", "lexical", steps=steps)
    assert ended.status == 0
    assert ended.written.count(b"Results") >= 2
