"""A catalog that goes back in time beside a newer index: copies put back by hand, logs that are lost or damaged.

Run the whole of it with ``pytest -m slow --timeout 0 -s tests/index/maintenance/test_put_back.py``; it prints figures.
"""

from __future__ import annotations

import random
import shutil
import sqlite3
import subprocess
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from archive import Archive
from archive.core.errors import Damaged
from index import Mode, Searcher, status, verify
from index.embedding.model import Model
from index.generations.columns import open_columns
from index.generations.generation import COLUMNS, open_current
from index.indexing.finishing.validate import check_folder
from index.maintenance.backup import backup_catalog
from index.maintenance.restore import restore
from tests.faults.work import DIED, ending_at, forked
from tests.index.world import CheapEncoder, World

pytestmark = pytest.mark.usefixtures("background")
SEEDS, SHARE = 50, 2  # of each of the four kinds
ALL = pytest.param(SEEDS, marks=pytest.mark.slow)
MOST_UPDATES, MOST_ADDED = 10, 6


def prepared(folder: Path, model: Model, rng: random.Random) -> World:
    """Return an archive of twelve articles that was updated once."""
    folder.mkdir()
    world = World(folder, model)
    world.set('engine = "auto"', f'engine = "{rng.choice(("tantivy", "rank-bm25"))}"')
    world.put_many(12)
    updated(world, 0, rng)
    return world


def updated(world: World, turn: int, rng: random.Random, *, index: bool = True) -> None:
    """Add a few articles, each with a word of its own, change one and let one vanish."""
    for number in range(rng.randint(1, MOST_ADDED)):
        world.put(f"t{turn}n{number}", f"Report {turn} {number}\n\nThe council heard of wordt{turn}n{number}.\n")
    world.put(f"a{rng.randrange(12):03d}", f"Report\n\nThe council of the turn {turn} met.\n")
    if rng.random() < 0.3:
        (world.folder / f"a{rng.randrange(12):03d}.txt").unlink(missing_ok=True)
    world.add()
    if index:
        world.build()


def put_back(world: World, rng: random.Random) -> None:
    """Update from none to ten times, and put a copy of before that in place."""
    with Archive.open(world.root) as archive:
        copy = backup_catalog(archive).path
    for turn in range(1, rng.randint(0, MOST_UPDATES) + 1):
        updated(world, turn, rng, index=rng.random() < 0.7)
    shutil.copyfile(copy, world.root / "catalog.sqlite")


def killed(world: World, rng: random.Random) -> Path:
    """Update a few times, and leave the archive as a kill of all programs leaves it; return the log of its catalog."""
    catalog = world.root / "catalog.sqlite"
    with closing(sqlite3.connect(catalog)) as other:  # whoever closes last empties the log
        other.execute("SELECT 1 FROM meta").fetchone()
        for turn in range(1, rng.randint(1, 3) + 1):
            updated(world, turn, rng)
        left = world.root.with_name("left")
        subprocess.run(["cp", "-R", str(world.root), str(left)], check=True)
    shutil.rmtree(world.root)
    left.rename(world.root)
    catalog.with_name("catalog.sqlite-shm").unlink()
    return catalog.with_name("catalog.sqlite-wal")


def dropped(world: World, rng: random.Random) -> None:
    killed(world, rng).unlink()


def truncated(world: World, rng: random.Random) -> None:
    log = killed(world, rng)
    raw = log.read_bytes()
    log.write_bytes(raw[: rng.randrange(len(raw))])


def flipped(world: World, rng: random.Random) -> None:
    log = killed(world, rng)
    raw = bytearray(log.read_bytes())
    raw[rng.randrange(len(raw))] ^= 1 << rng.randrange(8)
    log.write_bytes(raw)


KINDS: dict[str, Callable[[World, random.Random], None]] = {
    "a copy put back": put_back,
    "a log dropped": dropped,
    "a log truncated": truncated,
    "a log flipped": flipped,
}


def lacking(world: World) -> int:
    """Count the indexed articles whose indexed text is not in the catalog."""
    with Archive.open(world.root) as archive, open_current(archive.layout) as generation:
        columns = open_columns(generation.folder / COLUMNS)
        places = [columns.place(one) for one in np.flatnonzero(columns.live_passages).tolist()]
        texts = archive.passage_texts(places)
    return len({place[0] for place, text in zip(places, texts, strict=True) if text is None})


def told(world: World) -> bool:
    """Tell whether verify finds something; status and a search must agree with it on what does not belong together."""
    with Archive.open(world.root) as archive:
        problems = [problem.what for problem in verify(archive).problems]
        noted = any("older than the index" in note for note in status(archive).notes)
    with Searcher.open(world.root) as searcher:
        degraded = any("older than the index" in note for note in searcher.search("council", k=3).degraded)
    assert noted == degraded == any("older than the index" in what for what in problems)
    return bool(problems)


@pytest.fixture
def checked_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Check new generations in this process, which takes the twentieth part of the time; nothing crashes here."""
    monkeypatch.setattr("index.indexing.finishing.validate.check_in_subprocess", check_folder)


@pytest.mark.usefixtures("checked_here")
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seeds", [SHARE, ALL], ids=["some", "all"])
def test_what_is_added_later_is_found_and_nothing_calls_itself_whole(
    kind: str, seeds: int, tmp_path: Path, model: Model
) -> None:
    tally: Counter[str] = Counter()
    for seed in range(seeds):
        rng = random.Random(f"{kind} {seed}")
        world = prepared(tmp_path / str(seed), model, rng)
        KINDS[kind](world, rng)
        lost = lacking(world)
        said = told(world)
        assert said or not lost, f"{kind} {seed}: {lost} articles are lost and verify calls it whole"
        tally.update({"archives": 1, "lost articles": lost, "told": said, "lost something": lost > 0})
        for number in range(later := rng.randint(0, MOST_ADDED)):
            world.put(f"later{number}", f"Later {number}\n\nThe council heard of tramline{number}.\n")
        world.add()
        world.build()
        assert not told(world), f"{kind} {seed}"
        assert lacking(world) == 0
        words = [path.stem for path in world.folder.glob("t*n*.txt")]
        with Searcher.open(world.root) as searcher:
            for word in [f"tramline{number}" for number in range(later)] + [f"word{word}" for word in words]:
                assert len(searcher.search(word, mode=Mode.LEXICAL)) == 1, f"{kind} {seed}: {word} is not found"
        tally.update({"questions": later + len(words)})
        shutil.rmtree(tmp_path / str(seed))
    print(f"\n{kind}: {dict(tally)}")
    assert tally["lost something"] or seeds < SEEDS


def restored(world: World, copy: Path) -> None:
    restore(world.root, copy, encoder=CheapEncoder)


def dying(world: World, copy: Path, last: int) -> None:
    """Put a copy back, and end the process at the ``last``-th operation on files."""
    ending_at(last, lambda: restored(world, copy))


@pytest.mark.parametrize("ruined", [False, True], ids=["whole", "ruined"])
@pytest.mark.parametrize("every", [False, pytest.param(True, marks=pytest.mark.slow)], ids=["some", "all"])
def test_putting_back_can_end_at_any_operation(every: bool, ruined: bool, tmp_path: Path, model: Model) -> None:
    rng = random.Random(f"{every}")
    ended, last = 0, 0
    while True:
        last += (
            1 if every else rng.randint(4, 6 + 2 * last)
        )  # most of the first ones: the later ones are those of a build
        world = prepared(tmp_path / str(last), model, random.Random(3))
        with Archive.open(world.root) as archive:
            copy = backup_catalog(archive).path
            before = {article.id for article in archive.articles()}
        updated(world, 1, random.Random(4))
        if ruined:
            (world.root / "catalog.sqlite").write_bytes(b"no catalog")
        child = forked(dying, world, copy, last)
        child.join()
        if child.exitcode == 0:
            break
        assert child.exitcode == DIED
        ended += 1
        if not ruined:
            assert articles(world) >= before
        assert told_or_whole(world)
        restored(world, copy)
        assert articles(world) == before
        assert not told(world)
        shutil.rmtree(tmp_path / str(last))
    print(f"\nended at {ended} operations")
    assert ended > 1


def articles(world: World) -> set[str]:
    with Archive.open(world.root) as archive:
        return {article.id for article in archive.articles()}


def told_or_whole(world: World) -> bool:
    """Tell whether what a kill left is whole, or said not to be."""
    try:
        return told(world) or not lacking(world)
    except Damaged:
        return True
