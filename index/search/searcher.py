"""Search an archive: the one path to results for Python, the command and the terminal UI."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from pathlib import Path
from time import perf_counter
from types import TracebackType
from typing import Final, Self

import numpy as np

from archive import Archive
from archive.core.article import Article, Passage, Span, Version
from archive.core.closing import while_open
from archive.core.errors import Action, ArchiveError, NoIndex, Remedy
from archive.core.forking import Lock, cached_property
from index.ann.choice import Proposer
from index.contracts.candidate_engine import CandidateEngine
from index.contracts.engines import Encoder, Floats
from index.contracts.highlights import Highlight
from index.contracts.options import FacetBy, Group, Mode, Order
from index.contracts.recipe import RECIPE, Tuning
from index.embedding.query_encoding import QueryEncoding
from index.generations.agreement import shortcomings
from index.generations.checksums import memory_of
from index.generations.generation import Generation, open_current, read_current
from index.generations.open import Parts, open_parts
from index.query.ast import Query
from index.query.spelling import Lexicon
from index.ranking.candidates import Question
from index.ranking.score_breakdown import Arithmetic
from index.search import highlighter
from index.search.answer import Answer, Copy, Hit
from index.search.answering import Answerer, Answering, Wanted
from index.search.deepening import Ranker
from index.search.facets import MOST, Counter, Facets
from index.search.hits import HitMaker, Quoting
from index.search.passed_over import PassedOver
from index.search.questions import AskedQuestion, QuestionMaker, as_query
from index.search.rerank import Reranker

_REMEMBERED: Final = 1024  # articles, of a kilobyte or so each


@dataclass(frozen=True, slots=True)
class ArticleView:
    """An article to read: its text with the passages of that version."""

    article: Article
    version: Version
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class Means:
    """What answers besides the archive; a searcher that is reopened keeps it.

    Attributes:
        encoding: of questions.
        engine: elsewhere, that proposes passages; None where the archive's own indexes do.
        tuning: of the ranking.
    """

    encoding: QueryEncoding
    engine: CandidateEngine | None = None
    tuning: Tuning = RECIPE.tuning


class Searcher:
    """Search one generation of an archive; stays on it until reopened. Safe to share between threads.

    Attributes:
        archive: the archive, for reading articles and versions.
        generation: number of the generation that answers.
        change: number of the newest change of the catalog that this generation knows.
        closed: whether it was; whatever is asked of it then raises a UsageError.
    """

    def __init__(self, archive: Archive, generation: Generation, parts: Parts, means: Means) -> None:
        self.archive = archive
        self.generation = generation.number
        self.change = generation.manifest.change
        self._generation = generation
        self._parts = parts
        self._means = means
        self._article = lru_cache(_REMEMBERED)(parts.columns.article)
        self._divided = highlighter.DividedPhrases(archive, parts.columns)
        self._ranker = Ranker(generation, parts, means.tuning, means.engine, archive.sources, self._divided.passages)
        self._counter = Counter(self._ranker.values, partial(archive.removed_since, self.change))
        self._answerer = Answerer(self._ranker, self._counter, generation.manifest.scales, generation.number)
        lexicon = Lexicon(generation.manifest.languages, self._ranker.vocabulary)
        # no method of the searcher: what refers to itself keeps the files that it maps until they are looked for
        vector = partial(means.encoding.vector, fingerprint=generation.manifest.vectors.fingerprint)
        self._questions = QuestionMaker(archive, parts, self._ranker, lexicon, vector)
        self._closing = Lock()
        self.closed = False

    @classmethod
    def open(
        cls,
        path: Path | str,
        *,
        on_message: Callable[[str], None] | None = None,
        encoder: Encoder | None = None,
        tuning: Tuning | None = None,
        engine: CandidateEngine | None = None,
    ) -> Self:
        """Open the newest index of an archive.

        Args:
            path: the archive folder.
            on_message: told when something slow happens once, such as exporting the encoder.
            encoder: of questions, in place of the model that the settings name; its fingerprint must be that of the
                model that made the vectors. It is given each question behind ``prompt_query`` of the settings.
            tuning: of the ranking; None for ``RECIPE.tuning``. tantivy ignores ``k1`` and ``b``, 1.2 and 0.75 are built
                into it; rank-bm25 obeys them. The scale of ``Answer.confidence`` was set under the tuning of the build
                and stays, so that under another one it is only a guide.
            engine: elsewhere, that proposes passages in place of the archive's own indexes, for the legs it is able to.
                What is proposed is scored and checked here. It is not closed with the searcher.

        Raises:
            NotAnArchive: the folder is not an archive.
            NoIndex: nothing was indexed yet.
            Damaged: what is left allows no search at all.
            OSError, MemoryError: the system refuses what it takes.
        """
        archive = Archive.open(Path(path))
        try:
            means = Means(QueryEncoding(archive.settings, on_message, encoder), engine, tuning or RECIPE.tuning)
            return cls._on_newest(archive, means)
        except BaseException:
            archive.close()
            raise

    @classmethod
    def _on_newest(cls, archive: Archive, means: Means) -> Self:
        try:
            generation = open_current(archive.layout)
        except NoIndex as error:
            if archive.is_empty:
                raise NoIndex(f"Nothing was added to {archive.root} yet.", remedy=Remedy(Action.ADD)) from error
            raise
        try:
            generation.check(memory_of(archive.id, generation.number))
            notes = shortcomings(archive, generation.manifest)
            return cls(archive, generation, open_parts(archive.layout, generation, means.tuning, notes), means)
        except BaseException:
            generation.close()
            raise

    @while_open
    def search(
        self,
        query: str | Query,
        k: int = 10,
        mode: Mode = Mode.HYBRID,
        group: Group = Group.PASSAGE,
        nearest: bool = False,
        expand: bool | None = None,
        rerank: Reranker | None = None,
        order: Order = Order.BEST,
    ) -> Answer:
        """Answer a question.

        Args:
            query: the question, as typed or parsed.
            k: how many rows (passages or articles) at most; so many are given where there are so many.
            mode: which legs answer; a leg that cannot is named in ``Answer.degraded``.
            group: what a row stands for.
            nearest: give the nearest passages even when nothing resembles the question.
            expand: look for likely spellings of words that the archive hardly holds too; ``Answer.notes`` says which.
                None does as the parsed question says, a typed one says no.
            rerank: puts the first ``RERANKED`` rows in an order of its own; ``Answer.notes`` says so. Scores stay the
                fused ones. A question without words, such as a mere listing, is not reranked.
            order: of the rows; by date, all that matches (``index.ranking.matches``) is listed, undated last, and those
                of one date best first. Where anything matches, the confidence is then never nothing.

        Raises:
            UsageError: ``k`` is below 1, grouping by story was asked for, or a reranker with an order by date.
            Damaged: of what answers no text is what was written. Where some are, ``Answer.degraded`` tells of the rest.
            ArchiveError: the reranker cannot be used.
        """
        began = perf_counter()
        wanted = Wanted(k, mode, group, nearest, order, rerank)
        wanted.check()
        read = as_query(query, expand)
        asked = self._question(read, mode)
        asked = replace(asked, question=replace(asked.question, group=group, order=order))
        passed_over = PassedOver()
        answer = self._answerer.answer(read, asked, wanted, self._maker(asked.question, passed_over), passed_over)
        return replace(answer, took_ms=(perf_counter() - began) * 1000)

    @while_open
    def facets(
        self,
        query: str | Query,
        by: Sequence[FacetBy] = (FacetBy.OUTLET, FacetBy.MONTH, FacetBy.LANGUAGE, FacetBy.AUTHOR, FacetBy.DATED),
        mode: Mode = Mode.HYBRID,
        expand: bool | None = None,
        most: int | None = MOST,
    ) -> Facets:
        """Count all that matches a question (``index.ranking.matches``), whatever is listed of it.

        Args:
            query: the question, as typed or parsed.
            by: what it is counted by, each once; of nothing, only totals are given.
            mode: with words, what holds one of them counts; by meaning, what is as near as every hit is. Conditions
                alone count all that they admit.
            expand: as for ``search``.
            most: how many values of each at most, the most frequent; None for all. Spans of time are all given.
        """
        began = perf_counter()
        read = as_query(query, expand)
        asked = self._questions.counting(read, mode)
        totals, counted = self._counter.count(self._ranker.matches(asked.question), by, most)
        return Facets(
            query=read,
            mode=mode,
            generation=self.generation,
            totals=totals,
            facets=counted,
            degraded=(*self._ranker.degraded, *asked.degraded),
            took_ms=(perf_counter() - began) * 1000,
        )

    @while_open
    def explain(self, answer: Answer) -> tuple[Arithmetic, ...]:
        """Return what the score of each hit is made of, in numbers that add up to it; of a mere listing, nothing."""
        question = self._asked_before(answer)
        if question.lists:
            return ()
        return self._ranker.retriever.arithmetic(question, [self._ordinal(hit) for hit in answer], answer.depth)

    @while_open
    def copies(self, answer: Answer, hit: Hit, passed_over: PassedOver | None = None) -> tuple[Copy, ...]:
        """Return what was folded under a hit: the passages with the same words that meet the question's conditions.

        ``passed_over`` takes down those that cannot be quoted.
        """
        copies = self._ranker.retriever.copies(self._questions.plan(answer.query), self._ordinal(hit)).tolist()
        return tuple(copy for copy in self._quoting.quoted(copies, passed_over or PassedOver()) if copy is not None)

    @while_open
    def folded(self, answer: Answer, hit: Hit, passed_over: PassedOver | None = None) -> tuple[Hit, ...]:
        """Return what was folded under a hit, best first: copies, or the further passages of its article that answer.

        They have the hit's rank. ``passed_over`` takes down those that cannot be quoted.
        """
        if answer.group == Group.PASSAGE:
            return tuple(self._copied(answer, hit, copy) for copy in self.copies(answer, hit, passed_over))
        question, under = self._asked_before(answer), self._ordinal(hit)
        ranking, among = self._answerer.beside(question, int(self._parts.columns.article_of[under]), answer)
        return self._maker(question, passed_over or PassedOver()).folded(ranking, under, hit.rank, among)

    def warm(self, proposer: Proposer | None = None) -> bool:
        """Make ready for many questions: load the encoder, and what finds the nearest soonest. Slow once: use a thread.

        Args:
            proposer: what that is; by default what was measured to be quicker in this archive.

        Returns:
            Whether questions can be asked by meaning; they cannot once it is closed.
        """
        if self.closed or not self._ranker.by_meaning:
            return False
        try:
            self._means.encoding.load(self._generation.manifest.vectors.fingerprint)
        except (ArchiveError, OSError, MemoryError):
            return False
        self._ranker.warm(proposer)
        return True

    @while_open
    def encode(self, text: str) -> Floats:
        """Return the unit vector of a question, shape ``(dimension,)``.

        Raises:
            ArchiveError: the encoder cannot be used.
        """
        return self._means.encoding.vector(text, self._generation.manifest.vectors.fingerprint)

    @while_open
    def records(self, query: Query, mode: Mode, depth: int) -> tuple[str, ...]:
        """Rank the records of a judged collection by their best passage; nothing is folded or cut."""
        record = self._parts.columns.texts["record"]
        return tuple(record[ordinal] or "" for ordinal in self._ranked(query, mode, depth))

    @while_open
    def articles(self, query: Query, mode: Mode, depth: int) -> tuple[str, ...]:
        """Rank articles, by identifier, by their best passage; nothing is folded or cut."""
        return tuple(map(self._parts.columns.article_id, self._ranked(query, mode, depth)))

    @while_open
    def answering(self, query: Query, mode: Mode) -> Answering:
        """Return all articles, by identifier, that ``search`` answers with, best first; no text is read."""
        columns = self._parts.columns
        found, degraded = self._answerer.answering(self._question(query, mode), columns.articles)
        return Answering(tuple(map(columns.article_id, columns.articles_of(found.passages))), degraded)

    @property
    @while_open
    def degraded(self) -> tuple[str, ...]:
        """Return what is missing whatever is asked, in sentences, which every answer tells; empty when all is there."""
        return self._ranker.degraded

    @property
    def encoder_ready(self) -> bool:
        """Tell whether the query encoder is loaded."""
        return self._means.encoding.ready

    @while_open
    def highlights(
        self, query: str | Query, text: str, language: str | None = None, hidden: Sequence[Span] = ()
    ) -> tuple[Highlight, ...]:
        """Return all matches of a question in any text of an article.

        Args:
            query: the question.
            text: a passage or a whole version; spans are offsets into it.
            language: of the article.
            hidden: spans of ``text`` that must not be lit.
        """
        return highlighter.matches(self._questions.plan(as_query(query)), text, language, hidden)

    @while_open
    def view(self, article_id: str, version: str | None = None) -> ArticleView:
        """Return an article to read, at its current version or an older one.

        Raises:
            UnknownId: there is no such article or version.
        """
        article = self.archive.article(article_id)
        digest = version or article.version
        return ArticleView(article, self.archive.version(article_id, digest), self.archive.passages(article_id, digest))

    @while_open
    def behind(self) -> int:
        """Return how many articles were added, changed or removed since this generation was built."""
        return self.archive.behind(self._generation.manifest.change)

    @while_open
    def newer(self) -> int | None:
        """Return the number of a newer generation, None when this one is in use."""
        current = read_current(self.archive.layout)
        return current.number if current is not None and current.number > self.generation else None

    @while_open
    def reopened(self) -> Searcher:
        """Open the newest generation with the same encoder, tuning and engine; this searcher stays open."""
        return type(self)._on_newest(Archive.open(self.archive.root), self._means)

    def close(self) -> None:
        """Let the generation go."""
        with self._closing:
            if not self.closed:
                self.closed = True
                self._ranker.close()
                self._parts.close()
                self._generation.close()
                self.archive.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @cached_property
    def _quoting(self) -> Quoting:
        """Where hits are quoted from; parts of texts that came later are in a later generation."""
        parts, columns = self.archive.has_parts(), self._parts.columns
        return Quoting(self.archive, columns, self._article, self.change, parts, self._divided)

    def _maker(self, question: Question, passed_over: PassedOver) -> HitMaker:
        return HitMaker(self._quoting, question, self._means.encoding, passed_over)

    def _copied(self, answer: Answer, hit: Hit, copy: Copy) -> Hit:
        """Return a copy as what it is a copy of, with its own place and matches."""
        text, language = copy.passage.text, copy.article.language
        marks = hit.highlights if text == hit.passage.text else self.highlights(answer.query, text, language)
        return replace(hit, article=copy.article, passage=copy.passage, highlights=marks, copies=0, part=copy.part)

    def _ordinal(self, hit: Hit) -> int:
        return int(np.flatnonzero(self._parts.columns.passage_ids == hit.passage.id.encode("ascii"))[-1])

    def _ranked(self, query: Query, mode: Mode, depth: int) -> list[int]:
        ranking = self._ranker.retriever.rank(self._question(query, mode).question, depth)
        return self._parts.columns.articles_of(ranking.passages)[:depth]

    def _question(self, query: Query, mode: Mode) -> AskedQuestion:
        return self._questions.question(query, mode)

    def _asked_before(self, answer: Answer) -> Question:
        asked = self._question(answer.query, answer.mode)
        return replace(asked.question, group=answer.group, order=answer.order)
