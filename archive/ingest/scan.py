"""Looking through a source: what is new, changed, moved or gone since the last time.

A file of the same size and time is not read; one of the same digest is not parsed. A file whose old place is gone and
whose digest is known has moved. What has vanished is marked, never removed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from archive.catalog.article_rows import WITH_FILE, lose_place
from archive.catalog.database import Catalog
from archive.catalog.schema import FILES, META
from archive.core.article import IngestReport, Refusal, Source
from archive.core.progress import Progress, Step
from archive.folder.files import sha256_file
from archive.folder.paths import relative, vanished, within
from archive.ingest.file_records import Desk, Filing
from archive.ingest.known_files import FileAt, Known, KnownFile
from archive.ingest.moves import follow, revive
from archive.ingest.prefetch import Ahead
from archive.ingest.refusals import TRY_AGAIN, Standing
from archive.ingest.upsert import Taker
from archive.ingest.walk import files
from archive.purge.reentry import Bans
from archive.readers import Limits, Reader, suffixes

_TOLD_EVERY = 10
_PLACES = "SELECT DISTINCT path FROM places WHERE source = ?"


class Ingest:
    """One run over one or more sources.

    Args:
        catalog: to write to, under the archive's lock.
        taker: takes drafts in.
        ahead: reads files.
        bans: of what was purged.
        exclude: folders not to look into.
        progress: told of every tenth article and every tenth file, and of the last article.
    """

    def __init__(
        self,
        catalog: Catalog,
        taker: Taker,
        ahead: Ahead,
        bans: Bans,
        exclude: Sequence[Path],
        progress: Progress | None,
    ) -> None:
        self._catalog = catalog
        self._exclude = exclude
        self._progress = progress
        self._ahead = ahead
        self._standing = Standing(catalog)
        self._counts: Counter[str] = Counter()
        self._desk = Desk(catalog, taker, bans, ahead, self._standing, self._count)

    def scan(self, source: Source, below: Path) -> None:
        """Look through a source, or the part of it below a path."""
        scope = "" if below == Path(source.root) else relative(source.root, below)
        seen, hidden = set[str](), list[str]()
        known, coming = (Known(self._catalog, source.id) for _ in range(2))

        def is_changed(file: Path) -> bool:
            return _is_changed(file, coming.get(relative(source.root, file)))

        for looked, found in enumerate(self._ahead.files(files(below, self._exclude), is_changed), 1):
            if looked % _TOLD_EVERY == 0:
                self._tell()
            if not isinstance(found, Refusal):
                path = _unmet(seen, source, found)
                self._file(source, path, found, known.get(path))
            elif found.path == str(below) and vanished(below):
                self._root_vanished(source, scope, found)
            else:
                path = scope if found.path == str(below) else relative(source.root, Path(found.path))
                hidden += [path] if found.code in TRY_AGAIN else []
                self._standing.refuse(source, path, found)
        self._finish(source, scope, seen, hidden)

    def report(self) -> IngestReport:
        """Return what the run found; ``missing`` counts the articles of the whole archive that are gone now."""
        found = self._catalog.row("SELECT count(*) FROM articles WHERE gone = 1 AND removed IS NULL")
        done = self._counts.total()
        if self._progress is not None:
            self._progress(Step("reading", done, done))
        return IngestReport(
            added=self._counts["added"],
            changed=self._counts["changed"],
            unchanged=self._counts["unchanged"],
            moved=self._counts["moved"],
            missing=int(found[0]) if found else 0,
            refusals=tuple(self._standing.all),
            new_refusals=tuple(self._standing.fresh),
        )

    def _file(self, source: Source, path: str, file: Path, known: KnownFile | None) -> None:
        try:
            at = _looked_at(source, path, file, known, has_reader=self._ahead.has_reader(file))
        except OSError as error:
            reason = f"It cannot be read: {error.strerror or error}."
            self._standing.refuse(source, path, Refusal(str(file), None, "unreadable", reason))
            return
        if known is not None and known.digest == at.digest and not (at.digest and self._desk.bans.lifting):
            self._same(source, at, known)
        elif known is None and at.digest and (moved := follow(self._catalog, at)) is not None:
            self._count("moved", moved)
            self._standing.keep(source, path)
        else:
            Filing(self._desk, source, file, at).run()

    def _same(self, source: Source, at: FileAt, known: KnownFile) -> None:
        """Leave a file that holds what it held; one that had vanished is back."""
        places = known.places
        if known.gone:
            places = revive(self._catalog, at)
        elif known[:2] != (at.size, at.mtime_ns):
            with self._catalog.transaction() as writing:
                writing.put(FILES, *at.row)
        self._count("unchanged", places)
        if known.refused:
            self._standing.keep(source, at.path)

    def _root_vanished(self, source: Source, scope: str, refusal: Refusal) -> None:
        """Tell that nothing is where a source was, as long as it holds articles; they may all have moved."""
        if any(within(path, scope) for (path,) in self._catalog.rows(_PLACES, (source.id,))):
            reason = "It is not there any more; its articles stay searchable. Is a disk not mounted?"
            self._standing.refuse(source, scope, Refusal(refusal.path, None, refusal.code, reason))

    def _finish(self, source: Source, scope: str, seen: set[str], hidden: list[str]) -> None:
        def is_hidden(path: str) -> bool:
            return any(within(path, folder) for folder in hidden)

        for (path,) in self._catalog.rows("SELECT path FROM files WHERE source = ? AND gone = 0", (source.id,)):
            if path not in seen and within(path, scope) and not is_hidden(path):
                self._vanished(source, path)
        self._standing.scan_done(source, scope, is_hidden)

    def _vanished(self, source: Source, path: str) -> None:
        key = (source.id, path)
        with self._catalog.transaction() as writing:
            there = "SELECT record FROM places WHERE source = ? AND path = ? AND gone = 0"
            for (record,) in writing.rows(there, key):
                lose_place(writing, (*key, record), WITH_FILE)
            known = writing.row("SELECT size, mtime_ns, digest FROM files WHERE source = ? AND path = ?", key)
            if known is not None:
                writing.put(FILES, *key, *known, 1)

    def _count(self, what: str, more: int = 1) -> None:
        before = self._counts.total()
        self._counts[what] += more
        done = before + more
        if done // _TOLD_EVERY > before // _TOLD_EVERY:
            self._tell()

    def _tell(self) -> None:
        if self._progress is not None:
            self._progress(Step("reading", self._counts.total(), None))


def read_refused_again(catalog: Catalog, limits: Limits, readers: Sequence[Reader]) -> None:
    """Forget the files that hold refusals when readers or limits have changed, so that they are tried again."""
    now = f"{limits} {' '.join(sorted(reader.label for reader in readers))} {' '.join(sorted(suffixes(readers)))}"
    before = catalog.meta("readers")
    if before == now:
        return
    with catalog.transaction() as writing:
        refused = writing.rows("SELECT DISTINCT source, path FROM refusals") if before is not None else []
        for key in refused:
            known = writing.row("SELECT gone FROM files WHERE source = ? AND path = ?", key)
            if known is not None:
                writing.put(FILES, *key, -1, -1, "changed readers", known[0])
        writing.put(META, "readers", now)


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
    return known is None or known[:2] != (status.st_size, status.st_mtime_ns)


def _looked_at(source: Source, path: str, file: Path, known: KnownFile | None, *, has_reader: bool) -> FileAt:
    """Find a file's digest: from the catalog if size and time are the same, without one if no reader takes it."""
    status = file.stat()
    size, mtime = status.st_size, status.st_mtime_ns
    if known is not None and known[:2] == (size, mtime):
        digest = known.digest
    else:
        digest = sha256_file(file) if has_reader else ""
    return FileAt(source.id, path, size, mtime, digest)
