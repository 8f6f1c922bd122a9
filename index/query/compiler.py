"""From words and phrases to what the word index is asked: terms that score, conditions, and what to light up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import filterfalse, pairwise, product
from types import UnionType
from typing import Final, TypeAlias

from index.analysis.pieces import is_word
from index.contracts.conditions import (
    ANYWHERE,
    AllOf,
    AnyOf,
    Attribute,
    Condition,
    Dated,
    Field,
    Named,
    Not,
    Phrase,
    Term,
    Where,
    is_lexical,
)
from index.contracts.engines import Weighted
from index.query.ast import (
    Almost,
    Beginning,
    Item,
    Leaf,
    Like,
    Operator,
    Query,
    Quoted,
    Run,
    Sign,
    Subquery,
    What,
    Word,
    leaves,
    spoken,
)
from index.query.expansion import Extent, every_part, extent
from index.query.spelling import Lexicon, Spellings, forms
from index.query.vocabulary import Entry
from index.query.wording import (
    asked_words,
    compounds,
    elsewhere,
    groups,
    in_a_row,
    in_small_letters,
    is_lone,
    joint,
    rows,
    stemmed,
)

_COMPOUND: Final = 0.25  # of a word that was typed, for what a hyphen joins: its parts score as well; chosen
_ELSEWHERE: Final = 0.5  # of a word that was typed as another language writes it; chosen

_TELLING: Final = 4  # words of a part of a quotation by which its place is told; chosen, not measured


@dataclass(frozen=True, slots=True)
class LexicalPlan:
    """What the word index is asked.

    Attributes:
        terms: score, each with its weight.
        groups: the terms of each word asked, for coverage: a word counts as held when any of its terms is. Of stems
            in several languages, those that articles hold.
        required: words an article must hold; None without phrases, ``+`` words and groups.
        excluded: words it must not hold.
        known: what else must hold, with everything in it that an article is known by; None without fields and dates.
        highlight_stems, highlight_folded: tokens to light up.
        phrases: to light up as a whole.
        asks: whether anything is asked for besides conditions; what is asked for may be in no article.
        exact: whether what is asked for is phrases and no more.
        notes: sentences that say which words of the archive were looked for.
    """

    terms: tuple[Weighted, ...]
    groups: tuple[tuple[Term, ...], ...]
    required: Condition | None
    excluded: Condition | None
    known: Condition | None
    highlight_stems: frozenset[str]
    highlight_folded: frozenset[str]
    phrases: tuple[Phrase, ...]
    asks: bool
    exact: bool = False
    notes: tuple[str, ...] = ()


def plan(query: Query, lexicon: Lexicon, alike: Iterable[str] = (), *, by_words: bool = True) -> LexicalPlan:
    """Analyse a question for the word index of an archive.

    Args:
        query: the question.
        lexicon: of the archive.
        alike: further words to look for, folded, those of passages that others are to be like.
        by_words: whether the words are looked for, and do not only light up.
    """
    wanted = query.wanted
    reach = extent(query.items, lexicon)
    varied = {leaf: reach.entries[leaf] for leaf in wanted if leaf in reach.entries}
    characters: dict[Leaf, tuple[Term, ...]] = {leaf: groups(leaf.text, lexicon)[0] for leaf in wanted if is_lone(leaf)}
    plain = " ".join(_texts(wanted, Word | Quoted))
    worded = groups(plain, lexicon)
    telling = stemmed(asked_words(" ".join(alike)), lexicon)
    demanded = frozenset(_demanded(query.items))
    spellings = Spellings(wanted, lexicon, query.expand, demanded, by_words)
    known = (*worded, *telling, *characters.values())
    scoring = {group: lexicon.vocabulary.in_languages(group) for group in known}
    terms = {weighted.term: weighted for scored in scoring.values() for weighted in scored}
    for lesser, share in ((compounds(plain, lexicon), _COMPOUND), (elsewhere(plain, lexicon), _ELSEWHERE)):
        for term in terms.keys() & lesser:
            terms[term] = Weighted(term, share * terms[term].weight)
    for weighted in (
        *spellings.terms,
        *(weighted for entries in varied.values() for weighted in lexicon.vocabulary.as_one(entries)),
    ):
        terms.setdefault(weighted.term, weighted)
    present = {group: tuple(weighted.term for weighted in scored) for group, scored in scoring.items()}
    covered = (
        *(spellings.widened(present[group]) for group in worded),
        *(present[group] for group in telling),
        *((*_terms(entries), *present.get(characters.get(leaf, ()), ())) for leaf, entries in varied.items()),
    )
    ways = (way for leaf in wanted if isinstance(leaf, Quoted) for way in reach.phrases(leaf))
    quoted = tuple(dict.fromkeys(phrase for way in ways for phrase in way))
    required, excluded = _demands(query.items, reach)
    typed = " ".join(_texts(wanted, Word))
    loose = worded if typed == plain else groups(typed, lexicon)
    spelled = tuple(weighted.term for weighted in spellings.terms)
    asked = terms.keys() | {term for group in scoring for term in group}
    shown = (*loose, *telling, *characters.values(), *map(_terms, varied.values()), spelled)
    lit = asked & {term for group in shown for term in group}
    return LexicalPlan(
        terms=tuple(terms.values()),
        groups=tuple(filter(None, covered)),
        required=_all(tuple(filter(is_lexical, required))),
        excluded=_some(tuple(filter(is_lexical, excluded))),
        known=_all((*filterfalse(is_lexical, required), *map(Not, filterfalse(is_lexical, excluded)))),
        highlight_stems=_tokens(lit, Field.STEMMED),
        highlight_folded=_tokens(lit, Field.FOLDED),
        phrases=quoted,
        asks=bool(wanted or query.likes),
        exact=bool(wanted) and not query.likes and all(isinstance(leaf, Quoted) for leaf in wanted),
        notes=(
            *reach.notes(wanted),
            *(_in_small_letters(query, demanded, lexicon) if by_words else ()),
            *spellings.notes,
        ),
    )


def _demanded(run: Run) -> Iterator[Leaf]:
    """Yield the words and phrases of a run that an article must have, those in groups as well."""
    for item in run:
        if item.sign == Sign.NOT:
            continue
        if _is_demand(item):
            yield from leaves((replace(item, sign=Sign.NONE),))
        elif isinstance(item.what, Subquery):
            for inner in item.what.runs:
                yield from _demanded(inner)


def _in_small_letters(query: Query, demanded: frozenset[Leaf], lexicon: Lexicon) -> Iterator[str]:
    free = [leaf for leaf in query.wanted if isinstance(leaf, Word) and leaf not in demanded]
    beside = " ".join(leaf.text for leaf in free)
    typed = (leaf for leaf in every_part(query.items) if isinstance(leaf, Word))
    notes = (in_small_letters(leaf.text, lexicon, beside if leaf in free else None) for leaf in typed)
    yield from dict.fromkeys(note for each in notes for note in each)


def _texts(wanted: Iterable[Leaf], kind: type[Word] | UnionType) -> Iterator[str]:
    """Yield the texts of a kind, but for single characters, which stand for the pairs that hold them."""
    return (spoken(leaf) for leaf in wanted if isinstance(leaf, kind) and not is_lone(leaf))


Conditions: TypeAlias = tuple[Condition, ...]


def _demands(run: Run, reach: Extent) -> tuple[Conditions, Conditions]:
    """Return what must hold of an article that a run asks for, and what must not; each once."""
    required = (_holds(item.what, reach) for item in run if item.sign != Sign.NOT and _is_demand(item))
    excluded = (_holds(item.what, reach) for item in run if item.sign == Sign.NOT)
    return tuple(dict.fromkeys(required)), tuple(dict.fromkeys(excluded))


def _is_demand(item: Item) -> bool:
    """Tell whether an item binds: ``+`` and phrases do, and groups unless they only hold words side by side."""
    joined = isinstance(item.what, Subquery) and len(item.what.runs) > 1
    return item.sign == Sign.MUST or isinstance(item.what, Quoted | Named | Dated) or joined


def _holds(what: What, reach: Extent) -> Condition:
    match what:
        case Word(text=text) if what in reach.entries:
            return AnyOf((*_terms(reach.entries[what]), *groups(text, reach.lexicon)[0]))
        case Word(text=text):
            return _held(text, reach.lexicon)
        case Beginning() | Almost():
            return AnyOf(_terms(reach.entries[what]))
        case Like():
            return AllOf(())
        case Quoted():
            return _any(tuple(map(_exactly, reach.phrases(what))))
        case Named(attribute=Attribute.TITLE, text=text):
            return AllOf((_in_title(what, reach.lexicon.languages), Where(what)))
        case Named() | Dated():
            return Where(what)
        case Subquery(runs=runs, operator=operator):
            parts = tuple(_run_holds(run, reach) for run in runs)
            return AllOf(parts) if operator == Operator.ALL else _any(parts)


def _terms(entries: Iterable[Entry]) -> tuple[Term, ...]:
    return tuple(Term(Field.FOLDED, entry.word) for entry in entries)


def _in_title(named: Named, languages: Sequence[str]) -> Condition:
    """Hold of every article whose title can hold the words, and of others; titles are indexed with their articles."""
    held = (AllOf(tuple(_any(forms(word, languages)) for word in filter(is_word, row))) for row in rows(named.text))
    return _any(tuple(held))


def _all(parts: Conditions) -> Condition | None:
    return AllOf(parts) if parts else None


def _some(parts: Conditions) -> Condition | None:
    return AnyOf(parts) if parts else None


def _run_holds(run: Run, reach: Extent) -> Condition:
    """Hold where a run is an operand: its demands, or where it has none, any of what it asks for."""
    required, excluded = _demands(run, reach)
    if not required:
        free = tuple(_holds(item.what, reach) for item in run if item.sign != Sign.NOT)
        required = (_any(free),) if free else ()
    parts = (*required, *map(Not, excluded))
    return parts[0] if len(parts) == 1 else AllOf(parts)


def _held(typed: str, lexicon: Lexicon) -> Condition:
    """Hold of what has the word in any form; of ``cease-fire`` and Chinese words, the parts in a row or as one word."""
    found = asked_words(typed)
    if len(found) == 1:
        return _any(groups(typed, lexicon)[0])
    as_one = stemmed(joint(found), lexicon)
    return _any((*map(in_a_row, rows(typed)), *(term for group in as_one for term in group)))


def _exactly(phrases: tuple[Phrase, ...]) -> Condition:
    """Hold of what has the phrases in this order, told by their numbers and longest words."""
    held = tuple(in_a_row(each.tokens, each.slop) for each in phrases)
    pairs = (pair for one, other in pairwise(phrases) for pair in product(_telling(one), _telling(other)))
    order = (Phrase(pair, ANYWHERE, ordered=True) for pair in pairs)
    return held[0] if len(held) == 1 else AllOf((*held, *order))


def _telling(phrase: Phrase) -> list[str]:
    by_rarity = sorted(dict.fromkeys(phrase.tokens), key=lambda token: (not token.isalpha(), len(token)), reverse=True)
    return by_rarity[:_TELLING]


def _any(parts: tuple[Condition, ...]) -> Condition:
    return parts[0] if len(parts) == 1 else AnyOf(parts)


def _tokens(terms: Iterable[Term], field: Field) -> frozenset[str]:
    return frozenset(term.token for term in terms if term.field == field)
