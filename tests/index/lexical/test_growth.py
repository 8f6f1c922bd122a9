"""An index that grows out of a finished one, by every lexical engine."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index import lexical
from index.contracts.conditions import AllOf, Condition, Dated, Field, Not, Term, Where
from index.contracts.engines import Table, Weighted
from index.lexical import ENGINES
from tests.index.lexical.made_up import DOCUMENTS, VOCABULARY, holds, made_up, written


@pytest.mark.parametrize("name", ENGINES)
def test_a_grown_index_holds_what_was_and_what_came_without_what_was_tombstoned(name: str, tmp_path: Path) -> None:
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
