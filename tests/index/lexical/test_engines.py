"""One suite for every lexical engine: what one finds, all find."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.core.errors import Action, Damaged, Remedy
from index import lexical
from index.analysis.analyzer import BREAK
from index.contracts.conditions import AllOf, AnyOf, Condition, Dated, Field, Not, Phrase, Term, Where
from index.contracts.engines import IndexedDocument, LexicalIndex, Ordinals, Table, Weighted

ENGINES = ("rank-bm25", "tantivy")
VOCABULARY = (*(f"w{number}" for number in range(24)), "東京", "京都", "都知", "ümit", "x" * 64)
UNKNOWN = "nowhere"
DAYS = (0, 20211231, 20220101, 20220120, 20220228)
# tantivy keeps lengths above 40 in one byte; over lengths to 5,000, scores were off by 9.7% at most, 1% in the middle
LENGTH_ROUNDING = 0.1


def made_up(count: int, seed: int, longest: int) -> list[IndexedDocument]:
    """Documents of random words, frequent ones first, with a break in the middle of some."""
    chance = random.Random(seed)
    weights = [1 / (place + 1) for place in range(len(VOCABULARY))]
    made = []
    for _ in range(count):
        folded = chance.choices(VOCABULARY, weights, k=chance.randint(0, longest))
        stemmed = [token.replace("w1", "v1") for token in folded if token != "w0"]
        if len(folded) > 4 and chance.random() < 0.5:
            folded.insert(len(folded) // 2, BREAK)
        made.append(IndexedDocument(" ".join(folded), " ".join(stemmed), chance.choice(DAYS)))
    return made


DOCUMENTS = {Table.ARTICLES: made_up(120, 1, 60), Table.PASSAGES: made_up(400, 2, 18)}


def written(name: str, folder: Path, documents: dict[Table, list[IndexedDocument]]) -> Path:
    folder.mkdir(parents=True)
    writer = lexical.engine(name).writer(folder)
    for table, of_table in documents.items():
        for document in of_table:
            writer.add(table, document)
    writer.finish()
    return folder


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    root = tmp_path_factory.mktemp("engines")
    return {name: written(name, root / name, DOCUMENTS) for name in ENGINES}


@dataclass(frozen=True)
class Both:
    """The two engines over the same documents."""

    plain: LexicalIndex
    quick: LexicalIndex


@pytest.fixture(scope="module")
def both(folders: dict[str, Path]) -> Iterator[Both]:
    opened = Both(*(lexical.engine(name).open(folders[name]) for name in ENGINES))
    yield opened
    opened.plain.close()
    opened.quick.close()


@pytest.fixture(params=ENGINES)
def index(request: pytest.FixtureRequest, folders: dict[str, Path]) -> Iterator[LexicalIndex]:
    opened = lexical.engine(request.param).open(folders[request.param])
    yield opened
    opened.close()


def holds(condition: Condition, document: IndexedDocument) -> bool:
    """Say plainly whether a condition holds; exact phrases only."""
    match condition:
        case Term(field=field, token=token):
            return token in (document.folded if field == Field.FOLDED else document.stemmed).split(" ")
        case Phrase(tokens=tokens):
            row = tuple(document.folded.split(" "))
            return any(row[at : at + len(tokens)] == tokens for at in range(len(row)))
        case AnyOf(parts=parts):
            return any(holds(part, document) for part in parts)
        case AllOf(parts=parts):
            return all(holds(part, document) for part in parts)
        case Not(part=part):
            return not holds(part, document)
        case Where(what=Dated() as dated):
            return dated.numbers[0] <= document.day <= dated.numbers[1]
    raise TypeError(condition)


WORDS = st.sampled_from([*VOCABULARY, "v1", UNKNOWN])
TERMS = st.builds(Term, st.sampled_from(Field), WORDS)
PHRASES = st.builds(Phrase, st.lists(WORDS, min_size=1, max_size=3).map(tuple))
NEARS = st.builds(Phrase, st.lists(WORDS, min_size=2, max_size=2, unique=True).map(tuple), st.integers(0, 5))


def combined(parts: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
    several = st.lists(parts, max_size=3).map(tuple)
    return st.one_of(st.builds(AnyOf, several), st.builds(AllOf, several), st.builds(Not, parts))


SPANS = st.sampled_from([None, "2021-12-31", "2022-01-01", "2022-01-19", "2022-02-28"])
DATED = st.builds(Where, st.builds(Dated, SPANS, SPANS))
CONDITIONS = st.recursive(st.one_of(TERMS, PHRASES, DATED), combined, max_leaves=6)
WEIGHTED = st.lists(
    st.builds(Weighted, TERMS, st.sampled_from([1.0, 1.0, 0.5])), max_size=5, unique_by=lambda one: one.term
)


@settings(max_examples=200, deadline=None)
@given(condition=CONDITIONS, table=st.sampled_from(Table))
def test_both_engines_match_what_plain_reading_matches(both: Both, condition: Condition, table: Table) -> None:
    expected = [at for at, document in enumerate(DOCUMENTS[table]) if holds(condition, document)]
    assert both.plain.matching(table, condition).tolist() == expected
    assert both.quick.matching(table, condition).tolist() == expected
    some = np.arange(0, len(DOCUMENTS[table]), 7, dtype=np.int64)
    for index in (both.plain, both.quick):
        assert some[index.meeting(table, condition, some)].tolist() == [at for at in expected if at % 7 == 0]


@settings(max_examples=200, deadline=None)
@given(near=NEARS, table=st.sampled_from(Table))
def test_both_engines_agree_on_words_near_each_other(both: Both, near: Phrase, table: Table) -> None:
    assert both.plain.matching(table, near).tolist() == both.quick.matching(table, near).tolist()


@settings(max_examples=100, deadline=None)
@given(terms=WEIGHTED, table=st.sampled_from(Table), within=st.none() | CONDITIONS)
def test_both_engines_score_alike(both: Both, terms: list[Weighted], table: Table, within: Condition | None) -> None:
    everyone = len(DOCUMENTS[table])
    plain, quick = (one.top(table, terms, everyone, within) for one in (both.plain, both.quick))
    assert sorted(plain.ordinals.tolist()) == sorted(quick.ordinals.tolist())
    by_ordinal = np.argsort(plain.ordinals), np.argsort(quick.ordinals)
    np.testing.assert_allclose(quick.scores[by_ordinal[1]], plain.scores[by_ordinal[0]], rtol=LENGTH_ROUNDING)


def test_lengths_up_to_forty_are_not_rounded_at_all(tmp_path: Path) -> None:
    texts = [" ".join(["a"] * (at % 5) + ["b"] * at) for at in range(35)]
    documents = [IndexedDocument(text, text) for text in texts]
    opened = [
        lexical.engine(name).open(written(name, tmp_path / name, dict.fromkeys(Table, documents))) for name in ENGINES
    ]
    terms = [Weighted(Term(Field.STEMMED, "a")), Weighted(Term(Field.FOLDED, "b"), 0.25)]
    plain, quick = (one.score(Table.PASSAGES, terms, np.arange(35)) for one in opened)
    np.testing.assert_allclose(quick, plain, rtol=1e-5)


@pytest.mark.parametrize("limit", [1, 3, 10, 50])
def test_ties_at_the_cut_are_all_taken(index: LexicalIndex, limit: int) -> None:
    terms = [Weighted(Term(Field.STEMMED, "w3"))]
    every = index.top(Table.PASSAGES, terms, 400)
    cut = index.top(Table.PASSAGES, terms, limit)
    kept = every.scores >= every.scores[limit - 1]
    assert cut.ordinals.tolist() == every.ordinals[kept].tolist()
    assert len(cut.ordinals) >= limit


def test_a_hundred_equal_documents_all_tie(tmp_path: Path) -> None:
    documents = [IndexedDocument("a b", "a b")] * 100
    for name in ENGINES:
        opened = lexical.engine(name).open(written(name, tmp_path / name, dict.fromkeys(Table, documents)))
        found = opened.top(Table.ARTICLES, [Weighted(Term(Field.STEMMED, "a"))], 5)
        assert found.ordinals.tolist() == list(range(100))
        assert len(set(found.scores.tolist())) == 1


def test_the_order_is_by_score_then_ordinal_and_the_same_every_time(index: LexicalIndex) -> None:
    terms = [Weighted(Term(Field.STEMMED, token)) for token in ("w2", "w5", "東京")]
    first = index.top(Table.PASSAGES, terms, 50)
    pairs = list(zip((-first.scores).tolist(), first.ordinals.tolist(), strict=True))
    assert pairs == sorted(pairs)
    for _ in range(3):
        again = index.top(Table.PASSAGES, terms, 50)
        assert again.ordinals.tolist() == first.ordinals.tolist()
        assert again.scores.tolist() == first.scores.tolist()


def test_scores_are_aligned_with_the_ordinals_asked_for(index: LexicalIndex) -> None:
    terms = [Weighted(Term(Field.STEMMED, "w2")), Weighted(Term(Field.STEMMED, "w9"), 0.5)]
    every = index.top(Table.PASSAGES, terms, 400)
    asked = np.array(sorted({0, 7, 399, *every.ordinals.tolist()}), np.int64)
    known = dict(zip(every.ordinals.tolist(), every.scores.tolist(), strict=True))
    np.testing.assert_allclose(
        index.score(Table.PASSAGES, terms, asked), [known.get(at, 0.0) for at in asked.tolist()], rtol=1e-5
    )


def test_score_without_ordinals_or_terms_is_empty_or_zero(index: LexicalIndex) -> None:
    nobody: Ordinals = np.empty(0, np.int64)
    assert index.score(Table.PASSAGES, [Weighted(Term(Field.STEMMED, "w2"))], nobody).shape == (0,)
    assert index.score(Table.PASSAGES, [], np.arange(3)).tolist() == [0, 0, 0]
    assert len(index.top(Table.PASSAGES, [], 5).ordinals) == 0


def test_what_is_within_a_condition_scores_as_it_does_without(index: LexicalIndex) -> None:
    terms = [Weighted(Term(Field.STEMMED, "w2"))]
    within = AllOf((Term(Field.FOLDED, "w4"), Not(Term(Field.FOLDED, "w5"))))
    admitted = set(index.matching(Table.PASSAGES, within).tolist())
    every = index.top(Table.PASSAGES, terms, 400)
    expected = [at for at in every.ordinals.tolist() if at in admitted]
    found = index.top(Table.PASSAGES, terms, 400, within)
    assert found.ordinals.tolist() == expected
    assert expected
    np.testing.assert_allclose(found.scores, [every.scores[every.ordinals == at][0] for at in expected], rtol=1e-6)


def test_unknown_words_match_and_score_nothing(index: LexicalIndex) -> None:
    term = Term(Field.STEMMED, UNKNOWN)
    assert index.document_frequency(Table.PASSAGES, term) == 0
    assert index.matching(Table.PASSAGES, term).tolist() == []
    assert len(index.top(Table.PASSAGES, [Weighted(term)], 10).ordinals) == 0
    assert index.matching(Table.PASSAGES, Phrase(("w1", UNKNOWN))).tolist() == []


def test_sizes_and_frequencies_are_counted_by_table(index: LexicalIndex) -> None:
    for table, documents in DOCUMENTS.items():
        assert index.size(table) == len(documents)
        expected = sum("w3" in document.folded.split(" ") for document in documents)
        assert index.document_frequency(table, Term(Field.FOLDED, "w3")) == expected


def test_no_phrase_crosses_a_break(tmp_path: Path) -> None:
    documents = [IndexedDocument(f"a {BREAK} b", "a b"), IndexedDocument("a b", "a b")]
    for name in ENGINES:
        opened = lexical.engine(name).open(written(name, tmp_path / name, dict.fromkeys(Table, documents)))
        assert opened.matching(Table.PASSAGES, Phrase(("a", "b"))).tolist() == [1]


def test_no_phrase_crosses_from_one_document_into_the_next(tmp_path: Path) -> None:
    documents = [IndexedDocument("x a", ""), IndexedDocument("b x", "")]
    for name in ENGINES:
        opened = lexical.engine(name).open(written(name, tmp_path / name, dict.fromkeys(Table, documents)))
        assert opened.matching(Table.PASSAGES, Phrase(("a", "b"))).tolist() == []
        assert opened.matching(Table.PASSAGES, Phrase(("a", "b"), 5)).tolist() == []


@pytest.mark.parametrize("name", ENGINES)
@pytest.mark.parametrize("documents", [[], [IndexedDocument("", "")]])
def test_an_empty_index_answers_nothing(name: str, documents: list[IndexedDocument], tmp_path: Path) -> None:
    opened = lexical.engine(name).open(written(name, tmp_path / "index", dict.fromkeys(Table, documents)))
    term = Term(Field.STEMMED, "a")
    assert opened.size(Table.ARTICLES) == len(documents)
    assert opened.matching(Table.ARTICLES, term).tolist() == []
    assert len(opened.top(Table.PASSAGES, [Weighted(term)], 5).ordinals) == 0
    assert opened.score(Table.PASSAGES, [Weighted(term)], np.arange(len(documents))).tolist() == [0] * len(documents)
    assert opened.matching(Table.PASSAGES, Phrase(("a", "b"))).tolist() == []


def contents(folder: Path) -> dict[str, tuple[str, int]]:
    return {
        path.relative_to(folder).as_posix(): (sha256(path.read_bytes()).hexdigest(), path.stat().st_mtime_ns)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def ask(index: LexicalIndex) -> Sequence[int]:
    found: Sequence[int] = index.top(Table.PASSAGES, [Weighted(Term(Field.STEMMED, "w2"))], 10).ordinals.tolist()
    return found


@pytest.mark.parametrize("name", ENGINES)
def test_searching_changes_no_byte_of_a_finished_folder(name: str, folders: dict[str, Path]) -> None:
    before = contents(folders[name])
    opened = lexical.engine(name).open(folders[name])
    assert ask(opened)
    opened.close()
    assert contents(folders[name]) == before


@pytest.mark.parametrize("name", ENGINES)
@pytest.mark.skipif(os.name != "posix", reason="needs POSIX permissions")
def test_a_read_only_folder_can_be_searched(name: str, folders: dict[str, Path], tmp_path: Path) -> None:
    copy = Path(shutil.copytree(folders[name], tmp_path / "copy"))
    folders_in_it = [copy, *(path for path in copy.rglob("*") if path.is_dir())]
    for path in copy.rglob("*"):
        path.chmod(0o500 if path.is_dir() else 0o400)
    copy.chmod(0o500)
    try:
        opened = lexical.engine(name).open(copy)
        assert ask(opened)
        opened.close()
    finally:
        for path in folders_in_it:
            path.chmod(0o700)


@pytest.mark.parametrize("damage", ["missing", "empty", "half", "garbage", "flipped"])
@pytest.mark.parametrize("name", ENGINES)
def test_damaged_files_are_told_or_harmless(name: str, damage: str, folders: dict[str, Path], tmp_path: Path) -> None:
    for number, path in enumerate(sorted(folders[name].rglob("*"))):
        if path.is_dir() or path.name.startswith("."):
            continue
        copy = Path(shutil.copytree(folders[name], tmp_path / str(number)))
        spoil(copy / path.relative_to(folders[name]), damage)
        told = told_by(name, copy)
        assert told is None or told.remedy == Remedy(Action.REBUILD)
        assert told is not None or damage in ("garbage", "flipped")
        shutil.rmtree(copy)


def told_by(name: str, folder: Path) -> Damaged | None:
    try:
        opened = lexical.engine(name).open(folder)
        ask(opened)
        opened.matching(Table.ARTICLES, Phrase(("w1", "w2")))
        opened.close()
    except Damaged as error:
        return error
    return None


@pytest.mark.parametrize("name", ENGINES)
def test_a_folder_that_is_not_there_is_damaged(name: str, tmp_path: Path) -> None:
    with pytest.raises(Damaged) as told:
        lexical.engine(name).open(tmp_path / "none")
    assert told.value.remedy == Remedy(Action.REBUILD)


def spoil(path: Path, damage: str) -> None:
    raw = path.read_bytes()
    if damage == "missing":
        path.unlink()
        return
    spoiled = {
        "empty": b"",
        "half": raw[: len(raw) // 2],
        "garbage": bytes(random.Random(7).randbytes(len(raw))),
        "flipped": raw[: len(raw) // 2] + bytes(255 - byte for byte in raw[len(raw) // 2 :]),
    }
    path.write_bytes(spoiled[damage])


def test_an_unknown_engine_is_damage() -> None:
    with pytest.raises(Damaged):
        lexical.engine("lucene")


@pytest.mark.parametrize(
    ("setting", "passages", "previous", "chosen"),
    [
        ("auto", 9_999, None, "rank-bm25"),
        ("auto", 10_000, None, "tantivy"),
        ("auto", 7_000, "tantivy", "tantivy"),
        ("auto", 7_000, "rank-bm25", "rank-bm25"),
        ("auto", 5_000, "tantivy", "rank-bm25"),
        ("tantivy", 3, "rank-bm25", "tantivy"),
        ("rank-bm25", 900_000, "tantivy", "rank-bm25"),
    ],
)
def test_auto_moves_up_at_ten_thousand_and_down_at_five(
    setting: str, passages: int, previous: str | None, chosen: str
) -> None:
    assert lexical.choose(setting, passages, previous) == chosen


@pytest.mark.parametrize("name", ENGINES)
def test_a_grown_index_holds_what_was_and_what_came_without_what_was_buried(name: str, tmp_path: Path) -> None:
    tombstoned = {table: np.array([0, 3, 50], np.int64) for table in Table}
    old = written(name, tmp_path / "old", DOCUMENTS)
    writer = lexical.engine(name).extend(old, tmp_path / "new", tombstoned)
    later = made_up(30, 3, 20)
    for table in Table:
        for document in later:
            writer.add(table, document)
    writer.finish()
    index = lexical.engine(name).open(tmp_path / "new")
    words = [Term(Field.FOLDED, word) for word in VOCABULARY[:6]]
    for table in Table:
        held = [*DOCUMENTS[table], *later]
        assert index.size(table) == len(held)
        conditions: list[Condition] = [*words, Not(words[0]), AllOf(()), AllOf((words[0], Not(words[1])))]
        conditions.append(Where(Dated("2022-01-01", None)))
        for condition in conditions:
            expected = [at for at, one in enumerate(held) if at not in tombstoned[table] and holds(condition, one)]
            assert index.matching(table, condition).tolist() == expected
            assert np.flatnonzero(index.meeting(table, condition, np.arange(len(held)))).tolist() == expected
    index.close()


def test_rank_bm25_scores_in_a_grown_index_as_in_a_new_one(tmp_path: Path) -> None:
    gone, terms = [1, 4, 90], [Weighted(Term(Field.STEMMED, word)) for word in VOCABULARY[2:7]]
    old = written(lexical.SMALL, tmp_path / "old", DOCUMENTS)
    tombstoned = dict.fromkeys(Table, np.array(gone, np.int64))
    lexical.engine(lexical.SMALL).extend(old, tmp_path / "grown", tombstoned).finish()
    left = {table: [one for at, one in enumerate(held) if at not in gone] for table, held in DOCUMENTS.items()}
    engine = lexical.engine(lexical.SMALL)
    grown, new = engine.open(tmp_path / "grown"), engine.open(written(lexical.SMALL, tmp_path / "new", left))
    for table in Table:
        best, same = grown.top(table, terms, 30), new.top(table, terms, 30)
        np.testing.assert_array_equal(best.scores, same.scores)
        np.testing.assert_array_equal(np.delete(np.arange(grown.size(table)), gone)[same.ordinals], best.ordinals)
