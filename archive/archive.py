"""An archive of articles: adding, updating, listing, removing. The public face of this package."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from threading import RLock
from types import TracebackType
from typing import TYPE_CHECKING, Self

from archive.catalog import mapping
from archive.catalog.database import Catalog
from archive.catalog.parts import has_parts, parts_at, parts_of
from archive.catalog.snapshot import Snapshot
from archive.catalog.text_slices import Place, pieces
from archive.core.article import Article, Draft, IngestReport, Part, Passage, Refusal, Source, Version
from archive.core.errors import Action, Remedy, UnknownId
from archive.core.progress import Progress
from archive.folder.discovery import check_new, in_the_way, is_archive
from archive.folder.files import make_private_dir, sync_folder
from archive.folder.layout import Layout
from archive.folder.locking import writer_lock
from archive.folder.paths import outermost
from archive.folder.settings import Settings, create, load
from archive.ingest.sources import check_source
from archive.text.chunking import Rule

if TYPE_CHECKING:
    from archive.purge.purge import Purge, Purged, Stage, Trace
    from archive.readers import Reader


@dataclass(frozen=True, slots=True)
class Removal:
    """What ``remove`` or ``restore`` did: the identifiers of the articles it touched."""

    articles: tuple[str, ...]


class Archive:
    """An archive folder, open. Reading is safe from any thread; writing takes the archive's lock.

    Attributes:
        root: the folder.
        settings: as ``morgue.toml`` has them.
    """

    def __init__(
        self,
        root: Path,
        settings: Settings,
        catalog: Catalog,
        *,
        stands_for: Path | None = None,
        readers: Sequence[Reader] | None = None,
    ) -> None:
        self.root = root
        self._readers = readers
        self._child = stands_for or root
        self.layout = Layout(root)
        self.settings = settings
        self._catalog = catalog
        self._writing = RLock()
        self._depth = 0

    @classmethod
    def create(cls, root: Path | str, *, readers: Sequence[Reader] | None = None) -> Self:
        """Make a new archive in a new or empty folder, or open the one that is there.

        Args:
            root: the folder.
            readers: of the formats it can read; those of ``archive.readers.READERS`` unless given.

        Raises:
            UsageError: something else is in the folder, or it lies on a network file system.
            Busy: another process is making an archive there.
        """
        folder = Path(root).absolute()
        if not is_archive(folder):
            check_new(folder)
            layout = Layout(make_private_dir(folder))
            with writer_lock(layout):
                if not is_archive(folder):  # another process may have been faster
                    check_blank(layout)
                    _furnish(layout)
        return cls.open(folder, readers=readers)

    @classmethod
    def open(cls, root: Path | str, *, readers: Sequence[Reader] | None = None) -> Self:
        """Open an archive.

        Args:
            root: the folder.
            readers: of the formats it can read; those of ``archive.readers.READERS`` unless given.

        Raises:
            NotAnArchive: the folder is none.
            UsageError: its settings cannot be read.
            NewerArchive: a newer Morgue wrote it.
            Damaged: its catalog is missing or cannot be read.
        """
        layout = Layout(Path(root).absolute())
        settings = load(layout.settings)
        return cls(layout.root, settings, Catalog(layout.catalog), readers=readers)

    @property
    def id(self) -> str:
        """Return what names the archive."""
        return self.settings.id

    @property
    def readers(self) -> tuple[Reader, ...]:
        """Return the readers of the formats it can read."""
        from archive.readers import READERS

        return READERS if self._readers is None else tuple(self._readers)

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the archive for writing; may be entered again by the thread that holds it.

        Raises:
            Busy: another process is writing.
        """
        with self._writing:
            if self._depth:
                yield
                return
            with writer_lock(self.layout):
                self._depth += 1
                try:
                    yield
                finally:
                    self._depth -= 1

    def add(
        self,
        paths: Sequence[Path | str],
        rule: Rule,
        progress: Progress | None = None,
        *,
        purged: bool = False,
        jobs: int | None = None,
    ) -> IngestReport:
        """Read files and folders into the archive; what is known already is left as it is.

        Args:
            paths: files or folders; each becomes a source, unless it lies inside one.
            rule: how passages are packed; ``index.passage_rule`` gives the one of the settings' model.
            progress: told of each few articles.
            purged: take in again what was purged and lies there, instead of refusing it.
            jobs: how many processes may read; None for one a core.

        Raises:
            UsageError: a path does not exist, or holds an archive or lies in one.
            Busy: another process is writing.
        """
        with self.writing():
            return self._ingest(self._anchored(paths), rule, progress, purged=purged, jobs=jobs)

    def update(
        self,
        rule: Rule,
        progress: Progress | None = None,
        sources: Sequence[str] = (),
        *,
        jobs: int | None = None,
    ) -> IngestReport:
        """Look again at sources: take in what is new or changed, mark what is gone.

        Args:
            rule: how passages are packed.
            progress: told of each few articles.
            sources: identifiers of the sources to look at; all when there are none.
            jobs: how many processes may read; None for one a core.

        Raises:
            UnknownId: there is no source of one of the identifiers.
            Busy: another process is writing.
        """
        with self.writing():
            known = {source.id: source for source in self.sources()}
            for one in sources:
                if one not in known:
                    raise UnknownId(f"There is no source {one!r}.", remedy=Remedy(Action.LIST_SOURCES))
            self.scrub()
            wanted = [known[one] for one in dict.fromkeys(sources or known)]
            return self._ingest([(Path(source.root), source) for source in wanted], rule, progress, jobs=jobs)

    def add_plain(self, path: Path, rule: Rule, progress: Progress | None = None) -> int:
        """Take in a file of JSON Lines as it is, nothing hidden; for judged collections. Return how many articles.

        Raises:
            UsageError: there is no such file.
        """
        with self.writing():
            return self._ingest(self._anchored([path]), rule, progress, clean=False).added

    def preview(self, paths: Sequence[Path | str]) -> Iterator[Draft | Refusal]:
        """Yield what ``add`` would read, writing nothing.

        Raises:
            UsageError: a path does not exist, or holds an archive or lies in one.
        """
        from archive.ingest.preview import preview
        from archive.readers import Limits

        return preview([Path(path) for path in paths], self.root, Limits(self.settings.max_text), self.readers)

    def recut(self, rule: Rule, progress: Progress | None = None) -> int:
        """Cut every version into passages by another rule; return how many were, 0 where they keep it already.

        Raises:
            Busy: another process is writing.
        """
        from archive.ingest.rechunk import recut

        with self.writing():
            return recut(self._catalog, rule, progress)

    def sources(self) -> tuple[Source, ...]:
        """Return what was added, by the second of its adding, then by identifier."""
        rows = self._catalog.rows("SELECT id, root, added FROM sources WHERE removed IS NULL ORDER BY added, id")
        return tuple(mapping.source(row) for row in rows)

    def refusals(self) -> tuple[Refusal, ...]:
        """Return the files and records that are refused as things stand."""
        rows = self._catalog.rows(
            "SELECT s.root, r.path, r.record, r.code, r.reason FROM refusals r JOIN sources s ON s.id = r.source"
            " WHERE s.removed IS NULL ORDER BY r.source, r.path, r.record"
        )
        return tuple(mapping.refusal(row) for row in rows)

    def articles(self, source: str | None = None) -> Iterator[Article]:
        """Yield the articles, of one source or of all, in the order of identifiers."""
        only, values = (" AND a.source = ?", (source,)) if source else ("", ())
        with self._catalog.snapshot() as connection:
            rows = connection.execute(f"{mapping.ARTICLE} WHERE a.removed IS NULL{only} ORDER BY a.id", values)
            yield from (mapping.article(row) for row in rows)

    def article(self, article_id: str) -> Article:
        """Return one article.

        Raises:
            UnknownId: there is none of that identifier.
        """
        row = self._catalog.row(f"{mapping.ARTICLE} WHERE a.id = ? AND a.removed IS NULL", (article_id,))
        if row is None:
            raise UnknownId(f"There is no article {article_id!r}.", remedy=Remedy(Action.SEARCH))
        return mapping.article(row)

    def matching_ids(self, prefix: str, most: int = 10) -> tuple[str, ...]:
        """Return identifiers of articles that begin with ``prefix``, then of passages', then of sources'."""
        like = (f"{prefix}\U0010ffff", prefix, most)
        statement = "SELECT id FROM {table} WHERE id < ? AND id >= ? LIMIT ?"
        found = [
            row[0]
            for table in ("articles", "passages", "sources")
            for row in self._catalog.rows(statement.format(table=table), like)
        ]
        return tuple(dict.fromkeys(found))[:most]

    def versions(self, article_id: str) -> tuple[Version, ...]:
        """Return all versions of an article, oldest first.

        Raises:
            UnknownId: there is no such article.
        """
        self.article(article_id)
        rows = self._catalog.rows(f"{mapping.VERSION} WHERE article = ? ORDER BY seen, rowid", (article_id,))
        return tuple(mapping.version(row) for row in rows)

    def version(self, article_id: str, digest: str) -> Version:
        """Return one version of an article.

        Raises:
            UnknownId: there is none.
        """
        row = self._catalog.row(f"{mapping.VERSION} WHERE article = ? AND digest = ?", (article_id, digest))
        if row is None:
            what = f"The article {article_id} has no version {digest[:12]}."
            raise UnknownId(what, remedy=Remedy(Action.LIST_VERSIONS))
        return mapping.version(row)

    def passages(self, article_id: str, digest: str) -> tuple[Passage, ...]:
        """Return the passages of a version, in order.

        Raises:
            UnknownId: there is no such version.
        """
        version = self.version(article_id, digest)
        return mapping.passages(self._catalog.rows(mapping.PASSAGES, (article_id, digest)), version)

    def parts(self, article_id: str, digest: str) -> tuple[Part, ...]:
        """Return the parts by which a version can be cited (pages, records, messages), in order; most have none."""
        return parts_of(self._catalog, article_id, digest)

    def has_parts(self) -> bool:
        """Tell whether any version has parts; where none has, ``parts_at`` need not be asked."""
        return has_parts(self._catalog)

    def parts_at(self, places: Sequence[Place]) -> list[Part | None]:
        """Return the part that each piece of a version's text begins in, aligned; None where it is in none."""
        return parts_at(self._catalog, places)

    def passage(self, passage_id: str) -> Passage:
        """Return one passage of a current version, else of an older one.

        Raises:
            UnknownId: there is none of that identifier.
        """
        row = self._catalog.row(
            "SELECT p.article, p.version, p.start, p.stop FROM passages p JOIN articles a ON a.id = p.article"
            " WHERE p.id = ? AND a.removed IS NULL ORDER BY a.version = p.version DESC",
            (passage_id,),
        )
        if row is None:
            raise UnknownId(f"There is no passage {passage_id!r}.", remedy=Remedy(Action.SEARCH))
        article, digest, start, stop = row
        return Passage(passage_id, article, digest, start, stop, self.version(article, digest).text[start:stop])

    def passage_texts(self, places: Sequence[Place]) -> list[str | None]:
        """Return pieces of versions' texts, aligned; None for each whose version is not there any more."""
        return pieces(self._catalog, places)

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        """Read one consistent state of the whole catalog."""
        with self._catalog.snapshot() as connection:
            yield Snapshot(connection)

    def behind(self, change: int) -> int:
        """Return how many articles were added, changed or removed since a change number."""
        row = self._catalog.row("SELECT count(*) FROM articles WHERE changed > ?", (change,))
        return int(row[0]) if row else 0

    def remove(self, one: str) -> Removal:
        """Take an article, or a source with its articles, out of the archive; ``restore`` undoes it.

        An article that another source holds too stays. One that was removed by itself stays out when its file is read
        again; what was removed with its source comes back when that is added again.

        Raises:
            UnknownId: there is no article or source of that identifier.
        """
        from archive.ingest.sources import remove

        with self.writing():
            return _touched(remove(self._catalog, one), one, "in the archive")

    def restore(self, one: str) -> Removal:
        """Bring back what ``remove`` took out.

        Raises:
            UnknownId: nothing of that identifier was removed.
        """
        from archive.ingest.sources import restore
        from archive.purge.purge import purged_on

        with self.writing():
            if (when := purged_on(self._catalog, one)) is not None:
                raise UnknownId(f"{one} was purged on {when}; nothing of it is kept.", remedy=Remedy(Action.ADD_PURGED))
            return _touched(restore(self._catalog, one), one, "among what was removed")

    def copy_catalog(self, target: Path) -> None:
        """Write a consistent copy of the catalog to a new file, while others may read and write."""
        self._catalog.backup(target)

    def note_backup(self, path: Path) -> None:
        """Write down that a copy of the archive lies elsewhere, so that a purge can name it."""
        from archive.purge.purge import note_copy

        with self.writing():
            note_copy(self._catalog, path)

    def affected(self, one: str, *, purge: bool = False) -> tuple[Article, ...]:
        """Return the articles that ``remove``, or ``purge``, takes out; nothing is changed.

        Raises:
            UnknownId: there is no article or source of that identifier.
        """
        from archive.purge.purge import affected, purged_on

        found = affected(self._catalog, one, purge=purge)
        if found is None and not (purge and purged_on(self._catalog, one)):
            raise _unknown(one, "in the archive")
        return found or ()

    def purge(self, one: str) -> Purge:
        """Erase an article, or a source with its articles, from the catalog and its copies; nothing undoes it.

        An article that another source holds too stays. What was purged is refused when it is read again. The index
        still holds it until ``index.indexing.purge`` or the next build. A purge that was cut short is gone on with.

        Raises:
            UnknownId: there is no article or source of that identifier.
            Busy: another process is writing, or reads the catalog for long; the next writing goes on.
        """
        from archive.purge.purge import elsewhere, finish, purge

        with self.writing():
            done = purge(self._catalog, one)
            if done is None:
                raise _unknown(one, "in the archive")
            return replace(done, copies=finish(self._catalog, self.layout), elsewhere=elsewhere(self._catalog))

    def scrub(self) -> None:
        """Go on with a purge that was cut short before the files of the catalog were clean.

        Raises:
            Busy: another process is writing, or reads the catalog.
        """
        from archive.purge.purge import Stage, finish

        with self.writing():
            if self.purging == Stage.CATALOG:
                finish(self._catalog, self.layout)

    @property
    def purging(self) -> Stage | None:
        """Return what a purge has still to do, None when none is under way."""
        from archive.purge.purge import stage

        return stage(self._catalog)

    def purge_reached(self, reached: Stage | None) -> None:
        """Write down what a purge has still to do; the index says so."""
        from archive.purge.purge import reach

        with self.writing():
            reach(self._catalog, reached)

    def purged(self) -> Purged:
        """Return what may be nowhere any more."""
        from archive.purge.purge import purged

        return purged(self._catalog)

    def traces(self) -> Iterator[Trace]:
        """Yield what is left of what was purged in the catalog and its copies."""
        from archive.purge.purge import traces

        return traces(self._catalog, self.layout)

    def check(self) -> Iterator[str]:
        """Yield a sentence for every row that is not as it was written."""
        return self._catalog.check()

    def close(self) -> None:
        """Close the catalog."""
        self._catalog.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _ingest(
        self,
        work: Sequence[tuple[Path, Source]],
        rule: Rule,
        progress: Progress | None,
        *,
        clean: bool = True,
        purged: bool = False,
        jobs: int | None = None,
    ) -> IngestReport:
        from archive.core.cores import usable_cores
        from archive.ingest.prefetch import Ahead
        from archive.ingest.prepare import Recipe
        from archive.ingest.rechunk import recut
        from archive.ingest.scan import Ingest, read_refused_again
        from archive.ingest.upsert import Taker
        from archive.purge.reentry import Bans
        from archive.readers import Limits, release

        limits = Limits(self.settings.max_text)
        read_refused_again(self._catalog, limits, self.readers)
        recut(self._catalog, rule, progress)
        bans = Bans(self._catalog, lift=purged)
        recipe = Recipe(rule, clean)
        ahead = Ahead(recipe, limits, jobs or usable_cores(), self.readers)
        run = Ingest(self._catalog, Taker(self._catalog, recipe), ahead, bans, (self._child,), progress)
        try:
            for path, source in work:
                run.scan(source, path)
        finally:
            ahead.close()
            release()
        return run.report()

    def _anchored(self, paths: Sequence[Path | str]) -> list[tuple[Path, Source]]:
        from archive.ingest.sources import anchor_source, source_of

        wanted = outermost([Path(path) for path in paths])
        for path in wanted:
            check_source(path, self._child)
        self.scrub()
        for path in wanted:
            anchor_source(self._catalog, path)
        return [(path, source_of(self._catalog, path)) for path in wanted]


def _furnish(layout: Layout) -> None:
    """Make what an archive consists of; the settings, which make it one, come last."""
    layout.root.chmod(0o700)
    for inner in (layout.vectors, layout.generations, layout.tmp):
        make_private_dir(inner)
    Catalog.create(layout.catalog).close()
    create(layout.settings)
    sync_folder(layout.root.parent)


def _touched(articles: tuple[str, ...] | None, one: str, where: str) -> Removal:
    if articles is None:
        raise _unknown(one, where)
    return Removal(articles)


def _unknown(one: str, where: str) -> UnknownId:
    return UnknownId(f"There is no article or source {one!r} {where}.", remedy=Remedy(Action.LIST_SOURCES))


def check_blank(layout: Layout) -> None:
    """Refuse to furnish a folder that holds a part of an archive; the caller holds its lock.

    Raises:
        UsageError: there are settings without an id, or articles or indexes without settings.
    """
    filled = any(folder.is_dir() and any(folder.iterdir()) for folder in (layout.vectors, layout.generations))
    if filled or layout.settings.exists() or not Catalog.is_blank(layout.catalog):
        raise in_the_way(layout.root)
