"""Folders that are written outside of an archive and appear when complete: where they may lie, and what is left."""

from __future__ import annotations

from glob import escape
from pathlib import Path
from secrets import token_hex
from stat import S_ISLNK
from typing import Final

from archive.core.errors import UsageError
from archive.folder.discovery import is_archive

_MOST: Final = 50  # letters of a folder's name in that of its part, so that no name is too long for a file system
_END: Final = ".part"


def check_outside(root: Path, target: Path, what: str) -> None:
    """Refuse a place at which no folder can appear.

    Args:
        root: of the archive.
        target: absolute path of the folder.
        what: is to be written there, such as "backup".

    Raises:
        UsageError: with what is in the way.
    """
    try:
        is_link = S_ISLNK(target.lstat().st_mode)
    except (FileNotFoundError, NotADirectoryError):
        is_link = False
    except OSError as error:
        raise UsageError(f"{target} cannot be written: {error.strerror or error}.") from error
    if is_link:
        raise UsageError(f"{target} is a link; name the folder itself.")
    if not target.parent.is_dir():
        raise UsageError(f"There is no folder {target.parent}.")
    real = target.resolve()
    if real.is_relative_to(root.resolve()) or any(is_archive(one) for one in real.parents):
        raise UsageError(f"{target} lies in an archive; write the {what} elsewhere.")


def new_part(target: Path) -> Path:
    """Return an unused name beside a folder, for what is to become that folder when it is complete."""
    return target.with_name(f"{_beginning(target)}{token_hex(8)}{_END}")


def parts_left(target: Path) -> tuple[Path, ...]:
    """Return what lies beside a folder of runs that were killed before it appeared, or are still at work."""
    return tuple(sorted(target.parent.glob(f"{escape(_beginning(target))}{'[0-9a-f]' * 16}{_END}")))


def _beginning(target: Path) -> str:
    return f".{target.name[:_MOST]}."
