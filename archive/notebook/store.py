"""Where the rows of a notebook are: in the catalog; of an archive that may only be read, over it in the user's folder.

Either is a catalog, with the same tables, written the same way. Rows in the user's folder hide those of the same keys
in the archive, and go into it as soon as it may be written to.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from typing import Final

from archive.catalog.backups import drop_cut_short, is_another_made
from archive.catalog.database import Catalog
from archive.catalog.schema import Value
from archive.catalog.tables import notebook
from archive.catalog.tables.notebook import ClipRow, Kept, Keyed, Row, key_of
from archive.catalog.transaction import CatalogReader, Transaction
from archive.core.errors import Action, ArchiveError, Busy, Remedy, UsageError
from archive.core.forking import Lock
from archive.folder.layout import Layout
from archive.folder.locking import check_local, writer_lock
from archive.notebook.aside import Aside, erase_banned
from archive.purge.notebooks import is_behind, keep_up, with_note

_MAYBE: Final = "What was to be kept may be lost."


@dataclass(frozen=True, slots=True)
class Page:
    """One unit of work on a notebook.

    Attributes:
        archive: the catalog as this work sees it, to look up what a row names.
        seen: what is otherwise in the catalog than the person who works on it has seen it.
        written: the rows that it wrote, by kind and key.
    """

    archive: CatalogReader
    _writing: Transaction
    _below: CatalogReader | None = None
    seen: Keyed = field(default_factory=dict)
    written: dict[tuple[Value, ...], Kept] = field(default_factory=dict)

    def every(self, kind: type[Row]) -> list[Row]:
        """Return all rows of a kind, removed ones too, in the order of keeping."""
        return _over(kind, *self._readers)

    def find(self, kind: type[Row], *key: Value) -> Row | None:
        """Return the row of a key, removed or not; None where there is none. A clip is as the person has seen it."""
        if kind is ClipRow and isinstance(seen := self.seen.get((kind, key)), kind):
            return seen
        row = notebook.find(self._writing, kind, key)
        return row if row is not None or self._below is None else notebook.find(self._below, kind, key)

    def clips_of(self, article: str, version: str) -> list[ClipRow]:
        """Return the clips of a text, removed ones too; what has become of one since counts."""
        found = [row for reader in self._readers for row in notebook.clips_of(reader, article, version)]
        rows = {row.id: self.find(ClipRow, row.id) or row for row in found}
        return [row for row in rows.values() if (row.article, row.version) == (article, version)]

    def was_seen(self, row: Kept) -> bool:
        """Tell whether the person who works on a row has seen it otherwise, in the catalog that was behind."""
        return (type(row), key_of(row)) in self.seen

    def next_number(self, kind: type[Row]) -> int:
        """Return the number above all that were given out for a kind."""
        return 1 + max(notebook.highest_number(reader, kind) for reader in self._readers)

    @property
    def _readers(self) -> tuple[CatalogReader, ...]:
        return (self._writing,) if self._below is None else (self._below, self._writing)

    def put(self, row: Row) -> Row:
        """Write a row over the one with the same key; return it as it is kept, with a note that nobody saw yet."""
        if isinstance(row, ClipRow) and isinstance(seen := self.seen.get((ClipRow, key_of(row))), ClipRow):
            there = notebook.find(self._writing, ClipRow, key_of(row))
            row = row if there is None or there.note == seen.note else with_note(row, there.note)
        self.written[(type(row).__name__, *key_of(row))] = row
        notebook.write(self._writing, row)
        return row


class Store:
    """Reads and writes the rows of a notebook; safe from any thread and beside any process that writes.

    Args:
        layout: of the archive.
        identifier: of the archive.
        catalog: of the archive, for reading.
        lock: takes the archive's lock; only to give the catalog of an earlier build the tables.
    """

    def __init__(
        self, layout: Layout, identifier: str, catalog: Catalog, lock: Callable[[], AbstractContextManager[None]]
    ) -> None:
        self._layout = layout
        self._catalog = catalog
        self._take_lock = lock
        self._guard = Lock()
        # A connection of its own to write with: the catalog's may be in the middle of a build's transaction.
        self._own: Catalog | None = None
        self._opened = 0  # the inode of its file
        self._aside = Aside(layout, identifier, catalog)

    @property
    def is_aside(self) -> bool:
        """Tell whether what is kept goes into the user's folder, because the archive may not be written to."""
        if not all(os.access(place, os.W_OK) for place in (self._layout.root, self._layout.catalog)):
            return True
        try:
            check_local(self._layout.root)
        except UsageError:
            return True
        return False

    @property
    def problems(self) -> tuple[str, ...]:
        """Return what could not be read, or was not as it was written, since this was opened; in sentences."""
        return tuple(self._aside.problems)

    def every(self, kind: type[Row]) -> list[Row]:
        """Return all rows of a kind, removed ones too, in the order of keeping; ``problems`` tells of damaged ones."""
        with self._used():
            readers = (self._catalog, self._aside.found(read_only=self.is_aside))
            self._look_over(kind, *readers)
            return _over(kind, *readers)

    @contextmanager
    def writing(self) -> Iterator[Page]:
        """Work on the notebook; what was done is durable when the block ends, and undone when the block raises.

        Raises:
            Busy: another program holds the file for long, or puts another catalog in its place; or an earlier build of
                the program is writing to an archive that has no tables for this yet.
            UsageError: the archive was closed.
        """
        with self._used():
            if self.is_aside:
                with self._aside.made().transaction() as writing:
                    yield Page(self._catalog, writing, self._catalog)
                return
            self._gather()
            self._require_settled("Nothing was kept.")
            own = self._made_own()
            seen = Keyed()
            if is_behind(own, self._layout, self._catalog.owner):
                with own.transaction() as writing:  # by itself: where the page is refused, the next sees what is now
                    seen = self._kept_up(writing)
            with own.transaction() as writing:
                page = Page(writing, writing, seen=seen)
                yield page
                if page.written:
                    notebook.write_count(writing, 1 + notebook.count(writing))
            self._require_settled(_MAYBE)
            if not self._is_in_place(own) or not all(notebook.holds(own, row) for row in page.written.values()):
                raise self._exchanged(_MAYBE)

    def gather(self) -> None:
        """Take into the archive what was kept in the user's folder while it could not be written to.

        Where that cannot be done, ``problems`` tells of it.
        """
        with self._used():
            try:
                if not self.is_aside:
                    self._gather()
            except (ArchiveError, OSError) as error:
                self._aside.tell(f"What you kept in {self._aside.file} was not taken into the archive: {error}")

    def drop_damaged(self) -> None:
        """Remove what could not be read of the notebook in the user's folder and was put aside."""
        with self._used():
            self._aside.drop_damaged()

    def close(self) -> None:
        """Close what was opened, when it is not in use any more; the catalog was closed before."""
        with self._guard:
            self._aside.close()
            if self._own is not None:
                self._own.close()
                self._own = None

    @contextmanager
    def _used(self) -> Iterator[None]:
        with self._guard:
            self._catalog.require_open()
            yield

    def _gather(self) -> None:
        """Take in what lies in the user's folder; where that cannot be read, it is told and stays where it is."""
        aside = self._aside.found(read_only=False)
        if aside is None or not notebook.is_any(aside):
            return
        for kind in notebook.KINDS:
            self._look_over(kind, aside)
        with aside.transaction() as taken:
            with self._made_own().transaction() as writing:
                page = Page(writing, writing, seen=self._kept_up(writing))
                for row in notebook.keyed(taken).values():
                    if isinstance(row, ClipRow):
                        page.put(row)
                    else:
                        notebook.write(writing, row)
                notebook.write_count(writing, 1 + max(notebook.count(writing), notebook.count(taken)))
                erase_banned(writing, writing)
            notebook.clear(taken)  # only now: cut short before, they are taken in again
        self._aside.scrub()

    def _kept_up(self, writing: Transaction) -> Keyed:
        """Bring the notebook to the latest state that copies in the folder hold, as it may be that of an older catalog.

        Return what is otherwise now, as it was.
        """
        seen = keep_up(writing, self._layout, self._catalog.owner)
        if seen is not None:
            erase_banned(writing, writing)
        return seen or {}

    def _look_over(self, kind: type[Kept], *readers: CatalogReader | None) -> None:
        for reader in readers:
            for problem in notebook.unsound(reader, kind) if reader is not None else ():
                self._aside.tell(problem)

    def _require_settled(self, what: str) -> None:
        """Refuse to write, or to say that it was done, where a repair or restore has read the catalog already.

        Either makes a new catalog in the folder of work in progress before it reads what there is, and puts it in place
        before that goes. They hold the archive's lock: where nobody does, what lies there is of one that was killed.
        """
        if not is_another_made(self._layout):
            return
        try:
            with writer_lock(self._layout):
                drop_cut_short(self._layout)
        except Busy as error:
            raise self._exchanged(what) from error

    def _exchanged(self, what: str) -> Busy:
        why = f"A repair or restore puts another catalog in place of {self._layout.catalog}."
        return Busy(f"{why} {what}", remedy=Remedy(Action.TRY_LATER))

    def _is_in_place(self, own: Catalog) -> bool:
        """Tell whether the file that is written to is still the archive's catalog."""
        return own is self._own and self._opened == self._layout.catalog.stat().st_ino

    def _made_own(self) -> Catalog:
        if self._own is not None and not self._is_in_place(self._own):
            self._own.close()
            self._own = None
        if self._own is None:
            self._opened = self._layout.catalog.stat().st_ino
            self._own = Catalog(self._layout.catalog)
        if not notebook.is_ready(self._own):
            try:
                with self._take_lock():
                    self._own.bring_up()
            except Busy:
                if not notebook.is_ready(self._own):  # whoever holds it may have brought it up
                    raise
        return self._own


def _over(kind: type[Row], *readers: CatalogReader | None) -> list[Row]:
    """Return rows of several catalogs, those of later ones over those of earlier ones, in the order of keeping."""
    rows = {key_of(row): row for reader in readers if reader is not None for row in notebook.every(reader, kind)}
    return sorted(rows.values(), key=lambda row: (row.number, key_of(row)))
