"""What is kept for the user beside the archives: derived files, remembered hashes. Losing any of it costs only time."""

from __future__ import annotations

import json
import os
from hashlib import sha256
from pathlib import Path
from typing import Final

from archive.files import make_private_dir, sha256_file, write_atomic

_CACHE: Final = "MORGUE_CACHE"
_STATE: Final = "MORGUE_STATE"


def cache_folder() -> Path:
    """Return the folder for what can be made again: ``$MORGUE_CACHE``, else the platform's place for caches."""
    if named := os.environ.get(_CACHE):
        return Path(named).absolute()
    from platformdirs import user_cache_path

    return user_cache_path("morgue")


def state_folder() -> Path:
    """Return the folder for what this machine knows to be so: ``$MORGUE_STATE``, else the platform's place."""
    if named := os.environ.get(_STATE):
        return Path(named).absolute()
    from platformdirs import user_state_path

    return user_state_path("morgue")


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
