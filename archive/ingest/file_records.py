"""Taking in the records of one file, and telling which of them it holds no more.

A file of many records that was read before is first matched with what it held, by the bytes of each record: lines that
merely moved, because one was put before them, stay the articles they were. Only what is left is taken as an edit or as
new, in a second reading, so that nothing but digests is held in memory.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from archive.catalog.article_rows import LOST, lose_place, settle
from archive.catalog.database import Catalog, Transaction
from archive.catalog.schema import FILES, PLACES
from archive.core.article import Draft, Locator, Refusal, Source
from archive.ingest.known_files import FileAt
from archive.ingest.prefetch import Ahead
from archive.ingest.refusals import TRY_AGAIN, Standing
from archive.ingest.upsert import Outcome, Taker
from archive.purge.reentry import Bans


@dataclass(frozen=True, slots=True)
class Desk:
    """What taking in a file needs: where to write, who cleans and cuts, whom to tell."""

    catalog: Catalog
    taker: Taker
    bans: Bans
    ahead: Ahead
    standing: Standing
    count: Callable[[str], None]


@dataclass(slots=True)
class Filing:
    """One reading of one file.

    Attributes:
        known: raw digest and article of each record the file held before, also of those that were gone.
        held: the records it holds now.
        shifted: records that were there before under another name, which is their value.
        fresh: records that were not there before as they are now.
        again: some record is to be tried again at the next run.
        banned: some record was purged.
    """

    desk: Desk
    source: Source
    file: Path
    at: FileAt
    known: dict[str, tuple[str, str, int]] = field(default_factory=dict)
    held: set[str] = field(default_factory=set)
    shifted: dict[str, str] = field(default_factory=dict)
    fresh: set[str] = field(default_factory=set)
    again: bool = False
    banned: bool = False

    def run(self) -> None:
        """Take in the file; written down as read only when all of it could be."""
        for record, *rest in self.desk.catalog.rows(
            "SELECT record, raw_digest, article, gone FROM places WHERE source = ? AND path = ?", self._key
        ):
            self.known[record] = (rest[0], rest[1], rest[2])
        if set(self.known) <= {""}:
            for draft in self.desk.ahead.prepare(self._drafts()):
                self._take(draft)
        else:
            self._match()
            self._shift()
            self._take_fresh()
        with self.desk.catalog.transaction() as writing:
            self._done(writing)

    @property
    def _key(self) -> tuple[str, str]:
        return (self.at.source, self.at.path)

    def _drafts(self) -> Iterator[Draft]:
        for item in self.desk.ahead.read(self.file):
            if isinstance(item, Refusal):
                self.again |= item.code in TRY_AGAIN
                self.desk.standing.refuse(self.source, self.at.path, item)
                continue
            self.held.add(item.record or "")
            banned = self.desk.bans.refusal(item, self.source, self.at.path, self.file)
            if banned is None:
                yield item
            else:
                self.banned = True
                self.desk.standing.mention(banned)

    def _take(self, draft: Draft) -> None:
        outcome = self.desk.taker.take(draft, Locator(self.at.source, self.at.path, draft.record))
        self.desk.count(outcome)

    def _match(self) -> None:
        elsewhere: defaultdict[str, list[str]] = defaultdict(list)
        for record, (raw_digest, _, _) in reversed(self.known.items()):
            elsewhere[raw_digest].append(record)
        for draft in self._drafts():
            record, known = draft.record or "", elsewhere[draft.raw_digest]
            if record in known and not self.known[record][2]:
                known.remove(record)
                self.desk.count(Outcome.UNCHANGED)
            elif known:
                self.shifted[record] = known.pop()
                self.desk.count(Outcome.UNCHANGED)
            else:
                self.fresh.add(record)

    def _shift(self) -> None:
        """Give records that moved within the file their articles back, all at once, because they move in chains."""
        if not self.shifted:
            return
        with self.desk.catalog.transaction() as writing:
            for old in self.shifted.values():
                writing.delete("DELETE FROM places WHERE source = ? AND path = ? AND record = ?", (*self._key, old))
            for record, old in self.shifted.items():
                raw_digest, article, _ = self.known[old]
                writing.put(PLACES, *self._key, record, article, raw_digest, 0)
                settle(writing, article, self._key, (*self._key, record))

    def _take_fresh(self) -> None:
        if not self.fresh:
            return
        items = self.desk.ahead.read(self.file)
        fresh = (item for item in items if isinstance(item, Draft) and (item.record or "") in self.fresh)
        for draft in self.desk.ahead.prepare(fresh):
            self._take(draft)

    def _done(self, writing: Transaction) -> None:
        self.desk.standing.file_done(writing, self.source, self.at.path)
        if self.again:
            return
        there = "SELECT record FROM places WHERE source = ? AND path = ? AND gone = 0"
        for (record,) in writing.rows(there, self._key):
            if record not in self.held:
                lose_place(writing, (*self._key, record), LOST)
        if self.banned and not writing.row("SELECT 1 FROM places WHERE source = ? AND path = ?", self._key):
            return  # of a file that holds nothing but what was purged not even the name is kept
        writing.put(FILES, *self.at.row)
