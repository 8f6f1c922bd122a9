"""Setting a generation's confidence scale: its background questions, scored by the retrieval that will answer."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import numpy as np

from archive.files import make_private_dir, write_atomic
from index import confidence
from index.answer import Mode
from index.embedding.cache import cache_folder
from index.embedding.model import Model
from index.manifest import Scale
from index.query import literal, plan
from index.ranking import Encoder, Floats
from index.retrieval import Question, Retriever

_DEPTH = 50


def scales(retriever: Retriever, languages: tuple[str, ...], vectors: Floats) -> dict[str, Scale]:
    """Score every background question in each mode and return the scale of each.

    Args:
        retriever: over the new generation.
        languages: of its articles.
        vectors: of the background questions, shape ``(questions, dimension)``.
    """
    plans = [plan(literal(text), languages) for text in confidence.background()]
    return {
        mode: confidence.scale(
            [
                retriever.rank(Question(planned, None if mode == Mode.LEXICAL else vector, mode), _DEPTH).figure or 0.0
                for planned, vector in zip(plans, vectors, strict=True)
            ]
        )
        for mode in Mode
    }


def background_vectors(model: Model, encoder: Callable[[], Encoder]) -> Floats:
    """Return the vectors of the background questions, computed once a model and kept in the user's cache."""
    questions = [model.query_prompt + text for text in confidence.background()]
    path = _kept(model, questions)
    try:
        kept: Floats = np.load(path, allow_pickle=False)
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


def _kept(model: Model, questions: list[str]) -> Path:
    asked = sha256("\n".join(questions).encode("utf-8")).hexdigest()[:16]
    return cache_folder() / "background" / f"{model.fingerprint[:16]}-{asked}.npy"
