"""Cutting a version into passages: runs of whole sentences, 100 to 150 words, that fit the model and hide nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import pairwise
from typing import Final

import regex

from archive.core.article import Passage, Span, Version
from archive.core.spans import gaps
from archive.text.passage_shape import PASSAGES
from archive.text.scripts import unspaced_words
from archive.text.sentences import sentences, trimmed

_WORD: Final = regex.compile(r"[\p{L}\p{N}]")
_SPACE: Final = regex.compile(r"\s++")
_CLAUSE: Final = regex.compile(r"[,;:](?=\s)|[–—、，；：،؛]|\s[-]\s")
_ROUGH: Final = regex.compile(r"[A-Za-z0-9]+|\S")
_MOST_CHARACTERS: Final = PASSAGES.most_characters


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
    target_words: tuple[int, int] = (PASSAGES.fewest_words, PASSAGES.most_words)


@dataclass(frozen=True, slots=True)
class _Piece:
    """A sentence, or a part of one that was too long, with what it costs; ``opens`` a paragraph or not."""

    span: Span
    words: int
    tokens: int
    opens: bool


def word_rule(limit: int = 220) -> Rule:
    """Return a rule that needs no model and counts more tokens rather than fewer.

    A run of ASCII letters counts one token and one more for every four; every other character counts one.
    """
    return Rule(f"{PASSAGES.algorithm}, rough counts, {limit} tokens", _rough_counts, limit)


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
    """Cut a version into passages."""
    return named(article_id, version, spans(version.text, version.hidden, rule))


def spans(text: str, hidden: Sequence[Span], rule: Rule) -> tuple[Span, ...]:
    """Return where the passages of a text are, in order; each visible word is in exactly one.

    No passage contains or crosses a hidden span, none begins or ends with white space, none has more than
    ``rule.limit`` tokens or 2,000 characters; only a word that alone is longer is split. Without a visible word there
    are none.
    """
    return tuple(_spans(text, hidden, rule))


def named(article_id: str, version: Version, places: Sequence[Span]) -> tuple[Passage, ...]:
    """Return the passages of a version that are at the given places."""
    text = version.text
    seen: Counter[str] = Counter()
    passages = []
    for span in places:
        inner = text[span.start : span.end]
        passages.append(
            Passage(passage_id(article_id, inner, seen[inner]), article_id, version.digest, span.start, span.end, inner)
        )
        seen[inner] += 1
    return tuple(passages)


def _spans(text: str, hidden: Sequence[Span], rule: Rule) -> Iterator[Span]:
    runs = [_with_words(text, sentences(text, run.start, run.end)) for run in _visible(text, hidden)]
    counts = iter(_counts(text, [span for spans in runs for span in _to_next(spans, spans[-1].end)], rule))
    for spans in runs:
        costs = [next(counts) for _ in spans]
        for span in _pack(_pieces(text, spans, costs, rule), rule):
            if _WORD.search(text, span.start, span.end):
                yield span


def _visible(text: str, hidden: Sequence[Span]) -> Iterator[Span]:
    for gap in gaps(hidden, len(text)):
        run = trimmed(text, gap.start, gap.end)
        if run is not None and _WORD.search(text, run.start, run.end):
            yield run


def _with_words(text: str, spans: Sequence[Span]) -> list[Span]:
    """Join sentences without a word to a neighbour, so that nothing visible is dropped for want of letters."""
    kept: list[Span] = []
    last_has_words = True
    for span in spans:
        has_words = _WORD.search(text, span.start, span.end) is not None
        if kept and not (has_words and last_has_words):
            kept[-1] = Span(kept[-1].start, span.end)
            last_has_words = last_has_words or has_words
        else:
            kept.append(span)
            last_has_words = has_words
    return kept


def _to_next(spans: Sequence[Span], end: int) -> list[Span]:
    """Widen each span by the white space before the next, or before ``end``, which some tokenizers count."""
    starts = [*(span.start for span in spans[1:]), end]
    gap = PASSAGES.widest_gap
    return [Span(span.start, min(start, span.end + gap)) for span, start in zip(spans, starts, strict=True)]


def _pieces(text: str, spans: Sequence[Span], counts: Sequence[int], rule: Rule) -> Iterator[_Piece]:
    end = spans[0].start
    for span, wide, count in zip(spans, _to_next(spans, spans[-1].end), counts, strict=True):
        opens = "\n" in text[end : span.start]
        end = span.end
        if _fits(span, count, rule):
            yield _Piece(span, _word_count(text, span), count, opens)
            continue
        parts = _shorten(text, span, rule)
        for part, cost in zip(parts, _counts(text, _to_next(parts, wide.end), rule), strict=True):
            yield _Piece(part, _word_count(text, part), cost, opens and part is parts[0])


def _pack(pieces: Iterator[_Piece], rule: Rule) -> list[Span]:
    """Fill passages with pieces; a short remainder joins the passage before it where it fits."""
    groups: list[_Piece] = []
    for piece in pieces:
        if groups and _joins(groups[-1], piece, rule):
            groups[-1] = _joined(groups[-1], piece)
        else:
            groups.append(piece)
    if len(groups) > 1 and groups[-1].words < rule.target_words[0] // PASSAGES.remainder:
        joined = _joined(groups[-2], groups[-1])
        if _fits(joined.span, joined.tokens, rule):
            groups[-2:] = [joined]
    return [group.span for group in groups]


def _joins(group: _Piece, piece: _Piece, rule: Rule) -> bool:
    least, most = rule.target_words
    joined = _joined(group, piece)
    if joined.words > most or not _fits(joined.span, joined.tokens, rule):
        return False
    return group.words < least or not piece.opens


def _joined(group: _Piece, piece: _Piece) -> _Piece:
    span = Span(group.span.start, piece.span.end)
    return _Piece(span, group.words + piece.words, group.tokens + piece.tokens, group.opens)


def _fits(span: Span, tokens: int, rule: Rule) -> bool:
    return tokens <= rule.limit and span.end - span.start <= _MOST_CHARACTERS


def _shorten(text: str, span: Span, rule: Rule) -> list[Span]:
    """Split a sentence that is too long: at clause marks, what is still too long at white space, then anywhere."""
    parts = _split_at(text, _split_at(text, [span], _CLAUSE, rule), _SPACE, rule)
    return [piece for part in parts for piece in _halves(text, part, rule)]


def _split_at(text: str, spans: Sequence[Span], mark: regex.Pattern[str], rule: Rule) -> list[Span]:
    """Split the spans that do not fit after each mark, and join the parts again as far as they fit together."""
    packed: list[Span] = []
    for span, count in zip(spans, _counts(text, spans, rule), strict=True):
        if _fits(span, count, rule):
            packed.append(span)
            continue
        parts = _between(text, span, [match.end() for match in mark.finditer(text, span.start, span.end)])
        costs = _counts(text, _to_next(parts, span.end), rule)
        pieces = [_Piece(part, 0, cost, False) for part, cost in zip(parts, costs, strict=True)]
        packed += _pack(iter(pieces), rule)
    return packed


def _halves(text: str, span: Span, rule: Rule) -> list[Span]:
    """Split a single word that is too long between characters."""
    step = _MOST_CHARACTERS
    fitting: list[Span] = []
    waiting = [Span(start, min(start + step, span.end)) for start in range(span.start, span.end, step)]
    while waiting:
        tried, waiting = waiting, []
        for part, count in zip(tried, _counts(text, tried, rule), strict=True):
            if _fits(part, count, rule) or part.end - part.start == 1:
                fitting.append(part)
            else:
                waiting += _between(text, part, [(part.start + part.end) // 2])
    return sorted(fitting)


def _between(text: str, span: Span, places: Sequence[int]) -> list[Span]:
    cuts = sorted({span.start, *places, span.end})
    parts = (trimmed(text, start, end) for start, end in pairwise(cuts))
    return [part for part in parts if part is not None]


def _counts(text: str, spans: Sequence[Span], rule: Rule) -> Sequence[int]:
    return rule.count([text[span.start : span.end] for span in spans]) if spans else ()


def _word_count(text: str, span: Span) -> int:
    inner = text[span.start : span.end]
    return len(inner.split()) + unspaced_words(inner)


def _rough_counts(texts: Sequence[str]) -> list[int]:
    return [_rough_count(text) for text in texts]


def _rough_count(text: str) -> int:
    """Never more for two texts joined than for both apart, which packing counts on."""
    return sum(1 + len(word) // 4 for word in _ROUGH.findall(text))
