"""Setting a generation's confidence scale: its background questions, scored by the retrieval that will answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from archive.folder.files import make_private_dir, write_atomic
from archive.folder.user_folder import cache_folder
from index.contracts.arrays import load
from index.contracts.engines import Cosines, Encoder, Floats, Ordinals, Scored
from index.contracts.options import Mode
from index.contracts.recipe import ConfidenceScale
from index.embedding.model import Model
from index.generations.manifest import Scale
from index.query.compiler import plan
from index.query.parser import literal
from index.query.spelling import Lexicon
from index.ranking import confidence
from index.ranking.candidates import Question
from index.ranking.retrieve import Retriever


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


def scales(retriever: Retriever, lexicon: Lexicon, vectors: Floats, numbers: ConfidenceScale) -> dict[str, Scale]:
    """Score every background question in each mode and return the scale of each.

    Args:
        retriever: over the new generation.
        lexicon: of its words.
        vectors: of the background questions, shape ``(questions, dimension)``.
        numbers: how the scale is set.
    """
    plans = [plan(replace(literal(text), expand=None), lexicon) for text in confidence.background()]
    figures: dict[Mode, list[float]] = {mode: [] for mode in Mode}
    for planned, vector in zip(plans, vectors, strict=True):
        for mode in Mode:
            question = Question(planned, None if mode == Mode.LEXICAL else vector, mode)
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
