"""A name in the schema of a catalog that a flipped bit made no text of."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from archive import Archive, Damaged
from archive.catalog.connection import is_held
from index import verify


@pytest.mark.leaves_damage
@pytest.mark.parametrize("name", [b"judgements", b"former_passages_by_article"])
def test_a_name_in_the_schema_that_is_no_text_is_damage(light_copy: Callable[[], Path], name: bytes) -> None:
    path = light_copy() / "catalog.sqlite"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
    assert path.read_bytes().count(name) > 1
    path.write_bytes(path.read_bytes().replace(name, name[:-1] + b"\xf4", 1))
    assert not is_held(path)
    with pytest.raises(Damaged, match=r"catalog\.sqlite is damaged: a name in its schema"):
        _verified(path.parent)


def _verified(root: Path) -> None:
    with Archive.open(root) as archive:
        verify(archive)
        [*archive.articles()]
