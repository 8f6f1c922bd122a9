"""A takedown must hold: what was purged is nowhere in the archive folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive import Archive, UnknownId
from index.embedding.model import Model
from index.indexing.purge import purge
from index.vectors import epochs
from tests.index.indexing.accused import (
    SECRETS,
    SENTENCE,
    article_id,
    found_in,
    problems,
    purged,
)
from tests.index.world import CheapEncoder, World

pytestmark = pytest.mark.usefixtures("background")


@pytest.mark.parametrize("world", ["rank-bm25", "tantivy"], indirect=True)
def test_nothing_of_a_purged_article_is_left_in_any_file(world: World) -> None:
    before = found_in(world.root, *SECRETS)
    assert {"catalog.sqlite", "backups/catalog-version-2.sqlite"} <= {name.removesuffix("-wal") for name in before}
    assert any(name.startswith("generations/") for name in before)
    report = purged(world, article_id(world))
    assert len(report.catalog.articles) == report.catalog.versions == 1
    assert report.whole
    assert found_in(world.root, *SECRETS) == set()
    assert problems(world) == []
    assert world.found("Quillfeather") == []
    assert world.found("town 7")[0] == "Report 7"
    assert set(world.found("ferry")) == {"Later"}


def test_a_purge_embeds_nothing_and_drops_one_vector(world: World) -> None:
    one = article_id(world)
    encoder: list[CheapEncoder] = []
    with Archive.open(world.root) as archive:

        def make(model: Model) -> CheapEncoder:
            encoder.append(CheapEncoder(model))
            return encoder[-1]

        report = purge(archive, one, encoder=make)
    assert [text for made in encoder for text in made.encoded] == []
    assert (report.index.kept, report.index.dropped) == (11, 1)
    assert [path.name for path in (world.root / "generations").iterdir()] == [f"{report.index.generation:06d}"]
    assert len(epochs.epochs(world.root / "vectors", world.model.fingerprint)) == 1


def test_nothing_of_a_purged_source_is_left(world: World, tmp_path: Path) -> None:
    with Archive.open(world.root) as archive:
        (source,) = archive.sources()
    report = purged(world, source.id)
    assert len(report.catalog.articles) == 12
    assert found_in(world.root, *SECRETS, str(world.folder), "council of town", "a003") == set()
    assert problems(world) == []
    with pytest.raises(UnknownId, match="was purged on"), Archive.open(world.root) as archive:
        archive.restore(source.id)


def test_a_removed_article_can_be_purged(plain: World) -> None:
    one = article_id(plain)
    plain.remove(one)
    plain.build()
    assert found_in(plain.root, SENTENCE)
    purged(plain, one)
    assert found_in(plain.root, *SECRETS) == set()


def test_what_is_not_there_cannot_be_purged(plain: World) -> None:
    with pytest.raises(UnknownId, match="no article or source"):
        purged(plain, "nothing")


def test_purging_twice_does_nothing_more(plain: World) -> None:
    one = article_id(plain)
    purged(plain, one)
    assert purged(plain, one).catalog.articles == ()
    assert problems(plain) == []
