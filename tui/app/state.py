"""How things stand between the UI and the archive, and what the user is told about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tui.app import notices
from tui.app.notices import Notice
from tui.formats.remedies import advised
from tui.session.request import ModeName, Request

if TYPE_CHECKING:
    from index.contracts.options import Confidence
    from index.search.answer import Answer


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
    """

    trouble: Notice | None = None
    opened: bool = False
    empty: bool = False
    ready: bool | None = None
    behind: int = 0
    newer: int | None = None
    slow_work: str = ""

    def notice(self, request: Request, answer: Answer | None) -> Notice | None:
        """Return what to show in place of results, None when there are results to show."""
        if self.trouble is not None:
            return self.trouble
        if not self.opened:
            return notices.OPENING
        if self.empty:
            return notices.EMPTY
        if not request.text.strip():
            return notices.WELCOME
        if answer is None:
            return notices.WARMING if request.mode == "semantic" and self.ready is None else notices.SEARCHING
        return None if answer.hits else self._nothing(request, answer)

    def _nothing(self, request: Request, answer: Answer) -> Notice:
        if request.nearest:
            return notices.NOT_EVEN_NEAR
        if request.mode == "hybrid" and answer.mode == "lexical" and self.ready is None:
            return notices.NOT_YET
        return notices.NOTHING_LEXICAL if answer.mode == "lexical" else notices.NOTHING

    def warnings(self, answer: Answer | None) -> tuple[str, ...]:
        """Return what the user should know although there may be results."""
        lines = [self.slow_work] if self.slow_work else []
        if answer is not None:
            lines += [*map(advised, answer.degraded), *answer.notes]
        if self.newer is not None:
            lines.append(notices.newer(self.newer))
        elif self.behind:
            lines.append(notices.behind(self.behind))
        return tuple(lines)

    def status(self, request: Request, answer: Answer | None, place: int) -> tuple[str, ...]:
        """Return the parts of the status line; ``place`` is the selected result's rank."""
        asked = self._mode(request.mode), f"by {request.group}"
        if answer is None or not answer.hits:
            return asked
        more = "+" if len(answer.hits) >= request.k else ""
        unsure = answer.confidence != "strong"
        return (
            *asked,
            f"{place} of {len(answer.hits)}{more}",
            _doubt(answer.confidence) if unsure else "",
            f"{answer.took_ms:.0f} ms",
        )

    def _mode(self, mode: ModeName) -> str:
        if mode == "lexical" or self.ready or not self.opened:
            return mode
        return f"{mode}: model loading" if self.ready is None else f"{mode}: no model, words only"


def _doubt(confidence: Confidence) -> str:
    return "weak matches" if confidence == "weak" else "nothing resembles it; the nearest"
