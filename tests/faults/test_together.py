"""Several processes on one archive: two that write, and one that reads while another rebuilds."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive import Archive
from index import Mode, Searcher, verify
from index.embedding.model import Model
from tests.faults.work import forked, rebuild_marked, titles, write
from tests.index.world import World

pytestmark = pytest.mark.usefixtures("background")
TURNS = 6
SWAPS = 10


def test_two_writers_take_turns(tmp_path: Path, model: Model) -> None:
    world = World(tmp_path, model)
    writers = [forked(write, world, name, TURNS) for name in ("alder", "birch")]
    for writer in writers:
        writer.join()
        assert writer.exitcode == 0
    met = [int((world.folder / f"{name}.busy").read_text("utf-8")) for name in ("alder", "birch")]
    assert sum(met) > 0
    with Archive.open(world.root) as archive:
        assert verify(archive).problems == ()
    world.add()
    world.build()
    assert len(titles(world) or ()) == 2 * TURNS


def test_a_reader_never_sees_two_generations_at_once(tmp_path: Path, model: Model) -> None:
    world = World(tmp_path, model)
    world.put("marked", "Marked\n\nThe turnmark of this text is number0.\n")
    world.put_many(20)
    world.add()
    first = world.build().generation
    writer = forked(rebuild_marked, world, SWAPS)
    searcher = Searcher.open(world.root)
    marks: dict[int, set[str]] = {}
    try:
        while writer.is_alive() or searcher.newer() is not None:
            for _ in range(3):
                answer = searcher.search("+turnmark", mode=Mode.LEXICAL)
                assert answer.generation == searcher.generation
                marks.setdefault(answer.generation, set()).update(hit.passage.text for hit in answer)
            if searcher.newer() is not None:
                newer = searcher.reopened()
                searcher.close()
                searcher = newer
    finally:
        searcher.close()
        writer.join()
    assert writer.exitcode == 0
    assert len(marks) > SWAPS // 2
    for generation, texts in marks.items():
        assert [text.split()[-1] for text in texts] == [f"number{generation - first}."]
