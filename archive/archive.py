"""An archive of articles: adding, updating, removing. The public face of this package."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from types import TracebackType
from typing import TYPE_CHECKING, Self

from archive.catalog.database import Catalog
from archive.catalog.tables import history, meta
from archive.core.article import Article, Draft, IngestReport, Outdated, Refusal
from archive.core.errors import Action, Damaged, Remedy, UnknownId
from archive.core.forking import Lock
from archive.core.progress import Progress
from archive.core.record_fields import FieldsSeen
from archive.folder.discovery import check_new, in_the_way, is_archive
from archive.folder.files import make_private_dir, sync_folder
from archive.folder.layout import Layout
from archive.folder.locking import writer_lock
from archive.folder.paths import outermost
from archive.folder.settings import Settings, create, load
from archive.purge.erasable import ErasableCatalog, unknown
from archive.text.chunking import Rule

if TYPE_CHECKING:
    from archive.ingest.reprocess import Confirm
    from archive.ingest.run import Order, SourcePart
    from archive.notebook.notebook import Notebook
    from archive.purge.purge import Purge
    from archive.readers import Reader


@dataclass(frozen=True, slots=True)
class Removal:
    """What ``remove`` or ``restore`` did: the identifiers of the articles it touched."""

    articles: tuple[str, ...]


class Archive(ErasableCatalog):
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
        super().__init__(catalog, Layout(root))
        self.root = root
        self._stands_for = stands_for or root
        self.settings = settings
        self._readers = readers
        self._notebook: Notebook | None = None
        self._making_notebook = Lock()

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
    def open(cls, root: Path | str, *, readers: Sequence[Reader] | None = None, unread: bool = False) -> Self:
        """Open an archive.

        Args:
            root: the folder.
            readers: of the formats it can read; those of ``archive.readers.READERS`` unless given.
            unread: also one whose catalog the disk does not give back, for whoever looks at what else there is.

        Raises:
            NotAnArchive: the folder is not an archive.
            UsageError: its settings cannot be read.
            NewerArchive: a newer Morgue wrote it.
            Damaged: its catalog is missing or damaged.
            OSError: the system refused it.
        """
        layout = Layout(Path(root).absolute())
        settings = load(layout.settings)
        return cls(layout.root, settings, Catalog(layout.catalog, unread=unread), readers=readers)

    @property
    def id(self) -> str:
        """Return the identifier of the archive, which it keeps when it is moved or copied."""
        return self.settings.id

    @property
    def readers(self) -> tuple[Reader, ...]:
        """Return the readers of the formats it can read, those of records as its settings say."""
        from archive.readers import READERS, mapped

        return mapped(READERS if self._readers is None else self._readers, self.settings.records)

    @property
    def notebook(self) -> Notebook:
        """Return what a person keeps of the archive: clips, stars, saved questions, judgements."""
        from archive.notebook.notebook import Notebook

        self._catalog.require_open()
        with self._making_notebook:
            if self._notebook is None:
                self._notebook = Notebook(self, self._catalog, self.layout, self.id, self.writing)
            return self._notebook

    def purge(self, identifier: str) -> Purge:
        """Erase for good, what lies of the notebook in the user's folder too; see ``ErasableCatalog.purge``."""
        self.notebook.gather()
        report = super().purge(identifier)
        self.notebook.drop_damaged()  # nobody can tell whether it holds what was purged
        return report

    def add(
        self,
        paths: Sequence[Path | str],
        rule: Rule,
        progress: Progress | None = None,
        *,
        purged: bool = False,
        jobs: int | None = None,
        confirm: Confirm | None = None,
    ) -> IngestReport:
        """Read files and folders into the archive; what is known already is left as it is.

        Args:
            paths: files or folders; each becomes a source, unless it lies inside one.
            rule: how passages are packed; ``index.passage_rule`` gives the one of the settings' model.
            progress: told of each few articles.
            purged: take in again what was purged and lies there, instead of refusing it.
            jobs: how many processes may read; None for one a core.
            confirm: as ``update`` has it.

        Raises:
            UsageError: a path does not exist, or holds an archive or lies in one.
            Busy: another process is writing.
        """
        with self.writing():
            order = self._order(rule, progress, purged=purged, jobs=jobs, confirm=confirm)
            return self._ingest(self._anchored(paths), order)

    def update(
        self,
        rule: Rule,
        progress: Progress | None = None,
        sources: Sequence[str] = (),
        *,
        jobs: int | None = None,
        confirm: Confirm | None = None,
    ) -> IngestReport:
        """Look again at sources: take in what is new or changed, mark what is gone, bring up what older rules made.

        Articles that older readers or rules made are made anew, from their stored text or from their file where only
        the file can tell and its bytes are the same. The report's ``reprocessed``, ``kept`` and ``waiting`` tell of it.

        Args:
            rule: how passages are packed.
            progress: told of each few articles.
            sources: identifiers of the sources to look at; all when there are none.
            jobs: how many processes may read; None for one a core.
            confirm: is told how much older rules made where that is more than a twentieth of the articles, and says
                whether to make it anew; without it that much is left, and the report's ``waiting`` tells of it.

        Raises:
            UnknownId: there is no source of one of the identifiers.
            Busy: another process is writing.
        """
        from archive.ingest.run import SourcePart

        with self.writing():
            by_id = {source.id: source for source in self.sources()}
            for identifier in sources:
                if identifier not in by_id:
                    raise UnknownId(f"There is no source {identifier!r}.", remedy=Remedy(Action.LIST_SOURCES))
            self.scrub()
            wanted = [by_id[identifier] for identifier in dict.fromkeys(sources or by_id)]
            order = self._order(rule, progress, jobs=jobs, confirm=confirm)
            return self._ingest([SourcePart(source, Path(source.root)) for source in wanted], order)

    def outdated(self) -> Outdated:
        """Return how much older readers and rules made, which ``update`` would make anew; nothing is changed."""
        from archive.ingest.prepare import current_rules
        from archive.ingest.reprocess import all_outdated

        return all_outdated(self._catalog, current_rules(self.readers))

    def add_plain(self, path: Path, rule: Rule, progress: Progress | None = None) -> int:
        """Take in a file of JSON Lines as it is, nothing hidden; for judged collections. Return how many articles.

        Raises:
            UsageError: there is no such file.
        """
        with self.writing():
            return self._ingest(self._anchored([path]), self._order(rule, progress, clean=False)).added

    def preview(self, paths: Sequence[Path | str]) -> Iterator[Draft | Refusal]:
        """Yield what ``add`` would read, writing nothing.

        Raises:
            UsageError: a path does not exist, or holds an archive or lies in one.
        """
        from archive.ingest.preview import preview
        from archive.readers import Limits

        limits = Limits(self.settings.max_text)
        items = preview([Path(path) for path in paths], self.root, limits, self.readers)
        return (item for item in items if not isinstance(item, FieldsSeen))

    def recut(self, rule: Rule, progress: Progress | None = None) -> int:
        """Cut every version into passages by another rule; return how many were, 0 where they keep it already.

        Raises:
            Busy: another process is writing.
        """
        from archive.ingest.rechunk import recut

        with self.writing():
            return recut(self._catalog, rule, progress)

    def remove(self, identifier: str) -> Removal:
        """Take an article, or a source with its articles, out of the archive; ``restore`` undoes it.

        An article that another source holds too stays. One that was removed by itself stays out when its file is read
        again; what was removed with its source comes back when that is added again.

        Raises:
            UnknownId: there is no article or source of that identifier.
        """
        from archive.ingest.sources import remove

        with self.writing():
            return _touched(remove(self._catalog, identifier), identifier, "in the archive")

    def restore(self, identifier: str) -> Removal:
        """Bring back what ``remove`` took out.

        Raises:
            UnknownId: nothing of that identifier was removed.
        """
        from archive.ingest.sources import restore
        from archive.purge.purge import purged_on

        with self.writing():
            if (when := purged_on(self._catalog, identifier)) is not None:
                raise UnknownId(
                    f"{identifier} was purged on {when}; nothing of it is kept.", remedy=Remedy(Action.ADD_PURGED)
                )
            return _touched(restore(self._catalog, identifier), identifier, "among what was removed")

    def name_state(self, change: int = 0, token: str = "") -> None:
        """Give the state of the catalog a name, by which an index of it proves to be one; see ``follows``.

        Args:
            change: of the state that the index in use is made of; where the catalog does not come from that state, its
                own numbers go on above.
            token: the name of that state.

        Raises:
            Busy: another process is writing.
            Damaged: the catalog is that of another archive, or the settings have another identifier than it.
        """
        with self.writing(), self._catalog.transaction() as writing:
            owner = meta.read(writing, meta.ARCHIVE)
            if owner not in (None, self.id):
                what = f"The settings call the archive {self.id}, its catalog calls it {owner}."
                raise Damaged(what, remedy=Remedy(Action.REPAIR))
            history.name(writing, history.State(change, token))
            meta.write(writing, meta.ARCHIVE, self.id)

    def copy_catalog(self, target: Path) -> None:
        """Write a consistent copy of the catalog to a new file, while others may read and write."""
        self._catalog.backup(target)

    def affected(self, identifier: str, *, purge: bool = False) -> tuple[Article, ...]:
        """Return the articles that ``remove``, or ``purge``, takes out; nothing is changed.

        Raises:
            UnknownId: there is no article or source of that identifier.
        """
        from archive.purge.purge import affected, purged_on

        articles = affected(self._catalog, identifier, purge=purge)
        if articles is None and not (purge and purged_on(self._catalog, identifier)):
            raise unknown(identifier, "in the archive")
        return articles or ()

    def close(self) -> None:
        """Close the catalog."""
        self._catalog.close()
        if self._notebook is not None:
            self._notebook.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _order(
        self,
        rule: Rule,
        progress: Progress | None,
        *,
        clean: bool = True,
        purged: bool = False,
        jobs: int | None = None,
        confirm: Confirm | None = None,
    ) -> Order:
        from archive.ingest.prepare import Preparation
        from archive.ingest.run import Order
        from archive.readers import Limits

        limits = Limits(self.settings.max_text)
        exclude = (self._stands_for,)
        return Order(Preparation(rule, clean), limits, self.readers, exclude, purged, jobs, confirm, progress)

    def _ingest(self, parts: Sequence[SourcePart], order: Order) -> IngestReport:
        from archive.ingest.run import ingest

        return ingest(self._catalog, parts, order)

    def _anchored(self, paths: Sequence[Path | str]) -> list[SourcePart]:
        from archive.ingest.run import SourcePart
        from archive.ingest.sources import anchor_source, check_source, source_of

        wanted = outermost([Path(path) for path in paths])
        for path in wanted:
            check_source(path, self._stands_for)
        self.scrub()
        for path in wanted:
            anchor_source(self._catalog, path)
        return [SourcePart(source_of(self._catalog, path), path) for path in wanted]


def _furnish(layout: Layout) -> None:
    """Make what an archive consists of; the settings, which make it one, come last."""
    layout.root.chmod(0o700)
    for inner in (layout.vectors, layout.generations, layout.tmp):
        make_private_dir(inner)
    identifier = token_hex(8)
    with Catalog.create(layout.catalog) as catalog, catalog.transaction() as writing:
        meta.write(writing, meta.ARCHIVE, identifier)
    create(layout.settings, identifier)
    sync_folder(layout.root.parent)


def _touched(articles: tuple[str, ...] | None, identifier: str, where: str) -> Removal:
    if articles is None:
        raise unknown(identifier, where)
    return Removal(articles)


def check_blank(layout: Layout) -> None:
    """Refuse to make an archive of a folder that holds a part of an archive; the caller holds its lock.

    Raises:
        UsageError: there are settings without an id, or articles or indexes without settings.
    """
    filled = any(folder.is_dir() and any(folder.iterdir()) for folder in (layout.vectors, layout.generations))
    if filled or layout.settings.exists() or not Catalog.is_blank(layout.catalog):
        raise in_the_way(layout.root)
