"""What is searched of a text: words that line ends divide are whole, addresses behind links are no words.

Scanned and typeset texts hyphenate: ``inspec-`` and ``tors`` on the next line are the word "inspectors". The stored
text stays as it is. What is searched is a text of the same length, in which the rest of the word follows its beginning
and the characters between them come after it as spaces; spaces stand for the addresses of Markdown's links, too.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import regex

from archive.core.article import Span

# The beginning of a word in letters, the last of them small, with no hyphen before; a hyphen, that of typesetters
# (soft) or of scanners (not sign), at the end of the line; on the next one the rest in small letters, with no hyphen
# behind.
_DIVIDED: Final = regex.compile(
    r"(?<![\p{L}\p{M}\p{N}'’-])(?P<begin>\p{L}[\p{L}\p{M}]*?(?<=[\p{Ll}\p{M}]))(?P<mark>[-‐\u00ad¬][ \t]*\n[ \t]*)"
    r"(?P<rest>\p{Ll}[\p{L}\p{M}]*+)(?![-‐\u00ad¬’']?\p{L})"
)
# Where a link of Markdown leads, with the title it may have; pictures are written likewise.
_ADDRESS: Final = regex.compile(
    r"(?<=\])\(<?(?:https?://|mailto:|\.{0,2}/|#)(?:[^\s()<>]|\([^\s()<>]*+\))*+>?(?:\s++\"[^\"\n]{0,200}+\")?\)"
)
_SPACE: Final = regex.compile(r"\s")
_MARKS: Final = regex.compile(r"[-‐\u00ad¬][ \t]*\n")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Words that stand before real hyphens and hardly ever begin a divided word, unless what follows is one of the endings.
# Chosen, not measured.
_REAL: Final = _words("""
    well self half north south east west long left right high low two three four five six seven eight nine ten twenty
    thirty forty fifty sixty seventy eighty ninety non vice anti
""")
_ENDINGS: Final = _words("""
    ern erns erner erners erly ward wards ish way ways ly er ers est en ness ing ings ism ist ists eous land lands
    fare ful fully ies ves ty th teen
""")


@dataclass(frozen=True, slots=True)
class Searched:
    """A text as it is searched.

    Attributes:
        text: as long as the original; offsets outside of joined words are the same in both.
        cuts: where the rest of each joined word begins in ``text``, sorted; ``ends`` where it ends, with what stands
            behind it up to white space; ``widths`` how many characters were taken from between.
    """

    text: str
    cuts: tuple[int, ...] = ()
    ends: tuple[int, ...] = ()
    widths: tuple[int, ...] = ()

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Return the offsets in the original of what lies between two offsets of ``text``."""
        if not self.cuts:
            return start, end
        return start + self._shift(bisect_right(self.cuts, start) - 1, start + 1), end + self._shift(
            bisect_left(self.cuts, end) - 1, end
        )

    def _shift(self, number: int, offset: int) -> int:
        """Return by how much an offset behind a cut is off, up to the end of what moved."""
        return self.widths[number] if number >= 0 and offset <= self.ends[number] else 0


def searched(text: str, hidden: Sequence[Span] = (), edges: Iterable[int] = ()) -> Searched:
    """Join the words of a text that line ends divide, as ``rejoined`` does, and leave out the addresses of links."""
    if "](" in text:
        text = _ADDRESS.sub(lambda match: " " * len(match[0]), text)
    return rejoined(text, hidden, edges)


def rejoined(text: str, hidden: Sequence[Span] = (), edges: Iterable[int] = ()) -> Searched:
    """Join the words of a text that the ends of lines divide.

    A hyphen that belongs to a word is kept as far as that can be told: behind capitals, digits and words that have one
    already, and behind words such as "well" and "north".

    Args:
        text: of a version or of a passage.
        hidden: spans of it that nothing is joined with.
        edges: of passages; no word is joined across one.
    """
    if "\n" not in text or _MARKS.search(text) is None:
        return Searched(text)
    borders = sorted(edges)
    pieces: list[str] = []
    cuts: list[int] = []
    ends: list[int] = []
    widths: list[int] = []
    done = 0
    for match in _DIVIDED.finditer(text):
        begin, mark, rest = match["begin"], match["mark"], match["rest"]
        end = _SPACE.search(text, match.end("rest"))
        stop = len(text) if end is None else end.start()
        if (
            match.start() < done  # it begins in what moved with the word before
            or _is_real(begin, mark, rest)
            or _touches(hidden, match.start(), stop)
            or _divides(borders, match.start(), stop)
        ):
            continue
        pieces += (text[done : match.end("begin")], text[match.start("rest") : stop], " " * len(mark))
        done = stop
        cuts.append(match.end("begin"))
        ends.append(stop - len(mark))
        widths.append(len(mark))
    pieces.append(text[done:])
    return Searched("".join(pieces), tuple(cuts), tuple(ends), tuple(widths))


def _is_real(begin: str, mark: str, rest: str) -> bool:
    """Tell whether a hyphen belongs to the word; the signs of typesetters and scanners never do."""
    return mark[0] in "-‐" and begin.lower() in _REAL and rest not in _ENDINGS


def _divides(borders: Sequence[int], start: int, end: int) -> bool:
    number = bisect_right(borders, start)
    return number < len(borders) and borders[number] < end


def _touches(hidden: Sequence[Span], start: int, end: int) -> bool:
    number = bisect_left(hidden, end, key=lambda span: span.start) - 1
    return number >= 0 and hidden[number].end > start
