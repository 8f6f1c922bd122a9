"""Which way to the nearest passages is taken, by what each was measured to give and to cost when the index was made."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from archive.folder.settings import VectorSearch
from index.ann.measured import Measured
from index.lexical import UP

SMALL: Final = UP
"""Passages up to which ``auto`` tries Chroma: the size at which the word index moves on from rank-bm25, so that small
archives run on the two engines that people know. Reading every vector costs half a millisecond there."""
LEAST_RECALL: Final = 0.99
"""Share of the nearest that an index asked for by name has to find; chosen, not measured."""
MOST_SLOWER_MS: Final = 3.0
"""What Chroma may cost in a small archive beyond codes: a twentieth of what an answer may take to seem immediate."""

_MOST_ASKED: Final = 5_000  # passages; Chroma gives 10,000 at most, and of those some may be tombstoned


class Proposer(StrEnum):
    """What finds the nearest passages when many questions are asked; a single one is scored exactly, as it comes."""

    CODES = "codes"
    CHROMA = "chroma"


def wants_chroma(setting: VectorSearch, passages: int) -> bool:
    """Tell whether an index of so many passages is to be made in Chroma."""
    return passages > 0 and (setting == "chroma" or (setting == "auto" and passages <= SMALL))


def is_worth_keeping(setting: VectorSearch, measured: Measured, passages: int) -> bool:
    """Tell whether an index that was made is kept: one asked for by name where it finds nearly all of the nearest."""
    if setting == "chroma":
        return measured.recall >= LEAST_RECALL
    return proposer(measured, passages) is Proposer.CHROMA


def proposer(measured: Measured | None, passages: int) -> Proposer:
    """Return the way to take where many questions are asked.

    In a small archive that is Chroma where it misses nothing and is hardly slower; in a large one, where it is quicker:
    codes cost more with every passage, Chroma hardly does.

    Args:
        measured: of the Chroma index, None when there is none.
        passages: how many there are.
    """
    if measured is None:
        return Proposer.CODES
    if passages <= SMALL:
        good = measured.misses_nothing and not is_slow(measured, passages)
    else:
        good = measured.chroma_ms < coded_ms(measured, passages)
    return Proposer.CHROMA if good else Proposer.CODES


def deepest(measured: Measured | None, passages: int) -> int:
    """Return the most passages for which Chroma is asked; who needs more scores every passage.

    In a small archive it is asked because it misses nothing, which is known of so many alone.
    """
    return measured.depth if measured is not None and passages <= SMALL else _MOST_ASKED


def explained(
    setting: VectorSearch, measured: Measured | None, passages: int, *, is_kept: bool, is_ours: bool = True
) -> str:
    """Return what finds the nearest passages of an archive, and why, in sentences.

    Args:
        setting: of the archive.
        measured: of the Chroma index that was made, None when none was.
        passages: how many are indexed.
        is_kept: whether there is that index.
        is_ours: whether it was made here, since no other is opened.
    """
    if measured is not None and is_kept and is_ours and proposer(measured, passages) is Proposer.CHROMA:
        cost = f"{measured.chroma_ms:.1f} ms a question, {coded_ms(measured, passages):.1f} without"
        return (
            "A searcher that stays open (the terminal UI, a Python program after warm()) asks Chroma for candidates, "
            f"{deepest(measured, passages):,} at most, and scores them exactly ({cost}; {_found(measured)}). "
            "A single command scores every passage."
            f"{'' if wants_chroma(setting, passages) else _other(setting)}"
        )
    return f"Every passage is scored, Chroma is not asked: {_why_not(setting, measured, passages, is_ours)}."


def _other(setting: VectorSearch) -> str:
    return f' The settings have become vectors = "{setting}": from the next update on Chroma is not asked.'


def _found(measured: Measured) -> str:
    if measured.misses_nothing:
        return f"it missed none of the nearest passages in {measured.questions} questions"
    return f"it finds {measured.recall:.1%} of the nearest passages"


def _why_not(setting: VectorSearch, measured: Measured | None, passages: int, is_ours: bool) -> str:
    if measured is None or not is_ours:
        if wants_chroma(setting, passages):
            state = "its index is not made yet" if measured is None else "its index was not made here"
            return f"{state}, the next update or rebuild makes it"
        return "the settings say so" if setting == "exact" else f"there are more than {SMALL:,} passages"
    if passages <= SMALL and not measured.misses_nothing:
        missing = measured.questions - measured.complete
        return f"it missed some of the nearest passages in {missing} of {measured.questions} questions"
    if measured.recall < LEAST_RECALL:
        return f"it finds only {measured.recall:.0%} of the nearest passages"
    return f"it takes {measured.chroma_ms:.1f} ms a question, without it {coded_ms(measured, passages):.1f}"


def is_slow(measured: Measured, passages: int, most_slower_ms: float | None = None) -> bool:
    """Tell whether Chroma is so much slower than codes that a small archive does without."""
    most = MOST_SLOWER_MS if most_slower_ms is None else most_slower_ms
    return measured.chroma_ms > coded_ms(measured, passages) + most


def coded_ms(measured: Measured, passages: int) -> float:
    """Return what a question costs by codes."""
    return measured.coded_ms * passages / 1000
