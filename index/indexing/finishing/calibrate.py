"""Setting a generation's confidence scale: its background questions, scored by the retrieval that will answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from archive.folder.files import make_private_dir, write_atomic
from archive.folder.user_folder import cache_folder
from index.contracts.arrays import load
from index.contracts.engines import Cosines, Encoder, Floats, LexicalIndex, Ordinals, Scored
from index.contracts.options import Mode
from index.contracts.recipe import ConfidenceScale, Recipe
from index.embedding.model import Model
from index.generations.columns import Columns
from index.generations.manifest import Scale
from index.query.compiler import plan
from index.query.parser import literal
from index.query.spelling import Lexicon
from index.query.vocabulary import Vocabulary
from index.ranking import confidence
from index.ranking.candidates import Question
from index.ranking.retrieve import Retriever
from index.vectors.covered import Covered
from index.vectors.exact import ExactIndex


class AskedOnce:
    """Exact cosines that remember the last question's answer: each is asked in several modes."""

    def __init__(self, cosines: Cosines) -> None:
        self._cosines = cosines
        self._asked: tuple[Floats, int] | None = None
        self._answer: Scored | None = None

    def nearest(self, query: Floats, limit: int, admissible: NDArray[np.bool_] | None = None) -> Scored:
        """Return the nearest passages; what is admissible stays the same."""
        if self._answer is None or self._asked is None or self._asked[0] is not query or self._asked[1] != limit:
            self._asked, self._answer = (query, limit), self._cosines.nearest(query, limit, admissible)
        return self._answer

    def scores(self, query: Floats, ordinals: Ordinals) -> Floats:
        """Return the cosine of each given passage, aligned with ``ordinals``."""
        return self._cosines.scores(query, ordinals)

    def above(self, query: Floats, least: float, admissible: NDArray[np.bool_] | None = None) -> Ordinals:
        """Return the admissible passages with a cosine of at least ``least``, ascending."""
        return self._cosines.above(query, least, admissible)


@dataclass(frozen=True, slots=True)
class Scaling:
    """Sets the confidence scales of generations.

    Attributes:
        model: of their vectors.
        encoder: returns the encoder of questions.
        recipe: how the scales are set.
    """

    model: Model
    encoder: Callable[[], Encoder]
    recipe: Recipe

    def scales(
        self,
        columns: Columns,
        words: LexicalIndex,
        languages: Sequence[str],
        exact: ExactIndex | None,
        slots: Ordinals,
        known: Mapping[str, Scale],
    ) -> dict[str, Scale]:
        """Return the scale of each mode that can be asked: of both legs together only where no vector is missing.

        Args:
            columns: of the generation.
            words: of the generation.
            languages: of its articles.
            exact: the vectors of those passages that have one, None where none has.
            slots: of all passages, -1 where there is no vector yet.
            known: scales that the generation takes over, which are all there are or that by words.
        """
        if len(known) == len(Mode):
            return dict(known)
        covered = np.flatnonzero(slots >= 0)
        is_whole = exact is not None and len(covered) == len(slots)
        wanted = tuple(Mode) if is_whole else (Mode.LEXICAL, *([Mode.SEMANTIC] if exact is not None else []))
        modes = [mode for mode in wanted if is_whole or mode == Mode.SEMANTIC or mode not in known]
        kept = {mode: known[mode] for mode in wanted if mode not in modes}
        cosines = exact if exact is None or is_whole else Covered(exact, covered, len(slots))
        asked = None if cosines is None else AskedOnce(cosines)
        retriever = Retriever(columns, words, asked, tuning=self.recipe.tuning)
        vectors = None if asked is None else background_vectors(self.model, self.encoder)
        return kept | _measured(
            retriever, Lexicon(tuple(languages), Vocabulary(words)), vectors, modes, self.recipe.scale
        )


def _measured(
    retriever: Retriever, lexicon: Lexicon, vectors: Floats | None, modes: Sequence[Mode], numbers: ConfidenceScale
) -> dict[str, Scale]:
    """Score every background question in some modes; their vectors have the shape ``(questions, dimension)``."""
    figures: dict[Mode, list[float]] = {mode: [] for mode in modes}
    for at, text in enumerate(confidence.background()):
        planned = plan(replace(literal(text), expand=None), lexicon)
        for mode in modes:
            question = Question(planned, None if vectors is None or mode == Mode.LEXICAL else vectors[at], mode)
            figures[mode].append(retriever.rank(question, numbers.depth).confidence_score or 0.0)
    return {mode: confidence.scale(scores, mode, numbers) for mode, scores in figures.items()}


def background_vectors(model: Model, encoder: Callable[[], Encoder]) -> Floats:
    """Return the vectors of the background questions, computed once a model and kept in the user's cache."""
    questions, path = _questions(model), background_file(model)
    try:
        kept: Floats = load(path, mapped=False)
        if kept.shape == (len(questions), model.dimension):
            return kept
    except (OSError, ValueError):
        pass
    vectors = encoder().encode(questions)
    buffer = BytesIO()
    np.save(buffer, vectors)
    make_private_dir(path.parent)
    write_atomic(path, buffer.getvalue())
    return vectors


def _questions(model: Model) -> list[str]:
    return [model.query_prompt + text for text in confidence.background()]


def background_file(model: Model) -> Path:
    """Return where ``background_vectors`` keeps them, a ``.npy`` file."""
    asked = sha256("\n".join(_questions(model)).encode("utf-8")).hexdigest()[:16]
    return cache_folder() / "background" / f"{model.fingerprint[:16]}-{asked}.npy"
