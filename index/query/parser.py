"""The query language: a person's typing to a ``Query``.

Plain words (any may match, more is better), ``"exact phrases"``, ``"near phrases"~5``, ``+must``, ``-not``, ``AND``,
``OR`` and ``NOT`` in capitals, parentheses, beginnings (``sanct*``), spellings (``zelensky~``), attributes
(``outlet:times``), dates (``date:2021-12..2022-01``). Reading never raises: what makes no sense is read as words, with
a note that says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

import regex

from archive.text.searched import rejoined
from index.analysis.analyzer import words
from index.query.advice import advice
from index.query.ast import Item, Query, Quoted, Run, Sign, Subquery, Word
from index.query.grammar import ATOM, CLOSE, NOT, OPEN, OPERATORS, Token, tree
from index.query.names import one_line
from index.query.scanner import Scan, scan

MOST_WORDS: Final = 200  # of a question, some 150 more than the longest ones typed; chosen, not measured
MOST_CHARACTERS: Final = 5_000  # a page of text pasted in; chosen, not measured
MOST_DEPTH: Final = 20  # of parentheses, far below what Python can recurse; chosen, not measured

_SHOUTED: Final = 5  # words of a line in capitals, from which on AND in it is a word
_UNKNOWN: Final = regex.compile(
    r"[^/@]*[*~][^/@]*|[^/@]*\^\d+(?:\.\d+)?|\p{L}+\?\p{L}+|NEAR(?:/\d+)?|[Ww]/\d+|AND|OR|NOT"
)
"""What is syntax elsewhere, or half of what is syntax here."""


def parse(text: str) -> Query:
    """Read a question as a person typed or pasted it, with words that ends of lines divide as whole; never raises."""
    clean = one_line(rejoined(text[:MOST_CHARACTERS].replace("\r\n", "\n")).text)
    read = scan(clean)
    kept, whole = _limited(read.tokens)
    paired, dropped = _paired(kept)
    if _is_shouted(clean, paired):
        paired = [_plain(token) if token.kind in OPERATORS else token for token in paired]
    fit = _fit(paired)
    items = tree(fit) if any(token.kind != ATOM for token in fit) else tuple(_items(fit))
    notes = (*_left_out(text, read, dropped, fit, whole=whole), *_notes(clean, read, items))
    return Query(items, text, notes)


def literal(text: str) -> Query:
    """Read a text as plain words, without any syntax."""
    clean = one_line(text)
    return Query((Item(Word(clean)),) if clean else (), text)


def narrowed(query: Query, by: str) -> Query:
    """Return a question with a further demand, such as that of a facet's value, or with ``-`` before it.

    Its text is what was typed with the demand behind it, unless that is read otherwise: ``coal OR gas`` gets
    parentheses. An operator at its end, which is a word there, is put in small letters: it would join both.
    """
    items = (*map(_unjoining, query.items), *parse(by).items)
    texts = (f"{query.text} {by}".strip(), str(Query(items)))
    read = next((one for one in map(parse, texts) if one.items == items), None)
    if read is None:
        read = Query(items, texts[-1], ("The question is too long to be written with this; it is asked with it.",))
    return replace(read, expand=query.expand)


def _unjoining(item: Item) -> Item:
    """Return a word that looks like an operator as one that does not."""
    what = item.what
    return replace(item, what=Word(what.text.lower())) if isinstance(what, Word) and what.text in OPERATORS else item


def _plain(operator: Token) -> Token:
    return Token(ATOM, Item(Word(operator.kind)))


def _limited(typed: Sequence[Token]) -> tuple[list[Token], bool]:
    """Return the tokens up to the word limit, without items that hold no word; and whether all words are there."""
    kept: list[Token] = []
    left = MOST_WORDS
    for token in typed:
        if token.item is None:
            kept += [token] if left > 0 else []
            continue
        if not isinstance(token.item.what, Word | Quoted):
            kept += [token] if left > 0 else []
            left -= 1
            continue
        ends = words(_text(token.item)).ends
        if ends and left <= 0:
            return kept, False
        if ends:
            kept.append(token if len(ends) <= left else Token(ATOM, _cut(token.item, ends[left - 1])))
        left -= len(ends)
    return kept, left >= 0


def _text(item: Item) -> str:
    assert isinstance(item.what, Word | Quoted)
    return item.what.text


def _cut(item: Item, end: int) -> Item:
    cut = _text(item)[:end]
    return Item(Quoted(cut) if isinstance(item.what, Quoted) else Word(cut), item.sign)


def _paired(tokens: Sequence[Token]) -> tuple[list[Token], tuple[str, ...]]:
    """Leave out parentheses without a partner, with nothing in them, or too deep; and say so."""
    drop: set[int] = set()
    said: dict[str, None] = {}
    opened: list[tuple[int, int]] = []  # parentheses, and how many tokens were kept before each
    kept = 0
    for position, token in enumerate(tokens):
        if token.kind == OPEN:
            opened.append((position, kept))
        elif token.kind == CLOSE and opened:
            begin, before = opened.pop()
            is_empty = kept == before + 1
            if is_empty or len(opened) >= MOST_DEPTH:
                drop |= {begin, position}
                kept -= 2
                said |= {} if is_empty else {f"Parentheses more than {MOST_DEPTH} deep were left out.": None}
        elif token.kind == CLOSE:
            drop.add(position)
            kept -= 1
            said["A parenthesis without its partner was left out."] = None
        kept += 1
    drop.update(position for position, _ in opened)
    said |= dict.fromkeys(["A parenthesis without its partner was left out."] if opened else [])
    if any(tokens[position].sign != Sign.NONE for position in drop):
        said["The sign before a parenthesis that was left out says nothing."] = None
    return [token for position, token in enumerate(tokens) if position not in drop], tuple(said)


def _is_shouted(clean: str, tokens: Sequence[Token]) -> bool:
    """Tell whether capitals say nothing: a whole line of them, such as a headline; operators by themselves are none."""
    others = " ".join(word for word in clean.split() if word not in OPERATORS)
    return others.isupper() and len(tokens) > _SHOUTED


def _fit(tokens: Sequence[Token]) -> list[Token]:
    """Read operators without operands as words."""
    forward: list[Token] = []
    for token in tokens:
        before = forward[-1].kind if forward else OPEN
        joins = token.kind in OPERATORS and token.kind != NOT
        forward.append(_plain(token) if joins and before not in (ATOM, CLOSE) else token)
    backward: list[Token] = []
    for token in reversed(forward):
        after = backward[-1].kind if backward else CLOSE
        backward.append(_plain(token) if token.kind in OPERATORS and after not in (ATOM, OPEN, NOT) else token)
    return backward[::-1]


def _items(tokens: Sequence[Token]) -> Iterator[Item]:
    return (token.item for token in tokens if token.item is not None)


def _left_out(text: str, read: Scan, dropped: Sequence[str], fit: Sequence[Token], *, whole: bool) -> Iterator[str]:
    """Yield sentences about what of a question was not read."""
    if len(text) > MOST_CHARACTERS:
        yield f"Only the first {MOST_CHARACTERS:,} characters were read."
    if read.stray:
        yield "A quotation mark without its partner was left out; what follows it is read as words."
    yield from dropped
    if not whole:
        yield f"Only the first {MOST_WORDS} words were read."
    if any(one.kind == NOT and (other.kind == NOT or _sign(other) != Sign.NONE) for one, other in pairwise(fit)):
        yield "NOT before NOT or before a sign says no more than NOT."


def _notes(clean: str, read: Scan, items: Run) -> Iterator[str]:
    """Yield sentences about how a question was read."""
    plain = [] if read.pasted else list(_words(items))
    if unknown := _unknown(clean, plain):
        yield f"Read as plain words: {unknown}."
    yield from read.notes
    yield from advice(items, plain)
    if clean and not items:
        yield "There is no word in it to look for."
    if items and all(item.sign == Sign.NOT for item in items):
        yield "Only exclusions: every article without them is listed, newest first."


def _sign(token: Token) -> Sign:
    return token.sign if token.item is None else token.item.sign


def _words(run: Run) -> Iterator[str]:
    for item in run:
        if isinstance(item.what, Subquery):
            for inner in item.what.runs:
                yield from _words(inner)
        elif isinstance(item.what, Word):
            yield item.what.text


def _unknown(clean: str, plain: Sequence[str]) -> str:
    """Return what looks like syntax that is none here; capitals say nothing in a line of capitals."""
    shouts = clean.isupper()
    found = (word for word in plain if len(word) <= 80 and _UNKNOWN.fullmatch(word))
    return ", ".join(dict.fromkeys(word for word in found if not (shouts and word in OPERATORS)))
