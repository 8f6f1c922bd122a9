"""The catalog is spoken to in its own package alone, and one changed file costs few statements."""

from __future__ import annotations

import ast
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from archive import Archive, word_rule
from archive.catalog import connection, database
from archive.catalog.tables import versions
from archive.catalog.transaction import Transaction
from tests.archive.conftest import World

ROOT = Path(__file__).resolve().parents[3]
STATEMENT = re.compile(
    r"\b(SELECT|INSERT OR REPLACE|INSERT INTO|DELETE FROM|PRAGMA|VACUUM|CREATE TABLE)\b|\bUPDATE \w+ SET\b"
)
MOST = 20


def strings(path: Path) -> Iterator[str]:
    """Yield the strings of a module that are no docstrings."""
    tree = ast.parse(path.read_text("utf-8"))
    sentences = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in sentences:
            yield node.value


@pytest.mark.parametrize("package", ["archive", "index", "tui"])
def test_statements_stand_in_the_package_of_the_catalog_alone(package: str) -> None:
    modules = [path.relative_to(ROOT) for path in sorted((ROOT / package).rglob("*.py"))]
    outside = [path for path in modules if not path.as_posix().startswith("archive/catalog/")]
    assert outside
    found = {str(path): text for path in outside for text in strings(ROOT / path) if STATEMENT.search(text)}
    assert found == {}


def test_one_changed_file_costs_few_statements_in_one_transaction(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for day in ("Monday", "Tuesday", "Friday"):
        world.tell(f"{day}.txt", day)
    with pytest.MonkeyPatch.context() as patched:  # not in the second in which it changes, whose order a row would tell
        patched.setattr("archive.ingest.upsert.now_utc", lambda: "2026-01-01T00:00:00Z")
        world.add()
    asked: list[str] = []
    connect = connection.connect

    def traced(*given: Any, **how: Any) -> sqlite3.Connection:
        opened = connect(*given, **how)
        opened.set_trace_callback(asked.append)
        return opened

    monkeypatch.setattr(database, "connect", traced)
    with Archive.open(world.archive.root) as archive:
        archive.update(word_rule())  # connections are open then, and set up: that is not the file's cost
        world.tell("Tuesday.txt", "Sunday")
        asked.clear()
        assert archive.update(word_rule()).changed == 1
    assert len([one for one in asked if one == "COMMIT"]) == 1
    assert len(asked) <= MOST, "\n".join(asked)  # all of the run, BEGIN and COMMIT included


def steps(world: World) -> int:
    """Return how many steps SQLite takes to count the current passages."""
    taken = 0

    def step() -> None:
        nonlocal taken
        taken += 1

    with closing(connection.connect(world.layout.catalog, "ro")) as opened:
        reader = Transaction(opened)
        expected = versions.count_current_passages(reader)  # with the schema read
        opened.set_progress_handler(step, 1)
        assert versions.count_current_passages(reader) == expected == 1
    return taken


def test_older_versions_cost_nothing_when_current_passages_are_counted(world: World) -> None:
    world.tell("Monday.txt", "Monday")
    world.add()
    before = steps(world)
    for number in range(20):
        world.tell("Monday.txt", f"day {number}")
        world.update()
    assert len(world.archive.versions(world.ids()["Monday.txt"])) == 21
    assert steps(world) <= before + 1  # to see where those of the version end
