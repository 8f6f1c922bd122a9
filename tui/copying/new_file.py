"""Files that are not there yet: naming one, and writing it without touching another."""

from __future__ import annotations

from itertools import count
from pathlib import Path

from archive.folder.files import write_atomic


def unused(name: str) -> str:
    """Return a file's name, with a number where there is one of that name in the working directory."""
    path = Path(name)
    names = (name if number == 1 else f"{path.stem}-{number}{path.suffix}" for number in count(1))
    return next(one for one in names if not Path(one).exists())


def place_of(written: str) -> Path:
    """Return the file that is meant by what is written; ``~`` stands for a home directory."""
    path = Path(written.strip())
    try:
        return path.expanduser()
    except RuntimeError:  # there is no such user
        return path


def write_new(path: Path, text: str) -> None:
    """Write a text to a file that is not there yet.

    Raises:
        OSError: it is there, or cannot be written.
    """
    if path.exists():
        raise FileExistsError(0, "the file is there already; choose another name")
    write_atomic(path.absolute(), text.encode("utf-8"))
