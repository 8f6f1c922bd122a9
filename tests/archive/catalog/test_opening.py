"""Opening a catalog where nothing can be written, and where another one lies by now."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from archive import Archive, ArchiveError, word_rule
from tests.archive.conftest import World

NOBODY = 65534


def killed_while_open(world: World, tmp_path: Path) -> Path:
    """Return a copy of an archive as a kill leaves it: the newest articles are in the log alone."""
    world.tell("Monday.txt", "Monday")
    world.add()
    with closing(sqlite3.connect(world.archive.root / "catalog.sqlite")) as other:
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        world.tell("Tuesday.txt", "Tuesday")
        world.add()
        copy = tmp_path / "open" / "archive"
        copy.parent.mkdir()
        subprocess.run(["cp", "-R", world.archive.root, copy], check=True)
    (copy / "catalog.sqlite-shm").unlink()
    assert (copy / "catalog.sqlite-wal").stat().st_size > 0
    return copy


@contextmanager
def nothing_writable(root: Path) -> Iterator[None]:
    """Let everybody read an archive and nobody write to it."""
    for path in (root, *root.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    opened = [folder for folder in root.parents if folder.stat().st_uid == os.getuid() and folder != Path("/")]
    modes = {folder: folder.stat().st_mode for folder in opened}
    try:
        for folder in opened:
            folder.chmod(modes[folder] | 0o055)
        yield
    finally:
        for folder, mode in modes.items():
            folder.chmod(mode)
        for path in (root, *root.rglob("*")):
            path.chmod(0o700)


def as_nobody(work: Callable[[], None]) -> int:
    """Do something in a process without root's rights; return its exit code."""
    if child := os.fork():
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    status = 1
    try:
        if os.getuid() == 0:
            os.setgroups([])
            os.setgid(NOBODY)
            os.setuid(NOBODY)
        work()
        status = 0
    finally:
        os._exit(status)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork, to give up root's rights in a child")
def test_a_log_that_may_not_be_written_to_is_read(world: World, tmp_path: Path) -> None:
    root = killed_while_open(world, tmp_path)

    def read() -> None:
        counted: list[int] = []
        with Archive.open(root) as archive:

            def count() -> None:
                counted.append(len(list(archive.articles())))

            others = [threading.Thread(target=count) for _ in range(2)]
            for thread in others:
                thread.start()
            count()
            for thread in others:
                thread.join()
            assert list(archive.check()) == []
            archive.copy_catalog(copied)
        assert counted == [2, 2, 2]

    copied = tmp_path / "copied" / "catalog.sqlite"
    copied.parent.mkdir(mode=0o777)
    copied.parent.chmod(0o777)
    with nothing_writable(root):
        assert as_nobody(read) == 0
    assert sorted(path.name for path in root.glob("catalog.sqlite*")) == ["catalog.sqlite", "catalog.sqlite-wal"]
    with closing(sqlite3.connect(copied)) as catalog:
        assert catalog.execute("SELECT count(*) FROM articles").fetchone() == (2,)


def test_another_archive_at_the_same_place_is_not_read_for_this_one(world: World, tmp_path: Path) -> None:
    world.tell("Monday.txt", "Monday")
    world.add()
    with Archive.create(tmp_path / "second") as second:
        (tmp_path / "others").mkdir()
        (tmp_path / "others" / "one.txt").write_text("The mill burnt down. " * 30)
        second.add([tmp_path / "others"], word_rule())
    root = world.archive.root
    with Archive.open(root) as archive:
        one = next(archive.articles())
        said: list[object] = []

        def look() -> None:
            try:
                said.append(archive.passage_texts([(one.id, one.version, 0, 5)]))
            except ArchiveError as error:
                said.append(error.message)

        def looked() -> object:
            thread = threading.Thread(target=look)
            thread.start()
            thread.join()
            return said.pop()

        assert looked() == ["The m"]
        root.rename(tmp_path / "elsewhere")
        shutil.copytree(tmp_path / "second", root)
        assert str(looked()).startswith("Another archive lies at")
        with closing(sqlite3.connect(root / "catalog.sqlite")) as catalog, catalog:
            catalog.execute("DELETE FROM meta WHERE name = 'archive'")  # as of an earlier build
        assert str(looked()).endswith("now, which does not say which it is.")
        shutil.rmtree(root)
        shutil.copytree(tmp_path / "elsewhere", root)
        assert looked() == ["The m"]


def test_a_new_catalog_says_whose_it_is(world: World) -> None:
    with Archive.open(world.archive.root) as archive:
        assert archive.owner == archive.id


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork, to read where nothing can be written")
@pytest.mark.parametrize("logged", [False, True], ids=["without a log", "with a log"])
def test_what_another_writes_is_seen_where_nothing_can_be_written(
    world: World, monkeypatch: pytest.MonkeyPatch, logged: bool
) -> None:
    def written(number: int) -> None:
        world.tell(f"{number}.txt", f"day {number}")
        world.add()
        if not logged:
            world.close()  # which brings the log into the file

    def read() -> None:
        monkeypatch.setattr("os.access", lambda path, mode: mode != os.W_OK)
        monkeypatch.setattr(Path, "exists", lambda path: path.suffix != ".sqlite-shm" and os.path.exists(path))  # noqa: PTH110
        with Archive.open(world.root) as archive:
            for number in (1, 2, 3):
                assert archive.behind(0) == number
                os.write(said, b".")
                os.read(go_on, 1)

    written(1)
    (heard, said), (go_on, let_go) = os.pipe(), os.pipe()
    child = os.fork()
    if not child:
        status = 1
        try:
            os.close(heard)
            read()
            status = 0
        finally:
            os._exit(status)
    os.close(said)
    for number in (2, 3, 4):
        assert os.read(heard, 1) == b"."
        written(number)
        os.write(let_go, b".")
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    for end in (heard, go_on, let_go):
        os.close(end)
