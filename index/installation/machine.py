"""The machine that Morgue runs on: Python, its folders and their room, SQLite, the terminal."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryFile, gettempdir
from typing import Final

from archive.core.cores import usable_cores
from index.installation.finding import Finding, State

_ROOM: Final = 500_000_000  # bytes: the exported encoder takes 90 million, some of it twice. Chosen, not measured
_STRICT_TABLES: Final = (3, 37, 0)  # the SQLite that brought them; the catalog has no others
_TRIED: Final = "Programming Language :: Python :: 3."


def python() -> Iterator[Finding]:
    """Tell which Python this is, and whether it is one that Morgue is tested with."""
    cores = usable_cores()
    message = f"{sys.version.split()[0]} in {sys.prefix}, {cores} core{'' if cores == 1 else 's'}"
    tried = _tried()
    if tried and f"{sys.version_info.major}.{sys.version_info.minor}" not in tried:
        yield Finding("python", "Python", State.ODD, f"{message}; Morgue is tested with {', '.join(tried)}")
    else:
        yield Finding("python", "Python", State.OK, message)


def _tried() -> list[str]:
    """Return the versions that the installed Morgue names, empty when it is not installed."""
    from importlib.metadata import PackageNotFoundError, metadata

    try:
        named = metadata("morgue").get_all("Classifier") or []
    except PackageNotFoundError:
        return []
    return [line.rpartition(" ")[2] for line in named if line.startswith(_TRIED)]


def folder(name: str, path: Path, *, readable_is_enough: bool = False) -> Iterator[Finding]:
    """Tell whether files can be written in a folder, or in the one where it would be made, and how much room there is.

    Nothing stays of what is written.
    """
    place = next(above for above in (path, *path.parents) if above.exists())
    free = shutil.disk_usage(place).free
    message = f"{path}{'' if place == path else ' (not made yet)'}, {free / 1e9:.1f} GB free"
    try:
        with TemporaryFile(dir=place) as trial:
            trial.write(b"morgue")
            trial.flush()
            os.fsync(trial.fileno())
    except OSError as error:
        if readable_is_enough:
            yield Finding("folder", name, State.OK, f"{path} can only be read: {error.strerror}")
            return
        yield Finding("folder", name, State.BROKEN, f"{message}; nothing can be written: {error.strerror}")
        return
    yield Finding("folder", name, State.ODD if free < _ROOM else State.OK, message)


def cache() -> Iterator[Finding]:
    """Tell of the folder for what can be made again."""
    from archive.folder.user_folder import cache_folder

    return folder("cache", cache_folder())


def state() -> Iterator[Finding]:
    """Tell of the folder for what this machine knows to be so."""
    from archive.folder.user_folder import state_folder

    return folder("state", state_folder())


def temporary() -> Iterator[Finding]:
    """Tell of the folder for what lasts as long as a run."""
    return folder("temporary files", Path(gettempdir()))


def sqlite() -> Iterator[Finding]:
    """Tell which SQLite this is, and whether threads may share it, as the terminal UI needs."""
    import sqlite3

    kinds = {0: "made for one thread alone", 1: "a connection for each thread", 3: "threads may share it"}
    how = kinds.get(sqlite3.threadsafety, f"kind {sqlite3.threadsafety}")
    sound = sqlite3.threadsafety > 0 and sqlite3.sqlite_version_info >= _STRICT_TABLES
    yield Finding("sqlite", "SQLite", State.OK if sound else State.BROKEN, f"{sqlite3.sqlite_version}, {how}")


def terminal() -> Iterator[Finding]:
    """Tell what is printed to, and whether every character can be."""
    encoding = (getattr(sys.stdout, "encoding", None) or "none").lower()
    kind = os.environ.get("TERM", "")
    if sys.stdout is not None and sys.stdout.isatty():
        size = shutil.get_terminal_size()
        message = f"{kind or 'of no name'}, {size.columns} by {size.lines}, {encoding}"
        drawable = kind not in ("", "dumb")
    else:
        message, drawable = f"none, the output goes elsewhere; {encoding}", True
    names = sys.getfilesystemencoding()
    if names != "utf-8":
        message += f"; names of files are {names}"
    if not drawable:
        message += "; the terminal UI cannot be drawn in it"
    yield Finding("terminal", "terminal", State.OK if drawable and names == "utf-8" else State.ODD, message)
