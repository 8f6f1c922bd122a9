"""What is kept for the user beside the archives and can be made again. Losing any of it costs only time."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

_CACHE: Final = "MORGUE_CACHE"


def cache_folder() -> Path:
    """Return the folder for what can be made again: ``$MORGUE_CACHE``, else the platform's place for caches."""
    if named := os.environ.get(_CACHE):
        return Path(named).absolute()
    from platformdirs import user_cache_path

    return user_cache_path("morgue")
