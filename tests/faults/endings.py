"""Archives that are to be repaired or purged, and ending the process that does it at its n-th operation.

An operation is whatever passes a point of ``archive.folder.files``: each write, rename, link, sync and removal of a
file, each commit, each rewriting of a database.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from archive import Archive
from archive.folder.files import faults
from index.embedding.model import Model
from index.indexing.purge import purge
from index.maintenance.backup import backup_catalog
from index.maintenance.repair import repair
from tests.archives import copied_archive
from tests.faults.work import DIED, ending_at, forked
from tests.index.indexing.accused import SENTENCE, TITLE
from tests.index.world import CheapEncoder, World

Work = Callable[[World], None]
LOST = "Report 2"


def mend(world: World) -> None:
    """Repair an archive."""
    repair(world.root, encoder=CheapEncoder)


def erase(world: World) -> None:
    """Purge the article that has to go."""
    with Archive.open(world.root) as archive:
        purge(archive, next(one.id for one in archive.articles() if one.title == TITLE), encoder=CheapEncoder)


def damaged(folder: Path, model: Model) -> World:
    """Make an archive whose catalog is damaged and whose sources are gone.

    Of the articles that are broken, a copy of the catalog holds one, and nothing holds the other, ``LOST``. One lies in
    SQLite's log alone.
    """
    made, ready = World(_made(folder / "made"), model), World.known(_made(folder / "ready"), model)
    made.put_many(2)
    _index(made)
    with Archive.open(made.root) as archive:
        backup_catalog(archive)
    made.put_many(3)
    _index(made)
    made.put_many(4)
    with _log_kept(made.root):
        made.add()
        _break(made.root, "Report 0")
        _break(made.root, LOST)
        copied_archive(made.root, ready.root)
    shutil.rmtree(made.folder)
    assert (ready.root / "catalog.sqlite-wal").stat().st_size > 0
    return ready


def accused(folder: Path, model: Model, *, mended: bool) -> World:
    """Make an archive with an article that has to go, its catalog damaged.

    Where it was ``mended``, the damaged catalog lies among the copies, and what a salvage had saved among the work in
    progress.
    """
    made = World(_made(folder), model)
    made.put_many(2)
    made.put("secret-dossier", f"{TITLE}\n\n{SENTENCE} on Monday.\n")
    _index(made)
    with Archive.open(made.root) as archive:
        backup_catalog(archive)
    _break(made.root, "Report 0")
    if mended:
        mend(made)
        with Archive.open(made.root) as archive:
            archive.copy_catalog(made.root / "tmp" / "salvaged.sqlite")
        assert list((made.root / "backups").glob("damaged-*.catalog"))
    return made


def another(world: World, folder: Path) -> World:
    """Return a copy of an archive; its sources are those of the first."""
    made = World.known(_made(folder), world.model)
    copied_archive(world.root, made.root)
    return made


def texts(world: World) -> dict[str, str]:
    """Return the text of each article, by title."""
    with Archive.open(world.root) as archive:
        return {one.title: archive.version(one.id, one.version).text for one in archive.articles()}


def operations(work: Work, world: World) -> list[tuple[str, str]]:
    """Do a piece of work and return its operations, each with the name of the file it concerns."""
    passed: list[tuple[str, str]] = []
    with faults(lambda operation, path: passed.append((operation, path.name))):
        work(world)
    return passed


def ends(work: Work, world: World, last: int) -> bool:
    """Do a piece of work in a process that ends at its ``last``-th operation; tell whether there are so many."""
    child = forked(_ended, work, world, last)
    child.join()
    assert child.exitcode in (0, DIED)
    return child.exitcode == DIED


def _ended(work: Work, world: World, last: int) -> None:
    ending_at(last, lambda: work(world))


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True)
    return folder


def _index(world: World) -> None:
    world.add()
    world.build()


def _break(root: Path, title: str) -> None:
    """Change the text of an article as decay would, without its digest."""
    with closing(sqlite3.connect(root / "catalog.sqlite")) as connection, connection:
        connection.execute("UPDATE versions SET text = text || 'x' WHERE text LIKE ?", (f"{title}%",))


@contextmanager
def _log_kept(root: Path) -> Iterator[None]:
    """Keep what is written meanwhile in SQLite's log."""
    with Archive.open(root) as archive, archive.snapshot():
        yield
