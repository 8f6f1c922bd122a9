"""Arrays on disk, in numpy's own format."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from archive.files import create


def save(path: Path, values: NDArray[Any]) -> None:
    """Write an array to a new ``.npy`` file; nothing is pickled."""
    with create(path) as file:
        np.save(file, values, allow_pickle=False)
