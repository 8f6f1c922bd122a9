"""Taking in the records of one file, and telling which of them it holds no more.

What the catalog knows of the file is read once, before it; what changed is written once, after it, together with its
last record. So a file of one article is one unit of work, and one of many loses nothing that was finished when it is
cut short.

A file of many records that was read before is first matched with what it held, by the bytes of each record: lines that
merely moved, because one was put before them, stay the articles they were. Only what is left is taken as an edit or as
new, in a second reading, so that nothing but digests is held in memory.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import monotonic
from typing import Final, Self

from archive.catalog.article_rows import lose_place, settle
from archive.catalog.database import Catalog
from archive.catalog.rows import FileRow, Place, PlaceRow
from archive.catalog.tables import files, places
from archive.catalog.transaction import Transaction
from archive.core.article import Draft, Refusal, Source
from archive.core.errors import ArchiveError
from archive.ingest.prefetch import Prefetcher
from archive.ingest.refusals import CUT_SHORT, TRY_AGAIN, RefusalLog
from archive.ingest.upsert import ArticleWriter, Outcome, Taken, is_known
from archive.purge.reentry import ReentryCheck

# What is written together, to the disk once: more saves little, and a kill loses it, a notebook waits for it.
_TOGETHER: Final = 32  # records
_CHARACTERS: Final = 100_000  # of their texts: a tenth of a second where they are prepared then; chosen
_LONGEST: Final = 0.5  # seconds that one waits for others behind it


@dataclass(frozen=True, slots=True)
class Tools:
    """What taking in a file needs: where to write, who reads and writes, what may not come back, whom to tell."""

    catalog: Catalog
    writer: ArticleWriter
    reentry: ReentryCheck
    prefetcher: Prefetcher
    refusals: RefusalLog
    count: Callable[..., None]


@dataclass(frozen=True, slots=True)
class FileState:
    """A file as it was found, beside what the catalog knows of it.

    Attributes:
        row: the file as it is now.
        file: where it lies on this machine.
        known: what each of its records was when it was last read, those that were gone included.
        refused: whether something of it was refused then.
        outdated: the records that older rules made and that are to be made anew; None where the bytes have changed.
    """

    source: Source
    row: FileRow
    file: Path
    known: dict[str, PlaceRow]
    refused: bool
    outdated: frozenset[str] | None = None

    @classmethod
    def of(cls, catalog: Catalog, source: Source, row: FileRow, file: Path, *, refused: bool) -> Self:
        """Ask the catalog for what it knows of a file."""
        known = places.in_file(catalog, (row.source, row.path))
        return cls(source, row, file, {place.record: place for place in known}, refused)

    def place(self, record: str | None) -> Place:
        """Return where a record of the file is."""
        return Place(self.row.source, self.row.path, record or "")


@dataclass(slots=True)
class FileReading:
    """One reading of one file.

    Attributes:
        seen: the records it holds now.
        moved: records that were there before under another name, which is their value.
        fresh: records that were not there before as they are now.
        refusals: what was refused in it.
        outdated: records that are to be made anew though their bytes are the same, by their names now.
        retry: some record is to be tried again at the next run.
        purged: some record was purged.
    """

    tools: Tools
    state: FileState
    seen: set[str] = field(default_factory=set)
    moved: dict[str, str] = field(default_factory=dict)
    fresh: set[str] = field(default_factory=set)
    refusals: list[Refusal] = field(default_factory=list)
    outdated: set[str] = field(default_factory=set)
    retry: bool = False
    purged: bool = False

    def __post_init__(self) -> None:
        """Begin with what is to be made anew."""
        self.outdated |= self.state.outdated or set()

    def run(self) -> None:
        """Take in the file; it counts as read only when all of it could be."""
        if set(self.state.known) <= {""}:
            self._take_all(self.tools.prefetcher.prepare(self.state.file, self._drafts()))
        else:
            self._match()
            self._move()
            self._take_all(self.tools.prefetcher.prepare(self.state.file, self._fresh_drafts()))

    def _drafts(self) -> Iterator[Draft]:
        for item in self.tools.prefetcher.read(self.state.file):
            if isinstance(item, Refusal):
                self._refuse(item)
                continue
            self.seen.add(item.record or "")
            refusal = self.tools.reentry.refusal(item, self.state.source, self.state.row.path, self.state.file)
            if refusal is None:
                yield item
            else:
                self.purged = True
                self.tools.refusals.mention(refusal)

    def _fresh_drafts(self) -> Iterator[Draft]:
        """Yield the records that are not known, of a second reading.

        One that the first reading met and this one does not is no fault of the file: it has changed meanwhile, or the
        machine was too busy to read so far again. The next run reads it anew.
        """
        if not self.fresh:
            return
        missing = set(self.fresh)
        for item in self.tools.prefetcher.read(self.state.file):
            if isinstance(item, Refusal):
                self._refuse(item)
            elif (item.record or "") in self.fresh:
                missing.discard(item.record or "")
                yield item
        self.retry |= bool(missing)

    def _match(self) -> None:
        elsewhere: defaultdict[str, list[str]] = defaultdict(list)
        for record, row in reversed(self.state.known.items()):
            elsewhere[row.raw_digest].append(record)
        for draft in self._drafts():
            record, same = draft.record or "", elsewhere[draft.raw_digest]
            if record in same and not self.state.known[record].gone:
                same.remove(record)
            elif same:
                self.moved[record] = same.pop()
            else:
                self.fresh.add(record)
                continue
            if self.moved.get(record, record) in self.outdated:
                self.outdated.add(record)
                self.fresh.add(record)
            else:
                was = self.state.known[self.moved.get(record, record)]
                self.tools.count(Taken(Outcome.BACK if was.gone else Outcome.UNCHANGED))

    def _move(self) -> None:
        """Give records that moved within the file their articles back, all at once, because they move in chains."""
        if not self.moved:
            return
        rows = {record: replace(self.state.known[old], record=record, gone=0) for record, old in self.moved.items()}
        with self.tools.catalog.transaction() as writing:
            for old in self.moved.values():
                places.delete(writing, self.state.place(old))
            for row in rows.values():
                places.write(writing, row)
                settle(writing, row.article, row.place.file, row.place)
        for old in self.moved.values():
            del self.state.known[old]
        self.state.known.update(rows)

    def _refuse(self, refusal: Refusal) -> None:
        self.retry |= refusal.code in TRY_AGAIN
        self.refusals.append(refusal)

    def _take_all(self, items: Iterable[Draft | Refusal]) -> None:
        """Take drafts, a few in one unit of work, the last ones together with what is known of the file."""
        drafts, characters, began = list[Draft](), 0, monotonic()
        most = 1 if self.tools.reentry.is_any else _TOGETHER
        try:
            for item in items:
                if isinstance(item, Refusal):
                    self._refuse(item)
                    self.seen.discard(item.record or "")
                    continue
                if len(drafts) >= most or characters >= _CHARACTERS or (drafts and monotonic() - began > _LONGEST):
                    full, drafts, characters, began = drafts, [], 0, monotonic()
                    self._take(full)
                drafts.append(item)
                characters += len(item.text)
        except BaseException:
            if drafts:
                with suppress(ArchiveError, OSError):  # what ends the reading is told
                    self._take(drafts)
            raise
        self._take(drafts, is_all=True)

    def _take(self, drafts: Sequence[Draft], *, is_all: bool = False) -> None:
        with self.tools.catalog.transaction() as writing:
            taken = [self._write_unless_current(writing, draft) for draft in drafts]
            if is_all:
                self._done(writing)
        self.tools.count(*taken)

    def _write_unless_current(self, writing: Transaction, draft: Draft) -> Taken:
        return Taken(Outcome.UNCHANGED) if self._is_current(draft) else self._write(writing, draft)

    def _write(self, writing: Transaction, draft: Draft) -> Taken:
        place = self.state.place(draft.record)
        before = self.state.known.get(place.record) or self._parted(writing, draft)
        article, taken = self.tools.writer.write(writing, draft, place, before)
        if taken.outcome is not Outcome.UNCHANGED:
            self.tools.refusals.note_unread(str(self.state.file), draft)
        self.state.known[place.record] = place.holding(article, draft.raw_digest)
        return taken

    def _parted(self, writing: Transaction, draft: Draft) -> PlaceRow | None:
        """Let the first record of a file that held one article, and is now read as several, be that article.

        Its title and day were those of the first; as an article of its own it would stay searchable with all of them.
        Where the bytes are the same, a newer reader made the other text of it, and nobody edited anything.
        """
        whole = self.state.known.get("")
        if not draft.record or whole is None or whole.gone:
            return None
        raw_digest = whole.raw_digest if self.state.outdated is None else draft.raw_digest
        row = replace(whole, record=draft.record, raw_digest=raw_digest)
        places.delete(writing, self.state.place(None))
        places.write(writing, row)
        settle(writing, row.article, row.place.file, row.place)
        del self.state.known[""]
        return row

    def _is_current(self, draft: Draft) -> bool:
        record = draft.record or ""
        return record not in self.outdated and is_known(draft, self.state.known.get(record))

    def _done(self, writing: Transaction) -> None:
        """Write down that the file was read, what of it is refused and which records it has lost."""
        self.tools.refusals.file_read(writing, self.state, self.refusals, whole=not self.retry)
        if self.retry:
            return
        for record, row in self.state.known.items():
            if not row.gone and record not in self.seen and self._tells_of(record):
                lose_place(writing, row, places.LOST)
        if self.purged and not self.state.known:
            return  # of a file that holds nothing but what was purged not even the name is kept
        files.write(writing, self.state.row)

    def _tells_of(self, record: str) -> bool:
        """Tell whether a record that was not met is not in the file any more, as far as the reading shows.

        One that is refused now, of the same bytes as then, is there; and so may be what lies behind the end of a
        reading that was cut short.
        """
        if self.state.outdated is not None:
            return not self.refusals
        return not record or not any(each.record is None and each.code in CUT_SHORT for each in self.refusals)
