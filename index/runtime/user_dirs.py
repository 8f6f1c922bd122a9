"""What is kept for the user beside the archives: derived files, remembered hashes. Losing any of it costs only time."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

_CACHE: Final = "MORGUE_CACHE"
_STATE: Final = "MORGUE_STATE"


def cache_folder() -> Path:
    """Return the folder for what can be made again: ``$MORGUE_CACHE``, else the platform's place for caches."""
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
