"""The part of an archive that writes under its lock and erases for good."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from archive.catalog.database import Catalog
from archive.catalog.reading import CatalogReading
from archive.catalog.tables import awaited
from archive.core.errors import Action, Remedy, UnknownId
from archive.core.forking import Lock, process
from archive.folder.layout import Layout
from archive.folder.locking import writer_lock

if TYPE_CHECKING:
    from archive.purge.purge import Purge, Purged, Stage, Trace


class ErasableCatalog(CatalogReading):
    """A catalog in its folder; writing takes the lock of that folder.

    Attributes:
        layout: of the folder.
    """

    def __init__(self, catalog: Catalog, layout: Layout) -> None:
        super().__init__(catalog)
        self.layout = layout
        self._writing = Lock(again=True)
        self._holder: int | None = None  # the process that holds it; a forked one does not

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the archive for writing; may be entered again by the thread that holds it.

        A catalog that was put back by hand first knows what newer copies in the folder know, so that nothing is written
        that would make it look as new as they are.

        Raises:
            Busy: another process is writing.
            UsageError: the archive was closed.
        """
        self._catalog.require_open()
        with self._writing:
            if self._holder == process():
                yield
                return
            with writer_lock(self.layout):
                self._holder = process()
                try:
                    self._learn(kept=False)
                    yield
                finally:
                    self._holder = None

    def purge(self, identifier: str) -> Purge:
        """Erase an article, or a source with its articles, from the catalog and its copies; nothing undoes it.

        An article that another source holds too stays. What was purged is refused when it is read again. The index
        still holds it until ``index.indexing.purge`` or the next build. A purge that was cut short is finished.

        Raises:
            UnknownId: there is no article or source of that identifier.
            Busy: another process is writing, or reads the catalog for long; the next command that writes finishes it.
        """
        from archive.purge.purge import elsewhere, finish, purge

        with self.writing():
            report = purge(self._catalog, identifier)
            if report is None:
                raise unknown(identifier, "in the archive")
            return replace(report, copies=finish(self._catalog, self.layout), elsewhere=elsewhere(self._catalog))

    def foresee_purge(self, article_ids: Collection[str]) -> Purge:
        """Return what purging some articles would erase, and where it may still be afterwards; nothing is changed."""
        from archive.purge.purge import foreseen

        return foreseen(self._catalog, self.layout, article_ids)

    def scrub(self) -> tuple[Path, ...]:
        """Finish a purge that was cut short before the files of the catalog were clean.

        Returns:
            Copies of the catalog that were removed, since nobody can tell what they hold.

        Raises:
            Busy: another process is writing, or reads the catalog.
        """
        from archive.purge.purge import Stage, finish

        with self.writing():
            return finish(self._catalog, self.layout).removed if self.purging == Stage.CATALOG else ()

    @property
    def purging(self) -> Stage | None:
        """Return what a purge has still to do, None when none is under way."""
        from archive.purge.purge import stage

        return stage(self._catalog)

    def purge_reached(self, reached: Stage | None) -> None:
        """Write down what a purge has still to do, as the index gets on with it."""
        from archive.purge.purge import reach

        with self.writing():
            reach(self._catalog, reached)

    def purged(self) -> Purged:
        """Return hashes of what was purged, by which a check finds what must not be in the archive any more."""
        from archive.purge.purge import all_purged

        return all_purged(self._catalog)

    @property
    def awaited(self) -> dict[str, str] | None:
        """Return what is known of each article or text that is lost and sources may still hold, until a repair told it.

        By the identifier of the article, behind a slash with the digest of its version; None where there is nothing.
        """
        return awaited.articles(self._catalog)

    def learn(self) -> None:
        """Take in, of what a person keeps, also what only a copy in the folder holds that knows of no later change.

        Raises:
            Busy: another process is writing.
        """
        with self.writing():
            self._learn(kept=True)

    @property
    def is_repaired(self) -> bool:
        """Tell whether a repair is under way, or was cut short."""
        return awaited.is_under_way(self._catalog)

    def await_lost(self, lost: Mapping[str, str], *, under_way: bool) -> None:
        """Remember what is lost, by the names of ``awaited``, until a repair has told of it; one is ``under_way``.

        Nothing is awaited of what was purged.
        """
        with self.writing():
            purged = self.purged()
            wanted = {name: what for name, what in lost.items() if not purged.holds(*awaited.parted(name))}
            with self._catalog.transaction() as writing:
                awaited.write(writing, wanted, under_way=under_way)

    def end_repair(self, still: Mapping[str, str] | None = None, *, under_way: bool = False) -> None:
        """Write down that nothing is awaited any more and no repair is under way, or what still is."""
        with self.writing():
            if self.awaited is not None:
                with self._catalog.transaction() as writing:
                    awaited.end(writing)
                    awaited.write(writing, still or {}, under_way=under_way)

    def traces(self) -> Iterator[Trace]:
        """Yield what is left of what was purged in the catalog and its copies, and files that may hold it."""
        from archive.purge.purge import traces

        return traces(self._catalog, self.layout)

    def note_backup(self, path: Path) -> bool:
        """Write down that a copy of the archive lies elsewhere, so that a purge can name it.

        Returns:
            Whether that could be done: an archive that may not be written to is copied all the same.
        """
        from archive.purge.purge import note_copy

        if not all(os.access(place, os.W_OK) for place in (self.layout.root, self.layout.catalog)):
            return False
        with self.writing():
            note_copy(self._catalog, path)
        return True

    def _learn(self, *, kept: bool) -> None:
        from archive.purge.learning import learn

        learn(self._catalog, self.layout, kept=kept)


def unknown(identifier: str, where: str) -> UnknownId:
    """Return the error that says an identifier stands for nothing ``where``, such as "in the archive"."""
    return UnknownId(f"There is no article or source {identifier!r} {where}.", remedy=Remedy(Action.LIST_SOURCES))
