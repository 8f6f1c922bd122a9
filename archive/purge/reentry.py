"""Records that were purged and are met again: refused, until a person takes them in deliberately."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from archive.catalog.database import Catalog
from archive.catalog.identity import address_of, named_by_place, names_of, text_digest
from archive.catalog.rows import Place
from archive.catalog.tables import articles, places, purged, versions
from archive.core.article import Draft, Refusal, Source
from archive.purge.tombstones import article_hash, is_banned, place_hash, raw_hash, text_hash

CODE: Final = "purged"


class ReentryCheck:
    """Tells what may not come back into a catalog.

    A text that the archive still holds as another article's is not refused: only that article was spared on purpose.

    Args:
        catalog: to look into, brought up, and to write to where a refusal is lifted.
        lift: take purged records in again, and forget that they were purged.

    Attributes:
        is_any: whether anything was ever purged; what is refused then hangs on what was written before it.
        lifting: whether refusals are lifted.
    """

    def __init__(self, catalog: Catalog, lift: bool = False) -> None:
        self._catalog = catalog
        self.is_any = purged.holds_any(catalog)
        if self.is_any:
            with catalog.transaction() as writing:
                purged.heal(writing)
        self.lifting = lift and self.is_any

    def refusal(self, draft: Draft, source: Source, path: str, file: Path) -> Refusal | None:
        """Return why a draft may not be taken in, None when it may.

        Args:
            draft: a record as it was read.
            source: where it was read.
            path: of its file in that source.
            file: the file.
        """
        times = self._purged(draft, source, path) if self.is_any else {}
        if not times:
            return None
        if self.lifting:
            with self._catalog.transaction() as writing:
                purged.forget_all_of(writing, times)
            return None
        when = max(times.values())[:10]
        return Refusal(str(file), draft.record, CODE, f"It was purged on {when}.")

    def _of_place(self, place: Place) -> Iterator[str]:
        """Yield the hashes of purged articles that a place stood for and of which that is lost where they were."""
        for name in named_by_place(place.key):
            if is_banned(self._catalog, kept := article_hash(name)):
                if purged.is_bare(self._catalog, kept):
                    yield kept
            elif not articles.exists(self._catalog, name):
                return

    def _purged(self, draft: Draft, source: Source, path: str) -> dict[str, str]:
        """Return the hashes that hold a draft back, each with the time it was purged."""
        digest, record = text_digest(draft.text), draft.record or ""
        content, names = {raw_hash(draft.raw_digest), text_hash(digest)}, set[str]()
        place = Place(source.id, path, record)
        if not draft.unnamed and places.read(self._catalog, place) is None:
            names.add(place_hash(source.root, path, record))
            names.update(self._of_place(place))
        names.update(map(article_hash, names_of(address_of(draft))))
        times = purged.times(self._catalog, content | names)
        is_spared = bool(content & times.keys()) and versions.is_text_held(self._catalog, digest)
        return {kept: purged_at for kept, purged_at in times.items() if kept in names or not is_spared}
