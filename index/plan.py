"""From words and phrases to what the word index is asked: terms that score, conditions, and what to light up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from index.analysis import query_stems, words
from index.query import Query
from index.ranking import AllOf, AnyOf, Condition, Field, Phrase, Term, Weighted


@dataclass(frozen=True, slots=True)
class LexicalPlan:
    """What the word index is asked.

    Attributes:
        terms: score, each with its weight.
        groups: the terms of each word asked, for coverage: a word counts as held when any of its terms is.
        positive: holds of what matches anything asked; None when nothing is.
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


def plan(query: Query, languages: Sequence[str]) -> LexicalPlan:
    """Analyse a question for the word index.

    Args:
        query: the question.
        languages: of the archive (ISO 639-1, ``und`` for articles whose language is unknown); each has its stems.
    """
    groups = _groups(words(query.semantic_text).folded, languages)
    terms = dict.fromkeys(term for group in groups for term in group)
    quoted = tuple(map(_phrase, query.phrases))
    required = (*map(_exactly, quoted), *(_held(word, languages) for word in query.must))
    unwanted = tuple(map(_phrase, query.must_not_phrases))
    excluded = (*map(_exactly, unwanted), *(_held(word, languages) for word in query.must_not_words))
    loose = _groups(words(" ".join((*query.words, *query.must))).folded, languages)
    lit = {term for group in loose for term in group if term in terms}
    return LexicalPlan(
        terms=tuple(Weighted(term) for term in terms),
        groups=groups,
        positive=_any((*terms, *map(_exactly, quoted))) if terms else None,
        required=AllOf(required) if required else None,
        excluded=AnyOf(excluded) if excluded else None,
        highlight_stems=_tokens(lit, Field.STEMMED),
        highlight_folded=_tokens(lit, Field.FOLDED),
        phrases=quoted,
    )


def _groups(folded: Iterable[str], languages: Sequence[str]) -> tuple[tuple[Term, ...], ...]:
    """Return the terms of each distinct word; of stop words alone, the folded words themselves."""
    distinct = list(dict.fromkeys(folded))
    stems = [tuple(Term(Field.STEMMED, one) for one in query_stems(word, languages)) for word in distinct]
    kept = tuple(dict.fromkeys(group for group in stems if group))
    return kept or tuple((Term(Field.FOLDED, word),) for word in distinct)


def _held(typed: str, languages: Sequence[str]) -> Condition:
    """Hold of what has the word in any form; of ``cease-fire`` and Chinese words, the parts in a row."""
    phrase = _phrase(typed)
    return _any(_groups(phrase.tokens, languages)[0]) if len(phrase.tokens) == 1 else phrase


def _phrase(typed: str) -> Phrase:
    return Phrase(tuple(words(typed).folded))


def _exactly(phrase: Phrase) -> Condition:
    return Term(Field.FOLDED, phrase.tokens[0]) if len(phrase.tokens) == 1 else phrase


def _any(parts: tuple[Condition, ...]) -> Condition:
    return parts[0] if len(parts) == 1 else AnyOf(parts)


def _tokens(terms: Iterable[Term], field: Field) -> frozenset[str]:
    return frozenset(term.token for term in terms if term.field == field)
