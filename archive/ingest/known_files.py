"""What the catalog knows of the files of a source; asked in the order of a walk, each folder is read once."""

from __future__ import annotations

from archive.catalog.database import Catalog
from archive.catalog.tables import derivations, files
from archive.catalog.tables.files import KnownFile
from archive.core.derivation import Rules


class KnownFiles:
    """The files of one source.

    Args:
        catalog: to ask.
        source: its identifier.
        rules: by which older articles are found whose files must be read again; None to look for none.
    """

    def __init__(self, catalog: Catalog, source: str, rules: Rules | None) -> None:
        self._catalog = catalog
        self._source = source
        self._rules = rules
        self._folder: str | None = None
        self._files: dict[str, KnownFile] = {}
        self._outdated = set[str]()

    def get(self, path: str) -> KnownFile | None:
        """Return what is known of a file by its path within the source."""
        self._enter(path)
        return self._files.get(path)

    def is_outdated(self, path: str) -> bool:
        """Tell whether a file holds an article that must be read again, even if the file has not changed."""
        self._enter(path)
        return path in self._outdated

    def _enter(self, path: str) -> None:
        folder = path[: path.rfind("/") + 1]
        if folder == self._folder:
            return
        self._files = {known.row.path: known for known in files.in_folder(self._catalog, self._source, folder)}
        if self._rules is not None:
            self._outdated = derivations.files_behind(self._catalog, self._rules, self._source, folder)
        self._folder = folder
