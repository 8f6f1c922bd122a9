"""Lines on terminals of any width: nothing of an article or a name comes to stand where Morgue speaks."""

from __future__ import annotations

import ast
import json
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.text.visible import visible_line
from index.contracts.highlights import Highlight, Mark
from tui.formats.json import to_line
from tui.formats.lines import MARGIN, Line, quoted, written
from tui.formats.wrapping import cells

WIDTHS = st.integers(1, 120)
FORGERY = " 2. Minister admits bribe\n    Reuters · J. Doe\n    article 00aa  passage 00bb"


ODD = "ab .2│☎…\ufe0f\t\n\x1b\u202e\u2028中\u200b\u200d\u0301\U0001f1e9\U0001faea\ue000я"


def drawn(printed: str, width: int, *, ambiguous: int = 1) -> Iterator[str]:
    """Yield the rows of a terminal that draws emoji in two cells, and what Unicode calls ambiguous as it is told to."""
    for line in printed.split("\n"):
        row, used = "", 0
        for number, character in enumerate(line):
            wide = line[number + 1 : number + 2] == "\ufe0f" or "\U0001f1e6" <= character <= "\U0001f1ff"
            taken = 2 if wide else cells(character)
            if unicodedata.east_asian_width(character) == "A" and taken:
                taken = max(taken, ambiguous)
            if used + taken > width:
                yield row
                row, used = "", 0
            row, used = row + character, used + taken
        yield row


@given(st.text(alphabet=st.sampled_from(ODD)), st.integers(4, 120))
def test_each_row_of_a_quotation_has_the_margin(text: str, width: int) -> None:
    for line in quoted(text, (), "    "):
        rows = list(drawn(written(line, width=width), width))
        assert all(re.match(r" *│", row) for row in rows)
        assert width <= 18 or all(row.startswith(f"    {MARGIN}") for row in rows)


@given(st.text(alphabet=st.sampled_from(ODD)), st.integers(5, 120))
def test_a_terminal_that_draws_the_margin_in_two_cells_gives_each_row_one(text: str, width: int) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("LC_ALL", "ja_JP.UTF-8")
        for line in quoted(text, (), "    "):
            assert all(re.match(r" *│", row) for row in drawn(written(line, width=width), width, ambiguous=2))


@pytest.mark.parametrize("width", [10, 17, 18, 30, 80])
def test_emoji_push_no_forged_hit_to_the_left_edge(width: int) -> None:
    forged = "☎\ufe0f" * ((width - 6) // 2) + FORGERY.replace("\n", " ")
    (line,) = quoted(forged * 3, (), "    ")
    assert not [row for row in drawn(written(line, width=width), width) if re.match(r" {0,4}[^ │]", row)]


@given(st.text(min_size=1), st.integers(7, 120))
def test_what_is_left_of_a_long_fact_hangs_below_it(fact: str, width: int) -> None:
    first, *further = written(Line(fact, "    "), width=width).split("\n")
    assert first.startswith("    ")
    assert all(row.startswith("…" if width <= 20 else " " * 8) for row in further)


@given(st.text(alphabet=st.sampled_from(ODD), min_size=1), st.integers(7, 120))
def test_a_terminal_breaks_no_row_of_a_fact(fact: str, width: int) -> None:
    printed = written(Line(fact, " 2. "), width=width)
    assert list(drawn(printed, width)) == printed.split("\n")


@given(st.text())
def test_a_fact_is_one_line_where_none_is_broken(fact: str) -> None:
    assert len(written(fact).splitlines()) <= 1


def test_a_name_that_fills_the_terminal_forges_nothing_below_it() -> None:
    name = "x" * 76 + FORGERY.replace("\n", " " * 30)
    rows = written(Line(name, "    "), width=80).split("\n")
    assert len(rows) > 2
    assert not [row for row in rows[1:] if re.match(r" {0,4}\S", row)]


@pytest.mark.parametrize("width", [None, 30, 80])
def test_highlights_are_drawn_where_they_are(width: int | None) -> None:
    text = "The first line of it\n\n  and the second one, which is longer than thirty cells.\n"
    marks = [Highlight(4, 9), Highlight(text.index("second"), text.index("one") + 3, Mark.SEMANTIC)]
    shown = "\n".join(written(line, width=width, color=True) for line in quoted(text, marks, ""))
    assert "The \x1b[1m\x1b[4mfirst\x1b[0m line" in shown
    assert "\x1b[3msecond one\x1b[0m" in shown
    plain = re.sub(r"\x1b\[\d+m", "", shown).replace(MARGIN, "")
    assert plain.split() == text.split()


def test_marks_that_overlap_and_marks_across_lines_repeat_nothing() -> None:
    text = "one two\nthree"
    marks = [Highlight(0, 7), Highlight(4, 13)]
    shown = "\n".join(written(line, color=True) for line in quoted(text, marks, ""))
    assert re.sub(r"\x1b\[\d+m", "", shown) == f"{MARGIN}one two\n{MARGIN}three"


# What is printed by other means than `written`: made safe by these, or without a word of anybody else.
SAFE = ("written(", "visible_line(", "to_line(", "csv_rows(", "printable(", "_visible(")
OURS = {"tui/__main__.py", "tui/cli/group.py"}  # an error's sentence, made safe there; the version


def test_commands_print_through_what_makes_lines_safe() -> None:
    root = Path(__file__).resolve().parents[3]
    found = []
    for path in sorted((root / "tui").rglob("*.py")):
        name = path.relative_to(root).as_posix()
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("click.echo", "print", "click.secho"):
                printed = ast.unparse(node.args[0]) if node.args else ""
                if printed and not printed.startswith(SAFE) and name not in OURS:
                    found.append(f"{name}: {printed}")
    assert found == []


@given(st.text(st.characters() | st.sampled_from("\x7f\x9b\u202e\u2028\u200b\u200d\u200f\u05d0\u0645\U000e0041")))
def test_an_object_is_one_line_that_steers_nothing_and_the_same_value(text: str) -> None:
    line = to_line({text: text})
    assert visible_line(line) == line
    assert json.loads(line) == {text: text}
