"""What was found out under certain circumstances and is remembered beside the archives, in small JSON files.

A note holds the circumstances and what was found; where the circumstances differ, or the note cannot be read or
written, it is found out again. Losing a note costs only time.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from archive.core.errors import ArchiveError
from archive.folder.files import make_private_dir, sha256_file, write_atomic
from archive.folder.user_folder import cache_folder


def recall(note: Path, circumstances: Mapping[str, object]) -> dict[str, str]:
    """Return what was remembered under the same circumstances, by name; empty when nothing was."""
    try:
        kept = json.loads(note.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    if not isinstance(kept, dict) or any(name not in kept for name in circumstances):
        return {}
    if any(kept[name] != value for name, value in circumstances.items()):
        return {}
    return {str(name): str(value) for name, value in kept.items() if name not in circumstances}


def remember(note: Path, circumstances: Mapping[str, object], facts: Mapping[str, str]) -> None:
    """Remember what was found out; without room for the note nothing is.

    Args:
        note: the file.
        circumstances: JSON values that have to be the same when it is recalled.
        facts: by name, none of them a name of the circumstances.
    """
    with suppress(OSError, ArchiveError):
        make_private_dir(note.parent)
        write_atomic(note, json.dumps({**circumstances, **facts}).encode("utf-8"))


def remembered_sha256(path: Path) -> str:
    """Return the sha256 (hex) of a file, without reading it again while size, time and inode stay the same.

    Raises:
        OSError: the file cannot be read.
    """
    real = path.resolve()
    note = cache_folder() / "hashes" / f"{sha256(os.fsencode(real)).hexdigest()[:32]}.json"
    stamp = file_stamp(real)
    if (cached := recall(note, {"stamp": stamp}).get("sha256")) is not None:
        return cached
    digest: str = sha256_file(real)
    if file_stamp(real) == stamp:
        remember(note, {"stamp": stamp}, {"sha256": digest})
    return digest


def file_stamp(path: Path) -> str:
    """Return what changes whenever a file is written: size, modification time (ns), inode."""
    status = path.stat()
    return f"{status.st_size} {status.st_mtime_ns} {status.st_ino}"
