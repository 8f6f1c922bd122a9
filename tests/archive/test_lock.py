"""One writer at a time, on a file system that can be trusted."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from archive import (
    Archive,
    Busy,
    UsageError,
)
from archive.folder.locking import network_file_system

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


HOLD = """
import sys
from archive import Archive
with Archive.open(sys.argv[1]) as held, held.writing():
    print("held", flush=True)
    sys.stdin.readline()
"""


def test_a_second_writer_is_told_who_the_first_is_and_readers_are_not_disturbed(world: World) -> None:
    path = world.tell("a.txt", "Monday")
    world.add()
    holder = started(HOLD, world.archive.root)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    try:
        with pytest.raises(Busy, match=rf"process {holder.pid} on \S+, since 20"):
            world.add(path)
        assert len(world.ids()) == 1
    finally:
        holder.kill()
        holder.communicate()
    assert world.add(path).unchanged == 1


def test_a_writer_may_enter_again_and_only_its_last_leaving_lets_go(world: World) -> None:
    second = Archive.open(world.archive.root)
    with world.archive.writing():
        with world.archive.writing():
            pass
        with pytest.raises(Busy), second.writing():
            pass
    with second.writing():
        pass
    second.close()


def test_threads_of_one_archive_write_in_turn(world: World) -> None:
    files = [world.tell(f"{number}.txt", str(number)) for number in range(4)]
    threads = [threading.Thread(target=world.add, args=(path,)) for path in files]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(world.ids()) == 4


MOUNTS = """\
/dev/sda1 / ext4 rw 0 0
server:/home /home nfs4 rw 0 0
/dev/sdb1 /home/local ext4 rw 0 0
//nas/my\\040share /mnt/my\\040share cifs rw 0 0
me@host:/ /mnt/ssh fuse.sshfs rw 0 0
tmpfs /tmp tmpfs rw 0 0
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/srv/archive", None),
        ("/home/me/archive", "nfs4"),
        ("/home", "nfs4"),
        ("/homely/archive", None),
        ("/home/local/archive", None),
        ("/mnt/my share/archive", "cifs"),
        ("/mnt/ssh/archive", "fuse.sshfs"),
        ("/tmp/archive", None),
    ],
)
def test_network_file_systems_are_known_by_their_mounts(path: str, kind: str | None) -> None:
    assert network_file_system(MOUNTS, path) == kind
    assert network_file_system("", path) is None


def test_an_archive_on_a_network_file_system_is_not_written_to(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    mounts = world.archive.root / "tmp" / "mounts"
    mounts.write_text(f"server:/x {world.archive.root.parent} nfs4 rw 0 0\n")
    monkeypatch.setattr("archive.folder.locking._MOUNTS", mounts)
    with pytest.raises(UsageError, match=r"network file system \(nfs4\)"), world.archive.writing():
        pass
    with pytest.raises(UsageError, match="network file system"):
        Archive.create(world.archive.root.parent / "other")
    assert not (world.archive.root.parent / "other").exists()
    assert world.ids() == {}
