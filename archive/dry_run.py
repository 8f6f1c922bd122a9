"""Trying out what reading would do: the same work on a throw-away copy of the catalog, outside of the archive."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from archive.archive import Archive
from archive.catalog.database import Catalog
from archive.folder.discovery import check_new, is_archive
from archive.folder.files import make_private_dir
from archive.folder.layout import Layout


@contextmanager
def scratch_copy(root: Path) -> Iterator[Archive]:
    """Give an archive that begins as the one in ``root`` is, or empty where there is none yet.

    Whatever is added, updated or cut there is gone when the block ends. The copy of the catalog, which holds every
    text, lies in the system's folder for temporary files.

    Raises:
        UsageError: no archive could be made in ``root``.
        Damaged: its catalog cannot be read.
        ArchiveError: there is no room for the copy.
    """
    with TemporaryDirectory(prefix="morgue-") as name:
        folder = Path(name) / "archive"
        if not is_archive(root):
            check_new(root)
            with Archive.create(folder) as empty:
                yield empty
            return
        with Archive.open(root) as archive:
            layout = Layout(make_private_dir(folder))
            archive.copy_catalog(layout.catalog)
            catalog = Catalog(layout.catalog, durable=False)
            with Archive(folder, archive.settings, catalog, stands_for=root, readers=archive.readers) as copy:
                yield copy
