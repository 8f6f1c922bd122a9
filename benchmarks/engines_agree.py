"""Whether both word engines give the same answers: match sets of generated questions over real news.

Usage: python benchmarks/engines_agree.py FOLDER DOCUMENTS [QUESTIONS [PASSAGES]]

DOCUMENTS is JSON Lines of articles; FOLDER keeps the archive that is made of them (``cheap``), so that a second run is
quick. Each question is read, planned by each engine's own vocabulary and asked of both tables and of the filters;
plans, notes, articles and passages have to be equal. Prints each kind of question with how many matched anything, and
every question on which the engines differ; exits 1 if there is one.
"""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import numpy as np
from cheap import AUTHORS, OUTLETS, make_cheap
from measure import arguments, show

from archive import Archive
from index import lexical
from index.contracts.conditions import AllOf, AnyOf, Condition, Not
from index.contracts.engines import LexicalIndex, Ordinals, Table
from index.contracts.recipe import RECIPE
from index.generations.columns import Columns
from index.generations.generation import open_current
from index.generations.open import open_parts
from index.indexing.lexical_documents import documents
from index.query.compiler import LexicalPlan, plan
from index.query.parser import parse
from index.query.spelling import Lexicon
from index.query.vocabulary import Vocabulary
from index.ranking.filters import Filters

_SEED = 20_000
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


class Questions:
    """Makes up questions in the whole language, of the words and phrases of some texts."""

    def __init__(self, texts: Sequence[str], seed: int) -> None:
        self._chance = random.Random(seed)
        self._texts = [held for text in texts if len(held := text.split()) > 20]
        self._kinds: dict[str, Callable[[], str]] = {
            "words": self._words,
            "phrase": self._phrase,
            "near phrase": self._near,
            "+ and -": self._signed,
            "group": lambda: self._group(2),
            "beginning*": self._beginning,
            "spelling~": self._spelling,
            "field": lambda: f"{self._maybe(self._words)}{self._field()}",
            "date": lambda: f"{self._maybe(self._words)}{self._date()}",
            "everything": self._everything,
        }

    def __iter__(self) -> Iterator[tuple[str, str]]:
        """Yield the kind of a question and the question, kinds in turn."""
        while True:
            yield from ((kind, made()) for kind, made in self._kinds.items())

    def _run(self, size: int) -> list[str]:
        """Return neighbouring words of a text, without what the language would read as its own."""
        text = self._chance.choice(self._texts)
        at = self._chance.randrange(max(1, len(text) - size))
        return [word.replace('"', "").replace("(", "").replace(")", "") for word in text[at : at + size]]

    def _word(self) -> str:
        while True:
            word = self._run(1)[0].strip(".,;:!?'*~+-<>/")
            if word:
                return word

    def _words(self) -> str:
        return " ".join(self._word() for _ in range(self._chance.randint(1, 4)))

    def _maybe(self, made: Callable[[], str]) -> str:
        return f"{made()} " if self._chance.random() < 0.5 else ""

    def _phrase(self) -> str:
        words = self._run(self._chance.choice((1, 2, 2, 2, 3, 3, 4, 6, 9)))
        if self._chance.random() < 0.1:
            self._chance.shuffle(words)
        return f'{self._maybe(self._word)}"{" ".join(words)}"'

    def _near(self) -> str:
        words = self._run(self._chance.choice((2, 2, 3, 4, 5, 7)))
        kept = sorted(self._chance.sample(range(len(words)), max(2, len(words) - 2)))
        if self._chance.random() < 0.3:
            self._chance.shuffle(kept)
        return f'"{" ".join(words[at] for at in kept)}"~{self._chance.choice((1, 2, 3, 5, 10, 40))}'

    def _signed(self) -> str:
        signs = [self._chance.choice("+-") for _ in range(self._chance.randint(1, 3))]
        parts = [f"{sign}{self._chance.choice((self._word, self._bare_phrase))()}" for sign in signs]
        return f"{self._maybe(self._words)}{' '.join(parts)}"

    def _bare_phrase(self) -> str:
        return f'"{" ".join(self._run(2))}"'

    def _beginning(self) -> str:
        return f"{self._maybe(self._word)}{self._chance.choice(('', '', '+', '-'))}{self._begun()}"

    def _begun(self) -> str:
        word = self._word()
        return f"{word[: self._chance.choice((2, 3, 3, 4, 5))]}*"

    def _spelling(self) -> str:
        return f"{self._maybe(self._word)}{self._chance.choice(('', '', '+', '-'))}{self._misspelled()}"

    def _misspelled(self) -> str:
        word = self._word()
        at = self._chance.randrange(len(word))
        letter = self._chance.choice(_LETTERS)
        slips = (word, word[:at] + word[at + 1 :], word[:at] + letter + word[at:], word[:at] + letter + word[at + 1 :])
        return f"{self._chance.choice(slips) or word}~{self._chance.choice(('', '', '2'))}"

    def _field(self) -> str:
        chance = self._chance
        return chance.choice(("", "", "+", "-")) + chance.choice((
            f"title:{self._word()}",
            f'title:"{" ".join(self._run(2))}"',
            f"outlet:{chance.choice(chance.choice(OUTLETS).split())}",
            f'author:"{chance.choice(AUTHORS).lower()}"',
            f"lang:{chance.choice(('en', 'de', 'none'))}",
            f"path:000{chance.randint(0, 9)}",
            f"url:{self._word()}",
        ))  # fmt: skip

    def _date(self) -> str:
        year, month, day = self._chance.randint(2001, 2022), self._chance.randint(1, 12), self._chance.randint(1, 28)
        later = year + self._chance.randint(0, 5)
        return self._chance.choice(("", "", "-")) + self._chance.choice((
            f"date:{year}", f"date:{year}-{month:02d}", f"date:{year}-{month:02d}-{day:02d}", f"date:{year}..{later}",
            f"date:..{year}-{month:02d}", f"after:{year}-{month:02d}-{day:02d}", f"before:{year}", "date:none",
        ))  # fmt: skip

    def _group(self, depth: int) -> str:
        operator = self._chance.choice((" AND ", " OR ", " AND NOT ", " OR NOT "))
        parts = [self._operand(depth) for _ in range(self._chance.randint(2, 3))]
        return f"{self._chance.choice(('', '', '+', '-'))}({operator.join(parts)})"

    def _operand(self, depth: int) -> str:
        made = (self._word, self._words, self._bare_phrase, self._begun, self._misspelled, self._field, self._date)
        return self._group(depth - 1) if depth and self._chance.random() < 0.3 else self._chance.choice(made)()

    def _everything(self) -> str:
        made = (self._words, self._phrase, self._near, self._signed, self._beginning, self._spelling, self._field)
        parts = [self._chance.choice((*made, self._date, lambda: self._group(1)))() for _ in range(3)]
        return " ".join(parts)


@dataclass(frozen=True, slots=True)
class Matched:
    """All that a question matches."""

    plan: LexicalPlan
    articles: Ordinals
    passages: Ordinals


class Matching:
    """Matches questions by one engine, as retrieval does, without scores and cuts."""

    def __init__(self, columns: Columns, index: LexicalIndex) -> None:
        self._index = index
        self._filters = Filters(columns, index)
        self._lexicon = Lexicon(columns.languages(), Vocabulary(index))

    def __call__(self, typed: str) -> Matched:
        """Return what a question matches."""
        made = plan(parse(typed), self._lexicon)
        asked: list[Condition] = [AnyOf(tuple(one.term for one in made.terms))] if made.asks else []
        demanded = [part for part in (made.required, made.excluded and Not(made.excluded)) if part is not None]
        known = [] if made.known is None else [made.known]
        admitted = self._filters.articles(AllOf((*asked, *demanded, *known)))
        passages = self._index.matching(Table.PASSAGES, AllOf((*asked, *demanded)))
        return Matched(made, np.flatnonzero(admitted), passages)


def same(one: Matched, other: Matched) -> bool:
    """Tell whether two engines agree, in what they look for and in what they find."""
    return (
        one.plan == other.plan
        and np.array_equal(one.articles, other.articles)
        and np.array_equal(one.passages, other.passages)
    )


def in_engine(name: str, folder: Path, archive: Archive, articles: int | None = None) -> LexicalIndex:
    """Write the articles of an archive into an index of one engine, and open it."""
    folder.mkdir()
    engine = lexical.engine(name)
    writer = engine.writer(folder)
    with archive.snapshot() as snapshot:
        for number, item in enumerate(snapshot.since(0)):
            if number == articles:
                break
            whole, passages = documents(item, RECIPE.words.title_weight)
            writer.add(Table.ARTICLES, whole)
            for one in passages:
                writer.add(Table.PASSAGES, one)
    writer.finish()
    return engine.open(folder)


def main(folder: Path, file: Path, questions: int, passages: int) -> int:
    """Ask both engines everything."""
    root = folder / "archive"
    if not root.exists():
        print(make_cheap(root, [file], passages, lexical.LARGE), flush=True)
    with TemporaryDirectory() as work, Archive.open(root) as archive, open_current(archive.layout) as generation:
        parts = open_parts(archive.layout, generation)
        large = parts.lexical
        assert large is not None
        small = in_engine(lexical.SMALL, Path(work) / lexical.SMALL, archive)
        sizes = [(index.size(Table.ARTICLES), index.size(Table.PASSAGES)) for index in (small, large)]
        assert sizes[0] == sizes[1], sizes
        texts = [text for text, _ in zip(_texts(archive), range(5_000), strict=False)]
        pair = Matching(parts.columns, small), Matching(parts.columns, large)
        asked, some, took, differing = Counter[str](), Counter[str](), [0.0, 0.0], []
        for (kind, typed), _ in zip(Questions(texts, _SEED), range(questions), strict=False):
            found = []
            for at, matching in enumerate(pair):
                began = perf_counter()
                found.append(matching(typed))
                took[at] += perf_counter() - began
            asked[kind] += 1
            some[kind] += bool(len(found[0].articles))
            if not same(*found):
                differing.append(typed)
                print(f"differs: {typed!r}: {_difference(*found)}", flush=True)
        parts.close()
    title = f"{questions:,} questions over {sizes[0][0]:,} articles, {sizes[0][1]:,} passages"
    show(title, ("kind", "asked", "matched something"), [(kind, f"{asked[kind]}", f"{some[kind]}") for kind in asked])
    print(f"{lexical.SMALL} took {took[0]:.1f} s, {lexical.LARGE} {took[1]:.1f} s; {len(differing)} questions differ")
    return 1 if differing else 0


def _texts(archive: Archive) -> Iterator[str]:
    with archive.snapshot() as snapshot:
        yield from (f"{item.article.title} {item.version.text}" for item in snapshot.since(0))


def _difference(one: Matched, other: Matched) -> str:
    if one.plan != other.plan:
        return f"planned as {one.plan} and as {other.plan}"
    articles = np.setxor1d(one.articles, other.articles).tolist()
    return f"articles {articles[:10]}, passages {np.setxor1d(one.passages, other.passages).tolist()[:10]}"


if __name__ == "__main__":
    folder, file, *more = arguments(2)
    sizes = [int(each) for each in more]
    sys.exit(main(Path(folder), Path(file), *(sizes + [2_000, 20_600][len(sizes) :])))
