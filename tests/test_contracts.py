"""What other people's scripts and earlier archives rely on: names of tables, columns, manifests and JSON only grow."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
GIVEN = json.loads((ROOT / "tests" / "data" / "contracts-aa9f448.json").read_text("utf-8"))


def properties(schema: dict[str, Any], path: str = "") -> Iterator[tuple[str, Any]]:
    """Yield the path and the type of every property that a JSON Schema names."""
    for name, held in schema.get("properties", {}).items():
        inner = f"{path}.{name}" if path else name
        yield inner, held.get("type", held.get("$ref", "any"))
        yield from properties(held, inner)
        if isinstance(held.get("items"), dict):
            yield from properties(held["items"], f"{inner}[]")
    for name, held in schema.get("$defs", {}).items():
        yield from properties(held, f"{path}#{name}")


def parts(schema: dict[str, Any], path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield a JSON Schema and every schema inside it, each with its path."""
    yield path, schema
    for name, held in schema.get("properties", {}).items():
        yield from parts(held, f"{path}.{name}" if path else name)
    for name, held in schema.get("$defs", {}).items():
        yield from parts(held, f"{path}#{name}")
    if isinstance(schema.get("items"), dict):
        yield from parts(schema["items"], f"{path}[]")
    for kind in ("anyOf", "oneOf", "allOf"):
        for number, held in enumerate(schema.get(kind, [])):
            yield from parts(held, f"{path}|{kind}{number}")


def listed(schema: dict[str, Any], word: str) -> dict[str, list[Any]]:
    """Return what a JSON Schema lists under a word of its language, ``required`` or ``enum``, by path."""
    return {path: part[word] for path, part in parts(schema) if word in part}


@pytest.mark.parametrize("word", ["required", "enum"])
@pytest.mark.parametrize("name", GIVEN["schemas"])
def test_what_is_always_there_and_which_values_there_are_only_grows(name: str, word: str) -> None:
    schema = json.loads((ROOT / "tui" / "schemas" / name).read_text("utf-8"))
    now = listed(schema, word)
    lost = {path: set(values) - set(now.get(path, ())) for path, values in GIVEN["schemas"][name][word].items()}
    assert not {path: values for path, values in lost.items() if values}, "scripts rely on it"


def test_a_value_and_a_key_that_are_lost_deep_inside_are_noticed() -> None:
    inner = {"type": "object", "properties": {"mode": {"enum": ["a", "b"]}}, "required": ["mode"]}
    outer = {"properties": {"hits": {"type": "array", "items": {"$ref": "#/$defs/hit"}}}, "$defs": {"hit": inner}}
    assert listed(outer, "required") == {"#hit": ["mode"]}
    assert listed(outer, "enum") == {"#hit.mode": ["a", "b"]}


@pytest.mark.parametrize("name", GIVEN["schemas"])
def test_a_key_of_the_json_stays_with_its_type(name: str) -> None:
    schema = json.loads((ROOT / "tui" / "schemas" / name).read_text("utf-8"))
    now, before = dict(properties(schema)), GIVEN["schemas"][name]
    assert {path: now.get(path) for path in before["properties"]} == before["properties"]


def test_a_table_of_the_catalog_keeps_its_columns(fresh_archive: Any) -> None:
    with closing(sqlite3.connect(fresh_archive() / "catalog.sqlite")) as catalog:
        for table, columns in GIVEN["catalog"].items():
            now = [row[1] for row in catalog.execute(f"PRAGMA table_info({table})")]
            assert [name for name in now if name in columns] == columns


def test_a_generation_keeps_the_names_of_its_columns_and_of_its_manifest(seed_archive: Path) -> None:
    (generation,) = (seed_archive / "generations").iterdir()
    assert set(GIVEN["columns"]) <= {path.name for path in (generation / "columns").iterdir()}
    manifest = json.loads((generation / "manifest.json").read_text("utf-8"))
    names = {*manifest, *(f"vectors.{name}" for name in manifest["vectors"])}
    assert set(GIVEN["manifest"]) <= names
