"""Which archive is meant, and whether a folder may be one or be added to one."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from archive.core.errors import Action, NotAnArchive, Remedy, UsageError
from archive.folder.layout import Layout
from archive.folder.locking import check_local
from archive.folder.settings import load
from archive.folder.user_folder import expanded

VARIABLE: Final = "MORGUE_ARCHIVE"


def find(explicit: Path | None = None, cwd: Path | None = None) -> Path:
    """Return the archive a command means, whether it exists yet or not.

    The one that was named, else ``$MORGUE_ARCHIVE``, else the nearest folder upward that is an archive, else one in the
    user's data folder.
    """
    if explicit is not None:
        return expanded(explicit).absolute()
    if named := os.environ.get(VARIABLE):
        return expanded(Path(named)).absolute()
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
    except (UsageError, OSError):  # it has settings; whoever opens it is told why they cannot be read
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
    entries = set(root.iterdir()) if root.is_dir() else set()
    if any(path not in ours and not path.name.startswith(f".{layout.settings.name}.") for path in entries):
        raise in_the_way(root)
    check_local(root)


def in_the_way(root: Path) -> UsageError:
    """Say that a folder cannot become an archive because of what it holds, perhaps one that has lost its settings."""
    layout = Layout(root)
    if layout.catalog.exists():
        what = f"{root} is an archive, but its settings ({layout.settings.name}) are lost or do not name it."
        return UsageError(what, remedy=Remedy(Action.REPAIR))
    return UsageError(f"{root} is not empty and not an archive; name a new folder.")
