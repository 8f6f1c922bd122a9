"""Cases by hand for every lexical engine, and long random conditions; ``test_lexical_engines`` has the properties."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Sequence
from math import log
from pathlib import Path

import numpy as np
import pytest

from index import lexical
from index.analysis.analyzer import words
from index.analysis.pieces import BREAK
from index.analysis.proximity import fitting_slop
from index.analysis.stemming import stems
from index.contracts.conditions import AllOf, AnyOf, Condition, Field, Not, Phrase, Term
from index.contracts.engines import IndexedDocument, LexicalIndex, Table, Weighted
from index.query.compiler import plan
from index.query.parser import parse
from index.query.spelling import Lexicon
from index.query.vocabulary import Vocabulary

TEXTS = (
    "The general called the invasion plan a lie.",
    "Sanctions threaten the gas pipeline; the pipeline carries gas.",
    "Moscow's threats: sanctioned banks, cafés and U.S. envoys.",
    "北京市の記者 reported from Kyiv",
    "To be or not to be",
    "gas pipeline",
    "gas",
    "Nothing of the kind",
    "Gas pipeline gas pipeline talks of the pipeline and of gas in Moscow",
    "",
)


def document(text: str) -> IndexedDocument:
    folded = words(text).folded
    return IndexedDocument(" ".join(folded), " ".join(stem for word in folded if (stem := stems("en")[word])))


def plain(tokens: Sequence[str]) -> IndexedDocument:
    return IndexedDocument(" ".join(tokens), " ".join(token for token in tokens if token != BREAK))


def folded(token: str) -> Term:
    return Term(Field.FOLDED, token)


def stemmed(token: str) -> Term:
    return Term(Field.STEMMED, token)


def weighted(*tokens: str) -> list[Weighted]:
    return [Weighted(stemmed(token)) for token in tokens]


Build = Callable[[Sequence[IndexedDocument]], LexicalIndex]


@pytest.fixture(params=lexical.ENGINES)
def build(request: pytest.FixtureRequest, tmp_path: Path) -> Build:
    """Index the same documents as articles and as passages."""
    return lambda documents: built(request.param, tmp_path, documents)


def built(name: str, folder: Path, documents: Sequence[IndexedDocument]) -> LexicalIndex:
    engine = lexical.engine(name)
    writer = engine.writer(folder)
    for one in documents:
        for table in Table:
            writer.add(table, one)
    writer.finish()
    return engine.open(folder)


@pytest.fixture
def texts(build: Build) -> LexicalIndex:
    return build([document(text) for text in TEXTS])


def matching(index: LexicalIndex, condition: Condition) -> list[int]:
    found = index.matching(Table.PASSAGES, condition)
    assert found.dtype == np.int64
    return [int(each) for each in found]


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (folded("gas"), [1, 5, 6, 8]),
        (stemmed("en:sanction"), [1, 2]),
        (folded("sanction"), []),
        (folded("cafes"), [2]),
        (folded("us"), [2]),
        (folded("moscow"), [2, 8]),
        (folded("unheard"), []),
        (Phrase(("gas", "pipeline")), [1, 5, 8]),
        (Phrase(("pipeline", "gas")), [8]),
        (Phrase(("gas",)), [1, 5, 6, 8]),
        (Phrase(("to", "be", "or", "not", "to", "be")), [4]),
        (Phrase(("be", "be")), []),
        (Phrase(("to", "be"), slop=1), [4]),
        (Phrase(("北京", "京市")), [3]),
        (Phrase(("京市", "北京")), []),
        (Phrase(("the", "unheard")), []),
        (Phrase(("gas", "moscow"), ordered=True), [8]),
        (Phrase(("moscow", "gas"), ordered=True), []),
        (Phrase(("sanctions", "gas"), ordered=True), [1]),
        (Phrase(("be", "be"), ordered=True), [4]),
        (Phrase(("kyiv", "kyiv"), ordered=True), []),
        (Phrase(()), []),
        (AnyOf((folded("kyiv"), folded("lie"))), [0, 3]),
        (AnyOf(()), []),
        (AllOf((folded("gas"), folded("moscow"))), [8]),
        (AllOf(()), list(range(10))),
        (Not(folded("gas")), [0, 2, 3, 4, 7, 9]),
        (Not(AllOf(())), []),
        (Not(Not(folded("gas"))), [1, 5, 6, 8]),
        (AllOf((folded("gas"), Not(Phrase(("gas", "pipeline"))))), [6]),
        (AllOf((Not(folded("gas")), Not(folded("the")))), [2, 3, 4, 9]),
        (AnyOf((folded("lie"), Not(folded("the")))), [0, 2, 3, 4, 5, 6, 9]),
        (AllOf((AnyOf((folded("lie"), folded("gas"))), AllOf((Not(folded("the")), folded("gas"))))), [5, 6]),
    ],
)
def test_conditions_hold_of_the_right_documents(texts: LexicalIndex, condition: Condition, expected: list[int]) -> None:
    assert matching(texts, condition) == expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("sanctions threats", [1, 2]),
        ('"gas pipeline"', [1, 5, 8]),
        ('"gas pipelines"', []),
        ("gas +moscow", [2, 8]),
        ("gas -moscow", [1, 5, 6]),
        ('gas -"gas pipeline"', [6]),
        ('"gas pipeline ... gas"', [1, 8]),
        ('"sanctions [on] gas"', [1]),
        ('"moscow … the pipeline"', []),
        ('"talks of […] gas in Moscow"', [8]),
        ("“Gas Pipeline” -talks", [1, 5]),
        ("to be or not", [4]),
        ("北京", [3]),
        ("cafe", [2]),
        ("+the lie", [0]),
        ("U.S. us", [2]),
        ("sanct*", [1, 2]),
        ("SANCTION*", [1, 2]),
        ("tal* be", [4, 8]),
        ("+pip* -mosc*", [1, 5]),
        ("ga* AND NOT th*", [5, 6]),
        ("zz*", []),
        ("ca*", [0, 1, 2]),
        ("moskow~", [2, 8]),
        ("mscow~ general", [0, 2, 8]),
        ("mocsow~", [2, 8]),
        ("goscow~", []),
        ("pipleine~", [1, 5, 8]),
        ("piplein~", []),
        ("piplein~2", [1, 5, 8]),
        ("+gas -pipelines~", [6]),
        ("(kiev~2 OR general~) -lei~2", [3, 7]),
    ],
)
def test_questions_find_the_right_documents(texts: LexicalIndex, typed: str, expected: list[int]) -> None:
    made = plan(parse(typed), Lexicon(("en",), Vocabulary(texts)))
    wanted = [AnyOf((*(one.term for one in made.terms), *made.phrases))] if made.asks else []
    demanded = [made.required] if made.required is not None else []
    unwanted = [Not(made.excluded)] if made.excluded is not None else []
    assert matching(texts, AllOf((*wanted, *demanded, *unwanted))) == expected


@pytest.mark.parametrize("beginning", ["", "p", "pi", "pipeline", "the", "北", "zz", "\x1f"])
@pytest.mark.parametrize("most", [None, 2])
@pytest.mark.parametrize("field", Field)
def test_words_are_listed_by_how_many_documents_hold_them(
    texts: LexicalIndex, beginning: str, most: int | None, field: Field
) -> None:
    held: Counter[str] = Counter()
    for text in TEXTS:
        indexed = document(text)
        tokens = indexed.folded if field == Field.FOLDED else indexed.stemmed
        held.update({token for token in tokens.split(" ") if token and token.startswith(beginning)})
    expected = sorted(held.items(), key=lambda one: (-one[1], one[0]))[:most]
    assert texts.words(Table.ARTICLES, field, beginning, most) == expected


@pytest.mark.parametrize(
    ("tokens", "slop", "rows", "expected"),
    [
        ("a b", 0, ["a b", "a x b", "b a"], ["a b"]),
        ("a b", 1, ["a b", "a x b", "b a", "a x x b"], ["a b", "a x b"]),
        ("a b", 2, ["b a", "a x x b", "b x a"], ["b a", "a x x b"]),
        ("a b", 3, ["b x a", "a x x x x b"], ["b x a"]),
        ("a b c", 1, ["a b x c", "a x b x c", "a c b"], ["a b x c"]),
        ("a b c", 2, ["a x b x c", "a c b", "c b a"], ["a x b x c", "a c b"]),
        ("a b c", 4, ["c b a", "c x b a"], ["c b a"]),
        ("a a", 5, ["a", "a x a"], ["a x a"]),
        ("a b", 9, ["a" + 9 * " x" + " b", "a" + 10 * " x" + " b"], ["a" + 9 * " x" + " b"]),
        ("a b", 9, ["b" + 7 * " x" + " a", "b" + 8 * " x" + " a"], ["b" + 7 * " x" + " a"]),
    ],
)
def test_near_phrases_follow_lucene(build: Build, tokens: str, slop: int, rows: list[str], expected: list[str]) -> None:
    index = build([plain(row.split()) for row in rows])
    assert [rows[at] for at in matching(index, Phrase(tuple(tokens.split()), slop))] == expected


def reference(documents: Sequence[Sequence[str]], token: str, at: int) -> float:
    """BM25 by the book: k1 = 1.2, b = 0.75, Lucene's idf."""
    size, df = len(documents), sum(token in one for one in documents)
    average = sum(map(len, documents)) / size
    tf, length = documents[at].count(token), len(documents[at])
    return log(1 + (size - df + 0.5) / (df + 0.5)) * tf * 2.2 / (tf + 1.2 * (0.25 + 0.75 * length / average))


def test_scores_are_bm25(build: Build) -> None:
    made = [[token for token in one if token != BREAK] for one in generated(60, longest=40)]
    index = build([plain(one) for one in made])
    everyone = np.arange(60, dtype=np.int64)
    terms = [Weighted(stemmed("w0")), Weighted(stemmed("w7"), 0.5), Weighted(stemmed("unheard"))]
    expected = [reference(made, "w0", at) + 0.5 * reference(made, "w7", at) for at in range(60)]
    np.testing.assert_allclose(index.score(Table.ARTICLES, terms, everyone), expected, rtol=1e-5)


def test_a_word_in_most_documents_still_scores_above_nothing(build: Build) -> None:
    index = build([plain(["a", "b"]), plain(["a"]), plain(["a", "c"])])
    scores = index.score(Table.PASSAGES, weighted("a"), np.arange(3))
    assert (scores > 0).all()


def test_the_best_come_first_with_the_scores_that_score_gives(texts: LexicalIndex) -> None:
    terms = weighted("en:gas", "en:pipelin")
    found = texts.top(Table.PASSAGES, terms, 10)
    assert found.ordinals.tolist() == [8, 5, 1, 6]
    order = np.argsort(found.ordinals)
    scores = texts.score(Table.PASSAGES, terms, found.ordinals[order])
    np.testing.assert_allclose(found.scores[order], scores, rtol=1e-6)


def test_a_condition_admits_and_does_not_score(texts: LexicalIndex) -> None:
    terms = weighted("en:gas", "en:pipelin")
    everyone = texts.score(Table.PASSAGES, terms, np.arange(10))
    for within, expected in (
        (Phrase(("gas", "pipeline")), [8, 5, 1]),
        (Not(folded("moscow")), [5, 1, 6]),
        (AllOf((Not(folded("moscow")), folded("the"))), [1]),
        (AllOf(()), [8, 5, 1, 6]),
        (AnyOf(()), []),
    ):
        found = texts.top(Table.PASSAGES, terms, 10, within)
        assert found.ordinals.tolist() == expected
        np.testing.assert_allclose(found.scores, everyone[expected], rtol=1e-6)


def test_nothing_to_look_for_finds_nothing(texts: LexicalIndex) -> None:
    assert len(texts.top(Table.PASSAGES, [], 10).ordinals) == 0
    assert len(texts.top(Table.PASSAGES, weighted("unheard"), 10).ordinals) == 0
    assert len(texts.top(Table.PASSAGES, weighted("gas"), 0).ordinals) == 0
    assert texts.score(Table.PASSAGES, [], np.arange(10)).tolist() == [0] * 10
    assert len(texts.score(Table.PASSAGES, weighted("gas"), np.empty(0, np.int64))) == 0


def test_an_empty_index_answers(build: Build) -> None:
    index = build([])
    assert index.size(Table.ARTICLES) == 0
    assert index.document_frequency(Table.PASSAGES, folded("gas")) == 0
    assert len(index.top(Table.PASSAGES, weighted("gas"), 10).ordinals) == 0
    assert len(index.score(Table.PASSAGES, weighted("gas"), np.empty(0, np.int64))) == 0
    for condition in (folded("gas"), Not(folded("gas")), AllOf(()), AnyOf(()), Phrase(("a", "b"))):
        assert matching(index, condition) == []


def test_documents_without_words_are_counted_and_never_found(build: Build) -> None:
    index = build([plain([]), plain(["a"]), plain([])])
    assert index.size(Table.ARTICLES) == 3
    assert matching(index, Not(folded("a"))) == [0, 2]
    assert index.top(Table.ARTICLES, weighted("a"), 5).ordinals.tolist() == [1]


def test_the_tables_are_apart(tmp_path: Path) -> None:
    for name in lexical.ENGINES:
        (tmp_path / name).mkdir()
        writer = lexical.engine(name).writer(tmp_path / name)
        writer.add(Table.ARTICLES, plain(["a", "b"]))
        for token in "abc":
            writer.add(Table.PASSAGES, plain([token]))
        writer.finish()
        index = lexical.engine(name).open(tmp_path / name)
        assert (index.size(Table.ARTICLES), index.size(Table.PASSAGES)) == (1, 3)
        assert index.matching(Table.PASSAGES, folded("b")).tolist() == [1]
        assert index.document_frequency(Table.ARTICLES, folded("c")) == 0


def generated(count: int, longest: int, seed: int = 7) -> list[list[str]]:
    """Documents over forty words, the first ones frequent, with a break now and then."""
    chance = random.Random(seed)
    vocabulary = [f"w{at}" for at in range(40)]
    likely = [1 / (at + 1) for at in range(40)]
    made = [chance.choices(vocabulary, likely, k=chance.randint(0, longest)) for _ in range(count)]
    for one in made[::5]:
        one.insert(chance.randint(0, len(one)), BREAK)
    return made


def condition(chance: random.Random, depth: int = 2) -> Condition:
    tokens = [f"w{chance.randint(0, 40)}" for _ in range(chance.randint(1, 4))]
    match chance.randint(0, 6 if depth else 2):
        case 0:
            return Term(chance.choice(list(Field)), tokens[0])
        case 1:
            return Phrase(tuple(tokens))
        case 2:
            return Phrase(tuple(tokens), chance.randint(1, 6))
        case 3:
            return Not(condition(chance, depth - 1))
        case 4:
            return AnyOf(tuple(condition(chance, depth - 1) for _ in range(chance.randint(0, 3))))
    return AllOf(tuple(condition(chance, depth - 1) for _ in range(chance.randint(0, 3))))


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> tuple[LexicalIndex, LexicalIndex]:
    """The same 500 documents in both engines."""
    documents = [plain(one) for one in generated(500, longest=120)]
    small, large = (built(name, tmp_path_factory.mktemp(name), documents) for name in lexical.ENGINES)
    return small, large


def test_both_engines_match_the_same_documents(pair: tuple[LexicalIndex, LexicalIndex]) -> None:
    small, large = pair
    chance = random.Random(11)
    some = 0
    for _ in range(400):
        asked = condition(chance)
        expected = matching(small, asked)
        assert matching(large, asked) == expected, asked
        some += 0 < len(expected) < 500
    assert some > 150


def test_both_engines_score_alike(pair: tuple[LexicalIndex, LexicalIndex]) -> None:
    """Apart from tantivy's rounded lengths: it keeps those over 40 tokens in steps, 6% apart at most."""
    small, large = pair
    chance = random.Random(13)
    everyone = np.arange(500, dtype=np.int64)
    for _ in range(50):
        terms = [
            Weighted(Term(chance.choice(list(Field)), f"w{chance.randint(0, 40)}"), chance.choice([1.0, 1.0, 0.3]))
            for _ in range(chance.randint(1, 6))
        ]
        exact, rounded = (index.score(Table.PASSAGES, terms, everyone) for index in pair)
        np.testing.assert_array_equal(exact > 0, rounded > 0)
        np.testing.assert_allclose(rounded, exact, rtol=0.06)
        within = condition(chance)
        for asked in (None, within):
            found = large.top(Table.PASSAGES, terms, 20, asked)
            admitted = everyone if asked is None else small.matching(Table.PASSAGES, asked)
            best = np.sort(rounded[admitted][rounded[admitted] > 0])[::-1][:20]
            np.testing.assert_allclose(found.scores[:20], best, rtol=1e-6)


def test_a_phrase_with_more_slop_than_fits_means_the_same_in_both(pair: tuple[LexicalIndex, LexicalIndex]) -> None:
    small, large = pair
    wide = Phrase(("w0", "w1", "w2", "w3", "w4"), slop=50)
    assert fitting_slop(5, 50) < 50
    assert matching(small, wide) == matching(large, wide) == matching(small, Phrase(wide.tokens, fitting_slop(5, 50)))
