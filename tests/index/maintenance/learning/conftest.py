"""An archive to put older catalogs of back."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.index.maintenance.learning.newsroom import Newsroom
from tests.index.world import World


@pytest.fixture
def room(world: World, tmp_path: Path) -> Newsroom:
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    return Newsroom(world, folder)
