"""Private copies of Chroma folders, one a reader, in the user's cache.

Opening a Chroma folder changes its bytes, so a finished one is never opened in place. A copy is a real one: through
hard links Chroma would write into the original. Its owner holds an OS lock for as long as it lives; whoever starts
next removes the copies whose lock is free.
"""

from __future__ import annotations

import os
from pathlib import Path
from secrets import token_hex
from typing import BinaryIO, Final

import portalocker

from archive.folder.files import copy_file, make_private_dir, remove, remove_tree
from archive.folder.user_folder import cache_folder
from index.ann.trust import folder_hash, plain_files

_LOCK: Final = ".lock"
_NOW: Final = portalocker.LockFlags.EXCLUSIVE | portalocker.LockFlags.NON_BLOCKING


class PrivateCopy:
    """A copy of a folder that is gone when it is closed, or when somebody starts after its process died.

    Args:
        original: the folder to copy.

    Attributes:
        folder: of the copy; only this user may enter it.
        digest: ``folder_hash`` of what was copied.

    Raises:
        Damaged: the original holds something that is neither a file nor a folder.
        OSError: it cannot be read, or the cache cannot be written.
    """

    def __init__(self, original: Path) -> None:
        home = make_private_dir(_home())
        sweep()
        self.folder = home / f"{os.getpid()}-{token_hex(6)}"
        self._lock_path = self.folder.with_suffix(_LOCK)
        self._lock = _own(self._lock_path)
        try:
            _copy(original, make_private_dir(self.folder))
            self.digest = folder_hash(self.folder)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Remove the copy."""
        try:
            remove_tree(self.folder)
            remove(self._lock_path)
        finally:
            self._lock.close()


def sweep() -> int:
    """Remove the copies of processes that are gone; return how many."""
    home = _home()
    if not home.is_dir():
        return 0
    return sum(_sweep(folder) for folder in list(home.iterdir()) if folder.is_dir())


def _home() -> Path:
    return cache_folder() / "chroma"


def _sweep(folder: Path) -> bool:
    path = folder.with_suffix(_LOCK)
    try:
        with path.open("ab") as handle:
            portalocker.lock(handle, _NOW)
            remove_tree(folder)
            remove(path)
    except portalocker.LockException:
        return False
    return True


def _own(path: Path) -> BinaryIO:
    # the lock is held before the folder exists, and sweeping starts from folders
    handle = path.open("xb")
    portalocker.lock(handle, _NOW)
    return handle


def _copy(original: Path, target: Path) -> None:
    for path in plain_files(original):
        place = target / path.relative_to(original)
        make_private_dir(place.parent)
        copy_file(path, place)
