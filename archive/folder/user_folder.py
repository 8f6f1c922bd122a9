"""The user's folders: for settings, for what can be made again, for what this machine knows or keeps of archives."""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path
from typing import Final

_STATE: Final = "MORGUE_STATE"
_CACHE: Final = "MORGUE_CACHE"
_DIGITS: Final = 16  # hexadecimal, of a folder's digest; chosen: nobody has so many copies that two would meet
_CONFIG: Final = "MORGUE_CONFIG"


def cache_folder() -> Path:
    """Return the folder for what can be made again, so that losing it costs only time: ``$MORGUE_CACHE``, else the
    platform's place for caches.
    """
    if named := os.environ.get(_CACHE):
        return Path(named).absolute()
    from platformdirs import user_cache_path

    return user_cache_path("morgue")


def state_folder() -> Path:
    """Return the folder for what this machine knows to be so: ``$MORGUE_STATE``, else the platform's place."""
    if named := os.environ.get(_STATE):
        return Path(named).absolute()
    from platformdirs import user_state_path

    return user_state_path("morgue")


def notebook_file(archive: str, root: Path) -> Path:
    """Return where the notebook of an archive lies that the user may only read.

    Args:
        archive: its identifier, which a copy of it elsewhere has too.
        root: the folder it is in, resolved.
    """
    where = sha256(os.fsencode(root)).hexdigest()[:_DIGITS]
    return state_folder() / "notebooks" / archive / where / "catalog.sqlite"


def config_folder() -> Path:
    """Return the folder for the user's own settings: ``$MORGUE_CONFIG``, else the platform's place."""
    if named := os.environ.get(_CONFIG):
        return Path(named).absolute()
    from platformdirs import user_config_path

    return user_config_path("morgue")


def expanded(path: Path) -> Path:
    """Return a path with a user's folder in place of ``~``; as it is where there is no such user, as in a shell."""
    try:
        return path.expanduser()
    except RuntimeError:
        return path
