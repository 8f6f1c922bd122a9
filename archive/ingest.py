"""Looking through a source: what is new, changed, moved or gone since the last time.

A file of the same size and time is not read; one of the same digest is not parsed. A file whose old place is gone and
whose digest is known has moved. What has vanished is marked, never removed.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from archive.article import Draft, IngestReport, Locator, Refusal, Source
from archive.catalog import Catalog
from archive.changes import lose_place, update_article
from archive.files import sha256_file
from archive.progress import Progress, Step
from archive.readers import Limits, read
from archive.records import absolute
from archive.rows import FILES, PLACES, REFUSALS
from archive.taking import Taker, now_utc
from archive.walk import files

_TRY_AGAIN = frozenset({"unreadable"})


@dataclass(slots=True)
class _Tally:
    counts: Counter[str] = field(default_factory=Counter)
    refusals: list[Refusal] = field(default_factory=list)
    fresh: list[Refusal] = field(default_factory=list)


class Ingest:
    """One run over one or more sources.

    Args:
        catalog: to write to, under the archive's lock.
        taker: takes drafts in.
        limits: of the readers.
        exclude: folders not to look into.
    """

    def __init__(
        self, catalog: Catalog, taker: Taker, limits: Limits, exclude: Sequence[Path], progress: Progress | None
    ) -> None:
        self._catalog = catalog
        self._taker = taker
        self._limits = limits
        self._exclude = exclude
        self._progress = progress
        self._tally = _Tally()
        self._done = 0

    def scan(self, source: Source, below: Path) -> None:
        """Look through a source, or the part of it below a path."""
        seen: set[str] = set()
        reached = below.exists()
        for found in files(below, self._exclude):
            if isinstance(found, Refusal):
                self._refuse(source, relative(source, Path(found.path)), None, found)
                continue
            path = relative(source, found)
            seen.add(path)
            self._file(source, path, found)
        if reached:
            self._vanished(source, below, seen)

    def report(self) -> IngestReport:
        """Return what the run found."""
        found = self._catalog.row("SELECT count(*) FROM articles WHERE gone = 1 AND removed IS NULL")
        counts = self._tally.counts
        return IngestReport(
            added=counts["added"],
            changed=counts["changed"],
            unchanged=counts["unchanged"],
            moved=counts["moved"],
            missing=int(found[0]) if found else 0,
            refusals=tuple(self._tally.refusals),
            new_refusals=tuple(self._tally.fresh),
        )

    def _file(self, source: Source, path: str, file: Path) -> None:
        try:
            status = file.stat()
            known = self._catalog.row(
                "SELECT size, mtime_ns, digest, gone FROM files WHERE source = ? AND path = ?", (source.id, path)
            )
            if known is not None and known[:2] == (status.st_size, status.st_mtime_ns) and not known[3]:
                self._same(source, path)
                return
            digest = sha256_file(file)
        except OSError as error:
            reason = f"It cannot be read: {error.strerror or error}."
            self._refuse(source, path, None, Refusal(str(file), None, "unreadable", reason))
            return
        row = (source.id, path, status.st_size, status.st_mtime_ns, digest, 0)
        if known is not None and known[2] == digest and not known[3]:
            with self._catalog.transaction() as writing:
                writing.put(FILES, *row)
            self._same(source, path)
        elif known is None and self._moved(source, path, digest, row):
            return
        else:
            self._read(source, path, file, row)

    def _same(self, source: Source, path: str) -> None:
        found = self._catalog.row(
            "SELECT count(*) FROM places WHERE source = ? AND path = ? AND gone = 0", (source.id, path)
        )
        self._count("unchanged", int(found[0]) if found else 0)
        standing = self._catalog.rows(
            "SELECT record, code, reason FROM refusals WHERE source = ? AND path = ?", (source.id, path)
        )
        name = absolute(source.root, path)
        self._tally.refusals += [Refusal(name, record or None, code, reason) for record, code, reason in standing]

    def _moved(self, source: Source, path: str, digest: str, row: tuple[str, str, int, int, str, int]) -> bool:
        """Recognise a file that was elsewhere before and is not there any more."""
        for old_source, old_path, root in self._catalog.rows(
            "SELECT f.source, f.path, s.root FROM files f JOIN sources s ON s.id = f.source WHERE f.digest = ?",
            (digest,),
        ):
            if Path(absolute(root, old_path)).exists():
                continue
            with self._catalog.transaction() as writing:
                places = writing.rows(
                    "SELECT record, article, raw_digest FROM places WHERE source = ? AND path = ?",
                    (old_source, old_path),
                )
                for table in ("files", "places", "refusals"):
                    writing.delete(f"DELETE FROM {table} WHERE source = ? AND path = ?", (old_source, old_path))
                for record, article, raw_digest in places:
                    writing.put(PLACES, source.id, path, record, article, raw_digest, 0)
                    update_article(writing, article, source=source.id, path=path, record=record, gone=0)
                writing.put(FILES, *row)
            self._count("moved", len(places))
            return True
        return False

    def _read(self, source: Source, path: str, file: Path, row: tuple[str, str, int, int, str, int]) -> None:
        before = {
            record
            for (record,) in self._catalog.rows(
                "SELECT record FROM places WHERE source = ? AND path = ? AND gone = 0", (source.id, path)
            )
        }
        standing = {
            record: code
            for record, code in self._catalog.rows(
                "SELECT record, code FROM refusals WHERE source = ? AND path = ?", (source.id, path)
            )
        }
        again, kept = False, set()
        for item in read(file, self._limits):
            if isinstance(item, Draft):
                kept.add(item.record or "")
                self._count(self._taker.take(item, Locator(source.id, path, item.record)))
            else:
                kept.add(f"refused {item.record or ''}")
                again |= item.code in _TRY_AGAIN
                self._refuse(source, path, item.record, item)
        with self._catalog.transaction() as writing:
            for record in set(standing) - {key[8:] for key in kept if key.startswith("refused ")}:
                writing.delete(
                    "DELETE FROM refusals WHERE source = ? AND path = ? AND record = ?", (source.id, path, record)
                )
            if not again:
                for record in before - kept:
                    lose_place(writing, source.id, path, record)
                writing.put(FILES, *row)

    def _refuse(self, source: Source, path: str, record: str | None, refusal: Refusal) -> None:
        key = (source.id, path, record or "")
        known = self._catalog.row("SELECT code FROM refusals WHERE source = ? AND path = ? AND record = ?", key)
        self._tally.refusals.append(refusal)
        if known is None or known[0] != refusal.code:
            self._tally.fresh.append(refusal)
        if known is None or known[0] != refusal.code:
            with self._catalog.transaction() as writing:
                writing.put(REFUSALS, *key, refusal.code, refusal.reason, now_utc())

    def _vanished(self, source: Source, below: Path, seen: set[str]) -> None:
        scope = relative(source, below)
        for (path,) in self._catalog.rows("SELECT path FROM files WHERE source = ? AND gone = 0", (source.id,)):
            if path in seen or not _within(path, scope, source, below):
                continue
            with self._catalog.transaction() as writing:
                for (record,) in writing.rows(
                    "SELECT record FROM places WHERE source = ? AND path = ? AND gone = 0", (source.id, path)
                ):
                    lose_place(writing, source.id, path, record)
                known = writing.row(
                    "SELECT size, mtime_ns, digest FROM files WHERE source = ? AND path = ?", (source.id, path)
                )
                if known is not None:
                    writing.put(FILES, source.id, path, *known, 1)
                writing.delete("DELETE FROM refusals WHERE source = ? AND path = ?", (source.id, path))

    def _count(self, what: str, more: int = 1) -> None:
        self._tally.counts[what] += more
        before, self._done = self._done, self._done + more
        if self._progress is not None and self._done // 50 > before // 50:
            self._progress(Step("reading", self._done, None))


def relative(source: Source, file: Path) -> str:
    """Return the path of a file within its source: NFC, with ``/``; the name itself when the source is that file."""
    root = Path(source.root)
    path = file.relative_to(root).as_posix() if file != root else ("" if root.is_dir() else root.name)
    return unicodedata.normalize("NFC", path)


def _within(path: str, scope: str, source: Source, below: Path) -> bool:
    whole = below == Path(source.root) or scope == ""
    return whole or path == scope or path.startswith(f"{scope}/")
