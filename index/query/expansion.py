"""How far one question goes: what its beginnings and spellings stand for, and how far apart its near phrases may be.

A single one of them may cost what whole questions do, and a question may hold two hundred. So all of a question share
what there is: those that need little leave the rest to the others. Counts are of articles, so that every word engine
draws the same bounds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from index.analysis.analyzer import words
from index.analysis.proximity import costs, fitting_slop
from index.contracts.conditions import Phrase
from index.query.ast import Almost, Beginning, Leaf, Quoted, Run, Subquery, What, Word
from index.query.spelling import Lexicon
from index.query.vocabulary import MOST, MOST_NEAR, Entry
from index.query.wording import is_lone, ways

MOST_WORK: Final = 100_000  # arrangements times articles: a tenth of a second or so
_FEW: Final = 2  # rows of words that a near phrase of two is
_SHOWN: Final = 6  # words of those that one stands for, in a note


@dataclass(frozen=True, slots=True)
class Extent:
    """What the parts of a question stand for in an archive.

    Attributes:
        lexicon: of the archive.
        entries: the words that beginnings and spellings stand for, and single characters of scripts without spaces.
        cut: those of them that have more.
        slops: how far near phrases may be apart, of those that may be less than was asked for.
    """

    lexicon: Lexicon
    entries: Mapping[Leaf, tuple[Entry, ...]]
    cut: frozenset[Leaf]
    slops: Mapping[Quoted, int]

    def phrases(self, quoted: Quoted) -> tuple[tuple[Phrase, ...], ...]:
        """Return the words of a phrase in each way that texts are read, in each the parts that it has, in order.

        One that leaves something out has several parts.
        """
        slop = self.slops.get(quoted, quoted.slop)
        read = [found for part in quoted.parts if any(found := tuple(ways(part)))]
        alike = dict.fromkeys(zip(*read, strict=True))
        return tuple(tuple(Phrase(row, slop) for row in each) for each in alike)

    def notes(self, wanted: Sequence[Leaf]) -> Iterator[str]:
        """Yield sentences about what was asked for."""
        for leaf in dict.fromkeys(wanted):
            if leaf in self.entries and (self.entries[leaf] or not isinstance(leaf, Word)):
                yield self._note(leaf)
        for quoted, slop in self.slops.items():
            apart = f'"{quoted.text}"~{slop}' if slop else "the words in a row"
            yield f"{quoted}: too many articles have all these words; looked for was {apart}."

    def _note(self, leaf: Leaf) -> str:
        entries = self.entries[leaf]
        if not self.lexicon.vocabulary.can_look_up:
            return f"{leaf} was left out: there is no list of words here to look it up in."
        if not entries:
            alike = "is spelled like this" if isinstance(leaf, Almost) else "starts like this"
            return f"{leaf}: no word of the archive {alike}."
        shown = ", ".join(f"{entry.word} ({entry.articles:,})" for entry in entries[:_SHOWN])
        more = f" and {len(entries) - _SHOWN:,} more" if len(entries) > _SHOWN else ""
        cut = "; the most frequent ones" if leaf in self.cut else ""
        return f"{leaf} stands for {shown}{more}{cut}."


def extent(items: Run, lexicon: Lexicon) -> Extent:
    """Look up what the parts of a question stand for, excluded ones too."""
    parts = tuple(dict.fromkeys(every_part(items)))
    varied = [leaf for leaf in parts if isinstance(leaf, Beginning | Almost) or is_lone(leaf)]
    entries = _looked_up(varied, lexicon)
    kept = shares([len(entries[leaf]) for leaf in varied], MOST)
    cut = {leaf for leaf, most in zip(varied, kept, strict=True) if len(entries[leaf]) > most}
    full = {leaf for leaf in varied if len(entries[leaf]) == (MOST_NEAR if isinstance(leaf, Almost) else MOST)}
    return Extent(
        lexicon,
        {leaf: entries[leaf][:most] for leaf, most in zip(varied, kept, strict=True)},
        frozenset(cut | full),
        _slops([leaf for leaf in parts if isinstance(leaf, Quoted) and leaf.slop], lexicon),
    )


def shares(wanted: Sequence[int], most: int) -> list[int]:
    """Share out ``most`` among those who want so many: each gets as much, and what one leaves goes to the others."""
    granted = [0] * len(wanted)
    left = most
    for turn, position in enumerate(sorted(range(len(wanted)), key=wanted.__getitem__)):
        granted[position] = min(wanted[position], left // (len(wanted) - turn))
        left -= granted[position]
    return granted


def every_part(run: Run) -> Iterator[What]:
    """Yield what a question asks for and excludes, that in groups as well."""
    for item in run:
        if isinstance(item.what, Subquery):
            for inner in item.what.runs:
                yield from every_part(inner)
        else:
            yield item.what


def _looked_up(varied: Sequence[Leaf], lexicon: Lexicon) -> dict[Leaf, tuple[Entry, ...]]:
    """Look words up in the order of their letters, so that the words of one letter are listed once."""
    folded = {leaf: words(leaf.text).folded[0] for leaf in varied}
    vocabulary = lexicon.vocabulary
    return {
        leaf: vocabulary.near(folded[leaf], leaf.edits)
        if isinstance(leaf, Almost)
        else vocabulary.starting(folded[leaf])
        for leaf in sorted(varied, key=folded.__getitem__)
    }


def _slops(near: Sequence[Quoted], lexicon: Lexicon) -> dict[Quoted, int]:
    """Return the slops of near phrases that may not have theirs; of several parts, the longest is looked at."""
    tokens = {quoted: max((tuple(words(part).folded) for part in quoted.parts), key=len) for quoted in near}
    costly = {quoted: each for quoted, each in tokens.items() if costs(each, quoted.slop) > _FEW}
    articles = {quoted: lexicon.vocabulary.holding(each) for quoted, each in costly.items()}
    work = [costs(each, quoted.slop) * articles[quoted] for quoted, each in costly.items()]
    slops = {}
    for (quoted, each), share in zip(costly.items(), shares(work, MOST_WORK), strict=True):
        slop = fitting_slop(len(each), quoted.slop, share // max(1, articles[quoted]))
        if slop < quoted.slop:
            slops[quoted] = slop
    return slops
