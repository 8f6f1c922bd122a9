"""rank-bm25's scorer over stored token numbers: nothing is tokenised or counted before a document is scored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final, overload

import numpy as np
from numpy.typing import NDArray
from rank_bm25 import BM25Okapi

from index.lexical.tokens import Tokens

K1: Final = 1.2
B: Final = 0.75


class Okapi(BM25Okapi):  # type: ignore[misc]
    """BM25Okapi over token numbers, with an idf that is never negative.

    Source: Robertson and Zaragoza, The Probabilistic Relevance Framework (2009), with Lucene's idf, ``ln(1 + (N - df +
    .5) / (df + .5))``, as tantivy has it. Okapi's own falls below zero for words in more than half of the documents,
    which in an archive of a few articles are most words.

    Args:
        tokens: of one field of one table.
    """

    def __init__(self, tokens: Tokens) -> None:
        super().__init__(tokens, k1=K1, b=B)

    def _initialize(self, corpus: Tokens) -> Mapping[int, int]:
        """Take lengths and document frequencies from what was stored; count a document when it is first scored."""
        self.corpus_size = len(corpus)
        self.doc_len = corpus.lengths
        self.avgdl = max(float(self.doc_len.mean()), 1.0) if len(corpus) else 1.0
        self.doc_freqs = _Counts(corpus)
        return dict(enumerate(corpus.frequencies.tolist()))

    def _calc_idf(self, nd: Mapping[int, int]) -> None:
        df = np.fromiter(nd.values(), np.float64, len(nd))
        self.idf = dict(zip(nd, np.log1p((self.corpus_size - df + 0.5) / (df + 0.5)).tolist(), strict=True))

    def scores(self, number: int, ordinals: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return the score of one token in each given document."""
        return np.asarray(self.get_batch_scores([number], ordinals.tolist()), np.float64)


class _Counts(Sequence[Counter[int]]):
    """How often each token stands in each document, counted when first asked."""

    def __init__(self, tokens: Tokens) -> None:
        self._tokens = tokens
        self._held: dict[int, Counter[int]] = {}

    def __len__(self) -> int:
        return len(self._tokens)

    @overload
    def __getitem__(self, at: int) -> Counter[int]: ...
    @overload
    def __getitem__(self, at: slice) -> list[Counter[int]]: ...
    def __getitem__(self, at: int | slice) -> Counter[int] | list[Counter[int]]:
        if isinstance(at, slice):
            return [self[each] for each in range(*at.indices(len(self)))]
        held = self._held.get(at)
        if held is None:
            held = self._held[at] = Counter(self._tokens.document(at).tolist())
        return held
