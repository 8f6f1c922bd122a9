"""The words of an archive, as its word index holds them: those that begin like a word, those spelled almost like it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

import numpy as np

from archive.core.forking import Lock
from index.analysis.transliteration import alphabet, in_latin, initials, latin, letter_by_letter, spelled_out
from index.contracts.conditions import AllOf, Field, Term
from index.contracts.engines import LexicalIndex, Table, Weighted, WordStatistics
from index.contracts.idf import inverse_document_frequency

MOST: Final = 500  # words that a beginning may stand for, and all beginnings and spellings of a question together
MOST_NEAR: Final = 50  # words that a spelling may stand for
RARE: Final = 3  # articles that hold a word which may be another one's misspelling
_REMEMBERED: Final = 100_000  # words, of a hundred bytes or so each; of one letter at least, however many they are
_OFFERED: Final = 3  # other spellings of a word, of a kind, so that a note stays short; chosen, not measured
_MOST_ELSEWHERE: Final = 10_000  # words of a letter of another alphabet, those of most articles; chosen, not measured
_VARIED: Final = 4_096  # words whose other spellings are remembered; chosen, not measured
_TIMES: Final = 4  # as many articles, at least, must hold what is offered in its place
_FEWEST: Final = 4  # letters of a word that may be misspelled; the longer, the more edits
_LONG: Final = 5  # letters from which on one edit is likely a slip; chosen, not measured
_LONGER: Final = 8  # letters from which on two are; chosen, not measured
_CARRIED: Final = 7  # letters of a form that may differ by one


class Entry(NamedTuple):
    """A word of the archive, folded, and how many articles hold it."""

    word: str
    articles: int


class Variants(NamedTuple):
    """Other spellings of a word.

    Attributes:
        sure: the same word in another alphabet, letter by letter, those of most articles first.
        likely: what else it may stand for: in the same alphabet, then in others, likewise.
    """

    sure: tuple[Entry, ...] = ()
    likely: tuple[Entry, ...] = ()


class Vocabulary:
    """Looks words up.

    Args:
        lexical: the word index; None when it cannot be used.
        elsewhere: returns the words of an engine elsewhere, None when it has none any more; asked in place of a word
            index that cannot be used. Without either, nothing is found.
    """

    def __init__(
        self, lexical: LexicalIndex | None, elsewhere: Callable[[], WordStatistics | None] = lambda: None
    ) -> None:
        self._lexical = lexical
        self._elsewhere = elsewhere
        self._letters: dict[str, tuple[Entry, ...]] = {}
        self._elsewhere_of: dict[str, tuple[tuple[Entry, ...], list[str]]] = {}
        self._varied: dict[str, Variants] = {}
        self._changing = Lock()

    @property
    def _statistics(self) -> WordStatistics | None:
        return self._elsewhere() if self._lexical is None else self._lexical

    @property
    def can_look_up(self) -> bool:
        """Tell whether there are words to look up."""
        return self._statistics is not None

    def starting(self, beginning: str) -> tuple[Entry, ...]:
        """Return the words that start like this, those of most articles first, ``MOST`` at most."""
        return self._listed(beginning, MOST)

    def near(self, word: str, distance: int) -> tuple[Entry, ...]:
        """Return the words with the same first letter that so many edits make of a word, the likeliest first.

        An edit adds, drops or exchanges a letter, or swaps two neighbours (optimal string alignment). ``MOST_NEAR`` at
        most; fewer edits come before more, then more articles before fewer.
        """
        entries = self._of_letter(word[:1])
        within = _within(word, [entry.word for entry in entries], distance)
        near = [(edits, entries[position]) for edits, position in within]
        near.sort(key=lambda pair: (pair[0], -pair[1].articles, pair[1].word))
        return tuple(entry for _, entry in near[:MOST_NEAR])

    def holding(self, tokens: Sequence[str]) -> int:
        """Return how many articles hold all of some folded words."""
        if self._lexical is None:
            return 0
        return len(
            self._lexical.matching(Table.ARTICLES, AllOf(tuple(Term(Field.FOLDED, token) for token in set(tokens))))
        )

    def holds(self, term: Term) -> bool:
        """Tell whether an article holds a term; without a word index, that none is known not to."""
        return self._lexical is None or self._lexical.document_frequency(Table.ARTICLES, term) > 0

    def articles(self, terms: Sequence[Term]) -> int:
        """Return how many articles hold a word, by its folded forms or by its stems, whichever are more.

        An article is of one language, so those of its stems are added up.
        """
        statistics = self._statistics
        if statistics is None:
            return 0
        counts = dict.fromkeys(Field, 0)
        for term in terms:
            counts[term.field] += statistics.document_frequency(Table.ARTICLES, term)
        return max(counts.values())

    def variants(self, word: str, articles: int) -> Variants:
        """Return other spellings that a word may stand for, ``_OFFERED`` of a kind at most.

        They are the same name carried over by other habits (``transliteration.spelled_out``), for a rare word also
        what is few edits away. In the same alphabet they are offered where at least four times as many articles hold
        them as hold a rare word. Of a word that is not rare, only what is sure is looked for.

        Args:
            word: folded.
            articles: how many hold it.
        """
        if len(word) < _FEWEST or not word.isalpha() or not self.can_look_up:
            return Variants()
        found = self._varied.get(word)
        if found is None:
            found = self._found(word, articles)
            with self._changing:
                if len(self._varied) >= _VARIED:
                    self._varied.clear()
                self._varied[word] = found
        return found

    def _found(self, word: str, articles: int) -> Variants:
        likeness, own, rare = _Likeness(word), alphabet(word), articles <= RARE
        sure, alike, slips = list[Entry](), list[Entry](), list[Entry]()
        for letter in initials(word):
            if alphabet(letter) != own:
                for edits, entry in likeness.near(*self._of_other_letter(letter)):
                    if likeness.is_carried(entry.word):
                        sure.append(entry)
                    elif rare and likeness.may_be(entry.word, edits):
                        alike.append(entry)
            elif rare:
                entries = _frequent(self._of_letter(letter), max(RARE, _TIMES * articles))
                near = likeness.near(entries, in_latin([entry.word for entry in entries]))
                slips += (entry for edits, entry in near if entry.word != word and likeness.may_be(entry.word, edits))
        return Variants(_most(sure), (*_most(slips), *_most(alike)))

    def as_one(self, entries: Sequence[Entry]) -> tuple[Weighted, ...]:
        """Return terms for words that stand for one, each weighing as one word that all their articles hold would.

        BM25 gives a rare word much; a rare variant of a frequent word is no rarer than that.
        """
        statistics = self._statistics
        if statistics is None:
            return ()
        counted = {Term(Field.FOLDED, entry.word): entry.articles for entry in entries}
        return _as_one(counted, statistics.size(Table.ARTICLES))

    def in_languages(self, stems: Sequence[Term]) -> tuple[Weighted, ...]:
        """Return those of a word's stems in several languages that articles hold, weighing as one word together.

        A word that one article holds in another language would else weigh as much there as the rarest of words. Without
        a word index all are returned as they are; where no article holds one, the first.
        """
        if self._lexical is None or len(stems) == 1:
            return tuple(map(Weighted, stems))
        frequencies = {stem: self._lexical.document_frequency(Table.ARTICLES, stem) for stem in stems}
        held = {stem: articles for stem, articles in frequencies.items() if articles}
        return _as_one(held, self._lexical.size(Table.ARTICLES)) or tuple(map(Weighted, stems[:1]))

    def _of_letter(self, letter: str) -> tuple[Entry, ...]:
        """Return the words of a letter; those of the last letters are remembered."""
        entries = self._letters.get(letter)
        if entries is None:
            entries = self._listed(letter, None)
            with self._changing:
                remembered = len(entries) + sum(map(len, self._letters.values()))
                while self._letters and remembered > _REMEMBERED:
                    remembered -= len(self._letters.pop(next(iter(self._letters))))
                self._letters[letter] = entries
        return entries

    def _of_other_letter(self, letter: str) -> tuple[tuple[Entry, ...], list[str]]:
        """Return the most frequent words of a letter of another alphabet, and each in Latin letters."""
        held = self._elsewhere_of.get(letter)
        if held is None:
            entries = self._listed(letter, _MOST_ELSEWHERE)
            self._elsewhere_of[letter] = held = entries, in_latin([entry.word for entry in entries])
        return held

    def _listed(self, beginning: str, most: int | None) -> tuple[Entry, ...]:
        statistics = self._statistics
        if statistics is None or not beginning:
            return ()
        return tuple(Entry(*row) for row in statistics.words(Table.ARTICLES, Field.FOLDED, beginning, most))


class _Likeness:
    """How like other words are to one."""

    def __init__(self, word: str) -> None:
        self._word, self._latin, self._form = word, latin(word), spelled_out(word)
        self._letters = letter_by_letter(word)
        self._edits = 0 if len(word) < _LONG or not word.isascii() else 1 if len(word) < _LONGER else 2
        self._reach = max(2, len(self._latin) // 2)

    def near(self, entries: Sequence[Entry], in_latin: Sequence[str]) -> Iterator[tuple[int, Entry]]:
        """Yield those near enough to be looked at, given each in Latin letters too, with its distance in these."""
        return ((edits, entries[position]) for edits, position in _within(self._latin, in_latin, self._reach))

    def is_carried(self, other: str) -> bool:
        """Tell whether a word is the same in another alphabet, letter by letter."""
        return letter_by_letter(other) == self._letters

    def may_be(self, other: str, distance: int) -> bool:
        """Tell whether a word may be meant, so many edits away."""
        from rapidfuzz.distance import OSA

        if distance <= self._edits and other[0] == self._word[0]:
            return True
        form = spelled_out(other)
        if len(self._form) < _FEWEST:
            return False
        return form == self._form or (
            len(self._form) >= _CARRIED and form[0] == self._form[0] and OSA.distance(form, self._form) <= 1
        )


def _as_one(counted: Mapping[Term, int], size: int) -> tuple[Weighted, ...]:
    """Return terms that so many of ``size`` articles hold, each weighing as a word would that all of these hold."""
    if not counted or not size:
        return ()
    if len(counted) == 1:
        return tuple(map(Weighted, counted))
    together = min(size, sum(counted.values()))
    whole, *each = inverse_document_frequency([together, *counted.values()], size).tolist()
    return tuple(Weighted(term, whole / idf) for term, idf in zip(counted, each, strict=True))


def _most(entries: list[Entry]) -> tuple[Entry, ...]:
    """Return those of most articles that are offered."""
    return tuple(sorted(entries, key=lambda entry: (-entry.articles, entry.word))[:_OFFERED])


def _frequent(entries: Sequence[Entry], least: int) -> Sequence[Entry]:
    """Return the entries, those of most articles first, that so many articles hold at least."""
    return entries[: bisect_right(entries, -least, key=lambda entry: -entry.articles)]


def _within(word: str, others: Sequence[str], most: int) -> Iterator[tuple[int, int]]:
    """Yield how many edits, so many at most, make of a word another one, and which; all are compared at once."""
    from rapidfuzz.distance import OSA
    from rapidfuzz.process import cdist

    if not others:
        return
    distances = cdist([word], others, scorer=OSA.distance, score_cutoff=most, dtype=np.uint8)[0]
    for position in np.flatnonzero(distances <= most).tolist():
        yield int(distances[position]), position


NO_WORDS: Final = Vocabulary(None)
