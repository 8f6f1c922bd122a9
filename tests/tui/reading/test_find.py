"""Finding words within an article."""

from __future__ import annotations

import pytest

from archive.core.article import Span
from tui.app.view import find
from tui.app.view.find import finds


def found(text: str, sought: str, hidden: tuple[Span, ...] = ()) -> list[str]:
    return [text[span.start : span.end] for span in finds(text, sought, hidden)]


@pytest.mark.parametrize(
    ("text", "sought", "expected"),
    [
        ("The Café closed; the CAFE\u0301s too.", "cafe", ["Café", "CAFE\u0301s"]),
        ("superyachts and a yacht", "YACHT", ["superyachts", "yacht"]),
        (
            "new sanctions threats, sanctions\nthreaten",
            "sanctions threat",
            ["sanctions threats", "sanctions\nthreaten"],
        ),
        ("Łódź and Lodz", "łódź", ["Łódź", "Lodz"]),
        ("制裁威胁升级", "威胁", ["威胁"]),
        ("قال الرئيس إن", "الرئيس", ["الرئيس"]),
        ("a [red] (b) .* c", "[red]", ["red"]),
        ("nothing of it", "zeppelin", []),
        ("nothing of it", "  ", []),
        ("ananas", "an", ["ananas"]),
    ],
)
def test_words_are_found_whatever_their_case_and_accents(text: str, sought: str, expected: list[str]) -> None:
    assert found(text, sought) == expected


def test_nothing_is_found_in_what_is_hidden_nor_across_it() -> None:
    text = "The ferry. See also: ferry ticket. Ferry ticket sales."
    hidden = (Span(text.index("See"), text.index("Ferry t")),)

    assert found(text, "ferry", hidden) == ["ferry", "Ferry"]
    assert found(text, "ferry ticket", hidden) == ["Ferry ticket"]
    assert found(text, "ferry ferry", hidden) == []


def test_long_texts_are_looked_through_piece_by_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(find, "_AT_A_TIME", 50)
    text = "The harbour council met again about the tariff of the ferry\n" * 40 + "one zeppelin " * 40

    assert found(text, "ferry") == ["ferry"] * 40
    assert found(text, "zeppelin") == ["zeppelin"] * 40
    assert len(finds(text, "ferry", stale=lambda: True)) == 0


@pytest.mark.parametrize("between", [" ", "\n", ", \n\n"])
def test_words_in_a_row_are_found_across_the_edge_of_a_piece_once(
    monkeypatch: pytest.MonkeyPatch, between: str
) -> None:
    text = f"the harbour{between}council met{between}" * 20
    for size in range(1, 60):
        monkeypatch.setattr(find, "_AT_A_TIME", size)
        assert found(text, "harbour council met the") == [f"harbour{between}council met{between}the"] * 19
        assert found(text, "council met") == ["council met"] * 20


def test_no_row_of_words_goes_across_what_is_hidden_at_the_edge_of_a_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "the ferry See also: ticket sales"
    hidden = (Span(text.index("See"), text.index("ticket")),)
    for size in range(1, 30):
        monkeypatch.setattr(find, "_AT_A_TIME", size)
        assert found(text, "ferry ticket", hidden) == []
