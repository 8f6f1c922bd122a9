"""From words and phrases to what the word index is asked: terms that score, conditions, and what to light up."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import filterfalse
from typing import TypeAlias

from index.analysis import query_stems, words
from index.query import Attribute, Dated, Group, Item, Named, Operator, Query, Quoted, Run, Sign, What, Word
from index.ranking import AllOf, AnyOf, Condition, Field, Not, Phrase, Term, Weighted, Where, is_lexical


@dataclass(frozen=True, slots=True)
class LexicalPlan:
    """What the word index is asked.

    Attributes:
        terms: score, each with its weight.
        groups: the terms of each word asked, for coverage: a word counts as held when any of its terms is.
        positive: holds of what matches anything asked; None when nothing is.
        required: words an article must hold; None without phrases, ``+`` words and groups.
        excluded: words it must not hold.
        known: what else must hold, with everything in it that an article is known by; None without fields and dates.
        highlight_stems, highlight_folded: tokens to light up.
        phrases: to light up as a whole.
    """

    terms: tuple[Weighted, ...]
    groups: tuple[tuple[Term, ...], ...]
    positive: Condition | None
    required: Condition | None
    excluded: Condition | None
    known: Condition | None
    highlight_stems: frozenset[str]
    highlight_folded: frozenset[str]
    phrases: tuple[Phrase, ...]


def plan(query: Query, languages: Sequence[str]) -> LexicalPlan:
    """Analyse a question for the word index.

    Args:
        query: the question.
        languages: of the archive (ISO 639-1, ``und`` for articles whose language is unknown); each has its stems.
    """
    wanted = query.wanted
    groups = _groups(words(query.semantic_text).folded, languages)
    terms = dict.fromkeys(term for group in groups for term in group)
    quoted = tuple(_phrase(leaf) for leaf in wanted if isinstance(leaf, Quoted))
    required, excluded = _demands(query.items, languages)
    loose = _groups(words(" ".join(leaf.text for leaf in wanted if isinstance(leaf, Word))).folded, languages)
    lit = {term for group in loose for term in group if term in terms}
    return LexicalPlan(
        terms=tuple(Weighted(term) for term in terms),
        groups=groups,
        positive=_any((*terms, *map(_exactly, quoted))) if terms else None,
        required=_all(tuple(filter(is_lexical, required))),
        excluded=_some(tuple(filter(is_lexical, excluded))),
        known=_all((*filterfalse(is_lexical, required), *map(Not, filterfalse(is_lexical, excluded)))),
        highlight_stems=_tokens(lit, Field.STEMMED),
        highlight_folded=_tokens(lit, Field.FOLDED),
        phrases=quoted,
    )


Conditions: TypeAlias = tuple[Condition, ...]


def _demands(run: Run, languages: Sequence[str]) -> tuple[Conditions, Conditions]:
    """Return what must hold of an article that a run asks for, and what must not."""
    required = tuple(_holds(item.what, languages) for item in run if item.sign != Sign.NOT and _is_demand(item))
    return required, tuple(_holds(item.what, languages) for item in run if item.sign == Sign.NOT)


def _is_demand(item: Item) -> bool:
    """Tell whether an item binds: ``+`` and phrases do, and groups unless they only hold words side by side."""
    joined = isinstance(item.what, Group) and len(item.what.runs) > 1
    return item.sign == Sign.MUST or isinstance(item.what, Quoted | Named | Dated) or joined


def _holds(what: What, languages: Sequence[str]) -> Condition:
    match what:
        case Word(text=text):
            return _held(text, languages)
        case Quoted():
            return _exactly(_phrase(what))
        case Named(attribute=Attribute.TITLE, text=text):
            return AllOf((_in_title(what, languages), Where(what)))
        case Named() | Dated():
            return Where(what)
        case Group(runs=runs, operator=operator):
            parts = tuple(_run_holds(run, languages) for run in runs)
            return AllOf(parts) if operator == Operator.ALL else _any(parts)


def _in_title(named: Named, languages: Sequence[str]) -> Condition:
    """Hold of every article whose title can hold the words, and of others; titles are indexed with their articles."""
    folded = words(named.text).folded
    return AllOf(tuple(_any(_forms(word, languages)) for word in folded))


def _forms(word: str, languages: Sequence[str]) -> tuple[Term, ...]:
    return (Term(Field.FOLDED, word), *(Term(Field.STEMMED, one) for one in query_stems(word, languages)))


def _all(parts: Conditions) -> Condition | None:
    return AllOf(parts) if parts else None


def _some(parts: Conditions) -> Condition | None:
    return AnyOf(parts) if parts else None


def _run_holds(run: Run, languages: Sequence[str]) -> Condition:
    """Hold where a run is an operand: its demands, or where it has none, any of what it asks for."""
    required, excluded = _demands(run, languages)
    if not required:
        free = tuple(_holds(item.what, languages) for item in run if item.sign != Sign.NOT)
        required = (_any(free),) if free else ()
    parts = (*required, *map(Not, excluded))
    return parts[0] if len(parts) == 1 else AllOf(parts)


def _groups(folded: Iterable[str], languages: Sequence[str]) -> tuple[tuple[Term, ...], ...]:
    """Return the terms of each distinct word; of stop words alone, the folded words themselves."""
    distinct = list(dict.fromkeys(folded))
    stems = [tuple(Term(Field.STEMMED, one) for one in query_stems(word, languages)) for word in distinct]
    kept = tuple(dict.fromkeys(group for group in stems if group))
    return kept or tuple((Term(Field.FOLDED, word),) for word in distinct)


def _held(typed: str, languages: Sequence[str]) -> Condition:
    """Hold of what has the word in any form; of ``cease-fire`` and Chinese words, the parts in a row."""
    phrase = Phrase(tuple(words(typed).folded))
    return _any(_groups(phrase.tokens, languages)[0]) if len(phrase.tokens) == 1 else phrase


def _phrase(quoted: Quoted) -> Phrase:
    return Phrase(tuple(words(quoted.text).folded), quoted.slop)


def _exactly(phrase: Phrase) -> Condition:
    return Term(Field.FOLDED, phrase.tokens[0]) if len(phrase.tokens) == 1 else phrase


def _any(parts: tuple[Condition, ...]) -> Condition:
    return parts[0] if len(parts) == 1 else AnyOf(parts)


def _tokens(terms: Iterable[Term], field: Field) -> frozenset[str]:
    return frozenset(term.token for term in terms if term.field == field)
