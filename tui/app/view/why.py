"""Why a result is in an answer, and the sums of its score, as lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from archive.text.visible import visible_line

if TYPE_CHECKING:
    from index.search.answer import Answer, Hit, Leg

_CONFIDENCE: Final = {
    "strong": "The archive holds something about this.",
    "weak": "The archive holds little about this.",
}


def why_lines(answer: Answer, hit: Hit, sums: Sequence[str]) -> Iterator[str]:
    """Yield a hit's reason, its place in each ranking, and its score.

    Args:
        answer: it is in.
        hit: a result of the answer, or what was folded under one.
        sums: that make its score, to be added up by hand; none of what is only listed.
    """
    yield visible_line(hit.reason)
    yield ""
    if answer.mode != "semantic":
        yield _leg("By words", "score", hit.lexical)
    if answer.mode != "lexical":
        yield _leg("By meaning", "cosine", hit.semantic)
    if hit.reranked is not None:
        yield f"Reranked:    from place {hit.reranked.before:,}, score {hit.reranked.score:.4f}"
    if sums:
        yield ""
        yield from map(visible_line, sums)
    yield ""
    yield _CONFIDENCE.get(answer.confidence, "Nothing in the archive resembles this; these are the nearest.")


def _leg(name: str, measure: str, leg: Leg | None) -> str:
    place = "not found" if leg is None else f"place {leg.rank:,}, {measure} {leg.score:.4f}"
    return f"{name + ':':<12} {place}"
