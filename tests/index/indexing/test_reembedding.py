"""Another set of vectors: the one in use serves until it is complete."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from index import Mode, Searcher
from index.embedding.model import Model
from tests.index.world import World

pytestmark = pytest.mark.usefixtures("background")


@pytest.fixture
def built(tmp_path: Path, model: Model) -> World:
    world = World(tmp_path, model)
    world.put_many(12)
    world.add()
    world.build()
    return world


@pytest.mark.skipif(os.name != "posix", reason="needs kill -9")
def test_an_interrupted_reembedding_leaves_the_old_vectors_serving_and_is_gone_on_with(built: World) -> None:
    before = built.current
    built.killed_build(least=4, arguments="{'reembed': True}")
    assert built.current == before
    assert built.found("town 7", Mode.HYBRID)
    epochs = sorted(path.name for path in next((built.root / "vectors").iterdir()).iterdir() if path.is_dir())
    assert epochs == ["0001", "0002"]
    assert built.build().built is False
    report = built.build(rebuild=True)
    assert report.built
    assert 1 <= report.embedded <= 8
    with Searcher.open(built.root) as searcher:
        assert searcher.search("town 7").degraded == ()
    again = built.build(rebuild=True)
    assert again.embedded == 0


def test_reembedding_embeds_everything_once(built: World) -> None:
    report = built.build(reembed=True)
    assert (report.embedded, len(built.encoder.encoded)) == (12, 12)
    assert built.build(rebuild=True).embedded == 0
    assert built.build(reembed=True).embedded == 12


def test_a_new_article_during_an_interrupted_reembedding_uses_the_serving_vectors(built: World) -> None:
    built.killed_build(least=4, arguments="{'reembed': True}")
    built.put("new", "Fresh news\n\nA zeppelin landed on the market square.\n")
    built.add()
    report = built.build()
    assert (report.embedded, report.passages) == (1, 13)
    assert built.found("zeppelin")[0] == "Fresh news"
