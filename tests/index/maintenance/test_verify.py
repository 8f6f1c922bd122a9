from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from archive import Archive
from archive.core.progress import Step
from archive.folder.files import sha256_file
from archive.folder.layout import Layout
from index import verify
from index.generations import manifest as manifests
from index.generations.generation import Current, write_current


def contents(root: Path) -> dict[str, str]:
    return {
        path.relative_to(root).as_posix(): sha256(path.read_bytes()).hexdigest()
        for path in root.rglob("*")
        if path.is_file() and not path.name.endswith(("-wal", "-shm"))
    }


@pytest.fixture
def root(light_copy: Callable[[], Path]) -> Path:
    return light_copy()


def test_a_whole_archive_is_whole_and_everything_is_counted(news_archive: Path) -> None:
    with Archive.open(news_archive) as archive:
        report = verify(archive)
    assert report.whole
    counts = dict(report.checked)
    assert (counts["articles"], counts["passages"], counts["vectors"], counts["chroma"]) == (10, 12, 12, 12)
    assert counts["files"] > 20


def test_verifying_changes_nothing(news_copy: Callable[[], Path]) -> None:
    root = news_copy()
    before = contents(root)
    with Archive.open(root) as archive:
        verify(archive)
    assert contents(root) == before


def opened(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Return where the opening of a Chroma index is written down, in place of doing it."""
    seen = list[object]()
    monkeypatch.setattr("index.maintenance.verify.Probing", lambda *given, **named: seen.append(given))
    return seen


def test_a_chroma_index_that_was_not_made_here_is_not_opened(
    news_copy: Callable[[], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = opened(monkeypatch)
    monkeypatch.setenv("MORGUE_STATE", str(tmp_path / "another machine"))
    with Archive.open(news_copy()) as archive:
        report = verify(archive)
    assert report.whole
    assert "chroma" not in dict(report.checked)
    assert seen == []


def add_a_file(folder: Path) -> None:
    (folder / "added").touch()


def add_a_link(folder: Path) -> None:
    (folder / "added").symlink_to("/etc/hostname")


def alter_a_file(folder: Path) -> None:
    path = folder / "chroma.sqlite3"
    path.write_bytes(path.read_bytes()[:-1] + b"!")


@pytest.mark.leaves_damage
@pytest.mark.parametrize("change", [add_a_file, add_a_link, alter_a_file])
def test_a_chroma_index_that_was_tampered_with_is_told_and_not_opened(
    news_copy: Callable[[], Path], monkeypatch: pytest.MonkeyPatch, change: Callable[[Path], None]
) -> None:
    seen, root = opened(monkeypatch), news_copy()
    (folder,) = root.glob("generations/*/chroma")
    change(folder)
    with Archive.open(root) as archive:
        assert [problem.code for problem in verify(archive).problems] == ["chroma"]
    assert seen == []


def test_an_archive_without_an_index_is_whole(tmp_path: Path) -> None:
    with Archive.create(tmp_path / "archive") as archive:
        assert verify(archive).whole


def test_progress_is_told(root: Path) -> None:
    steps: list[Step] = []
    with Archive.open(root) as archive:
        verify(archive, steps.append)
    assert {step.phase for step in steps} == {"verifying"}


def changed(root: Path, statement: str) -> list[tuple[str, str]]:
    with sqlite3.connect(root / "catalog.sqlite") as connection:
        assert connection.execute(statement).rowcount > 0
    with Archive.open(root) as archive:
        return [(problem.code, problem.what) for problem in verify(archive).problems]


@pytest.mark.leaves_damage
def test_a_row_that_was_changed_behind_our_back_is_found(root: Path) -> None:
    found = changed(root, "UPDATE versions SET text = text || ' and more' WHERE rowid = 1")
    assert "catalog" in [code for code, _ in found]


def test_an_index_behind_the_catalog_is_no_damage(root: Path) -> None:
    with Archive.open(root) as archive:
        archive.remove(next(archive.articles()).id)
        assert verify(archive).whole


@pytest.mark.leaves_damage
def test_an_index_of_other_passages_than_the_catalogs_is_found(root: Path) -> None:
    last = "SELECT id FROM passages ORDER BY number DESC LIMIT 1"  # of its text, so that it leaves no gap
    found = changed(root, f"DELETE FROM passages WHERE id = ({last})")
    assert "columns" in [code for code, _ in found]


def forged(root: Path, name: str, change: Callable[[NDArray[Any]], NDArray[Any]]) -> list[str]:
    """Change an array of the generation in use and everything that vouches for it; return what verify finds."""
    layout = Layout(root)
    folder = layout.generation(1)
    np.save(folder / name, change(np.load(folder / name)))
    manifest = manifests.from_bytes((folder / manifests.NAME).read_bytes(), folder)
    files = tuple(
        replace(one, sha256=sha256_file(folder / one.path), size=(folder / one.path).stat().st_size)
        for one in manifest.files
    )
    raw = manifests.to_bytes(replace(manifest, files=files))
    (folder / manifests.NAME).write_bytes(raw)
    write_current(layout, Current(1, manifests.digest(raw)))
    with Archive.open(root) as archive:
        return [problem.what for problem in verify(archive).problems]


@pytest.mark.leaves_damage
def test_vectors_of_other_texts_are_found(root: Path) -> None:
    assert forged(root, "slots.npy", lambda slots: slots) == []
    (told,) = forged(root, "slots.npy", lambda slots: np.roll(slots, 1))
    assert "vector of another text" in told


@pytest.mark.leaves_damage
def test_passages_at_other_offsets_are_found(root: Path) -> None:
    (told,) = forged(root, "columns/starts.npy", lambda starts: starts + 1)
    assert "other offsets" in told
