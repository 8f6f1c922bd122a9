"""What is kept of an archive that may only be read lies in the user's folder, and goes into the archive later."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from archive import Archive
from archive.folder.files import faults
from archive.folder.user_folder import notebook_file
from archive.notebook.kept import Standing
from tests.archive.conftest import World
from tests.archive.notebook.conftest import WORDS, clipped, only
from tests.archive.purge.test_purge import holding

Switch = Callable[[bool], None]


@pytest.fixture
def read_only(told: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Switch:
    """Let the archive be one that this user may only read, or one that may be written to; root may write to any."""
    monkeypatch.setenv("MORGUE_STATE", str(tmp_path / "state"))
    allowed = os.access

    def switch(on: bool) -> None:
        told.close()

        def access(path: Path, how: int) -> bool:
            return not (on and how == os.W_OK and Path(path).is_relative_to(told.root)) and allowed(path, how)

        monkeypatch.setattr(os, "access", access)

    return switch


def test_things_are_kept_in_the_users_folder_and_the_archive_stays_as_it_is(told: World, read_only: Switch) -> None:
    first = clipped(told, words="Umber")
    read_only(True)
    before = told.layout.catalog.read_bytes()
    assert told.archive.notebook.is_aside
    second = clipped(told, note="mine")
    told.archive.notebook.save("carts")
    told.archive.notebook.note_clip(first.id, "also mine")
    told.close()
    assert told.layout.catalog.read_bytes() == before
    assert [(clip.id, clip.note) for clip in told.archive.notebook.clips()] == [
        (first.id, "also mine"), (second.id, "mine")
    ]  # fmt: skip
    assert [one.question for one in told.archive.notebook.saved()] == ["carts"]
    assert told.archive.notebook.remove_clips([first.id]) == 1
    assert only(told) == second
    assert holding(told.root, "also mine") == []


def test_what_was_kept_there_goes_into_the_archive_when_it_may_be_written_to(told: World, read_only: Switch) -> None:
    gone = clipped(told, words="Umber")
    read_only(True)
    kept = clipped(told, note="mine")
    told.archive.notebook.remove_clips([gone.id])
    read_only(False)
    assert only(told) == kept
    later = clipped(told, words="quarry")
    assert told.archive.notebook.clips() == (kept, later)
    told.close()
    assert "catalog.sqlite" in holding(told.root, "mine")
    state = notebook_file(told.archive.id, told.root.resolve()).parent
    assert holding(state, "mine", WORDS) == []
    told.archive.notebook.undo_clips([gone.id])
    assert len(told.archive.notebook.clips()) == 3


def test_a_purge_erases_what_lies_in_the_users_folder_too(told: World, read_only: Switch) -> None:
    read_only(True)
    clipped(told, note="mine")
    state = notebook_file(told.archive.id, told.root.resolve()).parent
    read_only(False)
    assert told.archive.purge(told.ids()["quarry.txt"]).erased.clips == 1
    assert (only(told).note, only(told).standing) == ("mine", Standing.PURGED)
    told.close()
    assert holding(state, WORDS) == []


def test_a_purge_by_somebody_else_erases_the_words_when_the_archive_is_next_read(
    told: World, read_only: Switch, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    read_only(True)
    clipped(told, note="mine")
    state = notebook_file(told.archive.id, told.root.resolve()).parent
    read_only(False)
    with monkeypatch.context() as elsewhere:
        elsewhere.setenv("MORGUE_STATE", str(tmp_path / "another user"))
        told.archive.purge(told.ids()["quarry.txt"])
    assert holding(state, WORDS) != []
    read_only(True)
    assert (only(told).note, only(told).standing) == ("mine", Standing.PURGED)
    told.close()
    assert holding(state, WORDS) == []


def test_a_notebook_that_was_cut_short_when_it_was_made_is_made_as_it_should_be(told: World, read_only: Switch) -> None:
    read_only(True)
    file = notebook_file(told.archive.id, told.root.resolve())
    file.parent.mkdir(parents=True)
    file.touch()
    assert told.archive.notebook.clips() == ()
    clipped(told)
    assert only(told).text == WORDS


@pytest.mark.parametrize("only_read", [False, True])
def test_a_broken_notebook_in_the_users_folder_is_told_put_aside_and_in_nobodys_way(
    told: World, read_only: Switch, only_read: bool
) -> None:
    read_only(True)
    clipped(told, words="Umber")
    file = notebook_file(told.archive.id, told.root.resolve())
    told.close()
    file.write_bytes(b"no catalog at all")
    read_only(only_read)
    assert clipped(told).text == WORDS
    told.archive.notebook.save("carts")
    assert only(told).text == WORDS
    (problem,) = told.archive.notebook.problems
    (kept,) = file.parent.glob("*.damaged")
    assert str(kept) in problem


def test_a_broken_notebook_in_the_users_folder_stops_no_purge(told: World, read_only: Switch) -> None:
    read_only(True)
    clipped(told, words="Umber")
    file = notebook_file(told.archive.id, told.root.resolve())
    told.close()
    file.write_bytes(b"no catalog at all")
    read_only(False)
    assert told.archive.purge(told.ids()["quarry.txt"]).articles
    assert len(told.archive.notebook.problems) == 1
    assert list(file.parent.glob("*.damaged")) == []


def test_a_copy_that_may_be_written_to_leaves_the_notebook_of_the_original_alone(
    told: World, read_only: Switch, tmp_path: Path
) -> None:
    read_only(True)
    kept = clipped(told, note="mine")
    told.close()
    shutil.copytree(told.root, tmp_path / "copy")
    with Archive.open(tmp_path / "copy") as copy:
        copy.notebook.save("carts")
        assert copy.notebook.clips() == ()
    assert only(told) == kept


def test_the_notebook_of_an_archive_that_is_moved_goes_with_it(
    told: World, read_only: Switch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_only(True)
    kept = clipped(told, note="mine")
    told.close()
    monkeypatch.undo()
    monkeypatch.setenv("MORGUE_STATE", str(tmp_path / "state"))
    moved = told.root.rename(tmp_path / "moved")
    allowed = os.access
    monkeypatch.setattr(os, "access", lambda path, how: how != os.W_OK and allowed(path, how))
    with Archive.open(moved) as archive:
        assert archive.notebook.clips() == (kept,)
    moved.rename(told.root)


def test_what_another_program_keeps_while_it_is_taken_into_the_archive_is_not_lost(
    told: World, read_only: Switch, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_only(True)
    clipped(told)
    read_only(False)
    file, found = notebook_file(told.archive.id, told.root.resolve()), list[str]()

    def beside(operation: str, path: Path) -> None:
        if operation == "commit" and path == told.layout.catalog and not found:
            with closing(sqlite3.connect(file, timeout=0)) as other:
                try:
                    other.execute("UPDATE clips SET note = 'later'")
                except sqlite3.OperationalError as error:
                    found.append(str(error))

    with faults(beside):
        clipped(told, words="Umber")
    assert found == ["database is locked"]


def test_a_purge_by_somebody_else_erases_the_words_while_the_archive_is_open(
    told: World, read_only: Switch, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    read_only(True)
    clipped(told, note="mine")
    state = notebook_file(told.archive.id, told.root.resolve()).parent
    allowed = os.access
    with monkeypatch.context() as elsewhere:
        elsewhere.setenv("MORGUE_STATE", str(tmp_path / "another user"))
        elsewhere.setattr(os, "access", lambda path, how: allowed(path, how & ~os.W_OK))
        with Archive.open(told.root) as other:
            other.purge(told.ids()["quarry.txt"])
    assert holding(state, WORDS) != []
    assert only(told).standing == Standing.PURGED
    told.close()
    assert holding(state, WORDS) == []


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork, to give up root's rights in a child")
def test_an_archive_that_may_really_not_be_written_to(told: World, tmp_path: Path) -> None:
    told.close()
    (tmp_path / "state").mkdir(mode=0o777)
    (tmp_path / "state").chmod(0o777)
    outer = [folder for folder in told.root.parents if folder.stat().st_uid == os.getuid() and folder != Path("/")]
    modes = {path: path.stat().st_mode for path in (*outer, told.root, *told.root.rglob("*"))}
    try:
        for path, mode in modes.items():
            path.chmod(mode | 0o055 if path in outer else 0o555 if path.is_dir() else 0o444)
        assert as_nobody(lambda: keep_aside(told.root, tmp_path / "state")) == 0
    finally:
        for path, mode in modes.items():
            path.chmod(mode)
    assert holding(tmp_path / "state", WORDS) != []
    assert told.archive.notebook.clips() == ()


def keep_aside(root: Path, state: Path) -> None:
    os.environ["MORGUE_STATE"] = str(state)
    with Archive.open(root) as archive:
        one = next(one for one in archive.articles() if one.path.endswith("quarry.txt"))
        start = archive.version(one.id, one.version).text.index(WORDS)
        archive.notebook.add_clip(one.id, one.version, start, start + len(WORDS))
    with Archive.open(root) as archive:
        assert [clip.text for clip in archive.notebook.clips()] == [WORDS]


def as_nobody(work: Callable[[], None]) -> int:
    if child := os.fork():
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    status = 1
    try:
        if os.getuid() == 0:
            os.setgroups([])
            os.setgid(65534)
            os.setuid(65534)
        work()
        status = 0
    finally:
        os._exit(status)
