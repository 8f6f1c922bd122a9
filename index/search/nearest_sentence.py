"""The sentence of a passage that is nearest to the question in meaning; computed when first asked for."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Lock

import numpy as np

from archive.core.article import Span
from archive.text.sentences import sentences
from index.contracts.engines import Encoder, Floats
from index.contracts.highlights import Highlight, Mark


class NearestSentences:
    """Nearest sentences of the passages of one answer, each computed once.

    Args:
        encoder: of the query.
        vector: the query's unit vector.
    """

    def __init__(self, encoder: Encoder, vector: Floats) -> None:
        self._encoder = encoder
        self._vector = vector
        self._found: dict[str, Highlight | None] = {}
        self._lock = Lock()

    def of(self, text: str) -> Highlight | None:
        """Return the span of ``text`` of the nearest sentence, None when it has no sentence."""
        self.prepare((text,))
        return self._found[text]

    def is_ready(self, text: str) -> bool:
        """Tell whether the nearest sentence of a passage was computed already."""
        return text in self._found

    def prepare(self, texts: Sequence[str]) -> None:
        """Compute several passages in one batch."""
        with self._lock:
            missing = [text for text in dict.fromkeys(texts) if text not in self._found]
            spans = [sentences(text) for text in missing]
            cosine = self._cosines(missing, spans)
            start = 0
            for text, within in zip(missing, spans, strict=True):
                of_text, start = cosine[start : start + len(within)], start + len(within)
                self._found[text] = _nearest(within, of_text)

    def _cosines(self, texts: Sequence[str], spans: Sequence[Sequence[Span]]) -> Floats:
        parts = [text[span.start : span.end] for text, within in zip(texts, spans, strict=True) for span in within]
        return self._encoder.encode(parts) @ self._vector if parts else np.empty(0, np.float32)


def _nearest(spans: Sequence[Span], cosine: Floats) -> Highlight | None:
    if not spans:
        return None
    best = spans[int(np.argmax(cosine))]
    return Highlight(best.start, best.end, Mark.SEMANTIC)
