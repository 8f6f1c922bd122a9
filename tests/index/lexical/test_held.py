from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index import lexical
from index.contracts.conditions import Field, Term
from index.contracts.engines import IndexedDocument, Table

TEXTS = ("oil price", "price of gold", "gold and oil", "wheat")


@pytest.mark.parametrize("name", lexical.ENGINES)
def test_held_tells_which_group_each_document_holds(name: str, tmp_path: Path) -> None:
    folder = tmp_path / "lexical"
    folder.mkdir()
    writer = lexical.engine(name).writer(folder)
    for table in Table:
        for text in TEXTS:
            writer.add(table, IndexedDocument(text, text))
    writer.finish()
    words = ["oil", "gold", "nowhere", "price"] + [f"absent{n}" for n in range(30)] + ["wheat"]
    groups: list[tuple[Term, ...]] = [(Term(Field.STEMMED, word),) for word in words]
    groups[3] = (Term(Field.STEMMED, "price"), Term(Field.STEMMED, "wheat"))
    ordinals = np.array([0, 2, 3], np.int64)
    held = lexical.engine(name).open(folder).held(Table.PASSAGES, groups, ordinals)
    assert held.shape == (len(words), 3)
    assert held[0].tolist() == [True, True, False]
    assert held[1].tolist() == [False, True, False]
    assert held[3].tolist() == [True, False, True]
    assert held[-1].tolist() == [False, False, True]
    assert not held[[2, *range(4, 34)]].any()
