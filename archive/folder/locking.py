"""One writer at a time, in any number of processes: an OS lock that dies with its process."""

from __future__ import annotations

import json
import os
import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from archive.core.errors import Action, Busy, Remedy, UsageError
from archive.folder.files import make_private_dir, remove, write_atomic
from archive.folder.layout import Layout

# 9p is not among them: sandboxes and WSL show local disks through it.
_NETWORK = ("nfs", "cifs", "smb", "afs", "ceph", "glusterfs", "fuse.sshfs", "fuse.rclone", "fuse.glusterfs", "davfs")
_OCTAL = re.compile(r"\\([0-7]{3})")
_MOUNTS = Path("/proc/mounts")
_PATIENCE: Final = 0.2  # seconds; whoever only looks holds the lock for less


@dataclass(frozen=True, slots=True)
class Writer:
    """A process that is writing to an archive: its number, its machine, and since when (UTC)."""

    pid: int
    host: str
    since: str


@contextmanager
def writer_lock(layout: Layout) -> Iterator[None]:
    """Hold the archive for writing.

    Raises:
        Busy: another process holds it; the message names it.
        UsageError: the archive cannot be locked where it lies.
    """
    from filelock import FileLock, Timeout

    check_local(layout.root)
    lock = FileLock(layout.lock, timeout=_PATIENCE, mode=0o600)
    try:
        lock.acquire()
    except Timeout as error:
        raise Busy(
            f"Another process is writing to {layout.root}{_holder(layout)}.", remedy=Remedy(Action.TRY_LATER)
        ) from error
    except (OSError, NotImplementedError) as error:
        raise UsageError(f"{layout.root} cannot be written to: {getattr(error, 'strerror', '') or error}.") from error
    try:
        with suppress(OSError):  # a courtesy to others; where it cannot be written, the work itself says why
            make_private_dir(layout.tmp)
            note = {"pid": os.getpid(), "host": socket.gethostname(), "since": _now()}
            write_atomic(layout.writer, json.dumps(note).encode())
        yield
    finally:
        try:
            remove(layout.writer)
        finally:
            lock.release()


def check_local(root: Path) -> None:
    """Refuse to write where locks and syncs cannot be trusted.

    Raises:
        UsageError: the folder lies on a network file system.
    """
    if not _MOUNTS.is_file():
        return
    kind = network_file_system(_MOUNTS.read_text("utf-8", "replace"), os.path.realpath(root))
    if kind is not None:
        raise UsageError(
            f"{root} lies on a network file system ({kind}), where locks and syncs cannot be trusted;"
            " keep the archive on a local disk."
        )


def network_file_system(mounts: str, path: str) -> str | None:
    """Return the kind of network file system a path lies on, None when it lies on a local one.

    Args:
        mounts: text in the form of ``/proc/mounts``.
        path: absolute path.
    """
    best, kind = "", ""
    for line in mounts.splitlines():
        fields = line.split()
        if len(fields) >= 3:
            mount = _OCTAL.sub(lambda match: chr(int(match[1], 8)), fields[1])
            inside = path == mount or path.startswith(mount.rstrip("/") + "/")
            if inside and len(mount) >= len(best):
                best, kind = mount, fields[2]
    return kind if kind.startswith(_NETWORK) else None


def writer(layout: Layout) -> Writer | None:
    """Return the process that is writing, None when none is or when it did not say so yet."""
    return _noted(layout) if _is_held(layout.lock) else None


def _is_held(lock: Path) -> bool:
    """Tell whether a process holds a lock; where that cannot be tried, it is taken to."""
    try:
        import fcntl

        handle = os.open(lock, os.O_RDONLY)
    except FileNotFoundError:
        return False
    except (ImportError, OSError):
        return True
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(handle)
    return False


def _noted(layout: Layout) -> Writer | None:
    try:
        note = json.loads(layout.writer.read_text("utf-8"))
        return Writer(int(note["pid"]), str(note["host"]), str(note["since"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _holder(layout: Layout) -> str:
    noted = _noted(layout)
    return f": process {noted.pid} on {noted.host}, since {noted.since}" if noted else ""


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
