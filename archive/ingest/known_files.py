"""What the catalog knows of the files of a source; asked in the order of a walk, each folder is read once."""

from __future__ import annotations

from archive.catalog.database import Catalog
from archive.catalog.tables import files
from archive.catalog.tables.files import KnownFile


class KnownFiles:
    """The files of one source.

    Args:
        catalog: to ask.
        source: its identifier.
    """

    def __init__(self, catalog: Catalog, source: str) -> None:
        self._catalog = catalog
        self._source = source
        self._folder: str | None = None
        self._files: dict[str, KnownFile] = {}

    def get(self, path: str) -> KnownFile | None:
        """Return what is known of a file by its path within the source."""
        self._enter(path)
        return self._files.get(path)

    def _enter(self, path: str) -> None:
        folder = path[: path.rfind("/") + 1]
        if folder == self._folder:
            return
        self._files = {known.row.path: known for known in files.in_folder(self._catalog, self._source, folder)}
        self._folder = folder
