"""From a parsed question to what retrieval is asked: the analysed plan, the vector, the legs that can answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from archive import Archive
from archive.core.errors import Advice, ArchiveError
from archive.core.system_limits import in_words, limit_of
from index.contracts.engines import Floats
from index.contracts.options import Mode
from index.generations.open import Parts
from index.query.ast import Query
from index.query.compiler import LexicalPlan, plan
from index.query.parser import parse
from index.query.spelling import Lexicon
from index.ranking.candidates import Question
from index.search.deepening import Ranker
from index.search.more_like_this import Example, examples


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question as it is asked of one generation.

    Attributes:
        question: for ``Ranker``.
        degraded: sentences about what was missing; empty when everything worked.
    """

    question: Question
    degraded: tuple[str, ...]


class QuestionMaker:
    """Makes questions for one generation. Safe to share between threads.

    Args:
        archive: has the texts of passages that others are to be like.
        parts: of the generation.
        ranker: knows which legs can answer.
        lexicon: of the archive.
        vector: encodes a text; raises ``ArchiveError`` where that cannot be done.
    """

    def __init__(
        self, archive: Archive, parts: Parts, ranker: Ranker, lexicon: Lexicon, vector: Callable[[str], Floats]
    ) -> None:
        self._archive = archive
        self._parts = parts
        self._ranker = ranker
        self._lexicon = lexicon
        self._vector = vector

    def plan(self, query: Query) -> LexicalPlan:
        """Return what a question asks of a word index."""
        return plan(query, self._lexicon)

    def question(self, query: Query, mode: Mode) -> AskedQuestion:
        """Analyse and encode a question; a leg that cannot answer is left out, and said to be."""
        looked_up = list(examples(query.likes, self._archive, self._parts)) if query.likes else []
        alike = [example for example in looked_up if isinstance(example, Example)]
        words = tuple(word for example in alike for word in example.words)
        planned = plan(query, self._lexicon, words, by_words=mode != Mode.SEMANTIC)
        degraded = list[str]()
        if not self._ranker.checks_words and (planned.required is not None or planned.excluded is not None):
            degraded.append("Phrases and words behind + and - are not looked at without the word index.")
        if not self._ranker.by_words:
            mode = Mode.SEMANTIC
        vector = self._encoded(query, mode, degraded)
        if mode != Mode.LEXICAL:
            vector = _between([vector, *(example.vector for example in alike)])
        if vector is not None and self._ranker.partial is not None:
            degraded.insert(0, self._ranker.partial)
        if mode == Mode.SEMANTIC and vector is None and planned.terms:
            mode, planned = Mode.LEXICAL, plan(query, self._lexicon, words)
        notes = (*planned.notes, *(note for note in looked_up if isinstance(note, str)))
        left_out = tuple(example.key for example in alike)
        return AskedQuestion(Question(replace(planned, notes=notes), vector, mode, left_out), tuple(degraded))

    def counting(self, query: Query, mode: Mode) -> AskedQuestion:
        """Analyse a question of which all that matches is counted; it is encoded only where words cannot tell."""
        if mode != Mode.SEMANTIC and self._ranker.counts_words:
            asked = self.question(query, Mode.LEXICAL)
            if mode == Mode.LEXICAL or asked.question.lists or asked.question.plan.terms:
                return asked
        return self.question(query, mode)

    def _encoded(self, query: Query, mode: Mode, degraded: list[str]) -> Floats | None:
        if mode == Mode.LEXICAL or not self._ranker.by_meaning or not query.semantic_text:
            return None
        try:
            return self._vector(query.semantic_text)
        except Exception as error:  # what loads models calls a limit of the system by many names
            if (limit := limit_of(error)) is not None:
                what = f"The system refused what it takes to encode a question ({in_words(limit)})."
                degraded.append(f"{what} Only words were searched.")
            elif isinstance(error, ArchiveError):
                degraded.append(Advice(f"{error.message} Only words were searched.", error.remedy))
            else:
                raise
        return None


def _between(vectors: Sequence[Floats | None]) -> Floats | None:
    """Return the unit vector between some; None without any."""
    present = [vector for vector in vectors if vector is not None]
    if len(present) < 2:
        return present[0] if present else None
    total = np.sum(present, axis=0)
    return np.asarray(total / max(float(np.linalg.norm(total)), float(np.finfo(np.float32).tiny)), np.float32)


def as_query(query: str | Query, expand: bool | None = None) -> Query:
    """Return a question parsed; ``expand`` decides about other spellings, None leaves that to what was parsed."""
    read = parse(query) if isinstance(query, str) else query
    return read if expand is None else replace(read, expand=expand)
