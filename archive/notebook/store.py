"""Where the rows of a notebook are: in the catalog; of an archive that may only be read, over it in the user's folder.

Either is a catalog, with the same tables, written the same way. Rows in the user's folder hide those of the same keys
in the archive, and go into it as soon as it may be written to.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field

from archive.catalog.database import Catalog
from archive.catalog.schema import Value
from archive.catalog.tables import notebook, purged
from archive.catalog.tables.notebook import ClipRow, Kept, Row, key_of
from archive.catalog.transaction import CatalogReader, Transaction
from archive.core.clock import now_utc
from archive.core.errors import Action, Busy, Remedy, UsageError
from archive.core.forking import Lock
from archive.folder.files import make_private_dir
from archive.folder.layout import Layout
from archive.folder.locking import check_local
from archive.folder.user_folder import notebook_file
from archive.purge.tombstones import article_hash, is_banned


@dataclass(frozen=True, slots=True)
class Page:
    """One unit of work on a notebook.

    Attributes:
        archive: the catalog as this work sees it, to look up what a row names.
        written: the rows that it wrote.
    """

    archive: CatalogReader
    _writing: Transaction
    _below: CatalogReader | None = None
    written: list[Kept] = field(default_factory=list)

    def every(self, kind: type[Row]) -> list[Row]:
        """Return all rows of a kind, removed ones too, in the order of keeping."""
        return _over(kind, *self._readers)

    def find(self, kind: type[Row], *key: Value) -> Row | None:
        """Return the row of a key, removed or not; None where there is none."""
        row = notebook.find(self._writing, kind, key)
        return row if row is not None or self._below is None else notebook.find(self._below, kind, key)

    def clips_of(self, article: str, version: str) -> list[ClipRow]:
        """Return the clips of a text, removed ones too; what has become of one since counts."""
        found = [row for reader in self._readers for row in notebook.clips_of(reader, article, version)]
        rows = {row.id: self.find(ClipRow, row.id) or row for row in found}
        return [row for row in rows.values() if (row.article, row.version) == (article, version)]

    def next_number(self, kind: type[Row]) -> int:
        """Return the number above all that were given out for a kind."""
        return 1 + max(notebook.highest_number(reader, kind) for reader in self._readers)

    @property
    def _readers(self) -> tuple[CatalogReader, ...]:
        return (self._writing,) if self._below is None else (self._below, self._writing)

    def put(self, row: Kept) -> None:
        """Write a row over the one with the same key."""
        self.written.append(row)
        notebook.write(self._writing, row)


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
        self._identifier = identifier
        self._catalog = catalog
        self._take_lock = lock
        self._guard = Lock()
        # A connection of its own to write with: the catalog's may be in the middle of a build's transaction.
        self._own: Catalog | None = None
        self._opened = 0  # the inode of its file
        self._aside: Catalog | None = None

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

    def every(self, kind: type[Row]) -> list[Row]:
        """Return all rows of a kind, removed ones too, in the order of keeping."""
        with self._guard:
            return _over(kind, self._catalog, self._opened_aside())

    @contextmanager
    def writing(self) -> Iterator[Page]:
        """Work on the notebook; what was done is durable when the block ends, and undone when the block raises.

        Raises:
            Busy: another program holds the file for long, or puts another catalog in its place; or an earlier build of
                the program is writing to an archive that has no tables for this yet.
        """
        with self._guard:
            if self.is_aside:
                with self._made_aside().transaction() as writing:
                    yield Page(self._catalog, writing, self._catalog)
                return
            self._gather()
            self._require_settled()
            own = self._made_own()
            with own.transaction() as writing:
                page = Page(writing, writing)
                yield page
            self._require_settled()
            if not self._is_in_place(own) or not all(notebook.holds(own, row) for row in page.written):
                raise self._exchanged()

    def gather(self) -> None:
        """Take into the archive what was kept in the user's folder while it could not be written to."""
        with self._guard:
            if not self.is_aside:
                self._gather()

    def close(self) -> None:
        """Close what was opened."""
        for catalog in (self._own, self._aside):
            if catalog is not None:
                catalog.close()

    def _gather(self) -> None:
        aside = self._opened_aside()
        if aside is None or not notebook.is_any(aside):
            return
        with aside.transaction() as taken, self._made_own().transaction() as writing:
            notebook.take_over(writing, taken)
            _erase_banned(writing)
        with aside.transaction() as taken:  # only now: cut short before, they are taken in again
            notebook.clear(taken)
        _scrub(aside)

    def _require_settled(self) -> None:
        """Refuse to write, or to say that it was done, where a repair or restore has read the catalog already.

        Either makes a new catalog in the folder of work in progress before it reads what there is, and puts it in place
        before it goes. They hold the archive's lock, which is not taken here.
        """
        if any(self._layout.tmp.glob("*.sqlite")):
            raise self._exchanged()

    def _exchanged(self) -> Busy:
        what = f"A repair or restore puts another catalog in place of {self._layout.catalog}, or was cut short."
        return Busy(f"{what} What was to be kept may be lost.", remedy=Remedy(Action.TRY_LATER))

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

    def _made_aside(self) -> Catalog:
        if self._aside is None:
            file = notebook_file(self._identifier)
            make_private_dir(file.parent)
            self._aside = Catalog.create(file)
            self._erase_in(self._aside)
        return self._aside

    def _opened_aside(self) -> Catalog | None:
        # one that was cut short when it was made, or comes from an earlier build, is made as it should be
        return self._made_aside() if notebook_file(self._identifier).is_file() else None

    def _erase_in(self, aside: Catalog) -> None:
        """Erase what was purged from the archive by whoever may write to it; there is nobody else to do it here."""
        if not purged.is_any(self._catalog):
            return
        if not any(_is_banned(self._catalog, article) for article, _ in notebook.places(aside)):
            return
        with aside.transaction() as writing:
            notebook.erase(writing, lambda article, _: _is_banned(self._catalog, article), now_utc())
        _scrub(aside)


def _scrub(aside: Catalog) -> None:
    """Leave nothing of deleted rows in the file; where another program of this user reads it, SQLite does so later."""
    with suppress(Busy):
        aside.scrub()


def _over(kind: type[Row], *readers: CatalogReader | None) -> list[Row]:
    """Return rows of several catalogs, those of later ones over those of earlier ones, in the order of keeping."""
    rows = {key_of(row): row for reader in readers if reader is not None for row in notebook.every(reader, kind)}
    return sorted(rows.values(), key=lambda row: (row.number, key_of(row)))


def _erase_banned(writing: Transaction) -> None:
    if purged.is_any(writing):
        notebook.erase(writing, lambda article, _: _is_banned(writing, article), now_utc())


def _is_banned(reader: CatalogReader, article: str) -> bool:
    return is_banned(reader, article_hash(article))
