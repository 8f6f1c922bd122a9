"""Vectors that are known, by text; for a system that finds its encoder by name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

given: dict[str, Any] = {}


def vectors(texts: Sequence[str]) -> Any:
    """Return the vector of each text."""
    return np.array([given[text] for text in texts], np.float32)
