"""Spans of a text together: what lies between them, what they leave visible, several lists of them as one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from archive.core.article import Span


def gaps(spans: Sequence[Span], length: int) -> Iterator[Span]:
    """Yield what lies before, between and after sorted, disjoint spans; one more than there are spans, some empty.

    Args:
        spans: offsets into a text.
        length: of that text.
    """
    start = 0
    for span in spans:
        yield Span(start, span.start)
        start = span.end
    yield Span(start, length)


def without(text: str, hidden: Sequence[Span]) -> str:
    """Return a text without its hidden spans, which are sorted and disjoint."""
    return "".join(text[gap.start : gap.end] for gap in gaps(hidden, len(text))) if hidden else text


def merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Return spans of any order sorted; those that overlap are one."""
    joined: list[Span] = []
    for span in sorted(spans):
        if joined and span.start < joined[-1].end:
            joined[-1] = Span(joined[-1].start, max(joined[-1].end, span.end))
        else:
            joined.append(span)
    return tuple(joined)
