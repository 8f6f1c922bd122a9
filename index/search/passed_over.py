"""Passages that answer and are not quoted, because their text is not what was written or not there any more."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from archive.catalog.reading import Withheld
from archive.core.errors import Action, Advice, Damaged, Remedy

_WHY: Final = {
    Withheld.DAMAGED: (
        "The text of {} does not hold what was written and is not quoted.",
        Remedy(Action.REPAIR),
    ),
    Withheld.GONE: (
        "The text of {} is not in the catalog any more and cannot be quoted.",
        Remedy(Action.UPDATE),
    ),
    Withheld.REMOVED: (
        "The text of {} was removed since the index was made and is not quoted.",
        Remedy(Action.UPDATE),
    ),
}


class PassedOver:
    """Collects the articles of passages that could not be quoted, and says so in sentences. Safe from any thread."""

    def __init__(self) -> None:
        self._articles: dict[Withheld, set[str]] = {why: set() for why in Withheld}

    def note(self, article_id: str, why: Withheld) -> None:
        """Take down that a passage of an article is not quoted."""
        self._articles[why].add(article_id)

    @property
    def sentences(self) -> tuple[str, ...]:
        """Return how many articles were passed over and what to do; empty when none was."""
        return tuple(self._sentences())

    def require(self, hits: int) -> None:
        """Refuse to give an empty answer for the reason that its texts are damaged.

        Raises:
            Damaged: there are no hits, and some would be there if their texts held what was written.
        """
        if not hits and self._articles[Withheld.DAMAGED]:
            what, remedy = _WHY[Withheld.DAMAGED]
            raise Damaged(what.format(self._count(Withheld.DAMAGED)), remedy=remedy)

    def _sentences(self) -> Iterator[str]:
        for why, (what, remedy) in _WHY.items():
            if self._articles[why]:
                yield Advice(what.format(self._count(why)), remedy)

    def _count(self, why: Withheld) -> str:
        count = len(self._articles[why])
        return "1 article that answers" if count == 1 else f"{count:,} articles that answer"
