from __future__ import annotations

import os
import stat
from hashlib import sha256
from pathlib import Path

import pytest

from archive.folder.files import make_private_dir, remove_tree, replace, sha256_file, sync_file, sync_tree, write_atomic

posix = pytest.mark.skipif(os.name != "posix", reason="modes and folder syncs are POSIX")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_an_atomic_write_replaces_what_was_there(tmp_path: Path) -> None:
    target = tmp_path / "CURRENT"
    write_atomic(target, b"first")
    write_atomic(target, b"second")
    assert target.read_bytes() == b"second"
    assert [path.name for path in tmp_path.iterdir()] == ["CURRENT"]


@posix
def test_an_atomic_write_is_for_its_owner_only(tmp_path: Path) -> None:
    write_atomic(tmp_path / "secret", b"text")
    assert mode(tmp_path / "secret") == 0o600


def test_a_failed_atomic_write_leaves_what_was_there_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "taken" / "inside").mkdir(parents=True)
    with pytest.raises(OSError, match="taken"):
        write_atomic(tmp_path / "taken", b"text")
    assert [path.name for path in tmp_path.iterdir()] == ["taken"]


def test_an_atomic_write_syncs_the_content_before_the_name_and_then_the_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    real_sync, real_replace = os.fsync, Path.replace

    def sync(handle: int) -> None:
        seen.append("folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else "file")
        real_sync(handle)

    def rename(path: Path, target: Path) -> Path:
        seen.append("rename")
        return real_replace(path, target)

    monkeypatch.setattr(os, "fsync", sync)
    monkeypatch.setattr(Path, "replace", rename)
    write_atomic(tmp_path / "x", b"text")
    assert seen == (["file", "rename", "folder"] if os.name == "posix" else ["file", "rename"])


def test_replace_moves_a_folder_between_folders(tmp_path: Path) -> None:
    (tmp_path / "tmp" / "new").mkdir(parents=True)
    (tmp_path / "tmp" / "new" / "part").write_text("x")
    (tmp_path / "generations").mkdir()
    replace(tmp_path / "tmp" / "new", tmp_path / "generations" / "000001")
    assert (tmp_path / "generations" / "000001" / "part").read_text() == "x"
    assert not (tmp_path / "tmp" / "new").exists()


@posix
def test_syncing_a_tree_reaches_every_file_and_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a", "b/c", "b/d/e"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    synced: set[int] = set()
    monkeypatch.setattr(os, "fsync", lambda handle: synced.add(os.fstat(handle).st_ino))
    sync_tree(tmp_path)
    assert synced == {path.stat().st_ino for path in (tmp_path, *tmp_path.rglob("*"))}


def test_syncing_what_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        sync_file(tmp_path / "nothing")


def test_a_files_digest_is_that_of_its_bytes(tmp_path: Path) -> None:
    content = bytes(range(256)) * 5000
    (tmp_path / "x").write_bytes(content)
    assert sha256_file(tmp_path / "x") == sha256(content).hexdigest()


@posix
def test_a_private_folder_is_for_its_owner_only(tmp_path: Path) -> None:
    made = make_private_dir(tmp_path / "a" / "b")
    assert mode(made) == 0o700
    assert make_private_dir(made) == made


def test_removing_a_tree_that_is_not_there_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b" / "c").write_text("x")
    remove_tree(tmp_path / "a")
    remove_tree(tmp_path / "a")
    assert list(tmp_path.iterdir()) == []
