"""Text analysis: the one analyser of indexing, queries and highlighting.

A text becomes *folded* words, each with its offsets: Unicode words (letters, marks, digits), NFKC, case and accents
folded, a possessive 's dropped, U.S. read as "us", the elided article of l'Ukraine a word of its own. Runs of Chinese,
Japanese and Korean become overlapping bigrams (Korean too: it writes particles onto the word). For scoring, folded
words are *stemmed* in the language of their article (``index.analysis.stemming``). A word gives the same token whatever
stands around it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Set
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from itertools import accumulate, compress, count
from operator import add
from string import punctuation
from typing import Final, NamedTuple
from unicodedata import is_normalized

import regex

from index.analysis.folding import MOST, fold, folding_fingerprint
from index.analysis.stemming import stemming_fingerprint, stems

BREAK: Final = "\x1f"
_VERSION: Final = 3  # of what the patterns below do not say; part of the fingerprint
_REMEMBERED: Final = 1 << 17  # pieces and words, some tens of megabytes at most; chosen, not measured
_REMEMBERED_LIT: Final = 1 << 12  # pieces of one question; chosen, not measured
_AT_ONCE: Final = 1 << 16  # characters that are looked through in one go, some milliseconds; chosen, not measured

_CJK: Final = r"[[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}ーｰ〆ﾞﾟ]&&[\p{L}\p{N}]]"
_LETTER: Final = rf"[[\p{{L}}\p{{N}}]--{_CJK}]"
_INNER: Final = rf"[[\p{{L}}\p{{N}}\p{{M}}]--{_CJK}]"
_INITIAL: Final = rf"[\p{{L}}--{_CJK}]\p{{M}}*+"
_APOSTROPHE: Final = "['’‘ʼ＇]"
_INVISIBLE: Final = r"[\u00ad\u200c\u200d\u2060\ufeff]"
_POSSESSIVE: Final = rf"{_APOSTROPHE}[sS]"
_ACRONYM: Final = rf"{_INITIAL}(?:\.{_INITIAL})+(?!{_INNER})\.?(?:{_POSSESSIVE}(?!{_INNER}))?"
_PLAIN: Final = rf"{_LETTER}{_INNER}*+(?:(?:{_APOSTROPHE}|{_INVISIBLE}++){_INNER}++)*+"
_WORD: Final = regex.compile(rf"{_ACRONYM}|{_PLAIN}|((?:{_CJK}\p{{M}}*+)++)", regex.V1)
_ENDS_POSSESSIVE: Final = regex.compile(rf"{_POSSESSIVE}$", regex.V1)
_ELISION: Final = regex.compile(
    rf"(?i)^(?:[cdjlmnst]|(?:jus|lors|puis|quoi)?qu|un|all|coll|dall|dell|nell|sull|quell|quest){_APOSTROPHE}(?=\p{{L}}{{2}})",
    regex.V1,
)
_UNIT: Final = regex.compile(r"\X")
_JOINED: Final = regex.compile(r"[\p{M}\u1100-\u11ff]")


class _Token(NamedTuple):
    """A token within one word; offsets into the word."""

    folded: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Words:
    """Folded words of a text in order; the three lists are parallel, offsets are into the text that was given."""

    folded: list[str]
    starts: list[int]
    ends: list[int]


_KNOWN: Final[dict[str, tuple[_Token, ...]]] = {}


def words(text: str, start: int = 0, end: int | None = None) -> Words:
    """Return the folded words of ``text[start:end]``, with offsets into ``text``.

    The offsets cover what a highlight should: the whole word without its possessive, an acronym with its last dot. The
    folded form of a word longer than 64 characters is clipped to that, its offsets are not.
    """
    chunks = _chunks(text[start:end])
    cached = [_KNOWN.get(chunk) for chunk in chunks]
    read = [_learn(chunk) if tokens is None else tokens for chunk, tokens in zip(chunks, cached, strict=True)]
    places = list(map(add, accumulate(map(len, chunks[:-1]), initial=start), count()))
    return Words(
        [token[0] for tokens in read for token in tokens],
        [place + token[1] for place, tokens in zip(places, read, strict=True) for token in tokens],
        [place + token[2] for place, tokens in zip(places, read, strict=True) for token in tokens],
    )


def joined(text: str, start: int, end: int, language: str | None) -> tuple[str, str]:
    """Return the folded words of ``text[start:end]`` and their stems in a language, each joined by spaces.

    What ``words`` and ``stems`` give, without offsets and at a quarter of their price.
    """
    chunks = _chunks(text[start:end])
    folded, stemmed = (" ".join(filter(None, map(forms.__getitem__, chunks))) for forms in _joined(language))
    return folded, stemmed


def marked(
    text: str, start: int, end: int, language: str | None, folded: Set[str], stemmed: Set[str]
) -> Iterator[tuple[int, int]]:
    """Yield the offsets of the words of ``text[start:end]`` whose folded form or stem is among those given.

    Offsets are into ``text``, in order.
    """
    known = _lit(language, frozenset(folded), frozenset(stemmed))
    for left, right in _slices(text, start, end):
        chunks = _chunks(text[left:right])
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


def _chunks(text: str) -> list[str]:
    return text.replace("\n", " ").replace("\t", " ").replace("\xa0", " ").split(" ")


def _learn(chunk: str) -> tuple[_Token, ...]:
    """Read what stands between spaces; short pieces are remembered, so that hostile text cannot fill the memory."""
    core = chunk.strip(punctuation)
    if core.isascii() and core.isalnum():
        start = chunk.index(core)
        return _remember(chunk, (_Token(fold(core), start, start + len(core)),))
    tokens, repeats = [], True
    for match in _WORD.finditer(chunk):
        start, run = match.start(), match.lastindex is not None
        repeats = repeats and not run
        for key, first, last in _bigrams(match[0]) if run else _read(match[0]):
            tokens.append(_Token(key, start + first, start + last))
    return _remember(chunk, tuple(tokens)) if repeats else tuple(tokens)


def _remember(chunk: str, tokens: tuple[_Token, ...]) -> tuple[_Token, ...]:
    if len(chunk) <= MOST:
        if len(_KNOWN) >= _REMEMBERED:
            _KNOWN.clear()
        _KNOWN[chunk] = tokens
    return tokens


def _read(word: str) -> Iterator[_Token]:
    """Yield the tokens of one word that is no run of bigrams: an elided article, and the word itself."""
    elision = _ELISION.match(word)
    first = elision.end() if elision else 0
    if elision:
        yield _Token(fold(elision[0]), 0, first)
    possessive = _ENDS_POSSESSIVE.search(word)
    last = possessive.start() if possessive else len(word)
    if key := fold(word[first:last]):
        yield _Token(key, first, last)


def _bigrams(run: str) -> Iterator[_Token]:
    """Yield each two neighbouring characters; a character alone is a token. A character may be several code points."""
    if is_normalized("NFKC", run) and not _JOINED.search(run):
        yield from (
            _Token(run[start : start + 2], start, min(start + 2, len(run))) for start in range(max(1, len(run) - 1))
        )
        return
    edges = [0, *(unit.end() for unit in _UNIT.finditer(run))]
    if len(edges) == 2:
        edges.append(edges[-1])
    for start, end in zip(edges, edges[2:], strict=False):
        yield _Token(fold(run[start:end]), start, end)


class _Joined(dict[str, str]):
    """The tokens of what stands between spaces, joined by spaces, made as they are asked for."""

    def __init__(self, form: Callable[[_Token], str | None]) -> None:
        self._form = form

    def __missing__(self, chunk: str) -> str:
        tokens = _KNOWN.get(chunk) or _learn(chunk)
        forms = " ".join(filter(None, map(self._form, tokens)))
        if chunk in _KNOWN:
            if len(self) >= _REMEMBERED:
                self.clear()
            self[chunk] = forms
        return forms


_FOLDED: Final = _Joined(lambda token: token.folded)


@lru_cache(maxsize=256)
def _joined(language: str | None) -> tuple[_Joined, _Joined]:
    stem = stems(language)
    return _FOLDED, _Joined(lambda token: stem[token.folded])


class _Lit(dict[str, tuple[tuple[int, int], ...]]):
    """Where in what stands between spaces a wanted word is; found as it is asked for."""

    def __init__(self, language: str | None, folded: Set[str], stemmed: Set[str]) -> None:
        self._stems, self._folded, self._stemmed = stems(language), folded, stemmed

    def __missing__(self, chunk: str) -> tuple[tuple[int, int], ...]:
        tokens = _KNOWN.get(chunk) or _learn(chunk)
        spans = tuple([(first, last) for folded, first, last in tokens if self._wants(folded)])
        if len(chunk) <= MOST:
            if len(self) >= _REMEMBERED_LIT:
                self.clear()
            self[chunk] = spans
        return spans

    def _wants(self, folded: str) -> bool:
        return folded in self._folded or self._stems[folded] in self._stemmed


@lru_cache(maxsize=256)
def _lit(language: str | None, folded: frozenset[str], stemmed: frozenset[str]) -> _Lit:
    return _Lit(language, folded, stemmed)


@lru_cache(maxsize=1)
def fingerprint() -> str:
    """Identify everything that shapes a token."""
    parts = [str(_VERSION), _WORD.pattern, _ELISION.pattern, folding_fingerprint(), stemming_fingerprint()]
    parts.append(regex.__version__)
    return sha256("\n".join(parts).encode("utf-8")).hexdigest()
