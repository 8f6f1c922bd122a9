"""Questions on their way: numbered, so that a late answer to an old question is never drawn."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, Literal, get_args

from tui.session.narrowing import NOTHING, Narrowing
from tui.session.typed import as_asked, being_written

ModeName = Literal["hybrid", "lexical", "semantic"]
"""A mode by name, since importing ``index.Mode`` loads numpy; help and the first picture do not wait for that."""

GroupName = Literal["article", "passage"]
"""What a row stands for, by name; stories are left out until there are any."""

OrderName = Literal["best", "newest", "oldest"]
"""Which row comes first, by name."""

FIRST_PAGE: Final = 20  # results: more than a high screen shows; chosen, not measured
LAST_PAGE: Final = 1_000  # results that "last" fetches at once: more than anybody reads; chosen, not measured
AT_ONCE_MS: Final = 40.0  # a hybrid answer this quick is not preceded by a lexical one; chosen, not measured
MODES: Final[tuple[ModeName, ...]] = get_args(ModeName)
GROUPS: Final[tuple[GroupName, ...]] = get_args(GroupName)
ORDERS: Final[tuple[OrderName, ...]] = get_args(OrderName)


@dataclass(frozen=True, slots=True)
class Question:
    """All that decides which rows answer; two requests with equal questions have the same rows, one perhaps more."""

    text: str | None
    mode: ModeName
    group: GroupName
    nearest: bool
    expand: bool
    narrowing: tuple[str, ...]
    order: OrderName


@dataclass(frozen=True, slots=True)
class Request:
    """One question with all that shapes its answer.

    Attributes:
        number: grows with every request; only the newest is drawn.
        text: the question as written.
        typing: its last word is still being written.
        group: what a row stands for.
        k: how many results are wanted.
        nearest: show the nearest passages even when nothing resembles the question.
        expand: look for likely spellings of words that the archive hardly holds too.
        narrowing: what narrows it, besides what is written.
        order: which row comes first.
        keep: it is the same text asked again (whole, for more results, in another mode, narrowed, of a newer index), so
            that the selected passage stays, and half an answer is of no use.
    """

    number: int = 0
    text: str = ""
    typing: bool = False
    mode: ModeName = "hybrid"
    group: GroupName = "article"
    k: int = FIRST_PAGE
    nearest: bool = False
    expand: bool = True
    narrowing: Narrowing = NOTHING
    order: OrderName = "best"
    keep: bool = False

    @property
    def asked(self) -> str | None:
        """Return what is put to the archive: what is written, or, while typing, its last word as a beginning."""
        return as_asked(self.text) if self.typing else self.text

    @property
    def question(self) -> Question:
        """Return what decides about the rows; how many spaces stand between words does not."""
        asked = self.asked
        text = None if asked is None else " ".join(asked.split())
        expand = self.expand and not self.typing
        return Question(text, self.mode, self.group, self.nearest, expand, self.narrowing.texts, self.order)

    @property
    def counted(self) -> Question:
        """Return what decides about all that matches, whatever is listed of it and how."""
        return replace(self.question, group="article", nearest=False, order="best")

    @property
    def is_blank(self) -> bool:
        """Tell whether nothing is asked: nothing is written, and nothing narrows it."""
        return not self.text.strip() and not self.narrowing.chips

    @property
    def written(self) -> str:
        """Return what is asked, with all that narrows it, as it can be typed; the same that an answer's query has."""
        return self.narrowing.written(self.text.strip())

    @property
    def put(self) -> str:
        """Return what is put to the archive, with all that narrows it: half a word with its star."""
        return self.narrowing.written((self.asked or "").strip())

    def retyped(self, text: str) -> Request:
        """Ask something else, from the first page."""
        written = replace(self, number=self.number + 1, text=text, typing=being_written(text))
        return replace(written, k=FIRST_PAGE, nearest=False, keep=False)

    def finished(self) -> Request:
        """Ask exactly what is written."""
        return replace(self.again(), typing=False)

    def again(self) -> Request:
        """Ask the same once more, staying on the selected passage."""
        return replace(self, number=self.number + 1, keep=True)

    def in_next_mode(self) -> Request:
        """Ask the same in the next mode."""
        mode = MODES[(MODES.index(self.mode) + 1) % len(MODES)]
        return replace(self.again(), mode=mode, nearest=False)

    def in_next_group(self) -> Request:
        """Ask the same, from the first page, with rows that stand for something else."""
        group = GROUPS[(GROUPS.index(self.group) + 1) % len(GROUPS)]
        return replace(self.again(), group=group, k=FIRST_PAGE)

    def in_next_order(self) -> Request:
        """Ask the same, from the first page, in another order."""
        order = ORDERS[(ORDERS.index(self.order) + 1) % len(ORDERS)]
        return replace(self.again(), order=order, k=FIRST_PAGE)

    def narrowed(self, narrowing: Narrowing) -> Request:
        """Ask the same, from the first page, narrowed by this and nothing else."""
        return replace(self.again(), narrowing=narrowing, k=FIRST_PAGE, nearest=False)

    def all_the_same(self) -> Request:
        """Ask for the nearest passages although nothing resembles the question."""
        return replace(self.again(), nearest=True)

    def with_spellings_turned(self) -> Request:
        """Ask the same with other spellings, or without where it was with them."""
        return replace(self.again(), expand=not self.expand)

    def deeper(self) -> Request:
        """Ask for twice as many results."""
        return replace(self.again(), k=2 * self.k)

    def to_the_end(self) -> Request:
        """Ask for as many results as anybody goes through, at least twice as many."""
        return replace(self.again(), k=max(2 * self.k, LAST_PAGE))


def stages(mode: ModeName, ready: bool, pace_ms: float, *, at_once: bool = False) -> tuple[ModeName, ...]:
    """Return the modes in which to answer, one after the other.

    Words come first because they need no model. When the hybrid answer takes no longer than a blink (``pace_ms``,
    what the last one took), the lexical one is left out so that the list does not change twice a keystroke; so it is
    where rows are on the screen that only the whole answer may change (``at_once``).
    """
    if mode == "hybrid":
        if not ready:
            return ("lexical",)
        return ("hybrid",) if at_once or pace_ms <= AT_ONCE_MS else ("lexical", "hybrid")
    if mode == "semantic" and not ready:
        return ()
    return (mode,)
