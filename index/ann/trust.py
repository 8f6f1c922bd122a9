"""Which Chroma folders were made here.

Opening a folder that somebody else made can run code, so Chroma opens only folders whose hash the user's own state
folder records. The record says who made it, nothing about quality; a folder without one is answered exactly.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from typing import Final

from archive.core.errors import Action, Damaged, Remedy
from archive.folder.files import make_private_dir, sha256_file, write_atomic
from archive.folder.user_folder import state_folder

_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_MOST: Final = 1_000  # records; chosen: an index that was made so many indexes ago is long gone, or is made anew


def folder_hash(folder: Path) -> str:
    """Return one sha256 (hex) over the names and contents of all files below a folder.

    Raises:
        Damaged: something in it is neither a file nor a folder.
        OSError: a file cannot be read.
    """
    return listed_hash((path.relative_to(folder).as_posix(), sha256_file(path)) for path in plain_files(folder))


def listed_hash(files: Iterable[tuple[str, str]]) -> str:
    """Return the ``folder_hash`` of a folder that holds the given files: the name of each, sorted, and its sha256."""
    lines = [f"{name}\0{digest}" for name, digest in files]
    return sha256("\n".join(lines).encode("utf-8", "surrogateescape")).hexdigest()


def plain_files(folder: Path) -> list[Path]:
    """Return all files below a folder, sorted.

    Raises:
        Damaged: something in it is neither a file nor a folder.
    """
    files = []
    for path in sorted(folder.rglob("*")):
        if path.is_symlink() or not (path.is_file() or path.is_dir()):
            raise Damaged(f"{path} does not belong in an index.", remedy=Remedy(Action.REBUILD))
        if path.is_file():
            files.append(path)
    return files


def record_trust(digest: str) -> None:
    """Record that the folder with this hash was made here, by this user; the oldest of many records go.

    Raises:
        OSError: the state folder cannot be written.
    """
    write_atomic(make_private_dir(_folder()) / _name(digest), b"")
    others = [path for path in _folder().iterdir() if _DIGEST.fullmatch(path.name) and path.name != _name(digest)]
    for path in sorted(others, key=_recorded_at)[: 1 - _MOST]:  # never the one just made, whatever the clock says
        path.unlink(missing_ok=True)


def require_recordable() -> None:
    """Find out whether trust can be recorded, before the work of which the record is the end.

    Raises:
        OSError: the state folder cannot be written.
    """
    record_trust(sha256().hexdigest())  # of a folder without files, which is no index


def is_trusted(digest: str) -> bool:
    """Tell whether the folder with this hash was made here."""
    return (_folder() / _name(digest)).is_file()


def _folder() -> Path:
    return state_folder() / "trusted"


def _recorded_at(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:  # another process was quicker
        return 0.0


def _name(digest: str) -> str:
    if not _DIGEST.fullmatch(digest):
        raise ValueError(f"{digest!r} is not a sha256")
    return digest
