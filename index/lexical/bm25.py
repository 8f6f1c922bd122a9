"""rank-bm25's formula over stored postings: nothing is tokenised or counted before a document is scored."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from rank_bm25 import BM25Okapi

from index.contracts.engines import Ordinals
from index.contracts.recipe import RECIPE, Tuning
from index.lexical.postings import Tokens


class Okapi(BM25Okapi):  # type: ignore[misc]
    """BM25Okapi of one field of one table, with an idf that is never negative.

    Source: Robertson and Zaragoza, The Probabilistic Relevance Framework (2009), with Lucene's idf, ``ln(1 + (N - df +
    .5) / (df + .5))``, as tantivy has it. Okapi's own falls below zero for words in more than half of the documents,
    which in an archive of a few articles are most words. The package's own ``get_scores`` look each word up in every
    document; here are no documents, and ``scores`` computes the same over postings.

    Args:
        tokens: of the field.
        tombstoned: how many of its documents are no more; they hold nothing.
        tuning: has ``k1`` and ``b``.
    """

    def __init__(self, tokens: Tokens, tombstoned: int = 0, tuning: Tuning = RECIPE.tuning) -> None:
        self._tombstoned = tombstoned
        super().__init__(tokens, k1=tuning.k1, b=tuning.b)

    def _initialize(self, corpus: Tokens) -> NDArray[np.int32]:
        """Take lengths from what was stored; return how many documents hold each token."""
        self.corpus_size = len(corpus) - self._tombstoned
        self.doc_len = corpus.lengths
        self.avgdl = max(float(self.doc_len.sum()) / max(1, self.corpus_size), 1.0)
        return corpus.frequencies

    def _calc_idf(self, nd: NDArray[np.int32]) -> None:
        self.idf = np.log1p((self.corpus_size - nd + 0.5) / (nd + 0.5))

    def scores(self, number: int, ordinals: Ordinals, counts: NDArray[np.int32]) -> NDArray[np.float64]:
        """Return the score of one token in documents that hold it so often."""
        length = self.k1 * (1 - self.b + self.b * self.doc_len[ordinals] / self.avgdl)
        return np.asarray(self.idf[number] * (counts * (self.k1 + 1) / (counts + length)), np.float64)
