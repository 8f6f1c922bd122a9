"""Which way to the nearest passages is quicker, by what each was measured to cost when the index was made."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from archive.settings import Chroma
from index.manifest import Measured

LARGE: Final = 200_000


class Proposer(StrEnum):
    """What finds the nearest passages when many questions are asked; a single one is scored exactly, as it comes."""

    CODES = "codes"
    CHROMA = "chroma"


def wanted(setting: Chroma, passages: int, previous: bool | None) -> bool:
    """Tell whether a build makes a Chroma index, or keeps the one there is.

    ``auto`` makes one from 200,000 passages on, where it begins to be quicker than codes; an index that grows stays
    with what it has until it is made anew.

    Args:
        setting: of the archive.
        passages: how many there are.
        previous: whether the index before was to have one; None when everything is made anew.
    """
    if setting != "auto":
        return setting
    return passages >= LARGE if previous is None else previous


def quicker(measured: Measured | None, passages: int) -> Proposer:
    """Return the quicker way: codes cost more with every passage, Chroma hardly does.

    Args:
        measured: of the Chroma index, None when there is none.
        passages: how many there are.
    """
    if measured is None or measured.coded_ms * passages / 1000 <= measured.chroma_ms:
        return Proposer.CODES
    return Proposer.CHROMA
