"""One writer at a time, in any number of processes: an OS lock that dies with its process."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from archive.errors import Busy, UsageError
from archive.layout import Layout

_NETWORK = ("nfs", "cifs", "smb", "fuse.sshfs", "afs", "9p", "ceph", "glusterfs")


@contextmanager
def writer_lock(layout: Layout) -> Iterator[None]:
    """Hold the archive for writing.

    Raises:
        Busy: another process holds it; the message names it.
        UsageError: the archive cannot be locked where it lies.
    """
    from filelock import FileLock, Timeout

    lock = FileLock(layout.lock, timeout=0, mode=0o600)
    try:
        lock.acquire()
    except Timeout as error:
        raise Busy(
            f"Another process is writing to {layout.root}{_holder(layout)}.", run="the same again later"
        ) from error
    except OSError as error:
        raise UsageError(f"{layout.root} cannot be written to: {error.strerror or error}.") from error
    note = layout.tmp / "writer.json"
    try:
        layout.tmp.mkdir(mode=0o700, exist_ok=True)
        note.write_text(json.dumps({"pid": os.getpid(), "host": socket.gethostname(), "since": _now()}), "utf-8")
        yield
    finally:
        note.unlink(missing_ok=True)
        lock.release()


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
            at = fields[1].replace("\\040", " ")
            inside = path == at or path.startswith(at.rstrip("/") + "/")
            if inside and len(at) >= len(best):
                best, kind = at, fields[2]
    return kind if kind.startswith(_NETWORK) else None


def _holder(layout: Layout) -> str:
    try:
        note = json.loads((layout.tmp / "writer.json").read_text("utf-8"))
        return f": process {note['pid']} on {note['host']}, since {note['since']}"
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
