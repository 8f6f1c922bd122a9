from __future__ import annotations

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.text.decode import printable
from archive.text.visible import oddity, spelled_out, visible_line

# Format characters (Cf) that are drawn, or that stand in scripts whose layout they are: by the names of their blocks.
DRAWN = ("SOFT HYPHEN", "ARABIC", "SYRIAC ABBREVIATION", "KAITHI", "EGYPTIAN HIEROGLYPH")
ODD = "ab1 \t\n\r\x1b\x9b\u202e\u2028\u200b\u200c\u200d\u200e\u200f\ufe0f\u0645\u05d0\u2764\U0001f525\U000e0041\udcff"


def is_harmful(character: str) -> bool:
    if unicodedata.category(character) in ("Cc", "Zl", "Zp", "Cs"):
        return True
    name = unicodedata.name(character, "")
    return unicodedata.category(character) == "Cf" and (name == "ARABIC LETTER MARK" or not name.startswith(DRAWN))


def test_every_character_that_is_not_drawn_is_told_by_its_kind() -> None:
    harmful = filter(is_harmful, map(chr, range(sys.maxunicode + 1)))
    assert [f"U+{ord(each):04X}" for each in harmful if visible_line(f"a{each}b") == f"a{each}b"] == []


@given(st.text(alphabet=st.one_of(st.sampled_from(ODD), st.characters())))
def test_a_fact_is_one_line_and_stays_as_it_is_shown(text: str) -> None:
    shown = visible_line(text)
    assert len(shown.splitlines()) <= 1
    assert printable(shown) == shown
    assert visible_line(shown) == shown


@given(st.text(alphabet=ODD), st.text(alphabet=ODD))
def test_facts_that_differ_look_different(one: str, other: str) -> None:
    assert (visible_line(one) == visible_line(other)) == (one == other)


@pytest.mark.parametrize(
    "written",
    [
        "می\u200cخواهم",  # a joiner of Persian
        "क्\u200dष",  # of Hindi
        "❤\ufe0f\u200d🔥",
        "👨\u200d👩\u200d👧",
        "1\ufe0f\u20e3",
        "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",  # the flag of England
        "葛\U000e0100城市",
        "שלום\u200f!",
        "Bundes\xadregierung",
    ],
)
def test_what_belongs_to_a_spelling_stays(written: str) -> None:
    assert visible_line(written) == written


@pytest.mark.parametrize(
    ("hidden", "shown"),
    [
        ("two\nlines", "two␤lines"),
        ("a\tb\r\x00\x7f", "a␉b␍␀␡"),
        ("\x1b]0;owned\x07", "␛]0;owned␇"),
        ("\x9b31m", r"\u009b31m"),
        ("fdp.\u202etxt", r"fdp.\u202etxt"),
        ("Reu\u200bters", r"Reu\u200bters"),
        ("a\u200cb", r"a\u200cb"),  # joins nothing in Latin letters
        ("price\u200f 12", r"price\u200f 12"),  # directs nothing where nothing runs from right to left
        ("x\ufe0f", r"x\ufe0f"),
        ("x\U000e0068\U000e0069", r"x\U000e0068\U000e0069"),
        ("caf\udce9.txt", r"caf\xe9.txt"),
    ],
)
def test_what_hides_stands_there_as_a_mark(hidden: str, shown: str) -> None:
    assert visible_line(hidden) == shown


def test_names_that_cannot_be_kept_are_told_apart_and_say_why() -> None:
    assert spelled_out("/a\nb\t\udcff\u202e") == "/a\nb\t\\xff\\u202e"
    assert oddity("/a\nb\t.txt") is None
    assert oddity("/caf\udce9") == "the byte 0xe9, which is not UTF-8"
    assert oddity("/a\u202eb") == "U+202E (right-to-left override)"
    assert oddity("/a\x1b") == "U+001B (a control character)"
