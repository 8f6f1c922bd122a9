"""Finding the files of a source: regular files only, in a fixed order, nothing left out in silence."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from archive.core.article import Refusal
from archive.core.system_limits import raise_exhaustion
from archive.folder.discovery import is_archive
from archive.folder.layout import Layout
from archive.text.visible import oddity, spelled_out

_SETTINGS: Final = Layout(Path()).settings.name


def files(root: Path, exclude: Sequence[Path] = ()) -> Iterator[Path | Refusal]:
    """Yield the regular files under ``root`` in name order, and a refusal for whatever else is there.

    Hidden files and folders (a leading dot) and everything under ``exclude`` are passed over. ``root`` itself may be a
    file, hidden, or a symbolic link, because a person named it; below it no link is followed. A folder that is an
    archive is refused as a whole.

    Args:
        root: a folder or a file.
        exclude: files and folders not to look at, such as the archive that reads.
    """
    left_out = frozenset(os.path.realpath(path) for path in exclude)
    start = Path(os.path.abspath(root))  # noqa: PTH100  (Path.absolute keeps "..")
    if os.path.realpath(start) in left_out:
        return
    try:
        mode = start.stat().st_mode
    except OSError as error:
        yield _unreachable(start, error)
        return
    if stat.S_ISDIR(mode):
        yield from _below(start, left_out)
    else:
        yield _judged(start, mode)


def _below(root: Path, left_out: frozenset[str]) -> Iterator[Path | Refusal]:
    # A stack, not recursion: a hostile tree may be deeper than Python's limit.
    waiting = [(str(root), os.path.realpath(root), stat.S_IFDIR)]
    while waiting:
        path, real, mode = waiting.pop()
        if not stat.S_ISDIR(mode):
            yield _judged(Path(path), mode)
            continue
        try:
            with os.scandir(path) as entries:
                below = sorted(((entry.name, _mode(entry)) for entry in entries if entry.name[0] != "."), reverse=True)
        except OSError as error:
            yield _unreachable(Path(path), error)
            continue
        if _SETTINGS in (name for name, _ in below) and is_archive(Path(path)):
            yield _refusal(Path(path), "not-a-file", "It is another archive, and archives are not read.")
            continue
        inside = ((os.path.join(real, name), name, kind) for name, kind in below)  # noqa: PTH118
        waiting.extend(
            (os.path.join(path, name), whole, kind)  # noqa: PTH118
            for whole, name, kind in inside
            if whole not in left_out
        )


def _mode(entry: os.DirEntry[str]) -> int:
    """Return what an entry of a folder is, as the bits of a mode; 0 for devices, pipes and sockets."""
    if entry.is_symlink():
        return stat.S_IFLNK
    if entry.is_dir(follow_symlinks=False):
        return stat.S_IFDIR
    return stat.S_IFREG if entry.is_file(follow_symlinks=False) else 0


def _judged(path: Path, mode: int) -> Path | Refusal:
    if stat.S_ISLNK(mode):
        return _link(path)
    if not stat.S_ISREG(mode):
        return _refusal(path, "not-a-file", "It is a device, a pipe or a socket, not a file of text.")
    if (odd := oddity(str(path))) is not None:
        return _refusal(path, "unreadable", f"Its name holds {odd}; that cannot be kept. Rename it.")
    return path


def _link(path: Path) -> Refusal:
    try:
        path.stat()
    except OSError as error:
        return _unreachable(path, error)
    return _refusal(path, "not-a-file", "It is a symbolic link, and links are not followed; add what it points to.")


def _unreachable(path: Path, error: OSError) -> Refusal:
    raise_exhaustion(error)
    # os.path, because Path.is_symlink raises when the path is too long.
    if os.path.islink(path) and not isinstance(error, PermissionError):  # noqa: PTH114
        return _refusal(path, "broken-link", "It is a symbolic link that leads nowhere.")
    return _refusal(path, "unreadable", f"It cannot be read: {error.strerror or error}.")


def _refusal(path: Path, code: str, reason: str) -> Refusal:
    return Refusal(path=spelled_out(str(path)), record=None, code=code, reason=reason)
