"""Where a file lies: absolute on this machine, relative within its source."""

from __future__ import annotations

import os
import unicodedata
from pathlib import Path


def absolute(root: str, path: str) -> str:
    """Return the absolute path of a file of a source; of a source that is a file, the root itself.

    Paths are kept in NFC; a file whose name is decomposed on disk is found all the same.
    """
    whole = os.path.join(root, path) if path else root  # noqa: PTH118  (a pure path costs a multiple, once an article)
    if os.path.basename(root) == path and not _is_folder(Path(root)):  # noqa: PTH119
        whole = root
    if path.isascii() or os.path.lexists(whole):
        return whole
    decomposed = str(Path(root) / unicodedata.normalize("NFD", path))
    return decomposed if os.path.lexists(decomposed) else whole


def relative(root: str, file: Path) -> str:
    """Return the path of a file within its source: NFC, with ``/``.

    Empty for the root of a folder; the name itself when the source is that file.
    """
    whole, base = str(file), os.path.join(root, "")  # noqa: PTH118  (a pure path costs a multiple, once a file)
    if not whole.startswith(base):
        return "" if _is_folder(file) else unicodedata.normalize("NFC", file.name)
    return unicodedata.normalize("NFC", whole[len(base) :].replace(os.sep, "/"))


def within(path: str, scope: str) -> bool:
    """Tell whether a relative path is ``scope`` or lies below it; everything lies below the empty scope."""
    return scope in ("", path) or path.startswith(f"{scope}/")


def vanished(path: Path | str) -> bool:
    """Tell whether nothing is there any more; what cannot be looked at has not vanished."""
    try:
        os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False


def outermost(paths: list[Path]) -> tuple[Path, ...]:
    """Return the paths in their order, without those that repeat or lie inside another; ``..`` is resolved by name."""
    named = dict.fromkeys(Path(os.path.normpath(path.absolute())) for path in paths)
    return tuple(path for path in named if not any(path != other and path.is_relative_to(other) for other in named))


def _is_folder(path: Path) -> bool:
    return os.path.isdir(path)  # noqa: PTH112  (Path.is_dir raises where a parent may not be entered)
