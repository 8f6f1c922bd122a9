"""Breaking texts into rows and laying marks over them."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.core.article import Span
from tui.app.view.labels import snippet
from tui.app.view.styled_spans import Layer, Look, overlapping, pieces
from tui.formats import wrapping
from tui.formats.wrapping import Blocks, Rows, cells, fit, wrap

TEXTS = st.text(alphabet="ab \n漢é\u0301字", max_size=80)


def shown(text: str, rows: Rows) -> list[str]:
    return [text[start:end] for start, end in zip(rows.starts, rows.ends, strict=True)]


@settings(max_examples=300, deadline=None)
@given(TEXTS, st.integers(2, 12))
def test_rows_fit_the_width_and_lose_nothing_but_the_white_space_of_breaks(text: str, width: int) -> None:
    rows = wrap(text, width)
    drawn = shown(text, rows)

    assert all(cells(row) <= width for row in drawn)
    assert "".join("".join(drawn).split()) == "".join(text.split())


SPANS = st.lists(st.integers(0, 80), max_size=6, unique=True).map(sorted)


@settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TEXTS, st.integers(2, 12), SPANS)
def test_blocks_have_the_same_rows_whatever_is_broken_beside_them(
    monkeypatch: pytest.MonkeyPatch, text: str, width: int, edges: list[int]
) -> None:
    monkeypatch.setattr(wrapping, "BLOCK", 8)
    hidden = [Span(a, min(b, len(text))) for a, b in zip(edges[::2], edges[1::2], strict=False) if a < len(text)]
    blocks = Blocks(text, hidden)
    whole = blocks.rows(width)
    parts = [blocks.rows(width, number, number + 1) for number in range(blocks.count)]

    assert [row for part in parts for row in zip(part.starts, part.ends, strict=True)] == [
        *zip(whole.starts, whole.ends, strict=True)
    ]
    assert [part.starts[row] for part in parts for row in sorted(part.folded)] == [
        whole.starts[row] for row in sorted(whole.folded)
    ]
    assert [part.reach.start for part in parts[1:]] == [part.reach.end for part in parts[:-1]]
    assert (parts[0].reach.start, parts[-1].reach.end) == (0, len(text))


@settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(alphabet="ab 漢é\u0301", max_size=7), max_size=12), st.integers(2, 12), SPANS)
def test_a_text_of_short_lines_has_the_rows_that_it_has_in_one_block(
    monkeypatch: pytest.MonkeyPatch, lines: list[str], width: int, edges: list[int]
) -> None:
    text = "\n".join(lines)
    hidden = [Span(a, min(b, len(text))) for a, b in zip(edges[::2], edges[1::2], strict=False) if a < len(text)]
    whole = wrap(text, width, hidden)
    monkeypatch.setattr(wrapping, "BLOCK", 8)

    assert wrap(text, width, hidden) == whole


def test_rows_break_at_spaces_and_long_words_at_the_edge() -> None:
    text = "one two three\n\nabcdefghijkl"
    rows = wrap(text, 8)

    assert shown(text, rows) == [
        "one two",
        "three",
        "",
        "abcdefgh",
        "ijkl",
    ]


def test_a_wide_character_takes_two_cells() -> None:
    text = "漢字漢字漢字"
    rows = wrap(text, 5)

    assert shown(text, rows) == ["漢字", "漢字", "漢字"]
    assert cells(text) == 12


def test_a_hidden_span_folds_to_one_row_and_its_neighbours_lose_no_line() -> None:
    text = "First line.\nSee also: this\nand that\nLast line."
    hidden = Span(text.index("See"), text.index("Last"))
    rows = wrap(text, 40, [hidden])

    assert shown(text, rows) == [
        "First line.",
        "See also: this\nand that\n",
        "Last line.",
    ]
    assert rows.folded == {1}


def test_hidden_spans_that_only_white_space_parts_fold_together() -> None:
    text = "Reporting.\nShare this\n\nMore stories\n"
    rows = wrap(text, 40, [Span(11, 21), Span(23, 35)])

    assert shown(text, rows) == ["Reporting.", "Share this\n\nMore stories"]
    assert rows.folded == {1}


def test_a_row_is_found_by_any_offset_it_shows() -> None:
    text = "alpha beta gamma delta"
    rows = wrap(text, 11)

    assert [rows.row_of(text.index(word)) for word in text.split()] == [0, 0, 1, 1]


def test_marks_split_a_row_where_looks_change() -> None:
    layers = [Layer(Look.MATCH, [Span(2, 4)]), Layer(Look.NEAREST, [Span(3, 9)])]

    assert [(p.start, p.end, set(p.looks)) for p in pieces(0, 6, layers)] == [
        (0, 2, set()),
        (2, 3, {Look.MATCH}),
        (3, 4, {Look.MATCH, Look.NEAREST}),
        (4, 6, {Look.NEAREST}),
    ]


def test_only_ranges_inside_the_row_are_looked_at() -> None:
    spans = [Span(at * 10, at * 10 + 3) for at in range(1000)]

    assert list(overlapping(spans, 502, 511)) == [Span(500, 503), Span(510, 513)]
    assert list(overlapping(spans, 503, 510)) == []


def test_a_snippet_is_cut_around_its_first_match() -> None:
    text = "filler " * 60 + "the sanctions came " + "filler " * 60
    at = text.index("sanctions")
    cut = snippet(text, [Span(at, at + 9)], 40, 2)

    assert cut.before
    assert cut.after
    assert any(start <= at and at + 9 <= end for start, end in cut.rows)
    assert all(cells(text[start:end]) <= 38 for start, end in cut.rows)


def test_a_snippet_prefers_the_place_with_most_matches() -> None:
    text = "a threat " + "filler " * 60 + "sanctions and threats " + "filler " * 20
    at = text.index("sanctions")
    cut = snippet(text, [Span(2, 8), Span(at, at + 9), Span(at + 14, at + 21)], 40, 2)

    assert any(start <= at < end for start, end in cut.rows)


def test_a_snippet_with_an_early_match_begins_at_the_beginning() -> None:
    cut = snippet("Sanctions came\nand went.", [Span(0, 9)], 40, 2)

    assert (cut.text, cut.before, cut.after) == ("Sanctions came and went.", False, False)


def test_a_title_is_cut_by_cells_not_by_characters() -> None:
    assert fit("漢字漢字", 5) == "漢字…"
    assert fit("short", 5) == "short"
    assert fit("longer", 5) == "long…"
