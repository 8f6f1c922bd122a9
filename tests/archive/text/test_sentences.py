from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.text.sentences import sentences

ALPHABET = 'aZ é.!?…。؟"”’»«“ \n\t-–1,;:中ب'


def split(text: str) -> list[str]:
    return [text[span.start : span.end] for span in sentences(text)]


@pytest.mark.parametrize(
    "whole",
    [
        "The U.S. Senate met Mr. Hall.",
        "Talks with Gen. J. P. Moreau began at 9:15 a.m. EST near St. Anne.",
        "Aides of MM. Petit and Roux left.",
        "Profit rose 5.3 pct to 1.25 mln dlrs.",
        "She lives at No. 10 now.",
        "It opens on 3. Oktober in Berlin.",
        "“Who is there?” he asked.",
        "He waited... and waited.",
        "Sales at Brown Bros. Harriman fell.",
        "1. A numbered line stays whole",
        "The war went on . . . and on.",
        "He said it was “done . . . for now” and left.",
        "The portal, Yahoo! Gant, closed.",
        "The train left at 9 p.m. Monday and came at 7 a.m. Central European Time.",
        "It began at 8 a.m. GMT and at 10 a.m. Moscow time.",
        "See www.Gant.example and ASP.Net 3.",
        "She met Mr.Hall in St.Orm.",
    ],
)
def test_a_mark_inside_a_sentence_does_not_end_it(whole: str) -> None:
    assert split(whole) == [whole]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He came. She left.", ["He came.", "She left."]),
        ("“We want calm in Europe.” Then he went.", ["“We want calm in Europe.”", "Then he went."]),
        ("They were turned away (at night). It rained.", ["They were turned away (at night).", "It rained."]),
        ("« Il est là. » Puis il partit.", ["« Il est là. »", "Puis il partit."]),
        ("Nobody knew... Then it rang.", ["Nobody knew...", "Then it rang."]),
        ("She moved to the U.S. He stayed.", ["She moved to the U.S.", "He stayed."]),
        ("He works for Acme Inc. The firm grew.", ["He works for Acme Inc.", "The firm grew."]),
        ("Asked again, he said no. Others agreed.", ["Asked again, he said no.", "Others agreed."]),
        ("It was 2014. Troops came.", ["It was 2014.", "Troops came."]),
        ("今日は雨だ。明日は晴れる！本当？", ["今日は雨だ。", "明日は晴れる！", "本当？"]),
        ("هل وصل الوزير؟ نعم وصل.", ["هل وصل الوزير؟", "نعم وصل."]),
        ("क्या हुआ। सब ठीक है।", ["क्या हुआ।", "सब ठीक है।"]),
        ("the wing was tested . no lift was found .", ["the wing was tested .", "no lift was found ."]),
        ("The ice broke.He fell in.", ["The ice broke.", "He fell in."]),
        ("“We go.”She went.", ["“We go.”", "She went."]),
        ("Rents rose.[12] Wages fell.¹ So it went.", ["Rents rose.[12]", "Wages fell.¹", "So it went."]),
        ("It was 4 p.m. Firemen came.", ["It was 4 p.m.", "Firemen came."]),
        ("Nobody knew . . . Then it rang.", ["Nobody knew . . .", "Then it rang."]),
        ("She searched Yahoo! The page was gone.", ["She searched Yahoo!", "The page was gone."]),
        ("all in lower case here. nothing else to go by.", ["all in lower case here.", "nothing else to go by."]),
    ],
)
def test_a_stop_ends_a_sentence(text: str, expected: list[str]) -> None:
    assert split(text) == expected


def test_wrapped_lines_are_joined_and_an_indented_line_opens_a_paragraph() -> None:
    wrapped = (
        "The ministry said on Monday that wheat from the\n"
        "northern plains would be sold abroad again, after\n"
        "a pause of two years that had angered the traders\n"
        "    Shipments begin in May and run through the summer\n"
        "of the coming year, an official said."
    )
    assert [" ".join(one.split()) for one in split(wrapped)] == [
        "The ministry said on Monday that wheat from the northern plains would be sold abroad again, "
        "after a pause of two years that had angered the traders",
        "Shipments begin in May and run through the summer of the coming year, an official said.",
    ]


def test_each_line_without_a_stop_stands_alone_when_lines_are_paragraphs() -> None:
    text = "A heading\nThe first paragraph ends here.\nAnother heading\nThe second one."
    assert split(text) == text.split("\n")


def test_headlines_of_even_length_are_not_taken_for_wrapped_prose() -> None:
    text = (
        "Ministers Meet in Vienna Over Gas\nCourt Rejects Appeal by Former Mayor\nStorm Leaves Thousands Without Power"
    )
    assert split(text) == text.split("\n")


def test_a_line_that_begins_in_lower_case_continues_the_one_before() -> None:
    assert split("The delegation of\nthe union arrived. It stayed.") == [
        "The delegation of\nthe union arrived.",
        "It stayed.",
    ]


def test_bullets_stand_alone() -> None:
    assert split("Demands:\n- a truce\n- free passage\n• food") == ["Demands:", "- a truce", "- free passage", "• food"]


def test_a_blank_line_always_ends_a_sentence() -> None:
    assert split("the first half\n \nand the second") == ["the first half", "and the second"]


def test_offsets_refer_to_the_whole_text() -> None:
    text = "One here. Two here. Three here."
    assert [text[span.start : span.end] for span in sentences(text, 10, 19)] == ["Two here."]


@given(st.text(ALPHABET, max_size=200), st.integers(0, 40), st.integers(0, 40))
def test_sentences_are_ordered_trimmed_and_hold_all_that_is_not_white_space(text: str, left: int, right: int) -> None:
    start, end = min(left, len(text)), max(min(left, len(text)), len(text) - right)
    found = sentences(text, start, end)
    assert "".join("".join(text[span.start : span.end].split()) for span in found) == "".join(text[start:end].split())
    assert all(text[span.start : span.end].strip() == text[span.start : span.end] != "" for span in found)
    assert found == sorted(found)
    assert all(start <= span.start < span.end <= end for span in found)


@pytest.mark.parametrize("unit", [".", "\n", " \n", "a\n", "((", "a.", "\n ", '."', ". ", "« "])
def test_time_grows_with_the_length_of_hostile_text_only(unit: str) -> None:
    started = time.process_time()
    sentences(unit * 50_000 + "x")
    assert time.process_time() - started < 3
