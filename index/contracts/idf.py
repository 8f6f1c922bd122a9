"""The weight of a word by how rare it is: the same for both engines, for expansion and for confidence."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray


def inverse_document_frequency(frequencies: ArrayLike, documents: int) -> NDArray[Any]:
    """Return ``ln(1 + (N - df + .5) / (df + .5))`` for each term; a term that no document holds weighs most.

    BM25's idf as Lucene and tantivy have it: Robertson and Zaragoza, The Probabilistic Relevance Framework (2009), with
    1 added, so that it is never negative.

    Args:
        frequencies: how many documents hold each term, shape ``(terms,)``.
        documents: how many there are.
    """
    counts = np.asarray(frequencies)
    return np.asarray(np.log1p((documents - counts + 0.5) / (counts + 0.5)))
