"""Text analysis: the one analyser of indexing, queries and highlighting.

A text becomes *folded* words, each with its offsets: Unicode words (letters, marks, digits), NFKC, case and accents
folded, a possessive 's dropped, U.S. read as "us", what an apostrophe ties to a word (l'Ukraine, Ankara'da) a token of
its own (``index.analysis.pieces``). Runs of Chinese, Japanese and Korean become overlapping bigrams (Korean too: it
writes particles onto the word). For scoring, folded words are *stemmed* in the language of their article
(``index.analysis.stemming``), with further forms of some of them (F-16 as "f16"). A word gives the same
token whatever stands around it, but that capitals say nothing in a line of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from itertools import accumulate, compress, count
from operator import add, itemgetter
from typing import Final

import regex

from index.analysis.acronyms import acronyms_fingerprint, calmed
from index.analysis.folding import MOST, folding_fingerprint
from index.analysis.numbers import GLUE, glued
from index.analysis.pieces import Piece, Reading, Token, pieces_fingerprint, plain_word, read, reading_of
from index.analysis.stemming import bare, stemming_fingerprint, stems
from index.contracts.conditions import BESIDE

_VERSION: Final = 5  # of what the patterns below do not say; part of the fingerprint
_REMEMBERED: Final = 1 << 17  # pieces and words, some tens of megabytes at most; chosen, not measured
_REMEMBERED_LIT: Final = 1 << 12  # pieces of one question; chosen, not measured
_BETWEEN_WORDS: Final = frozenset(" \n\t\u3000。！？；：，、")
_GLUED: Final = 64  # characters around a space by which it is told whether it parts thousands
_AT_ONCE: Final = 1 << 16  # characters that are looked through in one go, some milliseconds; chosen, not measured


@dataclass(frozen=True, slots=True)
class Words:
    """Folded words of a text in order; the three lists are parallel, offsets are into the text that was given."""

    folded: list[str]
    starts: list[int]
    ends: list[int]


_KNOWN: Final[dict[Reading, dict[str, Piece]]] = {reading: {} for reading in Reading}


def words(text: str, start: int = 0, end: int | None = None, language: str | None = None) -> Words:
    """Return the folded words of ``text[start:end]``, as texts of a language are read, with offsets into ``text``.

    The offsets cover what a highlight should: the whole word without its possessive, an acronym with its last dot. The
    folded form of a word longer than 64 characters is clipped to that, its offsets are not.
    """
    return words_read(text, reading_of(language), start, end)


def words_read(text: str, reading: Reading, start: int = 0, end: int | None = None) -> Words:
    """Return what ``words`` does, of a text that is read in a given way."""
    chunks = _chunks(text[start:end])
    cached = map(_KNOWN[reading].get, chunks)
    read = [(piece or _learn(chunk, reading)).row for chunk, piece in zip(chunks, cached, strict=True)]
    places = list(map(add, accumulate(map(len, chunks[:-1]), initial=start), count()))
    return Words(
        [token[0] for tokens in read for token in tokens],
        [place + token[1] for place, tokens in zip(places, read, strict=True) for token in tokens],
        [place + token[2] for place, tokens in zip(places, read, strict=True) for token in tokens],
    )


def asked(text: str, reading: Reading) -> Iterator[Piece]:
    """Yield the pieces of a question that hold a word, as texts of some languages are read."""
    return (piece for chunk in _chunks(text) if (piece := _known(chunk, reading)).row)


def joined(text: str, start: int, end: int, language: str | None) -> tuple[str, str]:
    """Return the folded words of ``text[start:end]`` and their stems in a language, each joined by spaces.

    What ``words`` and ``stems`` give, without offsets and at a quarter of their price; with the stems are those of
    further forms, with ``BESIDE`` before them.
    """
    chunks = _chunks(text[start:end])
    folded, stemmed = (" ".join(filter(None, map(forms.__getitem__, chunks))) for forms in _joined(language))
    return folded, stemmed


def placed(text: str, start: int, end: int, language: str | None) -> Iterator[tuple[int, str, str]]:
    """Yield what ``joined`` joins, in order: where each token begins, its folded form or its stem, "" for the other."""
    stem, reading, place = stems(language), reading_of(language), start
    for chunk in _chunks(text[start:end]):
        piece = _known(chunk, reading)
        row = [(token.start, token.folded, "") for token in piece.row]
        scored = [(token.start, "", each) for token, each in _stemmed(piece, stem)]
        for first, folded, each in sorted(row + scored, key=itemgetter(0)):
            yield place + first, folded, each
        place += len(chunk) + 1


def divides(text: str, offset: int) -> bool:
    """Tell whether ``joined`` of what is before an offset and of what is behind it give what it gives of both.

    Not everywhere that they do is this told.
    """
    around = text[max(0, offset - 1) : offset + 1]
    if offset in (0, len(text)):
        return True
    if _BETWEEN_WORDS.isdisjoint(around):
        return False
    first = max(0, offset - _GLUED)
    return GLUE not in glued(text[first : offset + _GLUED])[max(0, offset - 1 - first) : offset + 1 - first]


def marked(
    text: str, start: int, end: int, language: str | None, folded: Set[str], stemmed: Set[str]
) -> Iterator[tuple[int, int]]:
    """Yield the offsets of the words of ``text[start:end]`` whose folded form or stem is among those given.

    Offsets are into ``text``, in order.
    """
    known = _lit(language, frozenset(folded), frozenset(stemmed))
    for left, right in _slices(text, start, end):
        chunks = _chunks(text[left:right], numbers=known.numbers, capitals=known.capitals)
        lit = list(map(known.__getitem__, chunks))
        if not any(lit):
            continue
        places = list(accumulate(map(len, chunks), initial=left))
        for number in compress(count(), lit):
            for first, last in lit[number]:
                yield places[number] + number + first, places[number] + number + last


def _slices(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Cut a long text behind spaces: what goes over it at once keeps every other thread of the process waiting."""
    while end - start > _AT_ONCE and (space := text.find(" ", start + _AT_ONCE, end)) >= 0:
        yield start, space + 1
        start = space + 1
    yield start, end


def _chunks(text: str, *, numbers: bool = True, capitals: bool = True) -> list[str]:
    """Part a text at its spaces; what is no matter to whoever asks, numbers or capitals, may stand as it is."""
    if text.isascii() and text.isalnum():  # as the words of a question are that are read one by one
        return [text]
    if capitals:
        text = calmed(text)
    if numbers or "O " in text:
        text = glued(text)
    return text.replace("\n", " ").replace("\t", " ").replace("\xa0", " ").split(" ")


def _known(chunk: str, reading: Reading) -> Piece:
    return _KNOWN[reading].get(chunk) or _learn(chunk, reading)


def _learn(chunk: str, reading: Reading) -> Piece:
    """Read what stands between spaces; short pieces are remembered, so that hostile text cannot fill the memory."""
    piece = read(chunk, reading)
    if piece.repeats and len(chunk) <= MOST:
        known = _KNOWN[reading]
        if len(known) >= _REMEMBERED:
            known.clear()
        known[chunk] = piece
    return piece


class _Joined(dict[str, str]):
    """The tokens of what stands between spaces, joined by spaces, made as they are asked for."""

    def __init__(self, reading: Reading, forms: Callable[[Piece], Iterable[str | None]]) -> None:
        self._reading, self._forms = reading, forms

    def __missing__(self, chunk: str) -> str:
        piece = _known(chunk, self._reading)
        forms = " ".join(filter(None, self._forms(piece)))
        if piece.repeats and len(chunk) <= MOST:
            if len(self) >= _REMEMBERED:
                self.clear()
            self[chunk] = forms
        return forms


_FOLDED: Final = {reading: _Joined(reading, lambda piece: (token.folded for token in piece.row)) for reading in Reading}


@lru_cache(maxsize=256)
def _joined(language: str | None) -> tuple[_Joined, _Joined]:
    stem, reading = stems(language), reading_of(language)
    return _FOLDED[reading], _Joined(reading, lambda piece: (each for _, each in _stemmed(piece, stem)))


def _stemmed(piece: Piece, stem: Mapping[str, str | None]) -> list[tuple[Token, str]]:
    """Return what a piece is scored by, in order; a further form whose stem is that of a word counts once.

    Other forms of a word that is there have ``BESIDE`` before them; a designator stands for its parts.
    """
    words = [(token, each) for token in piece.words if (each := stem[token.folded])]
    known = {each for _, each in words}
    mark = BESIDE if words else ""
    beside = [(token, mark + each) for token in piece.also if (each := stem[token.folded]) and each not in known]
    wholes = [(token, each) for token in piece.designators if (each := stem[token.folded]) and each not in known]
    return sorted(words + beside + wholes, key=lambda pair: pair[0].start) if beside or wholes else words


class _Tokens(dict[str, tuple[str | None, ...]]):
    """All that what stands between spaces may be wanted by, folded forms and stems, made as they are asked for.

    Most of a text holds nothing that is wanted, and is passed over by this at every question but the first.
    """

    def __init__(self, language: str | None) -> None:
        self._stems, self._reading = stems(language), reading_of(language)

    def __missing__(self, chunk: str) -> tuple[str | None, ...]:
        only = None if chunk.isupper() else plain_word(chunk)  # in capitals it may be an acronym too
        piece = _known(chunk, self._reading) if only is None else Piece((only,))
        folded = [token.folded for token in (*piece.row, *piece.further)]
        tokens = (*folded, *map(self._stems.__getitem__, folded))
        if piece.repeats and len(chunk) <= MOST:
            if len(self) >= _REMEMBERED:
                self.clear()
            self[chunk] = tokens
        return tokens


@lru_cache(maxsize=256)
def _tokens(language: str | None) -> _Tokens:
    return _Tokens(language)


class _Lit(dict[str, tuple[tuple[int, int], ...]]):
    """Where in what stands between spaces a wanted word is; found as it is asked for.

    Attributes:
        numbers: whether a number is wanted; capitals: whether an acronym is.
    """

    def __init__(self, language: str | None, folded: Set[str], stemmed: Set[str]) -> None:
        self._stems, self._folded, self._stemmed = stems(language), folded, stemmed
        self._reading, self._tokens, self._either = reading_of(language), _tokens(language), folded | stemmed
        self.numbers = any(character.isdecimal() for token in self._either for character in token)
        self.capitals = any(map(str.isupper, map(bare, stemmed)))

    def __missing__(self, chunk: str) -> tuple[tuple[int, int], ...]:
        spans = () if self._either.isdisjoint(self._tokens[chunk]) else self._spans(chunk)
        if len(chunk) <= MOST:
            if len(self) >= _REMEMBERED_LIT:
                self.clear()
            self[chunk] = spans
        return spans

    def _spans(self, chunk: str) -> tuple[tuple[int, int], ...]:
        return tuple(sorted({(token.start, token.end) for token in self._wanted(_known(chunk, self._reading))}))

    def _wanted(self, piece: Piece) -> Iterator[Token]:
        yield from (token for token in piece.row if token.folded in self._folded)
        for token in piece.words + piece.further:
            if self._stems[token.folded] in self._stemmed:
                yield token


@lru_cache(maxsize=256)
def _lit(language: str | None, folded: frozenset[str], stemmed: frozenset[str]) -> _Lit:
    return _Lit(language, folded, stemmed)


@lru_cache(maxsize=1)
def fingerprint() -> str:
    """Identify everything that shapes a token."""
    tokens = (acronyms_fingerprint(), pieces_fingerprint(), folding_fingerprint(), stemming_fingerprint())
    parts = (str(_VERSION), *tokens, regex.__version__)
    return sha256("\n".join(parts).encode("utf-8")).hexdigest()
