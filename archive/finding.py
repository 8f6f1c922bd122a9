"""Which archive is meant, and whether a folder may be one or be added to one."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from archive.errors import NotAnArchive, UsageError
from archive.layout import Layout
from archive.locking import network_file_system
from archive.settings import load

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

    Raises:
        UsageError: with what is in the way.
    """
    if root.exists() and not root.is_dir():
        raise UsageError(f"{root} is a file; an archive is a folder.")
    if root.is_dir() and any(root.iterdir()):
        raise UsageError(f"{root} is not empty and not an archive; name a new folder.")
    mounts = Path("/proc/mounts")
    if mounts.is_file() and (kind := network_file_system(mounts.read_text("utf-8", "replace"), str(root))):
        raise UsageError(f"{root} lies on a network file system ({kind}), where locks and syncs cannot be trusted.")


def check_source(path: Path, archive: Path) -> None:
    """Refuse a source that contains an archive or lies inside one.

    Raises:
        UsageError: with where the archive is.
    """
    if not path.exists() and not path.is_symlink():
        raise UsageError(f"There is no file or folder {path}.")
    inside = next((folder for folder in (path, *path.parents) if is_archive(folder)), None)
    if inside is not None:
        raise UsageError(f"{path} lies inside the archive {inside}; an archive cannot hold itself.")
    if archive.is_relative_to(path):
        raise UsageError(f"{path} contains the archive {archive}; keep the archive outside of what it reads.")
