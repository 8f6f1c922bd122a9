"""Why a passage is in the answer, in one line of plain words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from index.contracts.highlights import Highlight
from index.search.answer import Leg, Reranked

_MOST_WORDS: Final = 6  # of a reason, so that it fits a line; chosen, not measured


def reason(
    text: str, highlights: Sequence[Highlight], lexical: Leg | None, semantic: Leg | None, phrase: str = ""
) -> str:
    """Say what matched and where the passage stands in each leg.

    Args:
        text: the passage.
        highlights: matches in it.
        lexical: its place in the lexical leg, None where it has none.
        semantic: its place in the semantic leg, likewise.
        phrase: where the phrase asked for stands, if not in the passage.
    """
    if lexical is None and semantic is None:
        return "meets the conditions"
    matched = _distinct(text[mark.start : mark.end] for mark in highlights)
    if matched:
        said = "matches " + ", ".join(f"“{word}”" for word in matched[:_MOST_WORDS])
        said += f" and {len(matched) - _MOST_WORDS} more" if len(matched) > _MOST_WORDS else ""
    else:
        said = "its article matches" if lexical is not None else "no word in common, near in meaning"
    return "; ".join([said, *filter(None, [phrase]), *_places(lexical, semantic)])


def beside(begins_before: bool, goes_on: bool) -> str:
    """Say where the rest of a phrase stands of which a passage has a part."""
    if begins_before and goes_on:
        return "the phrase begins in the passage before and goes on in the next"
    if goes_on:
        return "the phrase goes on in the next passage"
    return "the phrase begins in the passage before" if begins_before else "the phrase reaches into a passage beside it"


ELSEWHERE: Final = "the phrase stands elsewhere in its article"


def reranking(reranked: Reranked) -> str:
    """Say where a hit stood before it was reranked, and what it was given."""
    return f"{_ordinal(reranked.before)} before reranking; reranker {reranked.score:.2f}"


def _places(lexical: Leg | None, semantic: Leg | None) -> list[str]:
    places = []
    if lexical is not None:
        places.append(f"{_ordinal(lexical.rank)} by words")
    if semantic is not None:
        places.append(f"{_ordinal(semantic.rank)} by meaning (cosine {semantic.score:.2f})")
    return places


def _ordinal(rank: int) -> str:
    teen = rank % 100 in (11, 12, 13)
    return f"{rank}{'th' if teen else {1: 'st', 2: 'nd', 3: 'rd'}.get(rank % 10, 'th')}"


def _distinct(words: Iterable[str]) -> list[str]:
    seen: dict[str, str] = {}
    for word in words:
        seen.setdefault(word.casefold(), word)
    return list(seen.values())
