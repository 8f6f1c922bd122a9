"""A finished index of the made-up documents by each engine."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.lexical import ENGINES
from tests.index.lexical.made_up import DOCUMENTS, written


@pytest.fixture(scope="session")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The folder of each engine's index; for reading only."""
    root = tmp_path_factory.mktemp("engines")
    return {name: written(name, root / name, DOCUMENTS) for name in ENGINES}
