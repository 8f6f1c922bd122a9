"""The session while its question is narrowed, widened again and put in another order: rows are the answer, or old."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from index.contracts.options import Basis, Confidence, FacetBy, Group, Mode, Order
from index.search.answer import Answer, Totals
from index.search.facets import Facet
from tests.tui.session.test_session import hit
from tui.session.counts import Counts
from tui.session.narrowing import NOTHING, Chip
from tui.session.request import Request
from tui.session.session import GONE, STANDS_FOR, Session, Shown

A, B = Chip("outlet", 'outlet:="A"'), Chip("outlet", 'outlet:="B"', excluded=True)
STEPS = ["A", "B", "drop", "sort", "mode", "word", "answer", "late", "down", "count"]


def passages(request: Request) -> list[int]:
    """Return which passages answer: decided by the question alone."""
    seed = sum(map(ord, f"{request.written}{request.mode}{request.order}"))
    return [(seed + 7 * place) % 41 for place in range(seed % 12)]


def shown(request: Request) -> Shown:
    hits = tuple(hit(number, rank) for rank, number in enumerate(passages(request), 1))
    parts = Mode(request.mode), Group(request.group), 1, hits, Confidence.STRONG, 1.0, (), "", (), 1.0
    return Shown(request, Answer(request.narrowing.of(request.text), *parts, order=Order(request.order)))


def counts_of(request: Request) -> Counts:
    return Counts(request.counted, Totals(1, 1, Basis.WORDS, None, None, 0), 1, (), Facet(FacetBy.DAY, (), 0, None))


def step(session: Session, name: str) -> Session:
    narrowing = session.request.narrowing
    if name == "word":
        return session.typed(f"{session.request.text}gas ")
    if name == "answer":
        return session.answered(shown(session.request), writing=False)
    if name == "late":
        return session.answered(shown(replace(session.request, number=session.request.number - 1)), writing=False)
    if name == "count":
        return session.counted(counts_of(session.request)) if session.uncounted else session
    steps: dict[str, Callable[[], Session]] = {
        "A": lambda: session.narrowed(narrowing.turned(A)),
        "B": lambda: session.narrowed(narrowing.turned(B)),
        "drop": lambda: session.narrowed(narrowing.without_last()),
        "sort": session.reordered,
        "mode": lambda: session.again(Request.in_next_mode),
        "down": lambda: session.at(session.selected + 1),
    }
    return steps[name]()


@settings(max_examples=300)
@given(st.lists(st.sampled_from(STEPS), max_size=30))
def test_rows_are_the_answer_or_old_and_the_selection_stays_or_that_is_said(names: list[str]) -> None:
    session = Session().typed("gas ")
    for name in names:
        before, session = session, step(session, name)
        if session.shown is None:
            assert not session.rows
            continue
        expected = [f"p{number}" for number in passages(session.shown.request)]
        assert [row.passage for row in session.rows] == expected
        assert session.is_old == (session.shown.request.question != session.request.question)
        assert session.waiting or not session.is_old
        if name == "answer" and before.chosen and before.row and session.row and not before.to_first:
            assert session.row.passage == before.row.passage or session.said in (GONE, STANDS_FOR)
        if session.counts is not None and not session.counts_are_old:
            assert session.counts.of == session.request.counted


def test_another_order_begins_with_its_first_row() -> None:
    session = step(step(Session().typed("gas "), "answer"), "down")
    assert session.selected == 1
    sorted_anew = step(session.reordered(), "answer")

    assert sorted_anew.request.order == "newest"
    assert sorted_anew.selected == 0
    assert sorted_anew.chosen


def test_what_narrows_alone_is_a_question_and_nothing_at_all_is_none() -> None:
    narrowed = Session().narrowed(NOTHING.turned(A))
    assert narrowed.waiting
    assert not narrowed.request.is_blank
    blank = step(narrowed, "answer").narrowed(NOTHING)
    assert not blank.waiting
    assert not blank.rows


def test_a_question_is_counted_when_it_is_answered_and_nobody_writes_on() -> None:
    typing = Session().typed("gas")
    assert typing.answered(shown(typing.request), writing=True).uncounted is None
    asked = typing.finished()
    assert asked.uncounted is None
    answered = step(asked, "answer")
    assert answered.uncounted == answered.request
    counted = step(answered, "count")
    assert counted.uncounted is None
    assert counted.again(Request.in_next_group).counts_are_old is False
    assert counted.narrowed(NOTHING.turned(A)).counts_are_old
    assert counted.outdated().uncounted is not None
    late = counted.typed("gas coal ")
    assert late.counted(counts_of(answered.request)) is late
