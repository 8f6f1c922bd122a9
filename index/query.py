"""The query language: a person's typing to a ``Query``.

Plain words (any may match, more is better), ``"exact phrases"``, ``+must``, ``-not``, ``-"not this phrase"``. Parsing
never raises: what makes no sense is read as words, with a note that says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

import regex

from index.analysis import words

__all__ = ["Item", "Kind", "Query", "literal", "parse"]

MOST_WORDS: Final = 200
MOST_CHARACTERS: Final = 5_000

_QUOTES: Final = '"“”„‟«»「」『』＂'
_UNQUOTED: Final = str.maketrans(dict.fromkeys(_QUOTES, " "))
_PHRASE: Final = r"\"[^\"]*\"|[“”„‟＂][^“”„‟＂]*[“”„‟＂]|«[^«»]*»|»[^«»]*«|「[^「」]*」|『[^『』]*』"
_ITEM: Final = regex.compile(
    rf"(?P<sign>(?<!\S)[+-])?(?P<phrase>{_PHRASE})|(?P<stray>[{_QUOTES}])|(?P<word>[^\s{_QUOTES}]+)"
)
_SIGNED: Final = regex.compile(r"\+(?=[\p{L}\p{N}])|-(?=\p{L})")
_INVISIBLE: Final = regex.compile(r"[\p{Cf}--\u200b]+", regex.V1)
_BLANK: Final = regex.compile(r"[\p{C}\p{Z}]+")
_FIELDS: Final = "title|outlet|author|lang|path|url|date|after|before|like"
_UNKNOWN: Final = regex.compile(rf"(?:{_FIELDS}):\S+|[\p{{L}}\p{{N}}]+(?:\*|~\d?)|~\d+|AND|OR|NOT")


class Kind(StrEnum):
    """What an item of a question asks for."""

    WORD = ""
    MUST = "+"
    PHRASE = '"'
    NOT_WORD = "-"
    NOT_PHRASE = '-"'


@dataclass(frozen=True, slots=True)
class Item:
    """One word or one phrase of a question, as typed, without its sign and quotation marks."""

    kind: Kind
    text: str

    def __str__(self) -> str:
        closing = '"' if self.kind in (Kind.PHRASE, Kind.NOT_PHRASE) else ""
        return f"{self.kind}{self.text}{closing}"


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed question; ``parse(str(query)) == query``.

    Attributes:
        items: what was asked, in the order it was typed.
        text: what was typed; does not count in comparisons.
        notes: sentences about how the typing was read; likewise.
    """

    items: tuple[Item, ...] = ()
    text: str = field(default="", compare=False)
    notes: tuple[str, ...] = field(default=(), compare=False)

    @property
    def words(self) -> tuple[str, ...]:
        """Return the plain words; any may match."""
        return self._of(Kind.WORD)

    @property
    def phrases(self) -> tuple[str, ...]:
        """Return what stood in quotes; an article must hold each."""
        return self._of(Kind.PHRASE)

    @property
    def must(self) -> tuple[str, ...]:
        """Return the words behind ``+``; an article must hold each."""
        return self._of(Kind.MUST)

    @property
    def must_not_words(self) -> tuple[str, ...]:
        """Return the words that no article may hold."""
        return self._of(Kind.NOT_WORD)

    @property
    def must_not_phrases(self) -> tuple[str, ...]:
        """Return the phrases that no article may hold."""
        return self._of(Kind.NOT_PHRASE)

    @property
    def semantic_text(self) -> str:
        """Return what is encoded: everything asked for, in the order typed, nothing that was excluded."""
        return " ".join(item.text for item in self.items if item.kind in (Kind.WORD, Kind.MUST, Kind.PHRASE))

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing was asked and nothing excluded."""
        return not self.items

    def __str__(self) -> str:
        return " ".join(map(str, self.items))

    def _of(self, kind: Kind) -> tuple[str, ...]:
        return tuple(item.text for item in self.items if item.kind == kind)


def parse(text: str) -> Query:
    """Read a question as a person typed it; never raises."""
    clean = _clean(text[:MOST_CHARACTERS])
    matches = list(_ITEM.finditer(clean))
    items, whole = _read(item for match in matches if (item := _item(match, clean)))
    stray = any(match["stray"] for match in matches)
    return Query(items, text, tuple(_notes(text, clean, items, stray, whole)))


def literal(text: str) -> Query:
    """Read a text as plain words, without any syntax."""
    clean = _clean(text)
    return Query((Item(Kind.WORD, clean),) if clean else (), text)


def _clean(text: str) -> str:
    """Leave one space for each run of white space and controls, and nothing for joiners and direction marks."""
    return _BLANK.sub(" ", _INVISIBLE.sub("", text)).strip()


def _item(match: regex.Match[str], clean: str) -> Item | None:
    if match["phrase"]:
        inner = " ".join(match["phrase"].translate(_UNQUOTED).split())
        return Item(Kind.NOT_PHRASE if match["sign"] == "-" else Kind.PHRASE, inner)
    word = match["word"]
    if not word or not (sign := _SIGNED.match(word)):
        return Item(Kind.WORD, word) if word else None
    at_start = match.start() == 0 or clean[match.start() - 1] == " "
    return Item(Kind(sign[0]) if at_start else Kind.WORD, word[1:])


def _read(typed: Iterable[Item]) -> tuple[tuple[Item, ...], bool]:
    """Return the items that hold words, up to the word limit, the last one cut; and whether they are all there."""
    kept: list[Item] = []
    left = MOST_WORDS
    for item in typed:
        ends = words(item.text).ends
        if ends and left <= 0:
            return tuple(kept), False
        if ends:
            kept.append(item if len(ends) <= left else Item(item.kind, item.text[: ends[left - 1]]))
        left -= len(ends)
    return tuple(kept), left >= 0


def _notes(text: str, clean: str, items: tuple[Item, ...], stray: bool, whole: bool) -> Iterator[str]:
    if len(text) > MOST_CHARACTERS:
        yield f"Only the first {MOST_CHARACTERS:,} characters were read."
    if stray:
        yield "A quotation mark without its partner was left out; what follows it is read as words."
    if not whole:
        yield f"Only the first {MOST_WORDS} words were read."
    if unknown := _unknown(clean, items):
        yield f"Read as plain words: {unknown}."
    if clean and not items:
        yield "There is no word in it to look for."
    if items and all(item.kind in (Kind.NOT_WORD, Kind.NOT_PHRASE) for item in items):
        yield "Only exclusions: every article without them is listed, newest first."


def _unknown(clean: str, items: Sequence[Item]) -> str:
    """Return what looks like syntax that this version does not have; capitals say nothing in a line of capitals."""
    if clean.isupper():
        return ""
    plain = (item.text for item in items if item.kind in (Kind.WORD, Kind.MUST, Kind.NOT_WORD))
    return ", ".join(dict.fromkeys(word for word in plain if len(word) <= 80 and _UNKNOWN.fullmatch(word)))
