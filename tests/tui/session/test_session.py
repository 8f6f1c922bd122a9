"""The session's transitions, without a screen: rows are the answer to the question, or said to be old."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from archive.core.article import Article, Passage
from index.contracts.options import Confidence, Group, Mode
from index.query.parser import parse
from index.search.answer import Answer, Hit
from tui.session.history import Left
from tui.session.request import FIRST_PAGE, Request
from tui.session.rows import Kind, RowKey, as_listed
from tui.session.session import GONE, Session, Shown

ARTICLES = 90


def hit(number: int, rank: int, *, text: str = "", published: str | None = None, folded: int = 0) -> Hit:
    """Make a hit: the passage ``number`` of the article of the same number."""
    name = f"a{number}"
    article = Article(name, "v", f"Title {number}", None, None, None, published, None, "en", f"{number}.txt", None)
    passage = Passage(f"p{number}", name, "v", 0, 9, text or f"text {number}")
    return Hit(rank, passage, article, 1.0, None, None, (), "", folded=folded)


def answer_to(request: Request, numbers: list[int], mode: str = "") -> Answer:
    """Answer with the first ``k`` of some passages."""
    hits = tuple(hit(number, rank) for rank, number in enumerate(numbers[: request.k], 1))
    asked = replace(parse(request.asked or ""), expand=request.question.expand)
    return Answer(
        asked, Mode(mode or request.mode), Group(request.group), 1, hits, Confidence.STRONG, 1.0, (), "", (), 1.0
    )


def order(request: Request, mode: str = "") -> list[int]:
    """Return which passages answer: decided by the question alone, so that each page begins like the one before."""
    text = " ".join((request.asked or "").split())
    if text.startswith("zz"):
        return []
    seed = sum(map(ord, f"{text}{mode or request.mode}{request.group}"))
    return [(seed + 7 * place) % 97 for place in range(seed % ARTICLES)]


def answered(session: Session, *, writing: bool = True) -> Session:
    """Answer the newest request of a session."""
    request = session.request
    return session.answered(Shown(request, answer_to(request, order(request))), writing=writing)


def numbers(session: Session) -> list[str]:
    return [row.passage for row in session.rows]


def test_rows_stay_as_old_ones_until_the_answer_to_what_was_typed_is_there() -> None:
    first = answered(Session().typed("sanctions "))
    typed = first.typed("sanctions threat")

    assert numbers(typed) == numbers(first)
    assert not first.is_old
    assert typed.is_old
    assert typed.waiting
    now = answered(typed)
    assert not now.is_old
    assert numbers(now) != numbers(first)


def test_an_answer_to_another_question_is_never_shown() -> None:
    first = Session().typed("sanctions ")
    late = Shown(first.request, answer_to(first.request, order(first.request)))
    second = first.typed("sanctions y")

    assert second.answered(late, writing=True) is second


def test_typing_back_to_what_is_shown_asks_nothing_and_makes_the_rows_current() -> None:
    first = answered(Session().typed("gas "))
    back = first.typed("gas p").typed("gas ")

    assert not back.waiting
    assert not back.is_old


def test_enter_waits_for_the_whole_answer_and_goes_to_its_first_row() -> None:
    session = Session().typed("nato troops").entered()
    words = answer_to(session.request, [5, 6, 7], "lexical")
    half = session.answered(Shown(session.request, words, whole=False), writing=True)
    whole = answered(half)

    assert half is session, "half an answer is not shown to who has pressed Enter"
    assert whole.selected == 0
    assert whole.chosen
    assert whole.enters == 1
    assert session.entered().enters == 2


def test_half_an_answer_is_shown_while_it_is_being_written_only() -> None:
    session = Session().typed("nato troo")
    half = Shown(session.request, answer_to(session.request, [5, 6]), whole=False)

    assert session.answered(half, writing=True).rows
    assert not session.answered(half, writing=False).rows
    assert session.answered(half, writing=True).waiting


def test_what_is_half_written_and_finds_nothing_leaves_the_old_rows_and_enter_tells_the_truth() -> None:
    first = answered(Session().typed("sanctions "))
    typed = answered(first.typed("zz"))
    assert typed.unanswered
    assert typed.is_old
    assert numbers(typed) == numbers(first)
    finished = answered(typed.finished())
    assert not finished.rows
    assert not finished.is_old


def test_half_an_operator_asks_nothing() -> None:
    first = answered(Session().typed("gas "))
    half = first.typed('gas "pip')

    assert not half.waiting
    assert half.is_old
    assert half.finished().waiting


def test_further_rows_are_appended_and_the_selection_stays() -> None:
    session = answered(Session().typed(long_text())).at(FIRST_PAGE - 1)
    more = answered(session.deeper(), writing=False)

    assert numbers(more)[: len(session.rows)] == numbers(session)
    assert len(more.rows) > len(session.rows)
    assert more.selected == session.selected
    last = answered(more.deeper(to_last=True), writing=False)
    assert last.selected == len(last.rows) - 1 == len(order(last.request)) - 1


def long_text() -> str:
    """Return a question with more than two pages of results."""
    return next(text for text in map("word{} ".format, range(99)) if len(order(Request(text=text))) > 2 * FIRST_PAGE)


def test_the_last_row_is_gone_to_also_when_further_rows_are_on_their_way() -> None:
    session = answered(Session().typed(long_text())).deeper()
    assert session.waiting
    last = session.at(3).deeper(to_last=True)
    assert last.request.number > session.request.number
    assert last.at(3).deeper(to_last=True).request == last.request, "all are on their way already"
    done = answered(last.at(3).deeper(to_last=True), writing=False)
    assert done.selected == len(done.rows) - 1 == len(order(done.request)) - 1


def test_what_was_to_be_done_with_an_answer_that_failed_is_not_done_with_a_later_one() -> None:
    session = answered(Session().typed(long_text())).at(3).deeper(to_last=True)
    failed = session.failed(session.request.number)
    later = answered(failed.again(), writing=False)

    assert not failed.waiting
    assert later.selected == 3


def test_the_selected_row_is_gone_to_while_more_is_asked_and_the_first_of_an_answer_to_come() -> None:
    session = answered(Session().typed(long_text())).at(3)
    for waiting in (session.deeper(), session.again()):
        gone = waiting.into_rows()
        assert (gone.selected, gone.enters, gone.chosen) == (3, 0, True)
        assert answered(gone, writing=False).selected == 3
    other = session.again(Request.in_next_mode).into_rows()
    assert other.enters == 1
    request = Session().typed("gas ").request
    half = Shown(request, answer_to(request, [5, 6]), whole=False)
    assert Session().typed("gas ").answered(half, writing=True).into_rows().enters == 1


def test_who_goes_on_in_the_old_rows_is_not_taken_to_the_first_of_the_new() -> None:
    session = answered(Session().typed(long_text())).again(Request.in_next_mode).into_rows()
    gone = session.gone_to(3)
    assert (session.enters, gone.enters) == (1, 0)
    now = answered(gone, writing=False)
    assert now.rows[now.selected].passage == gone.rows[3].passage or now.said


def test_what_was_unfolded_in_an_older_index_is_not_listed_in_the_answer_of_a_newer_one() -> None:
    first = Session().typed("gas ")
    answer = answer_to(first.request, [1, 2])
    session = first.answered(Shown(first.request, answer), writing=True)
    session = session.unfolding(answer, session.rows[0].hit, (hit(7, 1),)).again()
    assert len(session.rows) == 3
    same = session.answered(Shown(session.request, answer), writing=False)
    newer = session.answered(Shown(session.request, replace(answer, generation=2)), writing=False)

    assert numbers(same) == ["p1", "p7", "p2"]
    assert numbers(newer) == ["p1", "p2"]
    assert not newer.unfolded


def test_a_selected_passage_that_is_gone_is_told() -> None:
    request = Session().typed("gas ").request
    session = Session().typed("gas ").answered(Shown(request, answer_to(request, [1, 2, 3])), writing=True).at(2)
    again = session.again()
    kept = again.answered(Shown(again.request, answer_to(again.request, [9, 3, 1])), writing=False)
    gone = again.answered(Shown(again.request, answer_to(again.request, [9, 8])), writing=False)

    assert (kept.selected, kept.said) == (1, "")
    assert (gone.selected, gone.said) == (1, GONE)
    assert gone.shown is not None
    deeper = replace(gone, shown=replace(gone.shown, request=replace(gone.request, k=2))).deeper()
    more = deeper.answered(Shown(deeper.request, answer_to(deeper.request, [9, 8, 7])), writing=False)
    assert (more.selected, more.said) == (1, GONE), "what was said is not taken back by rows that are appended"
    assert more.at(0).said == ""


def wired() -> tuple[Session, Answer]:
    """Return an answer in which the first, third and fourth hit have the same words, and the session that shows it."""
    wire = "The council has approved the tram line."
    hits = [
        hit(1, 1, text=wire, published="2022-01-11"),
        hit(2, 2, text="Something else about trams."),
        hit(3, 3, text=wire.upper(), published="2022-01-10"),
        hit(4, 4, text=f" {wire}", published="2022-01-21"),
        hit(5, 5, text="A tram depot will be built."),
    ]
    request = Session().typed("tram ").request
    answer = replace(answer_to(request, []), hits=tuple(hits))
    return Session().typed("tram ").answered(Shown(request, answer), writing=True), answer


def test_results_are_numbered_by_row_and_what_is_folded_has_the_number_of_its_result() -> None:
    session, answer = wired()

    assert [row.rank for row in session.rows] == [1, 2, 3]
    assert session.results == 3
    unfolded = session.unfolding(answer, session.rows[0].hit, ())
    assert [row.rank for row in unfolded.rows] == [1, 1, 1, 2, 3]
    assert unfolded.results == 3
    last = session.at(2).unfolding(answer, session.rows[2].hit, (hit(6, 9),))
    assert [row.rank for row in last.rows] == [1, 2, 3, 3]
    assert last.results == 3
    assert [(each.passage.id, each.rank) for each in as_listed(answer).hits] == [
        ("p3", 1), ("p1", 1), ("p4", 1), ("p2", 2), ("p5", 3),
    ]  # fmt: skip


def test_copies_fold_under_the_earliest_and_are_listed_by_date() -> None:
    session, answer = wired()
    hits = answer.hits

    assert [(row.passage, row.rank, row.copies) for row in session.rows] == [("p3", 1, 2), ("p2", 2, 0), ("p5", 3, 0)]
    assert session.rows[0].until == "2022-01-21"
    unfolded = session.unfolding(answer, session.rows[0].hit, ())
    assert [(row.passage, row.kind) for row in unfolded.rows[1:3]] == [("p1", Kind.COPY), ("p4", Kind.COPY)]
    assert RowKey.of(answer, hits[2]) in unfolded.unfolded
    assert numbers(unfolded.at(2).folding()) == numbers(session)
    assert unfolded.at(2).folding().selected == 0


@dataclass
class Desk:
    """A person at a session, with the answers that are on their way."""

    session: Session = field(default_factory=Session)
    line: bool = True
    under_way: list[Shown] = field(default_factory=list)
    sent: int = 0

    def become(self, session: Session) -> None:
        self.session = session
        if session.waiting and session.request.number != self.sent:
            self.sent = session.request.number
            request = session.request
            self.under_way += [
                Shown(request, answer_to(request, order(request, "lexical"), "lexical"), whole=False),
                Shown(request, answer_to(request, order(request))),
            ]

    def do(self, event: str, value: int) -> None:
        session = self.session
        if event == "type":
            written = session.request.text
            texts = (f"{written}{'abz '[value % 4]}", written[:-1], "zz", '"', "gas ")
            self.line = True
            self.become(session.typed(texts[value % 5]))
        elif event == "enter":
            self.become(session.entered())
        elif event == "leave":
            self.line = False
            self.become(session.finished())
        elif event == "move":
            self.become(session.at(session.selected + value - 10))
        elif event == "deeper":
            self.become(session.deeper(to_last=value % 3 == 0))
        elif event == "again":
            changes: list[Any] = [Request.again, Request.in_next_mode, Request.in_next_group, Request.all_the_same]
            self.become(session.again(changes[value % 4]))
        elif self.under_way:
            self.become(session.answered(self.under_way.pop(value % len(self.under_way)), writing=self.line))

    def rest(self) -> None:
        """Leave the line and wait for every answer."""
        self.become(self.session.finished())
        while self.under_way:
            self.become(self.session.answered(self.under_way.pop(0), writing=False))


EVENTS = st.tuples(
    st.sampled_from(["type", "type", "type", "enter", "leave", "move", "deeper", "again", *["answer"] * 5]),
    st.integers(0, 20),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(EVENTS, max_size=60))
def test_whatever_happens_rows_are_the_answer_or_old_and_the_selection_stays_or_is_told(
    events: list[tuple[str, int]],
) -> None:
    desk = Desk()
    for event, value in events:
        before = desk.session
        desk.do(event, value)
        now = desk.session
        if now.rows and not now.is_old:
            assert now.shown is not None
            request = now.shown.request
            assert request.question == now.request.question
            mode = "" if now.shown.whole else "lexical"
            assert numbers(now) == [f"p{number}" for number in order(request, mode)[: request.k]]
        if before.rows and not now.rows:
            assert not now.request.text.strip() or now.answer is not None, "nothing is taken away before its successor"
        same = now.request.question == before.request.question
        if same and not before.is_old and before.chosen and event != "move" and now.row and before.row and not now.said:
            moved = now.enters or before.enters or before.to_last or event == "enter"
            assert moved or now.row.passage == before.row.passage
        if same and not now.is_old and not before.is_old and before.shown and before.shown.whole and not now.waiting:
            assert numbers(now)[: len(before.rows)] == numbers(before), "further rows are appended"
    desk.rest()
    text = desk.session.request.text.strip()
    if text:
        assert not desk.session.is_old, "at rest the rows are the answer"
        assert not desk.session.waiting
        expected = order(desk.session.request)[: desk.session.request.k]
        assert numbers(desk.session) == [f"p{number}" for number in expected]
    else:
        assert not desk.session.rows


def test_a_question_that_was_left_comes_back_with_its_row_unless_something_is_typed() -> None:
    rows = answered(Session().typed("sanctions ")).rows
    resumed = Session().resumed(Left("sanctions ", "hybrid", "article", rows[2].passage))
    assert resumed.waiting
    half = Shown(resumed.request, answer_to(resumed.request, order(resumed.request)), whole=False)
    assert resumed.answered(half, writing=True) is resumed
    back = answered(resumed)
    assert (back.row, back.chosen) == (rows[2], False)
    assert answered(back.again()).row == rows[2]
    typed = answered(resumed.typed("gas "))
    assert (typed.selected, typed.chosen) == (0, False)
    gone = answered(Session().resumed(Left("sanctions ", "a mode of another build", "?", "gone")))
    assert (gone.selected, gone.chosen, gone.request.mode) == (0, False, "hybrid")
