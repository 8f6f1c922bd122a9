"""Other spellings of the rare words of a question: names that were translated, and slips of the keyboard."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

from archive.core.forking import cached_property
from index.analysis.analyzer import words
from index.analysis.pieces import is_word
from index.analysis.stemming import query_stems
from index.contracts.conditions import Field, Term
from index.contracts.engines import Weighted
from index.query.ast import Leaf, Word
from index.query.vocabulary import NO_WORDS, RARE, Entry, Vocabulary

_WEIGHT: Final = 0.5  # of a word that was typed
_REMEMBERED: Final = 256  # words of questions; a plan asks for the same several times. Chosen, not measured
_MOST: Final = 20  # rare words of a question that are looked up


class Lexicon(NamedTuple):
    """What is known of an archive's words.

    Attributes:
        languages: of its articles (ISO 639-1, ``und`` where it is unknown); each has its stems.
        vocabulary: looks up words that begin or are spelled like another.
    """

    languages: Sequence[str]
    vocabulary: Vocabulary = NO_WORDS


class Offer(NamedTuple):
    """Other spellings of a word.

    Attributes:
        word: folded.
        articles: that hold it.
        taken: the spellings that are looked for as well.
        told: those that are only told.
    """

    word: str
    articles: int
    taken: tuple[Entry, ...]
    told: tuple[Entry, ...]


@dataclass(frozen=True)
class Spellings:
    """What else the words asked for may be spelled like.

    Attributes:
        wanted: what was asked for.
        lexicon: of the archive.
        taken: whether other spellings are looked for, and not only told; None for neither.
        demanded: words that must be as they were typed; other spellings of them are only told.
        by_words: whether words are looked for at all; then one that no article holds is in other alphabets, whatever
            ``taken`` says.
    """

    wanted: tuple[Leaf, ...]
    lexicon: Lexicon
    taken: bool | None
    demanded: frozenset[Leaf] = frozenset()
    by_words: bool = True

    @cached_property
    def free(self) -> frozenset[str]:
        """Return the words that are not demanded, folded."""
        bound = {word for leaf in self.demanded for word in plain_forms(leaf)}
        return frozenset(word for leaf in self.wanted for word in plain_forms(leaf) if word not in bound)

    @cached_property
    def offers(self) -> dict[str, Offer]:
        """Return other spellings by the folded word that they are of."""
        return {} if self.taken is None else {offer.word: offer for offer in self._offered()}

    @property
    def terms(self) -> tuple[Weighted, ...]:
        """Return what is looked for besides what was typed."""
        return tuple(weighted for offer in self.offers.values() for weighted in self._terms_of(offer))

    def widened(self, group: tuple[Term, ...]) -> tuple[Term, ...]:
        """Return the terms of a word with those of its other spellings."""
        more = (
            weighted.term
            for word, offer in self.offers.items()
            if set(self._forms(word)) & set(group)
            for weighted in self._terms_of(offer)
        )
        return tuple(dict.fromkeys((*group, *more)))

    @property
    def notes(self) -> Iterator[str]:
        """Yield a sentence for each word that has other spellings."""
        for word, articles, taken, told in self.offers.values():
            count = f"in {articles:,} article{'s' * (articles != 1)}" if articles else "in no article"
            also = (f"also looked for: {_listed(taken)}",) if taken else ()
            similar = (f"similar: {_listed(told)}",) if told else ()
            yield f"“{word}” is {count}; " + "; ".join((*also, *similar)) + "."

    def _offered(self) -> Iterator[Offer]:
        counted = {word: self.lexicon.vocabulary.articles(self._forms(word)) for word in self._single()}
        rare = [word for word, articles in counted.items() if articles <= RARE]
        others = [word for word in counted if word not in rare] if self.taken else []
        for word in (*rare[:_MOST], *others[:_MOST]):
            offer = self._offer(word, counted[word])
            if offer.taken or offer.told:
                yield offer

    def _offer(self, word: str, articles: int) -> Offer:
        """Return what else a word may be spelled like, without its own forms and what is a stop word."""
        typed = set(self._forms(word))
        sure, likely = (
            tuple(entry for entry in entries if len(more := self._forms(entry.word)) > 1 and typed.isdisjoint(more))
            for entries in self.lexicon.vocabulary.variants(word, articles)
        )
        looked_for = self.by_words and word in self.free
        if self.taken:
            both = tuple(sorted({*sure, *likely}, key=lambda entry: (-entry.articles, entry.word)))
            return Offer(word, articles, both, ()) if looked_for else Offer(word, articles, (), both)
        if articles:
            return Offer(word, articles, (), (*sure, *likely) if articles <= RARE else ())
        return Offer(word, articles, sure, likely) if looked_for else Offer(word, articles, (), (*sure, *likely))

    def _single(self) -> Iterable[str]:
        """Return the plain words that are one to the analyser and no stop words, folded."""
        found = dict.fromkeys(word for leaf in self.wanted for word in plain_forms(leaf))
        return (word for word in found if query_stems(word, self.lexicon.languages))

    def _forms(self, word: str) -> tuple[Term, ...]:
        return forms(word, self.lexicon.languages)

    def _terms_of(self, offer: Offer) -> tuple[Weighted, ...]:
        """Return what is taken for a word, in all its forms, as if it was typed."""
        if not offer.taken:
            return ()
        languages, vocabulary = self.lexicon.languages, self.lexicon.vocabulary
        stems = dict.fromkeys(stem for entry in offer.taken for stem in query_stems(entry.word, languages))
        variants = vocabulary.in_languages([Term(Field.STEMMED, stem) for stem in stems])
        return tuple(Weighted(variant.term, _WEIGHT * variant.weight) for variant in variants)


@lru_cache(_REMEMBERED)
def plain_forms(leaf: Leaf) -> tuple[str, ...]:
    """Return the folded form of a leaf that is one plain word; nothing of another."""
    folded = [word for word in words(leaf.text).folded if is_word(word)] if isinstance(leaf, Word) else []
    return tuple(folded) if len(folded) == 1 else ()


def _listed(entries: Iterable[Entry]) -> str:
    return ", ".join(f"{entry.word} ({entry.articles:,})" for entry in entries)


def forms(word: str, languages: Sequence[str]) -> tuple[Term, ...]:
    """Return the terms of a folded word: itself, and its stems in the languages of the archive."""
    return (Term(Field.FOLDED, word), *(Term(Field.STEMMED, stem) for stem in query_stems(word, languages)))
