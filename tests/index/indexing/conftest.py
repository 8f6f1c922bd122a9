"""Archives with one article that will have to go."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.embedding.model import Model
from tests.index.indexing.accused import SENTENCE, TITLE, accused, backup
from tests.index.world import World


@pytest.fixture
def unindexed(tmp_path: Path, model: Model) -> World:
    """Ten articles and one that will have to go."""
    return accused(tmp_path, model)


@pytest.fixture(params=["tantivy"])
def world(request: pytest.FixtureRequest, tmp_path: Path, model: Model) -> World:
    """Eleven articles and one that will have to go, indexed twice, with a copy of the catalog."""
    made = accused(tmp_path, model)
    made.set('engine = "auto"', f'engine = "{request.param}"')
    made.build()
    made.put("later", "Later\n\nThe ferry of town 3 was late.\n")
    made.add()
    made.build()
    backup(made)
    return made


@pytest.fixture
def plain(tmp_path: Path, model: Model) -> World:
    """Three articles, indexed."""
    made = World(tmp_path, model)
    made.put_many(2)
    made.put("secret-dossier", f"{TITLE}\n\n{SENTENCE} on Monday.\n")
    made.add()
    made.build()
    return made
