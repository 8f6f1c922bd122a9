"""Ranking in one generation, as deep as an answer needs; Chroma proposes where that is quicker, until it fails."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from archive.errors import ArchiveError, Damaged
from index import grouping
from index.answer import Mode
from index.arithmetic import Arithmetic
from index.candidates import Question, Ranking
from index.generation import CHROMA, Generation
from index.parts import Parts
from index.plan import LexicalPlan
from index.ranking import Ordinals
from index.retrieval import DEPTH, Retriever
from index.vectors.coded import CodedIndex
from index.vectors.planner import Proposer, quicker

_DEEPER: Final = 4


class Ranker:
    """Ranks in one generation; safe to share between threads.

    Args:
        generation: that is held.
        parts: of it, open.

    Attributes:
        degraded: what cannot be used, in sentences.
    """

    def __init__(self, generation: Generation, parts: Parts) -> None:
        self._held = generation
        self._parts = parts
        self._retriever = Retriever(parts.columns, parts.lexical, parts.vectors, base=generation.manifest.vectors.base)
        self.degraded = parts.degraded

    @property
    def proposes(self) -> bool:
        """Tell whether Chroma proposes what is scored."""
        return self._retriever.proposer is not None

    def warm(self, proposer: Proposer | None = None) -> None:
        """Make ready what finds the nearest soonest; ``proposer`` says what that is, by default what was measured."""
        assert self._parts.vectors is not None
        chosen = proposer or quicker(self._held.manifest.vectors.measured, self._parts.columns.passages)
        if chosen == Proposer.CHROMA and not self.proposes:
            self._open_chroma()
        if not self.proposes and not isinstance(self._retriever.cosines, CodedIndex):
            self._retriever.cosines = CodedIndex(self._parts.vectors)

    def deep(self, question: Question, k: int, nearest: bool) -> tuple[int, Ranking]:
        """Rank as deep as it takes until ``k`` rows answer or nothing more does; return that depth too.

        A leg that could go deeper has brought at least ``depth`` passages that answer, so fewer are all there are.
        """
        depth, columns = max(DEPTH, 10 * k), self._parts.columns
        while True:
            ranking = self.rank(question, depth)
            found = self.answering(ranking, nearest).passages
            everything = question.lists or len(found) < depth or depth >= columns.passages
            if everything or grouping.count(grouping.keys(columns, question.group, found)) >= k:
                return depth, ranking
            depth *= _DEEPER

    def rank(self, question: Question, depth: int) -> Ranking:
        """Rank at one depth; a Chroma index that fails is not asked again."""
        try:
            return self._retriever.rank(question, depth)
        except Damaged as error:
            if not self.proposes:
                raise
            self._without_chroma(error)
            return self._retriever.rank(question, depth)

    def answering(self, ranking: Ranking, nearest: bool) -> Ranking:
        """Return what answers: all of it where the ``nearest`` are wanted whatever they are."""
        if nearest:
            return ranking
        scale = self._held.manifest.scales.get(Mode.SEMANTIC)
        return ranking.hits(scale.near if scale else -1.0)

    def arithmetic(self, question: Question, passages: Sequence[int], depth: int) -> tuple[Arithmetic, ...]:
        """Return what the scores of passages are made of; ``question`` and ``depth`` as they were ranked."""
        return self._retriever.arithmetic(question, passages, depth)

    def copies(self, plan: LexicalPlan, passage: int) -> Ordinals:
        """Return the passages that meet the conditions and have the words of one, without it."""
        return self._retriever.copies(plan, passage)

    def unmet(self, plan: LexicalPlan) -> tuple[str, ...]:
        """Say so, in sentences, when no article meets the conditions."""
        return self._retriever.unmet(plan)

    def close(self) -> None:
        """Let go of Chroma's index."""
        if self._retriever.proposer is not None:
            self._retriever.proposer.close()

    def _open_chroma(self) -> None:
        """Open a private copy of the Chroma index; without it, everything is scored exactly."""
        from index.vectors.chroma import EF_SEARCH, ChromaIndex

        vectors = self._held.manifest.vectors
        if not vectors.base or CHROMA in self._held.bad:
            return
        try:
            width = vectors.measured.ef_search if vectors.measured else EF_SEARCH
            self._retriever.proposer = ChromaIndex(self._held.folder / CHROMA, width)
        except (ArchiveError, OSError) as error:
            self._without_chroma(error)

    def _without_chroma(self, error: Exception) -> None:
        broken, self._retriever.proposer = self._retriever.proposer, None
        if broken is not None:
            broken.close()
        self.degraded = (*self.degraded, f"Chroma is not used ({error}); vectors are scored exactly.")
