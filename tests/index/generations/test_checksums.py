from __future__ import annotations

import os
from pathlib import Path

import pytest

from index.generations.checksums import bad_files, records


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "part").mkdir()
    (tmp_path / "part" / "a").write_bytes(b"alpha")
    (tmp_path / "b").write_bytes(b"beta")
    return tmp_path


def test_whole_folder_has_no_bad_files(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    memory = tmp_path_factory.mktemp("state") / "checked" / "seen.json"
    listed = records(folder)
    assert [record.path for record in listed] == ["b", "part/a"]
    assert list(bad_files(folder, listed, memory)) == []
    assert list(bad_files(folder, listed, memory)) == []
    assert memory.is_file()


@pytest.mark.parametrize("remember", [True, False])
def test_damage_is_found(folder: Path, tmp_path_factory: pytest.TempPathFactory, remember: bool) -> None:
    memory = tmp_path_factory.mktemp("state") / "seen.json" if remember else None
    listed = records(folder)
    assert not list(bad_files(folder, listed, memory))
    (folder / "b").write_bytes(b"beto")
    (folder / "part" / "a").unlink()
    found = {bad.path: bad.what for bad in bad_files(folder, listed, memory)}
    assert found == {"b": "does not hold what was written", "part/a": "is missing"}


def test_another_size_is_found_without_reading(folder: Path) -> None:
    listed = records(folder)
    (folder / "b").write_bytes(b"longer than before")
    (bad,) = bad_files(folder, listed, None)
    assert bad.what == "has 18 bytes instead of 4"


def test_a_change_that_keeps_size_and_time_is_found_without_memory(folder: Path) -> None:
    listed, status = records(folder), (folder / "b").stat()
    (folder / "b").write_bytes(b"BETA")
    os.utime(folder / "b", ns=(status.st_atime_ns, status.st_mtime_ns))
    assert [bad.path for bad in bad_files(folder, listed, None)] == ["b"]


def test_what_is_always_hashed_is_hashed_whatever_is_remembered(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    memory = tmp_path_factory.mktemp("state") / "seen.json"
    listed = records(folder)
    assert list(bad_files(folder, listed, memory)) == []
    for path in (folder / "b", folder / "part" / "a"):
        status, raw = path.stat(), path.read_bytes()
        path.write_bytes(raw[::-1])
        os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert list(bad_files(folder, listed, memory)) == []
    assert [bad.path for bad in bad_files(folder, listed, memory, lambda path: path == "b")] == ["b"]
