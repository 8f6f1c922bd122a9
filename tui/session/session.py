"""What a person asks and sees, as one value: the question, the answer on the screen, the selected row.

Every transition is pure. The rule they keep: rows are the answer to the question, or ``is_old``; they are replaced only
by an answer, never taken away before it is there; the selection changes only by a key that moves it, by another
question, or because what was selected is not in the answer, and then ``said`` says so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import TYPE_CHECKING, Final

from tui.session.counts import Counts
from tui.session.narrowing import NOTHING, Narrowing
from tui.session.request import FIRST_PAGE, GROUPS, LAST_PAGE, MODES, ORDERS, ModeName, Request
from tui.session.rows import Kind, Row, RowKey, Unfolded, best_of, listed

if TYPE_CHECKING:
    from index.search.answer import Answer, Hit
    from tui.session.history import Left

GONE: Final = "The result selected before was not in the answer; this is another one."
STANDS_FOR: Final = "The selected passage is not in this answer; this is the best one of its article."


@dataclass(frozen=True, slots=True)
class Shown:
    """An answer with the request it answers; ``whole`` unless a better one to the same request follows."""

    request: Request
    answer: Answer
    whole: bool = True

    @property
    def subject(self) -> tuple[object, ...]:
        """Return what is asked about, and what comes first of it; not in which way that is looked for."""
        return self.request.text, self.request.narrowing, self.request.order


@dataclass(frozen=True, slots=True)
class Session:
    """A person's question and what is on the screen.

    Attributes:
        request: the newest question.
        shown: the answer whose rows are on the screen, None when none are.
        rows: its rows.
        waiting: the newest question is yet to be answered.
        unanswered: the answer to a question that is still being written is empty; older rows stay.
        selected: the place of the selected row.
        chosen: a person went to the rows, so that the selection is theirs.
        unfolded: what is listed under which result.
        enters: how often Enter was pressed for the answer to come: once goes to its first row, twice opens that.
        to_last: the last row is to be selected once it is there; ``to_first`` the first one.
        sought: where to go when the rows come, where the question is one that was left at an earlier time.
        said: what became of the selection, in words.
        counts: what matched a question, counted; this one or one before.
    """

    request: Request = field(default_factory=Request)
    shown: Shown | None = None
    rows: tuple[Row, ...] = ()
    waiting: bool = False
    unanswered: bool = False
    selected: int = 0
    chosen: bool = False
    unfolded: Unfolded = field(default_factory=dict)
    enters: int = 0
    to_last: bool = False
    to_first: bool = False
    sought: Left | None = None
    said: str = ""
    counts: Counts | None = None

    @property
    def answer(self) -> Answer | None:
        """Return the answer whose rows are on the screen."""
        return self.shown.answer if self.shown is not None else None

    @property
    def row(self) -> Row | None:
        """Return the selected row."""
        return self.rows[self.selected] if self.rows else None

    @property
    def results(self) -> int:
        """Return how many results are listed, which is the number of the last one: copies are folded under theirs."""
        return self.rows[-1].rank if self.rows else 0

    @property
    def is_old(self) -> bool:
        """Tell whether the rows answer another question than the newest."""
        return self.shown is not None and (self.unanswered or self.shown.request.question != self.request.question)

    @property
    def may_go_on(self) -> bool:
        """Tell whether there may be more rows than were asked for."""
        return self.shown is not None and len(self.shown.answer.hits) >= self.shown.request.k

    def begins_anew(self, before: Session) -> bool:
        """Tell whether the rows answer another text than those before, and nobody has gone to them."""
        if self.shown is None or self.shown is before.shown or self.chosen:
            return False
        return before.shown is None or before.shown.subject != self.shown.subject

    # -- asking ------------------------------------------------------------------------------------------------------

    def typed(self, text: str) -> Session:
        """Take down what stands in the search line."""
        if text == self.request.text:
            return self
        changed = replace(self, chosen=False, enters=0, to_last=False, to_first=False, sought=None, said="")
        return changed._asking(self.request.retyped(text))

    def finished(self) -> Session:
        """Ask exactly what is written, as nobody is writing on."""
        return self._asking(self.request.finished()) if self.request.typing else self

    def resumed(self, place: Left, mode: ModeName | None = None) -> Session:
        """Ask what was asked when a reader left, and go to the row that was selected, once it is there.

        Args:
            place: where the reader left.
            mode: to ask in, that of then without it.
        """
        then: ModeName = next((one for one in MODES if one == place.mode), self.request.mode)
        asked = Request(
            self.request.number + 1,
            place.text,
            mode=mode or then,
            group=next((group for group in GROUPS if group == place.group), self.request.group),
            order=next((order for order in ORDERS if order == place.order), self.request.order),
            k=min(max(FIRST_PAGE, place.rows), LAST_PAGE),
        )
        return replace(self, sought=place if place.passage else None)._asking(asked)

    def asked(self, text: str, mode: ModeName | None = None) -> Session:
        """Ask something that was not typed, narrowed by nothing, and go to its first row; twice opens it."""
        request = replace(self.request.retyped(text), narrowing=NOTHING, mode=mode or self.request.mode, typing=False)
        began = replace(self, chosen=False, enters=0, to_last=False, to_first=False, sought=None, said="")
        return began._asking(request).entered()

    def again(self, change: Callable[[Request], Request] = Request.again) -> Session:
        """Ask the same text once more, in another way."""
        return replace(self, unanswered=False)._asking(change(self.request), anew=True)

    def reordered(self) -> Session:
        """Ask the same in another order, and go to its first row."""
        return replace(self.again(Request.in_next_order), to_first=True, to_last=False)

    def narrowed(self, narrowing: Narrowing) -> Session:
        """Ask the same, narrowed by this and nothing else."""
        if narrowing == self.request.narrowing:
            return self
        return self.again(lambda request: request.narrowed(narrowing))

    def deeper(self, *, to_last: bool = False) -> Session:
        """Ask for more rows where there may be more, for as many as anybody reads with ``to_last``."""
        if self.is_old or not self.may_go_on or (self.waiting and not to_last):
            return self
        if self.waiting and self.request.k >= LAST_PAGE:
            return replace(self, to_last=True)
        request = self.request.to_the_end() if to_last else self.request.deeper()
        return replace(self, to_last=to_last)._asking(request, anew=True)

    def entered(self) -> Session:
        """Go to the first row of the answer to exactly what is written, as soon as it is there; then open that."""
        finished = self.finished()
        if finished.waiting:
            return replace(finished, enters=finished.enters + 1)
        return finished.at(0) if finished.rows else finished

    def into_rows(self) -> Session:
        """Go to the selected row, also while more rows or a newer index are asked; of other rows, to the first to come.

        Half an answer is not gone to: its rows are about to change.
        """
        finished = self.finished()
        is_answer = finished.shown is not None and finished.shown.whole and not finished.is_old
        return finished.arrived().at(finished.selected) if is_answer or not finished.waiting else finished.entered()

    def failed(self, number: int) -> Session:
        """Give up waiting for an answer."""
        return replace(self, waiting=False, enters=0, to_last=False) if number == self.request.number else self

    def _asking(self, request: Request, *, anew: bool = False) -> Session:
        if request.is_blank:
            return replace(self, request=request, shown=None, rows=(), waiting=False, unanswered=False, selected=0)
        shown = self.shown
        known = shown is not None and shown.whole and shown.request.question == request.question
        if shown is not None and known and not anew:
            return replace(self, request=replace(request, k=shown.request.k), waiting=False, unanswered=False)
        waiting = request.asked is not None
        return replace(self, request=request, waiting=waiting, unanswered=self.unanswered and not waiting)

    # -- answers -----------------------------------------------------------------------------------------------------

    def answered(self, new: Shown, *, writing: bool) -> Session:
        """Show an answer, unless something else was asked meanwhile.

        The first half of an answer, by words alone, is shown only while the question is being written and nobody has
        gone to the rows: what is done to them there must not be done to rows that are about to change.
        """
        if new.request.number != self.request.number:
            return self
        taken = self.chosen or self.enters or self.sought is not None or new.request.keep or not writing
        if not new.whole and (taken or not new.answer.hits):
            return self
        done = replace(self, waiting=not new.whole)
        if new.request.typing and not new.answer.hits and self.rows:
            return replace(done, unanswered=True)
        return done._showing(new)

    def _showing(self, new: Shown) -> Session:
        old, unfolded = self.row, self.unfolded if self._continues(new) else {}
        rows = listed(new.answer, unfolded)
        changed = replace(self, shown=new, rows=rows, unfolded=unfolded, unanswered=False, said="")
        if self.to_last:
            return replace(changed, to_last=False).at(len(rows) - 1)
        if self.enters or self.to_first:
            return changed.at(0)
        if self.sought is not None:
            return replace(changed, selected=_left_at(self.sought, rows))
        if not self.chosen or old is None or not rows:
            return replace(changed, selected=0)
        selected, said = _place_of(old, rows, self.selected if new.request.keep else 0)
        return replace(changed, selected=selected, said=said or self.said)  # until somebody moves or writes on

    def _continues(self, new: Shown) -> bool:
        """Tell whether what is unfolded is so in another answer: the same was asked, of the same index."""
        if self.shown is None or self.shown.subject != new.subject:
            return False
        return self.shown.answer.generation == new.answer.generation

    # -- counts ------------------------------------------------------------------------------------------------------

    @property
    def uncounted(self) -> Request | None:
        """Return the question that is to be counted: it is answered, and nobody writes on; None without one."""
        request = self.request
        if self.waiting or request.typing or request.asked is None:
            return None
        if not request.is_blank and (self.shown is None or self.is_old):
            return None
        return request if self.counts is None or self.counts.of != request.counted else None

    @property
    def counts_are_old(self) -> bool:
        """Tell whether what is counted answers another question."""
        return self.counts is not None and self.counts.of != self.request.counted

    def counted(self, counts: Counts) -> Session:
        """Take down what was counted, unless something else is asked meanwhile."""
        return replace(self, counts=counts) if counts.of == self.request.counted else self

    def outdated(self) -> Session:
        """Take down that a newer index may hold something else than what was counted."""
        return self if self.counts is None else replace(self, counts=replace(self.counts, of=None))

    # -- rows --------------------------------------------------------------------------------------------------------

    def at(self, index: int) -> Session:
        """Select a row by its place, the nearest there is."""
        if not self.rows:
            return self
        place = min(max(0, index), len(self.rows) - 1)
        return replace(self, selected=place, chosen=True, to_last=False, to_first=False, sought=None, said="")

    def gone_to(self, index: int) -> Session:
        """Select a row as somebody goes there, who then waits no more for the first row of an answer to come."""
        return self.arrived().at(index)

    def arrived(self) -> Session:
        """Forget where to go in the answer to come."""
        return replace(self, enters=0, to_last=False)

    def neighbour(self, step: int, *, article: bool) -> int | None:
        """Return the place of the next row, or of the next one of another article, None where there is none yet."""
        index = self.selected + step
        while 0 <= index < len(self.rows):
            if not article or self.rows[index].hit.article.id != self.rows[self.selected].hit.article.id:
                return index
            index += step
        return None

    def unfolding(self, answer: Answer, hit: Hit, more: tuple[Hit, ...]) -> Session:
        """List what is folded under a result, if its answer is still on the screen."""
        if answer is not self.answer:
            return self
        return self._listing({**self.unfolded, RowKey.of(answer, hit): more})

    def folding(self) -> Session:
        """Fold what is listed under the selected result, which is selected itself."""
        assert self.answer is not None
        best = best_of(self.rows, self.selected)
        key = RowKey.of(self.answer, self.rows[best].hit)
        return self.at(best)._listing({other: more for other, more in self.unfolded.items() if other != key})

    def _listing(self, unfolded: Unfolded) -> Session:
        assert self.answer is not None
        rows, old = listed(self.answer, unfolded), self.row
        selected = 0 if old is None else _place_of(old, rows, self.selected)[0]
        return replace(self, rows=rows, unfolded=unfolded, selected=selected)

    @property
    def unfoldable(self) -> Row | None:
        """Return the result under which something is folded, or listed, of the selected row; None without."""
        best = self.rows[best_of(self.rows, self.selected)] if self.rows else None
        return best if best is not None and (best.copies or best.passages) else None

    @property
    def is_unfolded(self) -> bool:
        """Tell whether something is listed under the selected result."""
        row = self.unfoldable
        return row is not None and self.answer is not None and RowKey.of(self.answer, row.hit) in self.unfolded

    @property
    def hides_passages(self) -> bool:
        """Tell whether further passages of its article are folded under the selected row."""
        row = self.unfoldable
        return row is not None and row is self.row and row.passages > 0 and not self.is_unfolded


def _left_at(left: Left, rows: tuple[Row, ...]) -> int:
    """Return the place of the passage at which a reader left, else of its article, else the first."""
    same = (place for place, row in enumerate(rows) if row.passage == left.passage)
    alike = (place for place, row in enumerate(rows) if row.hit.article.id == left.article)
    return next(chain(same, alike), 0)


def _place_of(old: Row, rows: tuple[Row, ...], otherwise: int) -> tuple[int, str]:
    """Return the place of a row's passage, else of its article, else another one, and what has become of it."""
    same = next((place for place, row in enumerate(rows) if row.passage == old.passage), None)
    if same is not None:
        return same, ""
    article = (place for place, row in enumerate(rows) if row.hit.article.id == old.hit.article.id)
    alike = next(article, None)
    if alike is not None:
        return alike, STANDS_FOR if rows[alike].kind == Kind.BEST else ""
    return min(otherwise, len(rows) - 1), GONE
