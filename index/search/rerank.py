"""Reranking: a cross-encoder reads the question and a passage together, and puts the first hits in an order of its own.

Nogueira and Cho, "Passage Re-ranking with BERT", arXiv:1901.04085.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from archive.core.errors import ArchiveError, UsageError
from archive.core.forking import Lock
from index.contracts.engines import Floats
from index.embedding.model import locate_cross_encoder
from index.search import reasons
from index.search.answer import Hit, Reranked

RERANKED: Final = 50  # hits, the first of the answer
_BATCH: Final = 32  # pairs; the default of sentence-transformers


class Reranker:
    """A cross-encoder on this machine; it is never fetched. Loaded at first use; threads that share it take turns.

    Args:
        model: its folder, or its name in the Hugging Face hub if it was fetched before.

    Attributes:
        name: what it was called.

    Raises:
        ArchiveError: it is not on this machine, or has no weights in the safetensors format.
        UsageError: it is not a cross-encoder.
    """

    def __init__(self, model: str | Path) -> None:
        self.name = str(model)
        self._folder = locate_cross_encoder(self.name)
        self._model: Any = None
        self._lock = Lock()

    def scores(self, question: str, texts: Sequence[str]) -> Floats:
        """Return how well each text answers the question, as the model has it, higher is better; ``(len(texts),)``.

        Raises:
            ArchiveError: the model cannot be loaded or used.
            UsageError: it gives more than one score for a text.
        """
        if not texts:
            return np.empty(0, np.float32)
        with self._lock:
            if self._model is None:
                self._model = _load(self._folder, self.name)
            try:
                # padding moves a score in its last digits, but the same texts always make the same batches
                predicted = self._model.predict(
                    [(question, text) for text in texts], batch_size=_BATCH, show_progress_bar=False
                )
            except Exception as error:  # whatever the files provoke
                raise ArchiveError(f"The model {self.name} cannot rerank: {error}") from error
        scores = np.asarray(predicted, np.float32)
        if scores.shape != (len(texts),) or not np.isfinite(scores).all():
            raise ArchiveError(f"The model {self.name} gives no score for some passages; it cannot rerank.")
        return scores


def reranked(reranker: Reranker | None, words: str, hits: tuple[Hit, ...]) -> tuple[tuple[Hit, ...], tuple[str, ...]]:
    """Return hits in the reranker's order, where there is one and it has words to go by, and sentences that say so."""
    if reranker is None or not hits:
        return hits, ()
    if not words:
        return hits, ("Nothing was reranked: the question has no whole words besides its conditions.",)
    return _reordered(reranker, words, hits), (_note(reranker, len(hits)),)


def _reordered(reranker: Reranker, question: str, hits: Sequence[Hit]) -> tuple[Hit, ...]:
    """Put the first ``RERANKED`` hits in the reranker's order, equal ones in the order they had; the rest stays.

    Args:
        reranker: scores title and passage together.
        question: the words asked for.
        hits: in the order of their ranks, from 1.

    Raises:
        ArchiveError: as ``Reranker.scores`` does.
    """
    head = hits[:RERANKED]
    scores = reranker.scores(question, [f"{hit.article.title}\n{hit.passage.text}" for hit in head])
    order = np.argsort(-scores, kind="stable").tolist()
    reranked = (_ranked_anew(head[position], rank, float(scores[position])) for rank, position in enumerate(order, 1))
    return (*reranked, *hits[RERANKED:])


def _note(reranker: Reranker, hits: int) -> str:
    """Say how many of so many hits the reranker put in order."""
    if hits == 1:
        return f"The only result was scored by {reranker.name}."
    return f"The first {min(hits, RERANKED)} were put in order by {reranker.name}."


def _ranked_anew(hit: Hit, rank: int, score: float) -> Hit:
    reranked = Reranked(hit.rank, score)
    return replace(hit, rank=rank, reason=f"{hit.reason}; {reasons.reranking(reranked)}", reranked=reranked)


def _load(folder: Path, name: str) -> Any:  # noqa: ANN401 - sentence-transformers is imported lazily and untyped here
    """Load a cross-encoder from its folder: no network, safetensors only, no code from the model."""
    from index.embedding.torch import quiet

    try:
        with quiet():
            from sentence_transformers import CrossEncoder

            loaded = CrossEncoder(
                str(folder),
                local_files_only=True,
                trust_remote_code=False,
                model_kwargs={"use_safetensors": True},
            )
            labels = loaded.num_labels
    except Exception as error:  # the loaders raise whatever the files, or a broken installation, provoke
        raise ArchiveError(f"The model {name} in {folder} cannot be loaded: {error}") from error
    if labels != 1:
        raise UsageError(f"The model {name} gives {labels} scores for a passage, not one; it cannot rerank.")
    return loaded
