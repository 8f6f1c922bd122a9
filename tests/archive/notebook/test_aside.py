"""What is kept of an archive that may only be read lies in the user's folder, and goes into the archive later."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from archive import Archive
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
    state = notebook_file(told.archive.id).parent
    assert holding(state, "mine", WORDS) == []
    told.archive.notebook.undo_clips([gone.id])
    assert len(told.archive.notebook.clips()) == 3


def test_a_purge_erases_what_lies_in_the_users_folder_too(told: World, read_only: Switch) -> None:
    read_only(True)
    clipped(told, note="mine")
    state = notebook_file(told.archive.id).parent
    read_only(False)
    assert told.archive.purge(told.ids()["quarry.txt"]).clips == 1
    assert (only(told).note, only(told).standing) == ("mine", Standing.PURGED)
    told.close()
    assert holding(state, WORDS) == []


def test_a_purge_by_somebody_else_erases_the_words_when_the_archive_is_next_read(
    told: World, read_only: Switch, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    read_only(True)
    clipped(told, note="mine")
    state = notebook_file(told.archive.id).parent
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
    file = notebook_file(told.archive.id)
    file.parent.mkdir(parents=True)
    file.touch()
    assert told.archive.notebook.clips() == ()
    clipped(told)
    assert only(told).text == WORDS


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
