"""What was measured of a Chroma index when it was made."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured when the Chroma index was made.

    Attributes:
        recall: mean share of the 100 nearest passages that are among Chroma's 100, of its own vectors or of questions
            about other things, whichever is less.
        ef_search: how wide Chroma searches for that.
        chroma_ms: what a question costs by Chroma.
        coded_ms: what a question costs by codes, for each thousand passages.
    """

    recall: float
    ef_search: int
    chroma_ms: float
    coded_ms: float
