"""The seam for a search engine that runs elsewhere: it proposes passages by identifier and says what it is able to do.

An engine elsewhere, a server for one, has its own copy of an archive's passages. Ordinals change with every rebuild, so
it names passages by their identifiers (16 hexadecimal digits), which do not. The archive finds these in the generation
in use (``index.ranking.engine_candidates``), scores them with its own indexes and checks every condition itself. An
engine may hold passages that are no longer there, or lack some: what it does not propose is not found, no more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from index.contracts.conditions import Condition
from index.contracts.engines import Floats, Weighted, WordStatistics
from index.contracts.options import Mode


@dataclass(frozen=True, slots=True)
class Abilities:
    """What an engine is able to do; the archive's own indexes do the rest, or the answer says that it was not done.

    Attributes:
        words: proposes passages by words.
        meaning: proposes passages by the vector of a question.
        phrases: obeys ``required`` and ``excluded``; of an engine that does not, more is fetched and checked here.
        vocabulary: gives ``WordStatistics``, with which ``sanct*`` and ``zelensky~`` are looked up.
        exact_scores: its scores are those that the archive's own engines give: BM25 of the same text analysis, cosines
            of the whole vectors. They count only where the archive cannot score a passage itself.
    """

    words: bool = False
    meaning: bool = False
    phrases: bool = False
    vocabulary: bool = False
    exact_scores: bool = False


@dataclass(frozen=True, slots=True)
class CandidateRequest:
    """A question, analysed.

    Attributes:
        mode: which legs are asked: ``LEXICAL`` for ``by_words``, ``SEMANTIC`` for ``by_meaning``, ``HYBRID`` for both.
        depth: how many passages each leg is to propose, if there are as many.
        terms: of words that score, with their weights.
        vector: of the question, a unit vector of shape ``(dimension,)``; None: nothing is asked by meaning.
        required: what must hold of the words of a passage's article, None for nothing; likewise ``excluded``, which
            must not.
        known: what else must hold of its article (outlet, date ...), None for nothing.
    """

    mode: Mode
    depth: int
    terms: tuple[Weighted, ...] = ()
    vector: Floats | None = None
    required: Condition | None = None
    excluded: Condition | None = None
    known: Condition | None = None


@dataclass(frozen=True, slots=True)
class ProposedPassages:
    """What one leg proposes, best first.

    Attributes:
        ids: identifiers of passages; fewer than were asked for says that there are no more.
        scores: of each, shape ``(len(ids),)``, descending: by words above 0, as BM25 is where a word is held, by
            meaning cosines, from -1 to 1. None where the engine has no such scores.
    """

    ids: Sequence[str] = ()
    scores: Floats | None = None


@dataclass(frozen=True, slots=True)
class Proposed:
    """What an engine proposes for a request; a leg that was not asked for is empty."""

    by_words: ProposedPassages = ProposedPassages()
    by_meaning: ProposedPassages = ProposedPassages()


class CandidateEngine(Protocol):
    """A search engine elsewhere. Safe to share between threads; whoever opened it closes it.

    Where it raises an error of any kind, or gives what it should not, the archive answers in its place and says why.
    """

    @property
    def name(self) -> str:
        """Return what people call it."""

    @property
    def abilities(self) -> Abilities:
        """Return what it is able to do; the same whenever it is asked."""

    def candidates(self, request: CandidateRequest) -> Proposed:
        """Propose passages for a question.

        Raises:
            ArchiveError: it cannot be reached or cannot answer, in a sentence that people are told.
        """

    def statistics(self) -> WordStatistics:
        """Return the words it holds; called only of an engine with the ability ``vocabulary``.

        It is asked where the archive's own word index cannot be used, when a word is first looked up.
        """
