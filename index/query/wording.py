"""What the words of a question stand for: stems in each language of an archive, and the rows that phrases are.

Texts of some languages are read in a way of their own (``index.analysis.pieces``), and nobody says in which language a
question is typed. So each word is read in every way, and stands in articles of a language for what is read there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Final, NamedTuple, TypeGuard

from index.analysis.analyzer import asked
from index.analysis.pieces import (
    ELIDING,
    Piece,
    Reading,
    Token,
    is_elided,
    is_single_character,
    is_word,
    parts,
    reading_of,
    reads_alike,
)
from index.analysis.stemming import forms_asked, is_stop, language_of, stems
from index.contracts.conditions import Condition, Field, Phrase, Term
from index.query.ast import What, Word
from index.query.spelling import Lexicon

_REMEMBERED: Final = 256  # texts; chosen, not measured


class AskedWord(NamedTuple):
    """A word of a question.

    Attributes:
        forms: in each reading, that of the row first.
        acronym: what it is in capitals; None where capitals make no difference, or it has none.
        elided: whether something is tied before it that tells in which languages it was typed (l'Ukraine).
    """

    forms: dict[Reading, tuple[str, ...]]
    acronym: str | None = None
    elided: bool = False

    @property
    def folded(self) -> str:
        """Return the word as most languages read it."""
        return self.forms[Reading.PLAIN][0]


@lru_cache(_REMEMBERED)
def asked_words(text: str) -> tuple[AskedWord, ...]:
    """Return the words of a question, or of a part of one; a plan asks for the same several times."""
    return tuple(_asked_words(text))


def _asked_words(text: str) -> Iterator[AskedWord]:
    if reads_alike(text):
        for piece in asked(text, Reading.PLAIN):
            yield from (_word(dict.fromkeys(Reading, forms)) for forms in _forms(piece))
        return
    for pieces in zip(*(asked(text, reading) for reading in Reading), strict=True):
        read = [list(_forms(piece)) for piece in pieces]
        for number, forms in enumerate(read[0]):
            same = (each[number] if len(each) == len(read[0]) else forms for each in read)
            yield _word(dict(zip(Reading, same, strict=True)), elided=number == 0 and is_elided(pieces[0]))


def _word(forms: dict[Reading, tuple[str, ...]], *, elided: bool = False) -> AskedWord:
    capitals = next(filter(str.isupper, forms[Reading.PLAIN]), None)
    if capitals is None:
        return AskedWord(forms, None, elided)
    small = {reading: tuple(form for form in each if form != capitals) for reading, each in forms.items()}
    return AskedWord(small, capitals, elided)


def stemmed(asked_for: Iterable[AskedWord], lexicon: Lexicon) -> tuple[tuple[Term, ...], ...]:
    """Return the stems of each distinct word that is no stop word, one for each language that cuts it otherwise.

    In the languages of which an article holds the acronym that was typed, that is meant and no other word.
    """
    groups = (tuple(dict.fromkeys(_stems(word, lexicon))) for word in asked_for)
    return tuple(dict.fromkeys(group for group in groups if group))


def groups(text: str, lexicon: Lexicon) -> tuple[tuple[Term, ...], ...]:
    """Return the terms of each distinct word of a text; of stop words alone, the folded words themselves."""
    found = asked_words(text)
    plain = dict.fromkeys(word.folded for word in found)
    return stemmed(found, lexicon) or tuple((Term(Field.FOLDED, word),) for word in plain)


def is_lone(leaf: What) -> TypeGuard[Word]:
    """Tell whether a word is a single character of a script without spaces; words there are pairs that hold it."""
    return isinstance(leaf, Word) and is_single_character(leaf.text)


def joint(asked_for: Sequence[AskedWord]) -> Iterator[AskedWord]:
    """Yield the word that some words are together, where they are written as one as well."""
    shared = dict[Reading, tuple[str, ...]]()
    for reading in Reading:
        first, *others = (word.forms[reading] for word in asked_for)
        forms = tuple(sorted({form for form in first if all(form in other for other in others)}))
        if not forms:
            return
        shared[reading] = forms
    yield AskedWord(shared)


def compounds(text: str, lexicon: Lexicon) -> frozenset[Term]:
    """Return the stems of what two neighbouring words are together, where a hyphen joins them, of letters alone."""
    pairs = (pair for pair in pairwise(asked_words(text)) if pair[0].folded != pair[1].folded)
    together = (word for pair in pairs for word in joint(pair) if word.folded.isalpha())
    return frozenset(term for group in stemmed(together, lexicon) for term in group)


def in_small_letters(text: str, lexicon: Lexicon, beside: str | None) -> Iterator[str]:
    """Yield a sentence for each acronym typed that no article has, and that is read as a word.

    Args:
        text: the words.
        lexicon: of the archive.
        beside: the words of the question that any article may have, these among them; None where these are demanded or
            excluded, so that none of them is left out.
    """
    for folded, acronym in dict.fromkeys((word.folded, word.acronym) for word in asked_words(text)):
        if acronym is None or any(map(lexicon.vocabulary.holds, _acronyms(acronym, lexicon.languages or ("und",)))):
            continue
        dropped = beside is not None and is_stop(folded, lexicon.languages) and stemmed(asked_words(beside), lexicon)
        read = f"“{folded}”, one of the most frequent words, was left out" if dropped else f"it is read as “{folded}”"
        yield f"No article has “{acronym}” in capitals; {read}."


def elsewhere(text: str, lexicon: Lexicon) -> frozenset[Term]:
    """Return the stems of words with an elision in languages that have none, where the archive has one that does."""
    found = [word for word in asked_words(text) if word.elided]
    if not found or ELIDING.isdisjoint(lexicon.languages):
        return frozenset()
    elided = stemmed(found, lexicon)
    return frozenset(term for group in elided for term in group if language_of(term.token) not in ("", *ELIDING))


def rows(text: str, readings: Iterable[Reading] = Reading) -> tuple[tuple[str, ...], ...]:
    """Return the rows of folded words that a phrase may be in a text, each once; the first as most languages have it.

    A designator is one word there or two: all of a row are taken to be written alike, or as they were typed.
    """
    return tuple(dict.fromkeys(ways(text, readings)))


def ways(text: str, readings: Iterable[Reading] = Reading) -> Iterator[tuple[str, ...]]:
    """Yield what ``rows`` returns, but a row for each way of writing in the same place for every text.

    So the parts of a quotation can be taken to be written alike.
    """
    for reading in readings:
        pieces = tuple(asked(text, reading))
        row = [token.folded for piece in pieces for token in piece.row]
        yield tuple(row)
        yield tuple(token.folded for piece in pieces for token in _ordered(piece, _numbered(piece)))
        yield tuple(part for token in row for part in parts(token))


def in_a_row(row: Sequence[str], slop: int = 0) -> Condition:
    """Hold of what has folded words in a row."""
    return Term(Field.FOLDED, row[0]) if len(row) == 1 else Phrase(tuple(row), slop)


def _forms(piece: Piece) -> Iterator[tuple[str, ...]]:
    """Yield each word of a piece with its further forms, but for parts of it: O'Neill is asked for, not Neill.

    The parts of a designator are no words.
    """
    for token in _ordered(piece, piece.designators):
        if is_word(token.folded):
            others = (other.folded for other in piece.also if other.start <= token.start and token.end <= other.end)
            yield (token.folded, *others)


def _numbered(piece: Piece) -> tuple[Token, ...]:
    """Return the designators of a piece, those with a space in them too."""
    return tuple(token for token in piece.further if any(map(str.isdecimal, token.folded)))


def _ordered(piece: Piece, wholes: Sequence[Token]) -> list[Token]:
    """Return the row of a piece with designators in the place of their parts."""
    row = [token for token in piece.row if not any(one.start <= token.start < one.end for one in wholes)]
    return sorted((*row, *wholes), key=lambda token: token.start)


def _acronyms(acronym: str, languages: Sequence[str]) -> Iterator[Term]:
    """Yield the stem of an acronym in each of some languages."""
    for code in languages:
        yield Term(Field.STEMMED, stems(code)[acronym] or acronym)


def _stems(word: AskedWord, lexicon: Lexicon) -> Iterator[Term]:
    stop = is_stop(word.folded, lexicon.languages)
    for code in lexicon.languages or ("und",):
        stem_of = stems(code)
        if word.acronym is not None:
            (acronym,) = _acronyms(word.acronym, (code,))
            if lexicon.vocabulary.holds(acronym):
                yield acronym
                continue
        for form in () if stop else word.forms[reading_of(code)]:
            for each in forms_asked(form, code):
                if (stem := stem_of[each]) is not None:
                    yield Term(Field.STEMMED, stem)
