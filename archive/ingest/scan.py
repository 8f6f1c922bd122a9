"""Looking through a source: what is new, changed, moved or gone since the last time.

A file of the same size and time is not read; one of the same digest is not parsed. A file whose old place is gone and
whose digest is known has moved. What has vanished is marked, never removed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from archive.catalog.article_rows import lose_place
from archive.catalog.database import Catalog
from archive.catalog.rows import FileRow
from archive.catalog.tables import articles, files, meta, places, refusals
from archive.catalog.tables.files import KnownFile
from archive.core.article import IngestReport, Refusal, Source
from archive.core.progress import Looked, Progress, Step
from archive.core.system_limits import raise_exhaustion
from archive.folder.files import sha256_file
from archive.folder.paths import relative, vanished, within
from archive.ingest import walk
from archive.ingest.file_records import FileReading, FileState, Tools
from archive.ingest.known_files import KnownFiles
from archive.ingest.moves import follow, revive
from archive.ingest.prefetch import Prefetcher
from archive.ingest.refusals import TRY_AGAIN, RefusalLog
from archive.ingest.upsert import ArticleWriter, Outcome, Taken
from archive.purge.reentry import ReentryCheck
from archive.readers import Limits, Reader, suffixes

# Chosen, not measured: often enough to be seen, seldom enough to cost nothing.
_TOLD_EVERY: Final = 10
# The name under which a catalog remembers the readers and limits by which it was last read.
READERS_KEY: Final = "readers"


class Ingest:
    """One run over one or more sources.

    Attributes:
        is_any_back: whether anything was found that had been gone; older rules may have made it.

    Args:
        catalog: to write to, under the archive's lock.
        writer: writes drafts into it.
        prefetcher: reads files.
        reentry: tells what was purged and may not come back.
        exclude: folders not to look into.
        progress: told of every tenth article and every tenth file, and of the last article.
    """

    def __init__(
        self,
        catalog: Catalog,
        writer: ArticleWriter,
        prefetcher: Prefetcher,
        reentry: ReentryCheck,
        exclude: Sequence[Path],
        progress: Progress | None,
    ) -> None:
        self.is_any_back = False
        self._catalog = catalog
        self._prefetcher = prefetcher
        self._exclude = exclude
        self._progress = progress
        self._refusals = RefusalLog(catalog)
        self._counts: Counter[str] = Counter()
        self._again: Counter[str] = Counter()
        self._damage: Counter[str] = Counter()
        self._files = 0
        self._tools = Tools(catalog, writer, reentry, prefetcher, self._refusals, self._count)

    def scan(self, source: Source, below: Path) -> None:
        """Look through a source, or the part of it below a path."""
        scope = scope_of(source, below)
        seen, hidden = set[str](), list[str]()
        known, coming = (KnownFiles(self._catalog, source.id) for _ in range(2))

        def is_wanted(file: Path) -> bool:
            return _is_changed(file, coming.get(relative(source.root, file)))

        for looked, item in enumerate(self._prefetcher.files(walk.files(below, self._exclude), is_wanted), 1):
            self._files += 1
            if looked % _TOLD_EVERY == 0:
                self._tell()
            if not isinstance(item, Refusal):
                self._file(source, _unmet(seen, source, item), item, known)
            elif item.path == str(below) and vanished(below):
                self._root_vanished(source, scope, item)
            else:
                path = scope if item.path == str(below) else relative(source.root, Path(item.path))
                hidden += [path] if item.code in TRY_AGAIN else []
                self._refusals.refuse(source, path, item)
        self._finish(source, scope, seen, hidden)

    def tools_again(self) -> Tools:
        """Return what it takes to read files again that the run has looked at; nothing unchanged is counted twice."""
        return replace(self._tools, count=self._count_again)

    def report(self) -> IngestReport:
        """Return what the run found; ``missing`` counts the articles of the whole archive that are gone now."""
        self._tell(self._counts.total())
        return IngestReport(
            added=self._counts["added"],
            changed=self._counts["changed"],
            unchanged=self._counts["unchanged"],
            moved=self._counts["moved"],
            missing=articles.count_gone(self._catalog),
            refusals=self._refusals.all,
            new_refusals=tuple(self._refusals.new),
            reprocessed=self._again["articles"],
            reprocessed_passages=self._again["passages"],
            unread=self._refusals.unread,
            damaged=self._damage["articles"],
            damage=self._damage["characters"],
        )

    def _file(self, source: Source, path: str, file: Path, known_files: KnownFiles) -> None:
        known = known_files.get(path)
        try:
            row = _looked_at(source, path, file, known, has_reader=self._prefetcher.has_reader(file))
        except OSError as error:
            raise_exhaustion(error)
            reason = f"It cannot be read: {error.strerror or error}."
            self._refusals.refuse(source, path, Refusal(str(file), None, "unreadable", reason))
            return
        if known is not None and known.row.digest == row.digest and not (row.digest and self._tools.reentry.lifting):
            self._same(source, row, known)
        elif known is None and row.digest and (moved := follow(self._catalog, row)) is not None:
            self.is_any_back = True
            self._add({"moved": moved})
            self._refusals.keep(source, path)
        else:
            refused = known is not None and known.refused
            FileReading(self._tools, FileState.of(self._catalog, source, row, file, refused=refused)).run()

    def _same(self, source: Source, row: FileRow, known: KnownFile) -> None:
        """Leave a file that holds what it held; one that had vanished is back."""
        count = known.places
        if known.row.gone:
            self.is_any_back = True
            count = revive(self._catalog, row)
        elif not known.is_as(row.size, row.mtime_ns):
            with self._catalog.transaction() as writing:
                files.write(writing, row)
        self._add({"unchanged": count})
        if known.refused:
            self._refusals.keep(source, row.path)

    def _root_vanished(self, source: Source, scope: str, refusal: Refusal) -> None:
        """Tell that nothing is where a source was, as long as it holds articles; they may all have moved."""
        if any(within(path, scope) for path in places.files_of(self._catalog, source.id)):
            reason = "It is not there any more; its articles stay searchable. Is a disk not mounted?"
            self._refusals.refuse(source, scope, Refusal(refusal.path, None, refusal.code, reason))

    def _finish(self, source: Source, scope: str, seen: set[str], hidden: list[str]) -> None:
        def is_hidden(path: str) -> bool:
            return any(within(path, folder) for folder in hidden)

        for path in files.paths(self._catalog, source.id):
            if path not in seen and within(path, scope) and not is_hidden(path):
                self._vanished(source, path)
        self._refusals.scan_done(source, scope, is_hidden)

    def _vanished(self, source: Source, path: str) -> None:
        key = (source.id, path)
        with self._catalog.transaction() as writing:
            for place in places.in_file(writing, key):
                if not place.gone:
                    lose_place(writing, place, places.WITH_FILE)
            row = files.read(writing, key)
            if row is not None:
                files.write(writing, replace(row, gone=1))

    def _count(self, *taken: Taken) -> None:
        """Count what was taken in together, before anybody is told, who may end the run."""
        for one in taken:
            self.is_any_back |= one.outcome is Outcome.BACK
            if one.damage:
                self._damage.update(articles=1, characters=one.damage)
        self._add(Counter("unchanged" if one.outcome is Outcome.BACK else str(one.outcome) for one in taken))

    def _count_again(self, *taken: Taken) -> None:
        for one in taken:
            if one.outcome is Outcome.REPROCESSED:
                self._again.update(articles=1, passages=one.passages)
        self._count(*(one for one in taken if one.outcome not in (Outcome.REPROCESSED, Outcome.UNCHANGED)))

    def _add(self, more: Mapping[str, int]) -> None:
        before = self._counts.total()
        self._counts.update(more)
        if self._counts.total() // _TOLD_EVERY > before // _TOLD_EVERY:
            self._tell()

    def _tell(self, total: int | None = None) -> None:
        if self._progress is not None:
            kinds = {kind: self._counts[kind] for kind in ("added", "changed", "unchanged", "moved")}
            looked = Looked(self._files, **kinds, refused=self._refusals.count)
            self._progress(Step("reading", self._counts.total(), total, looked=looked))


def scope_of(source: Source, below: Path) -> str:
    """Return the part of a source below a path, as a relative path; empty for all of it."""
    return "" if below == Path(source.root) else relative(source.root, below)


def read_refused_again(catalog: Catalog, limits: Limits, readers: Sequence[Reader], before: str | None) -> None:
    """Forget the files that hold refusals when readers or limits have changed, so that they are tried again.

    Args:
        catalog: to write to.
        limits: of the readers.
        readers: that read now.
        before: what the catalog remembers of readers and limits, under ``READERS_KEY``.
    """
    now = f"{limits} {' '.join(sorted(reader.label for reader in readers))} {' '.join(sorted(suffixes(readers)))}"
    if before == now:
        return
    with catalog.transaction() as writing:
        for key in refusals.files(writing) if before is not None else []:
            row = files.read(writing, key)
            if row is not None:
                files.write(writing, replace(row, size=-1, mtime_ns=-1, digest="changed readers"))
        meta.write(writing, READERS_KEY, now)


def _unmet(seen: set[str], source: Source, file: Path) -> str:
    """Name a file within its source; of two whose names differ in composition only, the second as it is on disk."""
    path = relative(source.root, file)
    if path in seen:
        path = file.relative_to(source.root).as_posix()
    seen.add(path)
    return path


def _is_changed(file: Path, known: KnownFile | None) -> bool:
    """Tell whether a file looks as if it had to be read."""
    try:
        status = file.stat()
    except OSError:
        return False
    return known is None or not known.is_as(status.st_size, status.st_mtime_ns)


def _looked_at(source: Source, path: str, file: Path, known: KnownFile | None, *, has_reader: bool) -> FileRow:
    """Find a file's digest: from the catalog if size and time are the same, without one if no reader takes it."""
    status = file.stat()
    size, mtime = status.st_size, status.st_mtime_ns
    if known is not None and known.is_as(size, mtime):
        digest = known.row.digest
    else:
        digest = sha256_file(file) if has_reader else ""
    return FileRow(source.id, path, size, mtime, digest)
