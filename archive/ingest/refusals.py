"""The refusals of a run: which stand, which are new, and which stand no longer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from archive.catalog.database import Catalog, Transaction
from archive.catalog.schema import REFUSALS, Value
from archive.core.article import Refusal, Source
from archive.core.clock import now_utc
from archive.folder.paths import absolute, within

TRY_AGAIN: Final = frozenset({"unreadable"})


class Standing:
    """Writes refusals down as they are met and drops those that are met no more.

    Attributes:
        all: the refusals that stand where the run has looked.
        fresh: those of them that did not stand before it.
    """

    def __init__(self, catalog: Catalog) -> None:
        self.all: list[Refusal] = []
        self.fresh: list[Refusal] = []
        self._catalog = catalog
        self._met: set[tuple[str, str, str]] = set()

    def refuse(self, source: Source, path: str, refusal: Refusal) -> None:
        """Write down what was refused just now."""
        key = (source.id, path, refusal.record or "")
        self._met.add(key)
        self.all.append(refusal)
        known = self._catalog.row("SELECT code FROM refusals WHERE source = ? AND path = ? AND record = ?", key)
        if known is None or known[0] != refusal.code:
            self.fresh.append(refusal)
            with self._catalog.transaction() as writing:
                writing.put(REFUSALS, *key, refusal.code, refusal.reason, now_utc())

    def mention(self, refusal: Refusal) -> None:
        """Tell of a refusal that is not written down: nobody wants to find the name of what was purged."""
        self.all.append(refusal)

    def keep(self, source: Source, path: str) -> None:
        """Let the refusals of a file stand that need not be read again."""
        for record, code, reason in self._catalog.rows(
            "SELECT record, code, reason FROM refusals WHERE source = ? AND path = ?", (source.id, path)
        ):
            self._keep(source, path, record, code, reason)

    def file_done(self, writing: Transaction, source: Source, path: str) -> None:
        """Drop the refusals of a file that was read to its end and gave none of them."""
        for (record,) in writing.rows("SELECT record FROM refusals WHERE source = ? AND path = ?", (source.id, path)):
            if (source.id, path, record) not in self._met:
                _drop(writing, source.id, path, record)

    def scan_done(self, source: Source, scope: str, hidden: Callable[[str], bool]) -> None:
        """Drop the refusals within a scope that were not met; those that nobody could look at stay.

        Args:
            source: the source that was looked through.
            scope: the part of it, a relative path.
            hidden: whether a relative path could not be looked at.
        """
        rows = self._catalog.rows("SELECT path, record, code, reason FROM refusals WHERE source = ?", (source.id,))
        left = [row for row in rows if (source.id, row[0], row[1]) not in self._met and within(row[0], scope)]
        for path, record, code, reason in left:
            if hidden(path):
                self._keep(source, path, record, code, reason)
                continue
            with self._catalog.transaction() as writing:
                _drop(writing, source.id, path, record)

    def _keep(self, source: Source, path: str, record: str, code: str, reason: str) -> None:
        self._met.add((source.id, path, record))
        name = absolute(source.root, path) if path else source.root
        self.all.append(Refusal(name, record or None, code, reason))


def _drop(writing: Transaction, *key: Value) -> None:
    writing.delete("DELETE FROM refusals WHERE source = ? AND path = ? AND record = ?", key)
