from __future__ import annotations

import codecs
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.text.decode import decode, garbled, neutral, printable, single_line

FRENCH = "Le général a démenti : « C'est un mensonge », a-t-il déclaré à l'été 2021.\n"
BIDI = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
any_text = st.text(st.characters(exclude_categories=()), max_size=80)


def forbidden(character: str) -> bool:
    category = unicodedata.category(character)
    return (category == "Cc" and character not in "\n\t") or category == "Cs" or character in BIDI


@given(any_text)
def test_neutral_keeps_the_length_and_leaves_nothing_forbidden(text: str) -> None:
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    result = neutral(text)
    assert len(result) == len(lines)
    assert not [character for character in result if forbidden(character)]
    assert all(new == old for new, old in zip(result, lines, strict=True) if not forbidden(old))


@given(any_text)
def test_neutral_text_stays_as_it_is(text: str) -> None:
    assert neutral(neutral(text)) == neutral(text)


@given(any_text)
def test_printable_never_changes_the_length(text: str) -> None:
    result = printable(text)
    assert len(result) == len(text)
    assert not [character for character in result if forbidden(character) or character in "\u2028\u2029"]


def test_escape_sequences_lose_their_escape_and_markup_stays_text() -> None:
    assert neutral("\x1b]0;owned\x07[/red][@click=app.quit]") == "\ufffd]0;owned\ufffd[/red][@click=app.quit]"
    assert neutral("\x9b31mred") == "\ufffd31mred"
    assert neutral("abc\u202etxt.exe") == "abc txt.exe"


def test_nothing_is_normalised_in_storage() -> None:
    assert neutral("e\u0301 ﬁ ½ Ａ") == "e\u0301 ﬁ ½ Ａ"


@given(
    st.binary(max_size=300),
    st.sampled_from([None, "utf-8", "latin-1", "cp1252", "utf-16", "no such", "rot13", "hex", "utf-7", ""]),
)
def test_decoding_any_bytes_raises_nothing(raw: bytes, declared: str | None) -> None:
    decoded = decode(raw, declared)
    assert not [character for character in decoded.text if forbidden(character)]
    assert 0 <= decoded.damage <= len(raw)


@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=200))
def test_clean_utf_8_is_read_without_damage(text: str) -> None:
    decoded = decode(b"x" + text.encode())
    assert decoded.text == neutral("x" + text)
    assert decoded.damage == 0


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
        (b"", "utf-16-le"),
        (b"", "utf-16-be"),
    ],
)
def test_wide_encodings_are_read_with_a_mark_and_utf_16_without(mark: bytes, encoding: str) -> None:
    decoded = decode(mark + FRENCH.encode(encoding))
    assert (decoded.text, decoded.encoding, decoded.damage) == (FRENCH, encoding, 0)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_plain_letters_in_utf_16_are_not_taken_for_utf_8(encoding: str) -> None:
    assert decode("Only plain letters here".encode(encoding)).text == "Only plain letters here"


def test_broken_utf_8_is_read_with_its_damage_counted() -> None:
    raw = FRENCH.encode() + b"and a broken \xff byte, and \xe2\x82 half a sign\n"
    decoded = decode(raw)
    assert decoded.encoding == "utf-8"
    assert decoded.damage == 2
    assert decoded.text == FRENCH + "and a broken \ufffd byte, and \ufffd half a sign\n"


@pytest.mark.parametrize(
    ("raw", "damage"),
    [
        ("the ship’s agent, caf".encode() + b"\xe9 na\xefve", 2),
        ("“Sound” \ufffd, caf".encode() + b"\xff and three \xfe crews, \xff", 3),
    ],
    ids=["one sign, two letters", "a sign of another program"],
)
def test_utf_8_with_more_broken_than_sound_characters_is_still_read_as_such(raw: bytes, damage: int) -> None:
    decoded = decode(raw)
    assert (decoded.encoding, decoded.damage) == ("utf-8", damage)


def test_a_replacement_character_of_the_source_is_no_damage() -> None:
    assert decode("déjà \ufffd été".encode() + b"\xff").damage == 1


def test_a_legacy_encoding_is_told_from_broken_utf_8() -> None:
    text = FRENCH * 5
    assert decode(text.encode("cp1252")).text == text


def test_a_declared_encoding_is_used_when_the_text_is_not_utf_8() -> None:
    text = "Привет, это короткая строка."
    assert decode(text.encode("koi8-r"), "koi8-r").text == text
    assert decode(text.encode(), "koi8-r").text == text


def test_latin_1_means_what_browsers_take_it_for() -> None:
    assert decode(b"\x93Quoted\x94", "iso-8859-1").text == "“Quoted”"


def test_single_line_collapses_and_cuts_at_a_word() -> None:
    assert single_line("  One\r\n\ttwo \x1b three ") == "One two \ufffd three"
    assert single_line("alpha beta gamma delta", 16) == "alpha beta…"
    assert len(single_line("x" * 1000)) == 300


def test_page_breaks_vertical_tabs_and_next_lines_are_line_breaks_and_no_damage() -> None:
    decoded = decode("Page one.\x0cPage two.\x0bLine two.\x85Line three.".encode())
    assert (decoded.text, decoded.damage) == ("Page one.\nPage two.\nLine two.\nLine three.", 0)


def test_windows_1252_that_was_read_as_latin_1_is_read_as_what_it_is_and_counted() -> None:
    meant = "The harbour’s “tankers” – three… cost €9 a day, Œuvre and Žižek"
    misread = meant.encode("cp1252").decode("latin-1")
    decoded = decode(misread.encode())
    assert (decoded.text, decoded.damage) == (meant, 9)
    assert neutral("She waited\x85 and left.") == "She waited… and left."


def test_controls_that_mean_nothing_are_replaced_and_counted() -> None:
    decoded = decode("a\x81b\x07c\x9b31md".encode())
    assert (decoded.text, decoded.damage) == ("a\ufffdb\ufffdc\ufffd31md", 3)


def test_marks_of_direction_are_no_damage() -> None:
    assert decode("abc\u202etxt".encode()).damage == 0


@pytest.mark.parametrize("text", ["L’été à Malmö – “voilà”…", "déjà vu, año, Straße, ½ €"])
def test_text_that_was_read_in_a_wrong_encoding_is_noticed(text: str) -> None:
    wrong = text.encode().decode("cp1252", "replace")
    assert garbled(text) == 0
    assert garbled(wrong) == sum(not character.isascii() for character in text)


@pytest.mark.parametrize("text", ["SÃO PAULO, NÃO", "Â, CÂNTEC, Ân", "â, château €5", "100 € – â"])
def test_letters_that_begin_such_pairs_are_no_sign_alone(text: str) -> None:
    assert garbled(text) == 0
