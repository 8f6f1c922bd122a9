"""The query language: a person's typing to a ``Query``, and a ``Query`` to what the word index is asked.

Plain words (any may match, more is better), ``"exact phrases"``, ``+must``, ``-not``, ``-"not this phrase"``. Parsing
never raises: what makes no sense is read as words, with a note that says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

import regex

from index.analysis import query_stems, words
from index.ranking import AllOf, AnyOf, Condition, Field, Phrase, Term, Weighted

MOST_WORDS: Final = 200
_OPENING: Final = '"“”„«»'
_ITEM: Final = regex.compile(rf"(?P<sign>[+-]?)[{_OPENING}](?P<phrase>[^{_OPENING}]*)[{_OPENING}]|(?P<word>\S+)")
_SIGNED: Final = regex.compile(r"(?P<sign>[+-])(?=[\p{L}\p{N}])(?P<word>.+)", regex.DOTALL)
_UNSEEN: Final = regex.compile(r"[\p{C}\p{Z}]+")


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed question.

    Attributes:
        words: plain words, as typed.
        phrases: what stood in quotes, as typed; an article must hold each.
        must: words behind ``+``; an article must hold each.
        must_not_words, must_not_phrases: what no article may hold.
        text: what was typed; does not count in comparisons.
        notes: sentences about how the typing was read; likewise.
    """

    words: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    must: tuple[str, ...] = ()
    must_not_words: tuple[str, ...] = ()
    must_not_phrases: tuple[str, ...] = ()
    text: str = field(default="", compare=False)
    notes: tuple[str, ...] = field(default=(), compare=False)

    @property
    def semantic_text(self) -> str:
        """Return what is encoded: everything asked for, nothing that was excluded."""
        return " ".join((*self.words, *self.must, *self.phrases))

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing was asked and nothing excluded."""
        return not (self.semantic_text or self.must_not_words or self.must_not_phrases)

    def __str__(self) -> str:
        quoted = (f'"{phrase}"' for phrase in self.phrases)
        required = (f"+{word}" for word in self.must)
        excluded = (f"-{word}" for word in self.must_not_words)
        unwanted = (f'-"{phrase}"' for phrase in self.must_not_phrases)
        return " ".join((*self.words, *quoted, *required, *excluded, *unwanted))


@dataclass(frozen=True, slots=True)
class LexicalPlan:
    """What the word index is asked.

    Attributes:
        terms: score, each with its weight.
        groups: the terms of each word asked, for coverage: a word counts as held when any of its terms is.
        positive: holds of what matches anything asked; None when nothing scores.
        required: what an article must hold; None without phrases and ``+`` words.
        excluded: what it must not hold.
        highlight_stems, highlight_folded: tokens to light up.
        phrases: to light up as a whole.
    """

    terms: tuple[Weighted, ...]
    groups: tuple[tuple[Term, ...], ...]
    positive: Condition | None
    required: Condition | None
    excluded: Condition | None
    highlight_stems: frozenset[str]
    highlight_folded: frozenset[str]
    phrases: tuple[Phrase, ...]


def parse(text: str) -> Query:
    """Read a question as a person typed it; never raises."""
    clean = _UNSEEN.sub(" ", text).strip()
    notes: list[str] = []
    parts: dict[str, list[str]] = {name: [] for name in ("", "phrase", "+", "-", "-phrase")}
    for kind, value in _items(_balanced(clean, notes), notes):
        parts[kind].append(value)
    _clip(parts, notes)
    read = Query(
        words=tuple(parts[""]),
        phrases=tuple(parts["phrase"]),
        must=tuple(parts["+"]),
        must_not_words=tuple(parts["-"]),
        must_not_phrases=tuple(parts["-phrase"]),
        text=text,
    )
    if not read.semantic_text and not read.is_empty:
        notes.append("Only exclusions: every article without them is listed, newest first.")
    return Query(read.words, read.phrases, read.must, read.must_not_words, read.must_not_phrases, text, tuple(notes))


def literal(text: str) -> Query:
    """Read a text as plain words, without any syntax."""
    clean = _UNSEEN.sub(" ", text).strip()
    return Query(words=(clean,) if clean else (), text=text)


def plan(query: Query, languages: Sequence[str]) -> LexicalPlan:
    """Analyse a query for the word index.

    Args:
        query: the question.
        languages: of the archive; a word is stemmed in each.
    """
    asked = words(query.semantic_text).folded
    groups = _groups(asked, languages)
    phrases = tuple(phrase for text in query.phrases if (phrase := _phrase(text)) is not None)
    terms = dict.fromkeys(term for group in groups for term in group)
    required: list[Condition] = list(phrases)
    for word in query.must:
        required += [_any(group) for group in _groups(words(word).folded, languages)]
    excluded: list[Condition] = [_any(group) for word in query.must_not_words for group in _excluding(word, languages)]
    excluded += [phrase for text in query.must_not_phrases if (phrase := _phrase(text)) is not None]
    loose = words(" ".join((*query.words, *query.must))).folded
    lit = [term for group in _groups(loose, languages) for term in group] if loose else []
    return LexicalPlan(
        terms=tuple(Weighted(term) for term in terms),
        groups=groups,
        positive=AnyOf(tuple(terms)) if terms else None,
        required=AllOf(tuple(required)) if required else None,
        excluded=AnyOf(tuple(excluded)) if excluded else None,
        highlight_stems=frozenset(term.token for term in lit if term.field == Field.STEMMED),
        highlight_folded=frozenset(term.token for term in lit if term.field == Field.FOLDED),
        phrases=phrases,
    )


def _balanced(text: str, notes: list[str]) -> str:
    """Turn a last quotation mark that nothing closes into a space."""
    marks = [at for at, letter in enumerate(text) if letter in _OPENING]
    if len(marks) % 2 == 0:
        return text
    notes.append("A quotation mark without its partner was left out; what follows it is read as words.")
    return f"{text[: marks[-1]]} {text[marks[-1] + 1 :]}"


def _items(text: str, notes: list[str]) -> Iterator[tuple[str, str]]:
    for match in _ITEM.finditer(text):
        phrase, sign = match["phrase"], match["sign"] or ""
        if phrase is not None:
            kept = " ".join(phrase.split())
            if words(kept).folded:
                yield ("-phrase" if sign == "-" else "phrase"), kept
            continue
        yield from _word(match["word"])


def _word(typed: str) -> Iterator[tuple[str, str]]:
    for part in regex.split(rf"[{_OPENING}]+", typed):
        signed = _SIGNED.fullmatch(part)
        if signed and words(signed["word"]).folded:
            yield signed["sign"], signed["word"]
        elif part:
            yield "", part


def _clip(parts: dict[str, list[str]], notes: list[str]) -> None:
    asked = sum(len(values) for values in parts.values())
    if asked > MOST_WORDS:
        notes.append(f"Only the first {MOST_WORDS} of {asked:,} words were read.")
        left = MOST_WORDS
        for values in parts.values():
            del values[left:]
            left -= len(values)


def _groups(folded: Sequence[str], languages: Sequence[str]) -> tuple[tuple[Term, ...], ...]:
    """Return the terms of each distinct word; of stop words alone, the folded words themselves."""
    distinct = list(dict.fromkeys(folded))
    stems = [tuple(Term(Field.STEMMED, one) for one in query_stems(word, languages)) for word in distinct]
    kept = tuple(dict.fromkeys(group for group in stems if group))
    return kept or tuple((Term(Field.FOLDED, word),) for word in distinct)


def _excluding(word: str, languages: Sequence[str]) -> tuple[tuple[Term, ...], ...]:
    return _groups(words(word).folded, languages)


def _any(group: tuple[Term, ...]) -> Condition:
    return group[0] if len(group) == 1 else AnyOf(group)


def _phrase(text: str) -> Phrase | None:
    tokens = tuple(words(text).folded)
    return Phrase(tokens) if tokens else None
