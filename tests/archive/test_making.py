"""Making an archive, also while others do or after one was killed at it; opening one."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from archive import (
    Archive,
    NotAnArchive,
    UsageError,
)
from archive.core.errors import Action, Remedy

if TYPE_CHECKING:
    from tests.archive.conftest import World

ROOT = Path(__file__).resolve().parents[2]
posix = pytest.mark.skipif(os.name != "posix", reason="needs a POSIX file system")


def started(code: str, *arguments: object) -> subprocess.Popen[str]:
    """Start Python on some code; its arguments are in ``sys.argv[1:]``."""
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.Popen(command, cwd=ROOT, text=True, stdout=subprocess.PIPE, stdin=subprocess.PIPE)


def wait_for(what: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.01)


@posix
def test_a_new_archive_is_for_its_owner_only(tmp_path: Path) -> None:
    with Archive.create(tmp_path / "a" / "archive") as made, made.writing():
        paths = [made.root, *made.root.rglob("*")]
        assert len(paths) > 7
        for path in paths:
            assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path


def test_making_an_archive_where_one_is_opens_it(tmp_path: Path) -> None:
    with Archive.create(tmp_path / "archive") as first, Archive.create(tmp_path / "archive") as second:
        assert first.id == second.id


def test_two_archives_have_different_ids(tmp_path: Path) -> None:
    with Archive.create(tmp_path / "a") as first, Archive.create(tmp_path / "b") as second:
        assert first.id != second.id


def test_a_folder_that_holds_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "one.txt").write_text("Dear all")
    with pytest.raises(UsageError, match="not empty"):
        Archive.create(tmp_path / "letters")
    with pytest.raises(UsageError, match="is a file"):
        Archive.create(tmp_path / "letters" / "one.txt")
    assert [path.name for path in (tmp_path / "letters").iterdir()] == ["one.txt"]


def test_a_catalog_without_its_settings_is_not_taken_for_an_empty_archive(world: World) -> None:
    world.tell("a.txt", "Monday")
    world.add()
    world.archive.layout.settings.unlink()
    with pytest.raises(UsageError, match="are lost or do not name it"):
        Archive.create(world.archive.root)


def test_settings_without_an_id_are_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "morgue.toml").write_text("[index]\n")
    with pytest.raises(UsageError, match="not empty"):
        Archive.create(tmp_path)
    assert (tmp_path / "morgue.toml").read_text() == "[index]\n"


MAKE_HALF = """
import os, sys
from pathlib import Path
from archive import archive as module
steps = iter(range(int(sys.argv[2])))
for name in ("make_private_dir", "create", "sync_folder"):
    def counted(*given, real=getattr(module, name)):
        if next(steps, None) is None:
            os._exit(9)
        return real(*given)
    setattr(module, name, counted)
module.Archive.create(Path(sys.argv[1])).close()
"""


def test_making_that_was_killed_at_any_step_is_taken_up_again(tmp_path: Path) -> None:
    for step in range(7):
        child = started(MAKE_HALF, tmp_path / f"{step}", step)
        child.communicate()
        assert child.returncode == (9 if step < 6 else 0)
        with Archive.create(tmp_path / f"{step}") as made:
            assert list(made.check()) == []
            assert made.owner == made.id


def test_processes_that_make_one_archive_at_once_get_the_same(tmp_path: Path) -> None:
    code = """
import sys, time
from archive import Archive, Busy
sys.stdin.readline()
while True:
    try:
        with Archive.create(sys.argv[1]) as made:
            print(made.id)
            break
    except Busy:
        time.sleep(0.01)
"""
    children = [started(code, tmp_path / "archive") for _ in range(3)]
    for child in children:
        assert child.stdin is not None
        child.stdin.write("\n")
        child.stdin.flush()
    answers = {child.communicate(timeout=120)[0].strip() for child in children}
    with Archive.open(tmp_path / "archive") as made:
        assert answers == {made.id}
        assert list(made.check()) == []


def test_a_folder_that_is_no_archive_says_how_to_make_one(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "nothing"):
        with pytest.raises(NotAnArchive, match="not a Morgue archive") as caught:
            Archive.open(path)
        assert caught.value.remedy == Remedy(Action.CREATE)
    (tmp_path / "file").write_text("x")
    with pytest.raises(NotAnArchive, match="is a file"):
        Archive.open(tmp_path / "file")


def test_opening_an_archive_writes_no_file(tmp_path: Path) -> None:
    root = tmp_path / "archive"
    Archive.create(root).close()
    before = {path: path.stat().st_mtime_ns for path in root.rglob("*") if path.is_file()}
    with Archive.open(root) as opened:
        list(opened.articles())
    assert {path: path.stat().st_mtime_ns for path in root.rglob("*") if path.is_file()} == before
