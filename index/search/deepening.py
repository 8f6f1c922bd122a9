"""Ranking in one generation as deep as an answer needs, by what finds the nearest soonest there."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from archive.core.article import Source
from index.ann.candidates import Proposals
from index.ann.choice import Proposer, deepest, proposer
from index.contracts.arrays import load
from index.contracts.candidate_engine import Abilities, CandidateEngine
from index.contracts.options import Mode
from index.contracts.recipe import Tuning
from index.generations.agreement import partly_covered
from index.generations.generation import CHROMA, Generation
from index.generations.open import SLOTS, Parts
from index.query.vocabulary import Vocabulary
from index.ranking import grouping
from index.ranking.article_values import ArticleValues
from index.ranking.candidates import DEEPER, Question, Ranking
from index.ranking.confidence import least_near
from index.ranking.engine_words import EngineWords
from index.ranking.matches import Matches
from index.ranking.retrieve import Retriever
from index.ranking.scoring import Divided
from index.vectors.int8 import CodedIndex


class Ranker:
    """Ranks in one generation; safe to share between threads.

    Args:
        generation: that is held.
        parts: of it, open.
        tuning: of the ranking.
        engine: elsewhere, that proposes passages; None where the archive's own indexes do.
        sources: returns what was added to the archive.
        divided: returns the passages of an article that hold parts of phrases; None: nobody can tell.

    Attributes:
        proposals: of candidates by meaning; none before ``warm``.
        retriever: ranks at one depth.
        vocabulary: the words of the archive's own index, of the engine where there is none that can be used.
        values: what is known of the articles.
        passages: how many can be found; ``covered`` of them have a vector, None where all have.
        partial: the sentence of that.
    """

    def __init__(
        self,
        generation: Generation,
        parts: Parts,
        tuning: Tuning,
        engine: CandidateEngine | None,
        sources: Callable[[], Sequence[Source]],
        divided: Divided | None = None,
    ) -> None:
        vectors = generation.manifest.vectors
        usable = vectors.base > 0 and CHROMA not in generation.bad
        self._measured = vectors.measured if usable else None
        self.passages = generation.manifest.passages
        self.covered = vectors.covered
        self.partial = partly_covered(generation.manifest)
        self._scales = generation.manifest.scales
        self._parts = parts
        self._engine = engine
        self._depth = tuning.candidates
        self._coded: CodedIndex | None = None
        self._words = words = EngineWords(engine) if engine is not None and self._able.vocabulary else None
        self.vocabulary = Vocabulary(parts.lexical, lambda: words and words.usable)  # not of self: see Searcher
        self.proposals = Proposals(
            generation.folder / CHROMA if usable else None,
            lambda: load(generation.folder / SLOTS)[: vectors.base],
            self._measured.ef_search if self._measured else None,
        )
        self.values = ArticleValues(parts.columns, sources)
        self.retriever = Retriever(
            parts.columns,
            parts.lexical,
            None if parts.vectors is None else parts.of_all(parts.vectors),
            self.proposals,
            vectors.base,
            deepest(self._measured, generation.manifest.passages),
            tuning,
            engine,
            self.values,
            divided,
        )

    @property
    def counts_words(self) -> bool:
        """Tell whether all that matches by words can be found here."""
        return self._parts.lexical is not None

    @property
    def is_partial(self) -> bool:
        """Tell whether passages still lack their vectors."""
        return self.covered is not None

    @property
    def by_words(self) -> bool:
        """Tell whether passages can be found by words."""
        return self._parts.lexical is not None or self._able.words

    @property
    def by_meaning(self) -> bool:
        """Tell whether passages can be found by meaning."""
        return self._parts.vectors is not None or self._able.meaning

    @property
    def checks_words(self) -> bool:
        """Tell whether phrases and words behind ``+`` and ``-`` are obeyed."""
        return self._parts.lexical is not None or self._able.phrases

    @property
    def _able(self) -> Abilities:
        return Abilities() if self._engine is None else self._engine.abilities

    @property
    def degraded(self) -> tuple[str, ...]:
        """Return what cannot be used, in sentences."""
        return (*self._parts.degraded, *self.proposals.failures, *(self._words.failures if self._words else ()))

    def way(self, ranking: Ranking) -> str:
        """Return how the nearest were found, in words, unless a condition left few or very many were wanted."""
        if self._engine is not None and ranking.nearest_elsewhere:
            return f"{self._engine.name}, scored exactly" if self.retriever.cosines is not None else self._engine.name
        if self.proposals.is_open:
            return "chroma, scored exactly"
        return "estimated, scored exactly" if self._coded is not None and self._coded.estimates else "exact"

    def warm(self, asked: Proposer | None = None) -> None:
        """Make ready what finds the nearest of many questions; ``asked`` says what, by default as it was measured."""
        if self._parts.vectors is None or self._able.meaning:
            return
        if (asked or proposer(self._measured, self.passages)) == Proposer.CHROMA:
            self.proposals.open()
        if not self.proposals.is_open and self._coded is None:
            self._coded = CodedIndex(self._parts.vectors)
            self.retriever.cosines = self._parts.of_all(self._coded)

    def deep(self, question: Question, k: int, nearest: bool) -> tuple[int, Ranking]:
        """Rank as deep as it takes until ``k`` rows answer or nothing more does; return that depth too.

        A leg that could go deeper has brought at least ``depth`` passages that answer, so fewer are all there are.
        """
        depth, columns = max(self._depth, 10 * k), self._parts.columns
        while True:
            ranking = self.retriever.rank(question, depth)
            passages = self.answering(ranking, nearest).passages
            everything = question.lists or len(passages) < depth or depth >= columns.passages
            if everything or grouping.count(grouping.keys(columns, question.group, passages)) >= k:
                return depth, ranking
            depth *= DEEPER

    def answering(self, ranking: Ranking, nearest: bool) -> Ranking:
        """Return what answers: all of it where the ``nearest`` are wanted whatever they are."""
        return ranking if nearest else ranking.hits(self._near)

    def matches(self, question: Question) -> Matches:
        """Return all that matches a question, whatever is listed of it."""
        return self.retriever.matches(question, self._near)

    @property
    def _near(self) -> float:
        return least_near(self._scales.get(Mode.SEMANTIC))

    def close(self) -> None:
        """Let go of Chroma's index."""
        self.proposals.close()
