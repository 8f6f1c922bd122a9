"""What was found out about files and is remembered beside the archives."""

from __future__ import annotations

import json
import os
from hashlib import sha256
from pathlib import Path

from archive.folder.files import make_private_dir, sha256_file, write_atomic
from index.runtime.user_dirs import cache_folder


def remembered_sha256(path: Path) -> str:
    """Return the sha256 (hex) of a file, without reading it again while size, time and inode stay the same.

    Raises:
        OSError: the file cannot be read.
    """
    real = path.resolve()
    note = cache_folder() / "hashes" / f"{sha256(os.fsencode(real)).hexdigest()[:32]}.json"
    stamp = _stamp(real)
    if (known := _recall(note, stamp)) is not None:
        return known
    digest: str = sha256_file(real)
    if _stamp(real) == stamp:
        _remember(note, stamp, digest)
    return digest


def _stamp(path: Path) -> str:
    status = path.stat()
    return f"{status.st_size} {status.st_mtime_ns} {status.st_ino}"


def _recall(note: Path, stamp: str) -> str | None:
    try:
        held = json.loads(note.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    match held:
        case {"stamp": str(then), "sha256": str(digest)} if then == stamp:
            return digest
    return None


def _remember(note: Path, stamp: str, digest: str) -> None:
    try:
        make_private_dir(note.parent)
        write_atomic(note, json.dumps({"stamp": stamp, "sha256": digest}).encode())
    except OSError:
        return  # without room for the note, the file is hashed again next time
