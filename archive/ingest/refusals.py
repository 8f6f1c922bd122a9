"""The refusals of a run: which hold, are new, hold no longer; and what was not read of what was taken in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from archive.catalog.database import Catalog
from archive.catalog.rows import Place, RefusalRow
from archive.catalog.tables import refusals
from archive.catalog.transaction import Transaction
from archive.core.article import Draft, Refusal, Source, Unread
from archive.core.clock import now_utc
from archive.folder.paths import absolute, within

if TYPE_CHECKING:
    from archive.ingest.file_records import FileState

# What may be read by the next run, though the bytes are the same.
TRY_AGAIN: Final = frozenset({"unreadable"})
# What ends a file before its end, where it is said of no record: of those behind it nothing is known.
CUT_SHORT: Final = frozenset({"too-complex", "broken-record"})


class RefusalLog:
    """Writes refusals down as they are met and drops those that are met no more.

    Attributes:
        new: the refusals that did not hold before the run.
    """

    def __init__(self, catalog: Catalog) -> None:
        self.new: list[Refusal] = []
        self._catalog = catalog
        self._met: dict[Place, Refusal] = {}
        self._mentioned: list[Refusal] = []
        self._unread: dict[tuple[str, str, str], Unread] = {}

    @property
    def all(self) -> tuple[Refusal, ...]:
        """Return the refusals that hold where the run has looked."""
        return *self._met.values(), *self._mentioned

    @property
    def count(self) -> int:
        """Return how many hold where the run has looked."""
        return len(self._met) + len(self._mentioned)

    @property
    def unread(self) -> tuple[Unread, ...]:
        """Return what records state and nobody could read, once for each field of a file."""
        return tuple(self._unread.values())

    def note_unread(self, path: str, draft: Draft) -> None:
        """Note what could not be read of a record that was taken in."""
        for one in draft.unread:
            key = (path, one.field, one.role)
            before = self._unread.get(key, replace(one, path=path, records=0))
            self._unread[key] = replace(before, records=before.records + 1)

    def refuse(self, source: Source, path: str, refusal: Refusal) -> None:
        """Write down what cannot even be read: no file, or one that is not to be looked into."""
        place = self._meet(source.id, path, refusal)
        if refusals.code(self._catalog, place) != refusal.code:
            self.new.append(refusal)
            with self._catalog.transaction() as writing:
                _write(writing, place, refusal)

    def file_read(self, writing: Transaction, state: FileState, refused: Sequence[Refusal], *, whole: bool) -> None:
        """Write down what was refused in a file that was read, and drop what was refused in it before and is not now.

        Args:
            writing: the unit of work.
            state: of the file.
            refused: just now.
            whole: whether all of it was read; what was refused before holds otherwise.
        """
        key = (state.row.source, state.row.path)
        before = {row.record: row for row in refusals.in_file(writing, key)} if state.refused or refused else {}
        met = {self._meet(*key, refusal): refusal for refusal in refused}
        for place, refusal in met.items():
            row = before.pop(place.record, None)
            if row is None or row.code != refusal.code:
                self.new.append(refusal)
                _write(writing, place, refusal)
        for record, row in before.items():
            if whole:
                self._met.pop(Place(*key, record), None)
                refusals.delete(writing, Place(*key, record))
            else:
                self._keep(state.source, row)

    def mention(self, refusal: Refusal) -> None:
        """Tell of a refusal that is not written down: nobody wants to find the name of what was purged."""
        self._mentioned.append(refusal)

    def keep(self, source: Source, path: str) -> None:
        """Let the refusals of a file hold that need not be read again."""
        for row in refusals.in_file(self._catalog, (source.id, path)):
            self._keep(source, row)

    def scan_done(self, source: Source, scope: str, is_hidden: Callable[[str], bool]) -> None:
        """Drop the refusals within a scope that were not met; those that nobody could look at stay.

        Args:
            source: the source that was looked through.
            scope: the part of it, a relative path.
            is_hidden: whether a relative path could not be looked at.
        """
        for row in refusals.in_source(self._catalog, source.id):
            if Place(row.source, row.path, row.record) in self._met or not within(row.path, scope):
                continue
            if is_hidden(row.path):
                self._keep(source, row)
                continue
            with self._catalog.transaction() as writing:
                refusals.delete(writing, Place(row.source, row.path, row.record))

    def _meet(self, source: str, path: str, refusal: Refusal) -> Place:
        place = Place(source, path, refusal.record or "")
        self._met[place] = refusal
        return place

    def _keep(self, source: Source, row: RefusalRow) -> None:
        name = absolute(source.root, row.path) if row.path else source.root
        self._meet(source.id, row.path, Refusal(name, row.record or None, row.code, row.reason))


def _write(writing: Transaction, place: Place, refusal: Refusal) -> None:
    row = RefusalRow(place.source, place.path, place.record, refusal.code, refusal.reason, now_utc())
    refusals.write(writing, row)
