"""Cutting a version into passages: runs of whole sentences, 100 to 150 words, that fit the model and hide nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import pairwise
from typing import Final

import regex

from archive.article import Passage, Span, Version
from archive.sentences import sentences, trimmed

_WORD: Final = regex.compile(r"[\p{L}\p{N}]")
_SPACE: Final = regex.compile(r"\s+")
_CLAUSE: Final = regex.compile(r"[,;:–—、，；：]\s*|\s[-–—]\s")
_CJK: Final = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}]")


@dataclass(frozen=True, slots=True)
class Rule:
    """How passages are packed.

    Attributes:
        name: identifies the tokenizer and the numbers; another name means other passages.
        count: tokens of each given text, special tokens not counted.
        limit: most tokens of a passage.
        target_words: where a passage may end, and where it must, as far as sentences allow.
    """

    name: str
    count: Callable[[Sequence[str]], Sequence[int]]
    limit: int
    target_words: tuple[int, int] = (100, 150)


@dataclass(frozen=True, slots=True)
class _Piece:
    """A sentence, or a part of one that was too long, with what it costs; ``first`` opens a paragraph."""

    span: Span
    words: int
    tokens: int
    first: bool


def word_rule(limit: int = 220) -> Rule:
    """Return a rule that needs no model: four characters of a word, or one that is not a letter, count as a token."""
    return Rule(f"words, {limit} tokens", _rough_counts, limit)


def passage_id(article_id: str, text: str, occurrence: int) -> str:
    """Return the identifier of a passage, 16 hexadecimal digits.

    Args:
        article_id: its article.
        text: its text.
        occurrence: how many passages of the same article with the same text come before it.
    """
    key = f"{article_id}\0{occurrence}\0{text}".encode("utf-8", "surrogatepass")
    return sha256(key).hexdigest()[:16]


def cut(article_id: str, version: Version, rule: Rule) -> tuple[Passage, ...]:
    """Cut a version into passages, in order; each visible word is in exactly one.

    No passage contains or crosses a hidden span, none is longer than ``rule.limit`` tokens, none begins or ends with
    white space. Without a visible word there are none.
    """
    text = version.text
    spans = [span for run in _visible(version) for span in _pack(_pieces(text, run, rule), rule)]
    seen: Counter[str] = Counter()
    made = []
    for span in spans:
        inner = text[span.start : span.end]
        made.append(
            Passage(passage_id(article_id, inner, seen[inner]), article_id, version.digest, span.start, span.end, inner)
        )
        seen[inner] += 1
    return tuple(made)


def _visible(version: Version) -> Iterator[Span]:
    at = 0
    for hidden in (*version.hidden, Span(len(version.text), len(version.text))):
        run = trimmed(version.text, at, hidden.start)
        if run is not None and _WORD.search(version.text, run.start, run.end):
            yield run
        at = hidden.end


def _pieces(text: str, run: Span, rule: Rule) -> list[_Piece]:
    """Return the pieces of a visible run; what is not a word joins the piece before it."""
    spans = _with_words(text, sentences(text, run.start, run.end))
    counts = rule.count([text[span.start : span.end] for span in spans])
    pieces: list[_Piece] = []
    for span, count in zip(spans, counts, strict=True):
        first = not pieces or "\n" in text[pieces[-1].span.end : span.start]
        parts = [span] if count <= rule.limit else _shorten(text, span, rule)
        tokens = [count] if len(parts) == 1 else rule.count([text[part.start : part.end] for part in parts])
        for at, (part, cost) in enumerate(zip(parts, tokens, strict=True)):
            pieces.append(_Piece(part, _word_count(text, part), cost, first and at == 0))
    return pieces


def _with_words(text: str, spans: list[Span]) -> list[Span]:
    """Join sentences without a word to their neighbour, so that nothing visible is dropped for want of letters."""
    kept: list[Span] = []
    for span in spans:
        if (kept and not _WORD.search(text, span.start, span.end)) or (
            kept and not _WORD.search(text, kept[-1].start, kept[-1].end)
        ):
            kept[-1] = Span(kept[-1].start, span.end)
        else:
            kept.append(span)
    return kept


def _pack(pieces: Sequence[_Piece], rule: Rule) -> Iterator[Span]:
    """Fill passages with pieces; a short remainder joins the passage before it where it fits."""
    groups: list[list[_Piece]] = []
    for piece in pieces:
        if groups and _joins(groups[-1], piece, rule):
            groups[-1].append(piece)
        else:
            groups.append([piece])
    if len(groups) > 1 and _cost(groups[-1]).words < rule.target_words[0] // 3:
        joined = [*groups[-2], *groups[-1]]
        if _cost(joined).tokens <= rule.limit:
            groups[-2:] = [joined]
    for group in groups:
        yield Span(group[0].span.start, group[-1].span.end)


def _joins(group: list[_Piece], piece: _Piece, rule: Rule) -> bool:
    have, least, most = _cost(group), *rule.target_words
    if have.tokens + piece.tokens > rule.limit or have.words + piece.words > most:
        return False
    return have.words < least or not piece.first


@dataclass(frozen=True, slots=True)
class _Cost:
    words: int
    tokens: int


def _cost(group: Sequence[_Piece]) -> _Cost:
    return _Cost(sum(piece.words for piece in group), sum(piece.tokens for piece in group))


def _shorten(text: str, span: Span, rule: Rule) -> list[Span]:
    """Split a sentence that is too long: at clause marks, else at white space, else between characters."""
    for mark in (_CLAUSE, _SPACE):
        places = [found.end() for found in mark.finditer(text, span.start, span.end)]
        parts = _between(text, span, places)
        if len(parts) > 1:
            return _refit(text, parts, rule)
    half = (span.start + span.end) // 2
    if half in (span.start, span.end):
        return [span]
    return [part for side in _between(text, span, [half]) for part in _fit(text, side, rule)]


def _refit(text: str, parts: list[Span], rule: Rule) -> list[Span]:
    """Join neighbouring parts as far as they fit, and split further those that still do not."""
    costs = rule.count([text[part.start : part.end] for part in parts])
    made: list[Span] = []
    room = 0
    for part, cost in zip(parts, costs, strict=True):
        if cost > rule.limit:
            made += _shorten(text, part, rule)
            room = 0
        elif made and cost <= room:
            made[-1] = Span(made[-1].start, part.end)
            room -= cost
        else:
            made.append(part)
            room = rule.limit - cost
    return [piece for part in made for piece in _fit(text, part, rule)]


def _fit(text: str, part: Span, rule: Rule) -> list[Span]:
    (cost,) = rule.count([text[part.start : part.end]])
    return [part] if cost <= rule.limit else _shorten(text, part, rule)


def _between(text: str, span: Span, places: Sequence[int]) -> list[Span]:
    cuts = sorted({span.start, *places, span.end})
    parts = (trimmed(text, start, end) for start, end in pairwise(cuts))
    return [part for part in parts if part is not None]


def _word_count(text: str, span: Span) -> int:
    inner = text[span.start : span.end]
    return len(inner.split()) + len(_CJK.findall(inner)) // 2


def _rough_counts(texts: Sequence[str]) -> list[int]:
    return [sum(1 + len(word) // 4 if word.isascii() else len(word) for word in text.split()) for text in texts]
