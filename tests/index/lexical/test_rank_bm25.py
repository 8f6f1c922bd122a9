"""rank-bm25: what it stores, and how it meets broken files."""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from rank_bm25 import BM25Okapi

from archive.core.errors import Action, Damaged, Remedy
from index import lexical
from index.contracts.conditions import Field, Phrase, Term
from index.contracts.engines import IndexedDocument, LexicalIndex, LexicalWriter, Table, Weighted
from index.contracts.recipe import RECIPE
from index.lexical.bm25 import Okapi
from index.lexical.postings import counted


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    writer = lexical.engine(lexical.SMALL).writer(tmp_path)
    for row in ("gas pipeline", "gas", "kyiv talks of gas", ""):
        for table in Table:
            writer.add(table, IndexedDocument(row, row))
    writer.finish()
    return tmp_path


def opened(folder: Path) -> LexicalIndex:
    return lexical.engine(lexical.SMALL).open(folder)


def test_only_arrays_and_plain_json_are_stored(folder: Path) -> None:
    assert json.loads((folder / "vocabulary.json").read_text()) == ["gas", "pipeline", "kyiv", "talks", "of"]
    arrays = [file for file in folder.iterdir() if file.suffix == ".npy"]
    assert len(arrays) == 24
    assert len(list(folder.iterdir())) == 25
    assert all(np.load(file, allow_pickle=False).dtype.kind == "i" for file in arrays)


def test_the_scorer_is_rank_bm25_with_an_idf_that_is_never_negative() -> None:
    chance = np.random.default_rng(5)
    rows = [chance.integers(0, 12, size).tolist() for size in chance.integers(1, 30, 40)]
    tokens = counted(np.concatenate(rows).astype(np.int32), np.cumsum([len(row) for row in rows]))
    scorer, plain = Okapi(tokens), BM25Okapi(rows, k1=RECIPE.tuning.k1, b=RECIPE.tuning.b)
    assert scorer.idf.min() > 0
    plain.idf = dict(enumerate(scorer.idf.tolist()))
    for number in range(12):
        held, counts = tokens.posting(number)
        assert held.tolist() == [at for at, row in enumerate(rows) if number in row]
        expected = plain.get_batch_scores([number], held.tolist())
        np.testing.assert_allclose(scorer.scores(number, held, counts), expected, rtol=1e-12)


def test_a_token_beside_another_is_found_and_makes_its_document_no_longer(tmp_path: Path) -> None:
    engine, first, grown = lexical.engine(lexical.SMALL), tmp_path / "first", tmp_path / "grown"
    first.mkdir()
    fill(engine.writer(first), "gas cease fire", "gas cease +ceasefire fire", "gas ceasefire")
    fill(engine.extend(first, grown, dict.fromkeys(Table, np.array([2]))), "gas +ceasefire cease")
    index = opened(grown)
    assert index.matching(Table.PASSAGES, Term(Field.STEMMED, "ceasefire")).tolist() == [1, 3]
    plain, joined = index.score(Table.PASSAGES, [Weighted(Term(Field.STEMMED, "gas"))], np.array([0, 1]))
    assert plain == joined > 0


def fill(writer: LexicalWriter, *rows: str) -> None:
    for row, table in product(rows, Table):
        writer.add(table, IndexedDocument(row.replace("+", ""), row))
    writer.finish()


def test_a_scorer_is_made_only_when_something_is_scored(folder: Path) -> None:
    index = opened(folder)
    assert index.matching(Table.PASSAGES, Phrase(("gas", "pipeline"))).tolist() == [0]
    assert not index._scorers  # type: ignore[attr-defined]
    index.top(Table.PASSAGES, [Weighted(Term(Field.STEMMED, "kyiv"))], 5)
    assert list(index._scorers) == [(Table.PASSAGES, Field.STEMMED)]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "name", ["vocabulary.json", "passages.folded.numbers.npy", "articles.stemmed.ends.npy", "passages.days.npy"]
)
@pytest.mark.parametrize("how", ["missing", "empty", "half", "zeros"])
def test_a_broken_file_is_damage_with_a_way_out(folder: Path, name: str, how: str) -> None:
    whole = (folder / name).read_bytes()
    if how == "missing":
        (folder / name).unlink()
    else:
        (folder / name).write_bytes({"empty": b"", "half": whole[: len(whole) // 2], "zeros": bytes(len(whole))}[how])
    with pytest.raises(Damaged, match="word index") as caught:
        opened(folder)
    assert caught.value.remedy == Remedy(Action.REBUILD)


@pytest.mark.parametrize("stored", ['{"gas": 1}', "[1, 2, 3, 4, 5]", '["gas"]', "[" * 100_000])
def test_a_vocabulary_of_something_else_is_damage(folder: Path, stored: str) -> None:
    (folder / "vocabulary.json").write_text(stored)
    with pytest.raises(Damaged):
        opened(folder)


def test_arrays_that_do_not_fit_each_other_are_damage(folder: Path) -> None:
    np.save(folder / "passages.folded.ends.npy", np.array([2, 3, 7, 6]))
    with pytest.raises(Damaged, match="cut short"):
        opened(folder)


@pytest.mark.parametrize(
    ("name", "number"), [("passages.folded", -1), ("passages.stemmed", -6), ("passages.folded", 5)]
)
def test_words_that_there_are_none_of_are_damage(folder: Path, name: str, number: int) -> None:
    stored = np.load(folder / f"{name}.numbers.npy")
    stored[0] = number
    np.save(folder / f"{name}.numbers.npy", stored)
    with pytest.raises(Damaged, match="do not exist"):
        opened(folder)


@pytest.mark.parametrize(
    ("part", "stored", "said"),
    [
        ("frequencies", [9, 1, 1, 1, 1], "more documents"),
        ("holders", [0, 1, 2, 0, 2, 2, 9], "more documents"),
        ("holders", [0, 1], "does not name"),
        ("counts", [1, 1, 1, 1, 1, 1, 0], "does not name"),
    ],
)
def test_counts_that_cannot_be_are_damage(folder: Path, part: str, stored: list[int], said: str) -> None:
    np.save(folder / f"passages.folded.{part}.npy", np.array(stored, np.int32))
    with pytest.raises(Damaged, match=said):
        opened(folder)


def test_pickles_are_refused(folder: Path) -> None:
    np.save(folder / "passages.folded.ends.npy", np.array([{"a": 1}], object), allow_pickle=True)
    with pytest.raises(Damaged):
        opened(folder)
