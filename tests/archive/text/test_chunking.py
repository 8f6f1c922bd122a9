from __future__ import annotations

from collections.abc import Sequence

import pytest
import regex
from hypothesis import example, given
from hypothesis import strategies as st

from archive.core.article import Passage, Span, Version
from archive.text.chunking import Rule, cut, passage_id, word_rule

ALPHABET = "ab Zé.,!?。“” \n\t-1中🙂\u0301"
LETTERS = regex.compile(r"[\p{L}\p{N}]")


def version(text: str, *hidden: Span) -> Version:
    return Version("a1", "digest", text, hidden, "2024-01-01T00:00:00Z", "text/1", "raw")


def characters(texts: Sequence[str]) -> list[int]:
    return [len(text) for text in texts]


def sentence(words: int, mark: str = "word") -> str:
    return " ".join([mark.title(), *[mark] * (words - 1)]) + "."


@st.composite
def versions(draw: st.DrawFn) -> Version:
    text = draw(st.text(ALPHABET, max_size=300))
    marks = sorted(draw(st.sets(st.integers(0, len(text)), max_size=6)))
    return version(text, *(Span(*pair) for pair in zip(marks[::2], marks[1::2], strict=False)))


def visible_letters(of: Version) -> list[int]:
    hidden = {at for span in of.hidden for at in range(span.start, span.end)}
    return [found.start() for found in LETTERS.finditer(of.text) if found.start() not in hidden]


@given(versions(), st.integers(1, 60))
def test_every_visible_letter_is_in_exactly_one_passage(of: Version, limit: int) -> None:
    passages = cut("a1", of, Rule("characters", characters, limit, (4, 6)))
    inside = [at for one in passages for at in range(one.start, one.end)]
    assert len(inside) == len(set(inside))
    assert set(visible_letters(of)) <= set(inside)


@given(versions(), st.integers(1, 60))
def test_passages_are_verbatim_trimmed_sorted_and_fit(of: Version, limit: int) -> None:
    passages = cut("a1", of, Rule("characters", characters, limit, (4, 6)))
    assert all(of.text[one.start : one.end] == one.text == one.text.strip() != "" for one in passages)
    assert all(LETTERS.search(one.text) for one in passages)
    assert all(len(one.text) <= limit for one in passages)
    assert [one.start for one in passages] == sorted(one.start for one in passages)
    assert len({one.id for one in passages}) == len(passages)


@given(versions(), st.integers(10, 60))
@example(version("1????“"), 10)
def test_passages_cost_no_more_than_the_limit_without_a_model(of: Version, limit: int) -> None:
    rule = word_rule(limit)
    counts = rule.count([one.text for one in cut("a1", of, rule)])
    assert all(count <= limit for count in counts)


@given(versions())
def test_no_passage_touches_a_hidden_span(of: Version) -> None:
    for one in cut("a1", of, word_rule(30)):
        assert all(one.end <= span.start or one.start >= span.end for span in of.hidden)


def test_whole_sentences_are_packed_up_to_the_target() -> None:
    text = " ".join(sentence(20) for _ in range(15))
    assert [len(one.text.split()) for one in cut("a1", version(text), word_rule(500))] == [140, 160]


def test_a_paragraph_break_is_preferred_once_there_are_enough_words() -> None:
    text = f"{sentence(60)}\n\n{sentence(45)}\n\n{sentence(30)} {sentence(40)}"
    assert [len(one.text.split()) for one in cut("a1", version(text), word_rule(500))] == [105, 70]


def test_a_short_remainder_joins_the_passage_before_it() -> None:
    text = f"{sentence(140)} {sentence(8)} {sentence(9)}"
    (only,) = cut("a1", version(text), word_rule(500))
    assert only.text == text


def test_a_short_remainder_stands_alone_where_it_does_not_fit() -> None:
    text = f"{sentence(140)} {sentence(20)}"
    assert len(cut("a1", version(text), word_rule(290))) == 2


def test_a_line_between_two_hidden_ones_is_a_passage() -> None:
    text = "See also: this\nA line of news\nSource link\n—\nAdvertisement"
    hidden = [Span(0, 14), Span(30, 41), Span(44, 57)]
    assert [one.text for one in cut("a1", version(text, *hidden), word_rule())] == ["A line of news"]


@pytest.mark.parametrize("text", ["", " \n\t", "— * —\n…"])
def test_a_text_without_a_word_makes_no_passage(text: str) -> None:
    assert cut("a1", version(text), word_rule()) == ()


def test_a_sentence_beyond_the_limit_is_split_at_clause_marks() -> None:
    text = f"Alpha {'a ' * 20}end, beta {'b ' * 20}end, gamma {'c ' * 20}end."
    passages = cut("a1", version(text), word_rule(30))
    assert [one.text.split()[0] for one in passages] == ["Alpha", "beta", "gamma"]
    assert all(count <= 30 for count in word_rule(30).count([one.text for one in passages]))


def test_a_word_of_any_length_is_split_between_characters() -> None:
    text = "x" * 9_001
    passages = cut("a1", version(text), Rule("one token a word", lambda texts: [1 for _ in texts], 200))
    assert "".join(one.text for one in passages) == text
    assert max(len(one.text) for one in passages) <= 2_000


def test_equal_passages_of_an_article_have_different_identifiers() -> None:
    text = "\n\n".join([sentence(110)] * 3)
    passages = cut("a1", version(text), word_rule(500))
    assert [one.text for one in passages] == [sentence(110)] * 3
    assert [one.id for one in passages] == [passage_id("a1", sentence(110), number) for number in range(3)]
    assert len({one.id for one in passages}) == 3


def test_an_identifier_outlives_changes_elsewhere_in_the_article() -> None:
    before, after = f"{sentence(120)}\n\n{sentence(110, 'other')}", f"{sentence(130)}\n\n{sentence(110, 'other')}"

    def last(text: str) -> Passage:
        return cut("a1", version(text), word_rule(500))[-1]

    assert last(before).start != last(after).start
    assert last(before).id == last(after).id != passage_id("a2", last(before).text, 0)


def test_tokens_are_counted_in_one_call_for_what_lies_between_hidden_spans() -> None:
    calls: list[int] = []

    def counting(texts: Sequence[str]) -> list[int]:
        calls.append(len(texts))
        return [len(text.split()) for text in texts]

    text = f"{sentence(30)} {sentence(40)}\nSource link\n{sentence(50)}"
    at = text.index("Source")
    cut("a1", version(text, Span(at, at + 11)), Rule("counting", counting, 200))
    assert calls == [2, 1]


def test_chinese_is_measured_without_white_space() -> None:
    text = "今天天气很好我们去公园散步。" * 60
    passages = cut("a1", version(text), word_rule(220))
    assert len(passages) > 3
    assert all(one.text.endswith("。") for one in passages)
