"""Cutting a version into passages: runs of whole sentences, 100 to 150 words, that fit the model and hide nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import chain, islice, pairwise
from typing import Final, NamedTuple

import regex

from archive.core.article import Passage, Span, Version
from archive.core.spans import gaps
from archive.text.density import PROSE_WORD, SPACES, even_pieces, stretches
from archive.text.passage_shape import PASSAGES
from archive.text.scripts import unspaced_words
from archive.text.sentences import each_sentence, trimmed

_WORD: Final = regex.compile(r"[\p{L}\p{N}]")
_SPACE: Final = regex.compile(r"\s++")
_CLAUSE: Final = regex.compile(r"[,;:](?=\s)|[–—、，；：،؛]|\s[-]\s")
_ROUGH: Final = regex.compile(r"[A-Za-z0-9]+|\S")
_MOST_CHARACTERS: Final = PASSAGES.most_characters
_MOST_COUNTED: Final = _MOST_CHARACTERS + PASSAGES.widest_gap
# What is counted at once: enough that a call costs little beside its work, little enough to hold. Chosen, not measured.
_TOGETHER: Final = 500
# Characters of texts whose counts are kept while a text is cut: parts of long sentences are counted twice, and lists
# repeat themselves. Chosen, not measured.
_KEPT: Final = 1_000_000
# Characters without any white space from which on halves are not tried one after the other. Chosen: an embedded picture
# of news has fewer.
_ENDLESS: Final = 400_000


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


class _Piece(NamedTuple):
    """A sentence, or a part of one that was too long, with what it costs; ``opens`` a paragraph or not.

    A tuple, since each word of a text without sentences becomes one.
    """

    start: int
    end: int
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
    costs = _Costs(text, rule)
    for run in _visible(text, hidden):
        spans = _with_words(text, each_sentence(text, run.start, run.end))
        for passage in _pack(_pieces(spans, run.end, costs), rule):
            if _WORD.search(text, passage.start, passage.end):
                yield Span(passage.start, passage.end)


class _Cost(NamedTuple):
    """A span with its tokens, those of the white space after it up to ``following`` included; a tuple like a piece."""

    span: Span
    following: int
    tokens: int


class _Costs:
    """What spans of one text cost."""

    def __init__(self, text: str, rule: Rule) -> None:
        self.text = text
        self.rule = rule
        self._kept: dict[str | None, int] = {}
        self._size = 0  # characters of what is kept

    def of(self, spans: Iterable[Span], end: int) -> Iterator[_Cost]:
        """Yield the cost of each span with the white space before the next, or before ``end``."""
        neighbours, gap = pairwise(chain(spans, (Span(end, end),))), PASSAGES.widest_gap
        while some := list(islice(neighbours, _TOGETHER)):
            ends = [min(following.start, span.end + gap) for span, following in some]
            counts = self._counts([self._inner(span.start, to) for (span, _), to in zip(some, ends, strict=True)])
            yield from map(_Cost, (span for span, _ in some), ends, counts)

    def counts(self, spans: Sequence[Span]) -> list[int]:
        """Return what each span costs; of those with more characters than a passage may have only that it is too much.

        A tokenizer takes many times the room of what it counts, and all of a text may be one span.
        """
        return self._counts([self._inner(span.start, span.end) for span in spans])

    def _inner(self, start: int, end: int) -> str | None:
        """Return a piece of the text, None where it is too long to be counted."""
        return self.text[start:end] if end - start <= _MOST_COUNTED else None

    def _counts(self, texts: Sequence[str | None]) -> list[int]:
        if self._size > _KEPT or not self._kept:
            self._kept, self._size = {None: self.rule.limit + 1}, 0
        kept = self._kept
        missing = [text for text in dict.fromkeys(texts) if text is not None and text not in kept]
        if missing:
            kept.update(zip(missing, self.rule.count(missing), strict=True))
            self._size += sum(map(len, missing))
        return [kept[text] for text in texts]


def _visible(text: str, hidden: Sequence[Span]) -> Iterator[Span]:
    for gap in gaps(hidden, len(text)):
        run = trimmed(text, gap.start, gap.end)
        if run is not None and _WORD.search(text, run.start, run.end):
            yield run


def _with_words(text: str, spans: Iterable[Span]) -> Iterator[Span]:
    """Join sentences without a word to a neighbour, so that nothing visible is dropped for want of letters."""
    last: Span | None = None
    last_has_words = True
    for span in spans:
        has_words = _WORD.search(text, span.start, span.end) is not None
        if last is not None and not (has_words and last_has_words):
            last = Span(last.start, span.end)
            last_has_words = last_has_words or has_words
            continue
        if last is not None:
            yield last
        last, last_has_words = span, has_words
    if last is not None:
        yield last


def _pieces(spans: Iterable[Span], end: int, costs: _Costs) -> Iterator[_Piece]:
    last: int | None = None
    for cost in costs.of(spans, end):
        span, text = cost.span, costs.text
        opens = last is not None and "\n" in text[last : span.start]
        last = span.end
        if _fits(span, cost.tokens, costs.rule):
            yield _Piece(span.start, span.end, _word_count(text, span), cost.tokens, opens)
            continue
        for part in costs.of(_shorten(span, costs), cost.following):
            is_first = part.span.start == span.start
            yield _Piece(part.span.start, part.span.end, _word_count(text, part.span), part.tokens, opens and is_first)


def _pack(pieces: Iterable[_Piece], rule: Rule) -> Iterator[_Piece]:
    """Fill passages with pieces; a short remainder joins the passage before it where it fits."""
    least, most = rule.target_words
    before: _Piece | None = None
    group: _Piece | None = None
    for piece in pieces:
        if group is not None and (group.words < least or not piece.opens):
            joined = _joined(group, piece, rule)
            if joined is not None and joined.words <= most:
                group = joined
                continue
        if before is not None:
            yield before
        before, group = group, piece
    if before is not None and group is not None and group.words < least // PASSAGES.remainder:
        joined = _joined(before, group, rule)
        if joined is not None:
            before, group = None, joined
    yield from (each for each in (before, group) if each is not None)


def _joined(group: _Piece, piece: _Piece, rule: Rule) -> _Piece | None:
    """Return two neighbours as one, None where that would be too much for a passage."""
    tokens = group.tokens + piece.tokens
    if tokens > rule.limit or piece.end - group.start > _MOST_CHARACTERS:
        return None
    return _Piece(group.start, piece.end, group.words + piece.words, tokens, group.opens)


def _fits(span: Span, tokens: int, rule: Rule) -> bool:
    return tokens <= rule.limit and span.end - span.start <= _MOST_CHARACTERS


def _shorten(span: Span, costs: _Costs) -> Iterator[Span]:
    """Split a sentence that is too long: at clause marks, what is still too long at white space, then anywhere."""
    whole = _Piece(span.start, span.end, 0, costs.rule.limit + 1, False)
    for piece in _split_at(_split_at((whole,), _CLAUSE, costs), _SPACE, costs):
        part = Span(piece.start, piece.end)
        yield from (part,) if _fits(part, piece.tokens, costs.rule) else _halves(part, costs)


def _split_at(pieces: Iterable[_Piece], mark: regex.Pattern[str], costs: _Costs) -> Iterator[_Piece]:
    """Split the pieces that do not fit after each mark, and join the parts again as far as they fit together.

    Without the white space after it, which its tokens may count, a piece may fit all the same.
    """
    rule = costs.rule
    for piece in pieces:
        span = Span(piece.start, piece.end)
        if _fits(span, piece.tokens, rule) or _fits(span, costs.counts([span])[0], rule):
            yield piece._replace(tokens=min(piece.tokens, rule.limit))
            continue
        parts = costs.of(_parts(costs.text, span, mark), span.end)
        yield from _pack((_Piece(part.start, part.end, 0, tokens, False) for part, _, tokens in parts), rule)


def _parts(text: str, span: Span, mark: regex.Pattern[str]) -> Iterator[Span]:
    """Yield what lies between marks; where words are so short and many that they are none, pieces of a length."""
    for stretch in stretches(text, span.start, span.end, SPACES, PROSE_WORD):
        start, end = stretch.span.start, stretch.span.end
        if stretch.is_dense:
            yield from even_pieces(text, stretch.span)
        else:
            yield from _between(text, stretch.span, (match.end() for match in mark.finditer(text, start, end)))


def _halves(span: Span, costs: _Costs) -> Iterator[Span]:
    """Split a single word that is too long between characters."""
    step = _MOST_CHARACTERS
    if span.end - span.start > _ENDLESS:  # else all of it would be counted once for each halving
        step = min(part.end - part.start for part in _halves(Span(span.start, span.start + step), costs))
    parts = (Span(start, min(start + step, span.end)) for start in range(span.start, span.end, step))
    while some := list(islice(parts, _TOGETHER)):
        yield from _fitting(some, costs)


def _fitting(spans: Sequence[Span], costs: _Costs) -> Sequence[Span]:
    fitting: list[Span] = []
    waiting = list(spans)
    while waiting:
        tried, waiting = waiting, []
        for part, count in zip(tried, costs.counts(tried), strict=True):
            if _fits(part, count, costs.rule) or part.end - part.start == 1:
                fitting.append(part)
            else:
                waiting += _between(costs.text, part, ((part.start + part.end) // 2,))
    return sorted(fitting)


def _between(text: str, span: Span, places: Iterable[int]) -> Iterator[Span]:
    for start, end in pairwise(chain((span.start,), places, (span.end,))):
        part = trimmed(text, start, end)
        if part is not None:
            yield part


def _word_count(text: str, span: Span) -> int:
    inner = text[span.start : span.end]
    return len(inner.split()) + unspaced_words(inner)


def _rough_counts(texts: Sequence[str]) -> list[int]:
    return [_rough_count(text) for text in texts]


def _rough_count(text: str) -> int:
    """Never more for two texts joined than for both apart, which packing counts on."""
    return sum(1 + len(word) // 4 for word in _ROUGH.findall(text))
