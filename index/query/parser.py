"""The query language: a person's typing to a ``Query``.

Plain words (any may match, more is better), ``"exact phrases"``, ``"near phrases"~5``, ``+must``, ``-not``, ``AND``,
``OR`` and ``NOT`` in capitals, parentheses, beginnings (``sanct*``), spellings (``zelensky~``), attributes
(``outlet:times``), dates (``date:2021-12..2022-01``). Reading never raises: what makes no sense is read as words, with
a note that says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

import regex

from index.analysis.analyzer import words
from index.analysis.proximity import fitting_slop
from index.contracts.conditions import KINDS, NAMES, UNKNOWN, Attribute, Named
from index.query import date_ranges
from index.query.advice import advice
from index.query.ast import LIKE, Almost, Beginning, Item, Like, Query, Quoted, Run, Sign, What, Word, signed
from index.query.grammar import ATOM, CLOSE, NOT, OPEN, OPERATORS, Token, tree
from index.query.names import QUOTES, one_line, plain_name, unquoted

MOST_WORDS: Final = 200  # of a question, some 150 more than the longest ones typed; chosen, not measured
MOST_CHARACTERS: Final = 5_000  # a page of text pasted in; chosen, not measured
MOST_DEPTH: Final = 20  # of parentheses, far below what Python can recurse; chosen, not measured

_KINDS: Final = {kind: kind for kind in (*KINDS, UNKNOWN)} | {"address": "url"}
_FEWEST_LETTERS: Final = 2  # before a star or a tilde
_SHOUTED: Final = 5  # words of a line in capitals, from which on AND in it is a word
_PHRASE: Final = r"\"[^\"]*\"|[“”„‟＂][^“”„‟＂]*[“”„‟＂]|«[^«»]*»|»[^«»]*«|「[^「」]*」|『[^『』]*』"
_INSIDE: Final = rf"[^\s{QUOTES}()]"
_ATTRIBUTES: Final = "|".join((*Attribute, *date_ranges.KEYS, LIKE))
_WHOLE: Final = rf"(?<=(?:{'|'.join(sorted(NAMES))}):)="
_PIECE: Final = regex.compile(
    rf"(?P<sign>(?<![^\s(])[+-])?"
    rf"(?:(?P<attribute>{_ATTRIBUTES}):(?P<whole>{_WHOLE})?(?:(?P<quoted>{_PHRASE})|(?P<value>{_INSIDE}+))"
    rf"|(?P<phrase>{_PHRASE})(?:~(?P<slop>\d{{1,3}})(?![^\s)]))?|(?P<open>\())"
    rf"|(?P<close>\))|(?P<stray>[{QUOTES}])|(?P<word>{_INSIDE}+(?:\({_INSIDE}*\){_INSIDE}*)*)"
)
_SIGNED: Final = regex.compile(r"\+(?=[\p{L}\p{N}])|-(?=\p{L})")
_PASSAGE: Final = regex.compile(r"[0-9a-f]{16}")
_VARIED: Final = regex.compile(r"(?P<word>[\p{L}\p{M}\p{N}'’.-]{2,60})(?:(?P<any>\*)|~(?P<edits>[12]?))")
_UNREAD: Final = "|".join((*Attribute, LIKE))  # of dates, advice tells
_UNKNOWN: Final = regex.compile(rf"(?:{_UNREAD}):\S+|[\p{{L}}\p{{N}}]+(?:\*|~\d?)|~\d+|AND|OR|NOT")


def parse(text: str) -> Query:
    """Read a question as a person typed it; never raises."""
    clean = one_line(text[:MOST_CHARACTERS])
    matches = list(_PIECE.finditer(clean))
    typed = [token for match in matches if (token := _token(match, clean)) is not None]
    kept, whole = _limited(typed)
    paired, lonely = _paired(kept)
    if _is_shouted(clean, paired):
        paired = [_plain(token) if token.kind in OPERATORS else token for token in paired]
    fit = _fit(paired)
    items = tree(fit) if any(token.kind != ATOM for token in fit) else tuple(_items(fit))
    stray = any(match["stray"] for match in matches)
    return Query(items, text, tuple(_notes(text, clean, items, stray=stray, lonely=lonely, whole=whole)))


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


def _token(match: regex.Match[str], clean: str) -> Token | None:
    sign = Sign(match["sign"] or "")
    if match["phrase"] is not None:
        inner = " ".join(unquoted(match["phrase"]).split())
        slop = fitting_slop(len(words(inner).folded), int(match["slop"] or 0))
        return Token(ATOM, signed(Quoted(inner, slop), sign))
    if match["attribute"]:
        return Token(ATOM, _attribute(match, sign))
    if match["open"]:
        return Token(OPEN, sign=sign)
    if match["close"]:
        return Token(CLOSE)
    word = match["word"]
    if word in OPERATORS:
        return Token(word)
    return _word(word, at_start=match.start() == 0 or clean[match.start() - 1] in " (") if word else None


def _attribute(match: regex.Match[str], sign: Sign) -> Item:
    """Read an attribute or a date; what cannot be read as one is words."""
    name, quoted = match["attribute"], match["quoted"] is not None
    value = " ".join(unquoted(match["quoted"] or match["value"]).split())
    what: What | None
    if name == LIKE:
        what = Like(value) if _PASSAGE.fullmatch(value) and sign != Sign.NOT else None
    elif name in date_ranges.KEYS:
        what = date_ranges.date_range(name, value)
    elif name == Attribute.DATED:
        kind = _KINDS.get(value.lower())
        what = Named(Attribute.DATED, kind) if kind else None
    elif match["whole"]:
        what = Named(Attribute(name), plain_name(value), quoted, whole=True) if value else None
    else:
        what = Named(Attribute(name), value, quoted) if words(value).folded else None
    return Item(Word(unquoted(match[0]))) if what is None else signed(what, sign)


def _word(typed: str, *, at_start: bool) -> Token:
    sign = _SIGNED.match(typed)
    what = _varied(typed[1:] if sign else typed)
    return Token(ATOM, Item(what, Sign(sign[0]) if sign and at_start else Sign.NONE))


def _varied(typed: str) -> Word | Beginning | Almost:
    """Read a star or a tilde behind what is one word to the analyser, of two letters or more."""
    match = _VARIED.fullmatch(typed)
    folded = words(match["word"]).folded if match else []
    if match is None or len(folded) != 1 or len(folded[0]) < _FEWEST_LETTERS:
        return Word(typed)
    return Beginning(match["word"]) if match["any"] else Almost(match["word"], int(match["edits"] or 1))


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


def _paired(tokens: Sequence[Token]) -> tuple[list[Token], bool]:
    """Leave out parentheses without a partner, with nothing in them, or too deep; and tell whether any was lonely."""
    drop: set[int] = set()
    opened: list[tuple[int, int]] = []  # parentheses, and how many tokens were kept before each
    kept, lonely = 0, False
    for position, token in enumerate(tokens):
        if token.kind == OPEN:
            opened.append((position, kept))
        elif token.kind == CLOSE and opened:
            begin, before = opened.pop()
            if kept == before + 1 or len(opened) >= MOST_DEPTH:
                drop |= {begin, position}
                kept -= 2
        elif token.kind == CLOSE:
            drop.add(position)
            kept, lonely = kept - 1, True
        kept += 1
    drop.update(position for position, _ in opened)
    return [token for position, token in enumerate(tokens) if position not in drop], lonely or bool(opened)


def _is_shouted(clean: str, tokens: Sequence[Token]) -> bool:
    """Tell whether capitals say nothing: a whole line of them, such as a headline."""
    return clean.isupper() and len(tokens) > _SHOUTED


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


def _notes(text: str, clean: str, items: Run, *, stray: bool, lonely: bool, whole: bool) -> Iterator[str]:
    if len(text) > MOST_CHARACTERS:
        yield f"Only the first {MOST_CHARACTERS:,} characters were read."
    if stray:
        yield "A quotation mark without its partner was left out; what follows it is read as words."
    if lonely:
        yield "A parenthesis without its partner was left out."
    if not whole:
        yield f"Only the first {MOST_WORDS} words were read."
    if unknown := _unknown(clean, items):
        yield f"Read as plain words: {unknown}."
    yield from advice(clean, items)
    if clean and not items:
        yield "There is no word in it to look for."
    if items and all(item.sign == Sign.NOT for item in items):
        yield "Only exclusions: every article without them is listed, newest first."


def _unknown(clean: str, items: Run) -> str:
    """Return what looks like syntax that is none here; capitals say nothing in a line of capitals."""
    if clean.isupper():
        return ""
    plain = (item.what.text for item in items if isinstance(item.what, Word))
    return ", ".join(dict.fromkeys(word for word in plain if len(word) <= 80 and _UNKNOWN.fullmatch(word)))
