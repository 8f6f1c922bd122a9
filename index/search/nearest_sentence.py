"""The sentence of a passage that is nearest to the question in meaning; computed when first asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from archive.core.article import Span
from archive.core.forking import Lock, unforked
from archive.text.sentences import sentences
from index.contracts.engines import Floats
from index.contracts.highlights import Highlight, Mark


class NearestSentences:
    """Nearest sentences of the passages of one answer, each computed once.

    Args:
        encode: returns the unit vectors of sentences.
        vector: the query's unit vector.
    """

    def __init__(self, encode: Callable[[Sequence[str]], Floats], vector: Floats) -> None:
        self._encode = encode
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
        """Compute several passages in one batch; one sentence alone is the nearest as it is."""
        with unforked, self._lock:
            missing = [text for text in dict.fromkeys(texts) if text not in self._found]
            spans = [sentences(text) for text in missing]
            cosine = self._cosines(missing, spans)
            for text, within in zip(missing, spans, strict=True):
                self._found[text] = _nearest(text, within, cosine)

    def _cosines(self, texts: Sequence[str], spans: Sequence[Sequence[Span]]) -> dict[str, float]:
        """Return the cosine of each sentence among which one has to be chosen."""
        pairs = ((text, span) for text, within in zip(texts, spans, strict=True) if len(within) > 1 for span in within)
        parts = list(dict.fromkeys(text[span.start : span.end] for text, span in pairs))
        return dict(zip(parts, (self._encode(parts) @ self._vector).tolist(), strict=True)) if parts else {}


def _nearest(text: str, spans: Sequence[Span], cosine: Mapping[str, float]) -> Highlight | None:
    if not spans:
        return None
    best = spans[0] if len(spans) == 1 else max(spans, key=lambda span: cosine[text[span.start : span.end]])
    return Highlight(best.start, best.end, Mark.SEMANTIC)
