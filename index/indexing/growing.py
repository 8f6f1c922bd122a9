"""One run that reads and indexes: what was read can be searched by words before all of it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from archive import Archive
from archive.core.errors import ArchiveError
from archive.core.progress import Progress, Step
from index.contracts.report import BuildReport

if TYPE_CHECKING:
    from index.contracts.engines import Encoder
    from index.embedding.model import Model

_FIRST: Final = 500  # new articles after which an index is made for the first time: a second or two of reading; chosen
_SHARE: Final = 10  # at least such a part of what is indexed has to be new, as columns are written anew; chosen


class Growing:
    """Indexing that goes along with reading.

    ``while_reading`` gives the progress that ``Archive.add`` or ``update`` is to be told by, ``finish`` does what
    ``build`` does.

    Args:
        archive: whose writer's lock is held from the reading to the end.
        encoder: as ``build`` has it.
    """

    def __init__(self, archive: Archive, encoder: Callable[[Model], Encoder] | None = None) -> None:
        self._archive = archive
        self._encoder = encoder
        self._due: int | None = None
        self._new = 0

    def while_reading(self, progress: Progress | None) -> Progress:
        """Return a progress that indexes by words what was read so far: the first articles, then twice as many."""

        def tell(step: Step) -> None:
            if progress is not None:
                progress(step)
            if step.phase != "reading" or step.looked is None:
                return
            read = step.looked.added + step.looked.changed
            if read >= (_FIRST if self._due is None else self._due):
                self._index(read, None if progress is None else lambda _: progress(step))

        return tell

    def finish(self, progress: Progress | None = None) -> BuildReport:
        """Bring the index up to the catalog, see ``build``; the report counts what was indexed meanwhile too."""
        from index.indexing.build import build

        report = build(self._archive, progress=progress, encoder=self._encoder)
        return replace(report, new=report.new + self._new, built=report.built or self._new > 0)

    def _index(self, read: int, progress: Progress | None) -> None:
        """Index what was read; where that cannot be done, the end of the run tells why."""
        from index.generations.generation import manifest_in_use
        from index.indexing.builder import Build

        if self._due is None and (in_use := manifest_in_use(self._archive.layout)) is not None:
            self._due = max(_FIRST, in_use.articles // _SHARE)
            if read < self._due:
                return
        self._due = 2 * read
        try:
            if self._archive.purging is None:
                self._new += Build(self._archive, progress, self._encoder).by_words().new
        except (ArchiveError, OSError, MemoryError):
            self._due = 2**62
