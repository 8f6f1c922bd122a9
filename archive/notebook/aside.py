"""What is kept of an archive that may only be read: a catalog in the user's folder, with the tables of a notebook.

It belongs to one folder: a copy of the archive elsewhere has the same identifier and another notebook. One that cannot
be read is put aside, and told of, so that it is in nobody's way.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Final

from archive.catalog.connection import unread_is_damage
from archive.catalog.database import Catalog
from archive.catalog.tables import notebook, purged
from archive.catalog.transaction import CatalogReader, Transaction
from archive.core.clock import now_utc
from archive.core.errors import ArchiveError, Busy, Damaged
from archive.folder.files import make_private_dir, remove, replace, write_atomic
from archive.folder.layout import Layout
from archive.folder.settings import load
from archive.folder.user_folder import notebook_file
from archive.purge.tombstones import article_hash, is_banned

_DAMAGED: Final = ".damaged"
_WHOSE: Final = "archive"  # the file that says which folder a notebook belongs to
_LOGS: Final = ("-wal", "-shm")


class Aside:
    """The notebook in the user's folder. Its caller lets one thread at a time use it.

    Args:
        layout: of the archive.
        identifier: of the archive.
        catalog: of the archive, which knows what was purged.

    Attributes:
        problems: what could not be read of it, in sentences.
    """

    def __init__(self, layout: Layout, identifier: str, catalog: Catalog) -> None:
        self._root = layout.root.resolve()
        self._identifier = identifier
        self._catalog = catalog
        self._opened: Catalog | None = None
        self.problems: dict[str, None] = {}

    @property
    def file(self) -> Path:
        """Return where it lies, made or not."""
        return notebook_file(self._identifier, self._root)

    def made(self) -> Catalog:
        """Return it, made where there is none; what was purged by whoever may write to the archive is erased from it.

        Raises:
            ArchiveError, OSError: it can be neither made nor put aside.
        """
        if self._opened is None:
            self._adopt()
            make_private_dir(self.file.parent)
            write_atomic(self.file.with_name(_WHOSE), str(self._root).encode("utf-8", "surrogateescape"))
            try:
                self._opened = self._proved()
            except (Damaged, PermissionError) as error:
                self._put_aside(error)
                self._opened = self._proved()
        self._erase(self._opened)
        return self._opened

    def found(self, *, read_only: bool) -> Catalog | None:
        """Return it, None where there is none or where it cannot be read, which ``problems`` tells.

        Args:
            read_only: the archive may only be read; it may have been moved with its notebook left behind.
        """
        try:
            if read_only:
                self._adopt()
            # one that was cut short when it was made, or comes from an earlier build, is made as it should be
            return self.made() if self.file.is_file() else None
        except (ArchiveError, OSError) as error:
            self.tell(f"What you kept in {self.file} cannot be read: {error}")
            return None

    def tell(self, problem: str) -> None:
        """Take down what could not be read."""
        self.problems[problem] = None

    def scrub(self) -> None:
        """Leave nothing of deleted rows in it; where another program of this user reads it, SQLite does so later."""
        if self._opened is not None:
            with suppress(Busy):
                self._opened.scrub()

    def drop_damaged(self) -> None:
        """Remove what was put aside: nobody can tell whether it holds what was purged."""
        for path in self.file.parent.glob(f"*{_DAMAGED}*"):
            with suppress(OSError):
                remove(path)

    def close(self) -> None:
        """Close it."""
        if self._opened is not None:
            self._opened.close()
            self._opened = None

    def _proved(self) -> Catalog:
        with unread_is_damage(self.file):
            catalog = Catalog.create(self.file)
            try:
                catalog.require_intact()
                catalog.bring_up()
            except BaseException:
                catalog.close()
                raise
        return catalog

    def _put_aside(self, error: ArchiveError | OSError) -> None:
        number = 1 + len(list(self.file.parent.glob(f"*{_DAMAGED}")))
        kept = self.file.with_name(f"{self.file.name}.{number}{_DAMAGED}")
        for end in _LOGS:
            if (log := Path(f"{self.file}{end}")).exists():
                replace(log, Path(f"{kept}{end}"))
        replace(self.file, kept)
        self.tell(f"What you kept cannot be read and lies in {kept} now: {error}")

    def _adopt(self) -> None:
        """Take the notebook of a folder that is no longer there: this archive, before it was moved."""
        if self.file.is_file():
            return
        for whose in sorted(self.file.parent.parent.glob(f"*/{_WHOSE}")):
            root = Path(whose.read_bytes().decode("utf-8", "surrogateescape"))
            if root != self._root and not _is_there(root, self._identifier):
                replace(whose.parent, self.file.parent)
                return

    def _erase(self, opened: Catalog) -> None:
        """Erase what was purged from the archive by whoever may write to it; there is nobody else to do it here."""
        if not purged.is_any(self._catalog):
            return
        if any(_is_banned(self._catalog, article) for article, _ in notebook.places(opened)):
            with opened.transaction() as writing:
                erase_banned(writing, self._catalog)
            self.scrub()


def erase_banned(writing: Transaction, catalog: CatalogReader) -> None:
    """Erase from a notebook what a catalog knows to be purged."""
    if purged.is_any(catalog):
        notebook.erase(writing, lambda article, _: _is_banned(catalog, article), now_utc())


def _is_banned(reader: CatalogReader, article: str) -> bool:
    return is_banned(reader, article_hash(article))


def _is_there(root: Path, identifier: str) -> bool:
    """Tell whether the archive of an identifier is in a folder."""
    try:
        return load(Layout(root).settings).id == identifier
    except (ArchiveError, OSError):
        return False
