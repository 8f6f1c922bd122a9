"""The words of an engine elsewhere, for as long as it tells them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from archive.core.forking import cached_property
from index.contracts.candidate_engine import CandidateEngine
from index.contracts.conditions import Field, Term
from index.contracts.engines import Table, WordStatistics
from index.ranking.engine_candidates import plainly

Found = TypeVar("Found")


class EngineWords:
    """Asks an engine for its words when one is first looked up; an engine that failed is not asked again.

    Attributes:
        failures: in sentences, for whoever asks.
    """

    def __init__(self, engine: CandidateEngine) -> None:
        self._engine = engine
        self.failures: tuple[str, ...] = ()

    @property
    def usable(self) -> WordStatistics | None:
        """Return what tells the words, None where it failed."""
        return None if self.failures else self

    def size(self, table: Table) -> int:
        """Return how many documents there are; none after a failure, here as in what follows."""
        return self._told(lambda words: int(words.size(table)), 0)

    def document_frequency(self, table: Table, term: Term) -> int:
        """Return how many documents of the table hold the term."""
        return self._told(lambda words: int(words.document_frequency(table, term)), 0)

    def words(self, table: Table, field: Field, beginning: str, most: int | None = None) -> list[tuple[str, int]]:
        """Return the tokens that start with ``beginning``, with how many documents hold each."""
        return self._told(
            lambda words: [(str(word), int(count)) for word, count in words.words(table, field, beginning, most)], []
        )

    @cached_property
    def _words(self) -> WordStatistics:
        return self._engine.statistics()

    def _told(self, ask: Callable[[WordStatistics], Found], nothing: Found) -> Found:
        if self.failures:
            return nothing
        try:
            return ask(self._words)
        except Exception as error:
            self.failures = (f"The words of {self._engine.name} were not looked up: {plainly(error)}",)
            return nothing
