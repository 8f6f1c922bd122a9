"""Finding words within one article, by the folding that searches use: whatever their case and accents."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate
from typing import Final

from archive.core.article import Span

# Characters that are analysed at a time, so that a text of megabytes is given up as soon as nobody waits. Chosen.
_AT_A_TIME: Final = 1 << 16
# Characters behind a piece that are read as well, beside twice as many as are sought, so that a row of words is found
# across its edge, also where signs or lines stand between them. Chosen.
_BEYOND: Final = 1_000
_SPACE: Final = re.compile(r"\s")


def finds(text: str, sought: str, hidden: Sequence[Span] = (), stale: Callable[[], bool] = bool) -> tuple[Span, ...]:
    """Return where words stand in a row: spans of whole words of ``text``, sorted, disjoint.

    The first word sought may be the end of a word of the text, the last one the beginning, a single one any part.

    Args:
        text: of an article.
        sought: as typed; no sign in it has a meaning.
        hidden: sorted, disjoint spans in which nothing is found, and across which no row of words goes.
        stale: asked now and then whether nobody waits any more; what was found until then is returned.
    """
    from archive.text.searched import rejoined
    from index.analysis.analyzer import words

    wanted = " ".join(words(sought).folded)
    found: list[Span] = []
    beyond = _BEYOND + 2 * len(sought) if " " in wanted else 0
    whole = rejoined(text, hidden)
    text = whole.text
    for start, end, limit in _stretches(text, hidden) if wanted else ():
        if stale():
            break
        found += _within(text, start, end, _reach(text, end, beyond, limit), wanted)
    return tuple(_disjoint([Span(*whole.original(span.start, span.end)) for span in found]))


def _stretches(text: str, hidden: Sequence[Span]) -> Iterator[tuple[int, int, int]]:
    """Cut what is not hidden into stretches of whole lines, or of words where lines are long.

    Yields:
        start, end, and how far what is not hidden goes on behind it, to which a row of words may go that begins there.
    """
    offset = 0
    for span in (*hidden, Span(len(text), len(text))):
        while offset < span.start:
            wanted = min(offset + _AT_A_TIME, span.start)
            line = text.find("\n", wanted, min(wanted + _AT_A_TIME, span.start))
            space = text.find(" ", wanted, span.start) if line < 0 else line
            end = span.start if wanted == span.start or space < 0 else space + 1
            yield offset, end, span.start
            offset = end
        offset = max(offset, span.end)


def _reach(text: str, end: int, beyond: int, limit: int) -> int:
    """Return the end of the word that a row of words may go to which begins before ``end``."""
    if not beyond or end + beyond >= limit:
        return limit if beyond else end
    space = _SPACE.search(text, end + beyond, limit)
    return limit if space is None else space.start()


def _within(text: str, start: int, end: int, reach: int, wanted: str) -> Iterator[Span]:
    """Yield what begins in a stretch; it is read as far as ``reach``, for rows of words that go on behind it."""
    from index.analysis.analyzer import words

    read = words(text, start, reach)
    row = " ".join(read.folded)
    at = row.find(wanted)
    if at < 0:
        return
    begins = list(accumulate((len(word) + 1 for word in read.folded), initial=0))
    while at >= 0:
        first, last = bisect_right(begins, at) - 1, bisect_right(begins, at + len(wanted) - 1) - 1
        if read.starts[first] >= end:  # the next stretch has it
            return
        yield Span(read.starts[first], read.ends[last])
        at = row.find(wanted, at + 1)


def _disjoint(spans: Sequence[Span]) -> Iterator[Span]:
    """Join spans that overlap, as two finds in one word do."""
    joined: Span | None = None
    for span in spans:
        if joined is None or span.start >= joined.end:
            if joined is not None:
                yield joined
            joined = span
        else:
            joined = Span(joined.start, max(joined.end, span.end))
    if joined is not None:
        yield joined
