"""Which way to the nearest passages is quicker, by what each was measured to cost when the index was made."""

from __future__ import annotations

from enum import StrEnum

from index.ann.measured import Measured


class Proposer(StrEnum):
    """What finds the nearest passages when many questions are asked; a single one is scored exactly, as it comes."""

    CODES = "codes"
    CHROMA = "chroma"


def quicker(measured: Measured | None, passages: int) -> Proposer:
    """Return the quicker way: codes cost more with every passage, Chroma hardly does.

    Args:
        measured: of the Chroma index, None when there is none.
        passages: how many there are.
    """
    if measured is None or measured.coded_ms * passages / 1000 <= measured.chroma_ms:
        return Proposer.CODES
    return Proposer.CHROMA
