"""How things stand between the UI and the archive, and what the user is told about it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tui.app import notices
from tui.app.notices import Notice
from tui.formats import plural
from tui.formats.remedies import advised
from tui.session.keyed import Keyed
from tui.session.request import ORDERS, ModeName
from tui.session.session import Session

if TYPE_CHECKING:
    from index.contracts.options import Confidence
    from index.search.answer import Answer, Totals


@dataclass(frozen=True, slots=True)
class AppState:
    """What is known besides the answer.

    Attributes:
        trouble: why there is no archive or no answer, None when all is well.
        opened: an index is open.
        empty: the archive holds no articles.
        ready: the query encoder is loaded; None while it is being loaded, False when it cannot be.
        behind: articles added or changed since the index was built.
        newer: number of a newer index.
        slow_work: what is being done that takes long, in words.
        archive: the folder, where it is known, so that what is to be typed names it.
        collection: all that the index holds, once it is counted.
        news: how many articles are new of saved questions.
        work: what is being added, in a line; until that is done, nobody needs to be told that the index is behind.
    """

    trouble: Notice | None = None
    opened: bool = False
    empty: bool = False
    ready: bool | None = None
    behind: int = 0
    newer: int | None = None
    slow_work: str = ""
    archive: Path | None = None
    collection: Totals | None = None
    news: int = 0
    work: str = ""

    def notice(self, session: Session) -> Notice | None:
        """Return what to show in place of results, None when there are results to show."""
        if self.trouble is not None:
            return self.trouble
        if not self.opened:
            return notices.OPENING
        if self.empty:
            return notices.empty(self.archive)
        if session.is_old and session.request.mode == "semantic" and self.ready is False:
            return notices.NO_MODEL
        return None if session.rows else self._without_rows(session)

    def _without_rows(self, session: Session) -> Notice:
        request, answer = session.request, session.answer
        if request.is_blank:
            return notices.WELCOME
        if request.asked is None:
            return notices.HALF_WRITTEN
        if request.mode == "semantic" and not self.ready:
            return notices.WARMING if self.ready is None else notices.NO_MODEL
        if answer is None or session.is_old:
            return notices.SEARCHING
        return notices.nothing_yet(request.text) if request.typing else self._nothing(session, answer)

    def _nothing(self, session: Session, answer: Answer) -> Notice:
        request = session.request
        if notices.NONE_MEETS in answer.notes:
            return notices.NARROWED_TO_NOTHING if request.narrowing.chips else notices.NOTHING_MEETS
        if request.nearest:
            return notices.NOT_EVEN_NEAR
        if request.mode == "hybrid" and answer.mode == "lexical" and self.ready is None:
            return notices.NOT_YET
        if answer.mode == "lexical" and answer.confidence_score is None:
            return notices.NOTHING_LEXICAL
        return notices.nothing(_holding(session))

    def warnings(self, session: Session) -> tuple[str | Keyed, ...]:
        """Return what the user should know although there may be results."""
        lines: list[str | Keyed] = [self.slow_work] if self.slow_work else []
        if (answer := session.answer) is not None and not session.is_old:
            typing = session.request.typing  # the notes are about a word that is still being written
            notes = () if typing else tuple(note for note in answer.notes if note != notices.NONE_MEETS)
            lines += [*map(advised, answer.degraded), *notes]
        if self.work:
            lines.append(self.work)
        elif self.newer is not None:
            lines.append(notices.newer(self.newer))
        elif self.behind:
            lines.append(notices.behind(self.behind))
        if self.news:
            lines.append(notices.news(self.news))
        return tuple(lines)

    def status(self, session: Session) -> tuple[str, ...]:
        """Return the parts of the status line, what matters most first."""
        if self.trouble is not None:
            return (self._mode(session.request.mode),)
        request = session.request
        order = "" if request.order == ORDERS[0] else f"{request.order} first"
        asked = order, self._mode(request.mode), f"by {request.group}"
        answer, row = session.answer, session.row
        if answer is None or row is None:
            return asked
        if session.is_old:
            return (_old(session), *asked)
        found = f"{row.rank} of {counted(session.results, answer.group, more=session.may_go_on)}"
        unsure = _doubt(answer.confidence) if answer.confidence != "strong" else ""
        took = "" if session.said else f"{answer.took_ms:.0f} ms"
        return session.said, found, _progress(session), unsure, *asked, took  # said is never left out

    def header(self, session: Session) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the parts of the top line: which archive this is, and what the question on the screen narrows."""
        name, held = "" if self.archive is None else self.archive.name, self.collection
        archive = ("Morgue", name) if held is None else ("Morgue", name, plural.counted(held.articles, "article"))
        span = "" if held is None or held.first is None else f"{held.first} to {held.last}"
        answer = session.answer
        if answer is None or session.is_old:
            return (*archive, span), ()
        narrows = " ".join(_conditions(answer))
        total = "" if answer.totals is None else plural.counted(answer.totals.articles, "article")
        return (*archive, span), (f"only {narrows}" if narrows else "", total)

    def title(self, session: Session, total: str, matches: str = "") -> str:
        """Return the title of the list.

        Args:
            session: whose rows are listed.
            total: how many there are, as far as that is known; the place of the selected row is told among them.
            matches: how much matches, where that is not shown elsewhere.
        """
        if session.row is None:
            return "Results"
        if session.is_old:
            return "Old results"
        return " · ".join(filter(None, (f"Results {session.row.rank}/{total}", matches)))

    def _mode(self, mode: ModeName) -> str:
        named = notices.MODES[mode]
        if mode == "lexical" or self.ready or not self.opened:
            return named
        return f"{named}: model loading" if self.ready is None else f"{named}: no model, words only"


def _holding(session: Session) -> int:
    """Return how many articles hold a word of the question, as far as they are counted."""
    counts = session.counts
    known = counts is not None and not session.counts_are_old and counts.totals.basis == "words"
    return counts.totals.articles if counts is not None and known else 0


def _conditions(answer: Answer) -> Iterator[str]:
    """Yield the conditions of a question as they can be typed: names and dates."""
    from index.contracts.conditions import Dated, Named

    yield from (str(item) for item in answer.query.items if isinstance(item.what, Named | Dated))


def counted(count: int, group: str, *, more: bool) -> str:
    """Say how many results there are, and whether there may be more."""
    return f"{count}{'+' if more else ''} {group}{'' if count == 1 and not more else 's'}"


def _progress(session: Session) -> str:
    """Say what is still to come to rows that answer the question."""
    if session.shown is not None and not session.shown.whole:
        return "by words, meaning follows …"
    return "more …" if session.waiting else ""


def _old(session: Session) -> str:
    """Say what the rows answer, where that is not what stands in the line, and why."""
    shown = session.shown
    assert shown is not None
    why = "searching …" if session.waiting else "nothing yet" if session.unanswered else "go on writing"
    asked = f"“{shown.request.put}”"
    return f"{why} · old rows, of {asked}"


def _doubt(confidence: Confidence) -> str:
    return "weak matches" if confidence == "weak" else "nothing resembles it; the nearest"
