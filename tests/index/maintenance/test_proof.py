"""No index is made of what does not hold what was written, and what is exported is proved before it is."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from archive import Archive
from archive.core.errors import Action, Damaged
from index import export_to_chroma, verify
from index.maintenance.repair import repair
from tests.index.world import CheapEncoder, World

pytestmark = [pytest.mark.leaves_damage, pytest.mark.usefixtures("background")]
ONE = "(SELECT id FROM articles WHERE path = 'a003.txt')"
SPOILT = {
    "text": f"UPDATE versions SET text = replace(text, 'town 3', 'town 9') WHERE article = {ONE}",
    "title": f"UPDATE articles SET title = 'Report 9' WHERE id = {ONE}",
    "date": f"UPDATE articles SET published = '1999-01-01' WHERE id = {ONE}",
    "hidden span": f"UPDATE versions SET hidden = '[[0,4]]' WHERE article = {ONE}",
    "offset": f"UPDATE passages SET start = start + 1 WHERE article = {ONE}",
    "removal": f"UPDATE articles SET removed = '2026-01-01' WHERE id = {ONE}",
    "lost passage": f"UPDATE passages SET article = 'ffffffffffffffff' WHERE article = {ONE}",
}


def meddle(world: World, statement: str) -> None:
    with closing(sqlite3.connect(world.root / "catalog.sqlite")) as connection:
        assert connection.execute(statement).rowcount != 0
        connection.commit()


@pytest.mark.parametrize("spoilt", SPOILT)
def test_a_rebuild_takes_nothing_from_a_damaged_catalog(world: World, spoilt: str) -> None:
    before = world.current
    meddle(world, SPOILT[spoilt])
    with pytest.raises(Damaged) as caught:
        world.build(rebuild=True)
    assert caught.value.remedy is not None
    assert caught.value.remedy.action == Action.REPAIR
    assert world.current == before
    assert list((world.root / "tmp").glob("generation-*")) == []
    assert ("Report 3" in world.found("council of town 3")) == (spoilt != "text")
    with Archive.open(world.root) as archive:
        assert not verify(archive).whole


@pytest.mark.parametrize("spoilt", ["text", "title", "date", "hidden span", "offset", "removal"])
def test_an_index_that_grows_takes_nothing_damaged_in(world: World, spoilt: str) -> None:
    before = world.current
    world.put("a003", "Report 3\n\nThe council of town 3 met once more.\n")
    world.add()
    meddle(world, SPOILT[spoilt])
    with pytest.raises(Damaged):
        world.build()
    assert world.current == before
    assert len(world.found("council")) > 1


def test_what_a_repair_brought_back_is_indexed(world: World) -> None:
    meddle(world, SPOILT["text"])
    repair(world.root, encoder=CheapEncoder)
    world.build(rebuild=True)
    assert "Report 3" in world.found('"town 3"')
    with Archive.open(world.root) as archive:
        assert verify(archive).whole


@pytest.mark.parametrize("spoilt", ["text", "columns", "slots"])
def test_nothing_damaged_is_exported(world: World, tmp_path: Path, spoilt: str) -> None:
    if spoilt == "text":
        meddle(world, SPOILT["text"])
    else:
        pattern = "columns/title.utf8" if spoilt == "columns" else "slots.npy"
        (path,) = (world.root / "generations").glob(f"*/{pattern}")
        raw = bytearray(path.read_bytes())
        raw[-1] ^= 1
        path.write_bytes(raw)
    with Archive.open(world.root) as archive, pytest.raises(Damaged) as caught:
        export_to_chroma(archive, tmp_path / "exported")
    assert caught.value.remedy is not None
    assert not (tmp_path / "exported").exists()
    assert not list(tmp_path.glob("*.part"))


def test_an_identifier_that_was_changed_is_found_and_given_back(world: World) -> None:
    with Archive.open(world.root) as archive:
        known = archive.id
    world.set(f'id = "{known}"', f'id = "{"e" if known[0] != "e" else "f"}{known[1:]}"')
    with Archive.open(world.root) as archive:
        assert archive.id != known
        (problem,) = verify(archive).problems
    assert (problem.code, problem.file, problem.remedy.action) == ("settings", "morgue.toml", Action.REPAIR)
    with pytest.raises(Damaged, match=known):
        world.build(rebuild=True)
    assert repair(world.root, encoder=CheapEncoder).whole
    with Archive.open(world.root) as archive:
        assert archive.id == known == archive.owner
