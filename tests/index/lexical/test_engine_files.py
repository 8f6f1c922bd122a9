"""The files of every lexical engine: never changed by a search, and told when they are damaged."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

import pytest

from archive.core.errors import Action, Damaged, Remedy
from index import lexical
from index.contracts.conditions import Field, Phrase, Term
from index.contracts.engines import LexicalIndex, Table, Weighted
from index.lexical import ENGINES
from index.lexical.tantivy_table import NEIGHBOURS


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
        assert told is not None or damage in ("garbage", "flipped") or (damage, path.name) == ("missing", NEIGHBOURS)
        shutil.rmtree(copy, ignore_errors=True)  # tantivy's watcher, as it starts, may set its lock there meanwhile


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
