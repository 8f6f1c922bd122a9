"""What was measured of a Chroma index when it was made."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured when the Chroma index was made, whether it was kept or not.

    Attributes:
        recall: mean share of the ``depth`` nearest passages that are among the candidates, of its own vectors or of
            questions about other things, whichever is less.
        ef_search: how wide Chroma searches for that.
        chroma_ms: what a question costs at the median by Chroma, exact scoring of its candidates counted.
        coded_ms: what a question costs by codes, for each thousand passages.
        questions: how many were asked, of both kinds.
        complete: of how many of them all of the ``depth`` nearest passages were among the candidates.
        vectors: how many different ones the index holds.
        passages: how many there were, all of which have one of them.
        depth: how many of the nearest were looked for; indexes made before it was recorded were asked for a hundred.
    """

    recall: float
    ef_search: int
    chroma_ms: float
    coded_ms: float
    questions: int
    complete: int
    vectors: int
    passages: int
    depth: int = 100

    @property
    def misses_nothing(self) -> bool:
        """Tell whether the candidates held all of the nearest, of every question."""
        return self.complete == self.questions
