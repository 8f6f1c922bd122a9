"""Questions on their way: numbered, so that a late answer to an old question is never drawn."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, Literal, get_args

ModeName = Literal["hybrid", "lexical", "semantic"]
"""A mode by name, since importing ``index.Mode`` loads numpy; help and the first picture do not wait for that."""

GroupName = Literal["passage", "article"]
"""What a row stands for, by name; stories are left out until there are any."""

FIRST_PAGE: Final = 20  # results: more than a high screen shows; chosen, not measured
AT_ONCE_MS: Final = 40.0  # a hybrid answer this quick is not preceded by a lexical one; chosen, not measured
MODES: Final[tuple[ModeName, ...]] = get_args(ModeName)
GROUPS: Final[tuple[GroupName, ...]] = get_args(GroupName)


@dataclass(frozen=True, slots=True)
class Request:
    """One question with all that shapes its answer.

    Attributes:
        number: grows with every request; only the newest is drawn.
        group: what a row stands for.
        k: how many results are wanted.
        nearest: show the nearest passages even when nothing resembles the question.
        expand: look for likely spellings of words that the archive hardly holds too.
        keep: stay on the selected passage (more results, another mode, a newer index).
    """

    number: int = 0
    text: str = ""
    mode: ModeName = "hybrid"
    group: GroupName = "passage"
    k: int = FIRST_PAGE
    nearest: bool = False
    expand: bool = True
    keep: bool = False

    def retyped(self, text: str) -> Request:
        """Ask something else, from the first page."""
        return replace(self, number=self.number + 1, text=text, k=FIRST_PAGE, nearest=False, keep=False)

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

    def all_the_same(self) -> Request:
        """Ask for the nearest passages although nothing resembles the question."""
        return replace(self.again(), nearest=True)

    def with_spellings_turned(self) -> Request:
        """Ask the same with other spellings, or without where it was with them."""
        return replace(self.again(), expand=not self.expand)

    def deeper(self) -> Request:
        """Ask for twice as many results."""
        return replace(self.again(), k=2 * self.k)


def stages(mode: ModeName, ready: bool, pace_ms: float) -> tuple[ModeName, ...]:
    """Return the modes in which to answer, one after the other.

    Words come first because they need no model. When the hybrid answer takes no longer than a blink (``pace_ms``,
    what the last one took), the lexical one is left out so that the list does not change twice a keystroke.
    """
    if mode == "hybrid":
        if not ready:
            return ("lexical",)
        return ("hybrid",) if pace_ms <= AT_ONCE_MS else ("lexical", "hybrid")
    if mode == "semantic" and not ready:
        return ()
    return (mode,)
