"""Sequences between looks: whatever stood before, what is written has the look that is wanted."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.tui.drawing.screen import Screen
from tui.app.drawing.pen import change

COLOURS = ["", "31", "97", "38;5;12", "38;2;1;2;3", "38;2;38;48;5"]
GROUNDS = ["", "42", "107", "48;5;12", "48;2;1;2;3", "48;2;38;2;1"]


@st.composite
def looks(draw: st.DrawFn) -> str:
    flags = sorted(draw(st.sets(st.sampled_from(["1", "2", "3", "4", "7", "9"]))))
    return ";".join(part for part in (*flags, draw(st.sampled_from(COLOURS)), draw(st.sampled_from(GROUNDS))) if part)


@given(st.lists(looks(), min_size=1, max_size=8))
def test_what_is_written_has_the_look_that_is_wanted(wanted: list[str]) -> None:
    before, written = "", ""
    for look in wanted:
        written += f"{change(before, look)}x"
        before = look
    assert [look for _, look in Screen(len(wanted), 1).after(written)[0]] == [Screen.look(look) for look in wanted]


def test_only_what_differs_is_said() -> None:
    assert change("1;38;2;1;2;3;48;2;4;5;6", "1;38;2;1;2;3;48;2;4;5;6") == ""
    assert change("38;2;1;2;3;48;2;4;5;6", "1;38;2;1;2;3;48;2;4;5;6") == "\x1b[1m"
    assert change("38;2;1;2;3;48;2;4;5;6", "38;2;9;9;9;48;2;4;5;6") == "\x1b[38;2;9;9;9m"
    assert change("1;31", "31") == "\x1b[0;31m"
    assert change("1;31", "") == "\x1b[0m"
