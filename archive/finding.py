"""Which archive is meant, and whether a folder may be one or be added to one."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from archive.catalog import Catalog
from archive.errors import NotAnArchive, UsageError
from archive.layout import Layout
from archive.locking import check_local
from archive.places import vanished
from archive.settings import load
from archive.text import printable

VARIABLE: Final = "MORGUE_ARCHIVE"


def find(explicit: Path | None = None, cwd: Path | None = None) -> Path:
    """Return the archive a command means, whether it exists yet or not.

    The one that was named, else ``$MORGUE_ARCHIVE``, else the nearest folder upward that is an archive, else one in the
    user's data folder.
    """
    if explicit is not None:
        return explicit.expanduser().absolute()
    if named := os.environ.get(VARIABLE):
        return Path(named).expanduser().absolute()
    here = (cwd or Path.cwd()).absolute()
    for folder in (here, *here.parents):
        if is_archive(folder):
            return folder
    from platformdirs import user_data_path

    return user_data_path("morgue") / "archive"


def is_archive(folder: Path) -> bool:
    """Tell whether a folder carries the settings of an archive, with its id."""
    settings = Layout(folder).settings
    if not settings.is_file():
        return False
    try:
        load(settings)
    except NotAnArchive:
        return False
    except UsageError:
        return True
    return True


def check_new(root: Path) -> None:
    """Refuse to make an archive where something else lies, or on a network file system.

    What another process leaves while it makes one there, or left when it was killed, is not in the way.

    Raises:
        UsageError: with what is in the way.
    """
    if root.exists() and not root.is_dir():
        raise UsageError(f"{root} is a file; an archive is a folder.")
    layout = Layout(root)
    ours = {layout.vectors, layout.generations, layout.tmp, layout.lock, layout.settings}
    ours |= {layout.catalog.with_name(layout.catalog.name + end) for end in ("", "-wal", "-shm", "-journal")}
    found = set(root.iterdir()) if root.is_dir() else set()
    if any(one not in ours and not one.name.startswith(f".{layout.settings.name}.") for one in found):
        raise _in_the_way(root)
    check_local(root)


def check_blank(layout: Layout) -> None:
    """Refuse to furnish a folder that holds a part of an archive; the caller holds its lock.

    Raises:
        UsageError: there are settings without an id, or articles or indexes without settings.
    """
    filled = any(folder.is_dir() and any(folder.iterdir()) for folder in (layout.vectors, layout.generations))
    if filled or layout.settings.exists() or not Catalog.is_blank(layout.catalog):
        raise _in_the_way(layout.root)


def _in_the_way(root: Path) -> UsageError:
    return UsageError(f"{root} is not empty and not an archive; name a new folder.")


def check_source(path: Path, archive: Path) -> None:
    """Refuse a source that contains an archive or lies inside one.

    Raises:
        UsageError: with where the archive is; or there is nothing at the path, or its name cannot be kept.
    """
    if vanished(path):
        raise UsageError(f"There is no file or folder {printable(str(path))}.")
    if str(path) != printable(str(path)):
        raise UsageError(f"The name {printable(str(path))} holds bytes or control characters; rename the folder.")
    real, root = Path(os.path.realpath(path)), Path(os.path.realpath(archive))
    inside = next((folder for folder in (real, *real.parents) if folder == root or is_archive(folder)), None)
    if inside is not None:
        raise UsageError(f"{path} lies inside the archive {inside}; an archive cannot hold itself.")
    if root.is_relative_to(real):
        raise UsageError(f"{path} contains the archive {archive}; keep the archive outside of what it reads.")
