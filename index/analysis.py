"""Text analysis: the one analyser of indexing, queries and highlighting.

A text becomes *folded* words, each with its offsets: Unicode words (letters, marks, digits), NFKC, case and accents
folded, a possessive 's dropped, U.S. read as "us", runs of Chinese and Japanese as overlapping bigrams. For scoring,
folded words are *stemmed* by Snowball in the language of their article. A word gives the same token whatever stands
around it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from typing import Any, Final

import regex

from index.stopwords import ENGLISH

BREAK: Final = "\x1f"
_MOST: Final = 64
_VERSION: Final = 1
_CJK: Final = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}ー々〆]+")
_LETTER: Final = r"[\p{L}\p{N}]"
_REST: Final = r"[\p{L}\p{N}\p{M}]*+"
_ACRONYM: Final = r"\b\p{L}(?:\.\p{L})++\b(?:\.?['’ʼ][sS]\b)?"
_WORD: Final = regex.compile(rf"{_ACRONYM}|{_LETTER}{_REST}(?:['’ʼ]{_LETTER}{_REST})*+")
_POSSESSIVE: Final = regex.compile(r"['’ʼ][sS]$")
_NOT_WORD: Final = regex.compile(r"[^\p{L}\p{N}\p{M}]+")
_SNOWBALL: Final = {
    "ar": "arabic", "ca": "catalan", "da": "danish", "de": "german", "el": "greek", "en": "english", "es": "spanish",
    "eu": "basque", "fi": "finnish", "fr": "french", "ga": "irish", "hi": "hindi", "hu": "hungarian", "hy": "armenian",
    "id": "indonesian", "it": "italian", "lt": "lithuanian", "ne": "nepali", "nl": "dutch", "no": "norwegian",
    "nb": "norwegian", "pt": "portuguese", "ro": "romanian", "ru": "russian", "sr": "serbian", "sv": "swedish",
    "ta": "tamil", "tr": "turkish",
}  # fmt: skip
_STOP: Final = {"en": ENGLISH}


@dataclass(frozen=True, slots=True)
class Words:
    """Folded words of a text in order; the three lists are parallel, offsets are into the text that was given."""

    folded: list[str]
    starts: list[int]
    ends: list[int]


def words(text: str, start: int = 0, end: int | None = None) -> Words:
    """Return the folded words of ``text[start:end]``, with offsets into ``text``."""
    found = Words([], [], [])
    folded, starts, ends = found.folded.append, found.starts.append, found.ends.append
    for match in _WORD.finditer(text, start, len(text) if end is None else end):
        at = match.start()
        for token in _tokens(match.group()):
            folded(token.folded)
            starts(at + token.start)
            ends(at + token.end)
    return found


@dataclass(frozen=True, slots=True)
class _Token:
    """A token within one word; offsets into the word."""

    folded: str
    start: int
    end: int


@lru_cache(maxsize=1 << 18)
def _tokens(word: str) -> tuple[_Token, ...]:
    """Read one word: its own token, or the bigrams of each Chinese or Japanese run and the words between."""
    at, made = 0, []
    for run in _CJK.finditer(word):
        made += [*_plain(word, at, run.start()), *_bigrams(word, run.start(), run.end())]
        at = run.end()
    return (*made, *_plain(word, at, len(word)))


def _plain(word: str, start: int, end: int) -> Iterator[_Token]:
    possessive = _POSSESSIVE.search(word, start, end)
    last = possessive.start() if possessive else end
    if key := fold(word[start:last]):
        yield _Token(key, start, last)


def _bigrams(word: str, start: int, end: int) -> Iterator[_Token]:
    for at in range(start, max(start + 1, end - 1)):
        stop = min(at + 2, end)
        yield _Token(fold(word[at:stop]), at, stop)


@lru_cache(maxsize=1 << 18)
def fold(word: str) -> str:
    """Return the folded form of one word; empty when nothing of it is left."""
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", word).casefold())
    kept = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return _NOT_WORD.sub("", unicodedata.normalize("NFKC", kept))[:_MOST]


@lru_cache(maxsize=1 << 18)
def stem(folded: str, language: str | None) -> str | None:
    """Return the stem of a folded word; None for a stop word of scoring.

    Without a stemmer for the language, the stem is the word.
    """
    code = language or ""
    if folded in _STOP.get(code, ()):
        return None
    stemmer = _stemmer(code)
    return folded if stemmer is None else str(stemmer.stemWord(folded)) or folded


def query_stems(folded: str, languages: Sequence[str]) -> tuple[str, ...]:
    """Return the distinct stems of a query's word over the languages of the archive; none for a stop word.

    A word is a stop word of a query when it is one in every language that has a list; articles whose language is
    unknown hold it unstemmed, which is among the stems.
    """
    listed = [code for code in languages if code in _STOP] or ["en"]
    if all(folded in _STOP[code] for code in listed):
        return ()
    stems = [found for code in languages if (found := stem(folded, code)) is not None]
    return tuple(dict.fromkeys([*stems, folded] if not stems or len(languages) > 1 else stems))


def fingerprint() -> str:
    """Identify everything that shapes a token."""
    import Stemmer

    parts = [str(_VERSION), _WORD.pattern, repr(sorted(ENGLISH)), repr(_SNOWBALL), unicodedata.unidata_version]
    return sha256("\n".join([*parts, str(Stemmer.version())]).encode("utf-8")).hexdigest()


@lru_cache(maxsize=64)
def _stemmer(language: str) -> Any:  # noqa: ANN401 - PyStemmer is untyped
    import Stemmer

    name = _SNOWBALL.get(language)
    return Stemmer.Stemmer(name) if name in Stemmer.algorithms() else None
