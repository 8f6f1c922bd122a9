"""Cells of CSV are no formulas, and their values can be had again."""

from __future__ import annotations

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.formats.export import _FORMULA, cell


def restored(text: str) -> str:
    """Do what docs/commands/search.md says."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text[1:]) else text


@pytest.mark.parametrize("sign", "=+-@＝＋－＠")
@pytest.mark.parametrize("before", ["", " ", "\t", "\r", "\n", "\u3000", "\u200b", "\ufeff "])
def test_no_cell_begins_as_a_formula(before: str, sign: str) -> None:
    assert cell(f"{before}{sign}SUM(A1)") == f"'{before}{sign}SUM(A1)"


def test_every_form_of_a_sign_is_one() -> None:
    forms = [chr(n) for n in range(sys.maxunicode + 1) if unicodedata.normalize("NFKC", chr(n))[:1] in tuple("=+-@")]
    assert len(forms) > 15
    assert [form for form in forms if cell(f"{form}1") != f"'{form}1"] == []


@given(st.text(alphabet=st.one_of(st.sampled_from("'=＝+-@ \t\na"), st.characters())))
def test_the_value_can_be_had_again(value: str) -> None:
    shown = cell(value)
    assert isinstance(shown, str)
    assert restored(shown) == value


def test_plain_values_stay() -> None:
    assert cell("plain") == "plain"
    assert cell("'quoted'") == "'quoted'"
    assert cell(None) == ""
    assert cell(1.5) == 1.5
