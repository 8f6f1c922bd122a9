"""Records that were purged and are met again: refused, until a person takes them in deliberately."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from archive.catalog.database import Catalog
from archive.catalog.identity import address_of, named_by, text_digest
from archive.core.article import Draft, Refusal, Source
from archive.purge.tombstones import article_hash, place_hash, raw_hash, text_hash

CODE: Final = "purged"
_HELD_HERE: Final = "SELECT 1 FROM places WHERE source = ? AND path = ? AND record = ?"
_HELD: Final = "SELECT 1 FROM versions WHERE digest = ?"


class Bans:
    """What may not come back into a catalog.

    A text that the archive still holds as another article's is not refused: only that article was spared on purpose.

    Args:
        catalog: to look into, and to write to where a ban is lifted.
        lift: take purged records in again, and forget that they were purged.
    """

    def __init__(self, catalog: Catalog, lift: bool = False) -> None:
        self._catalog = catalog
        self._any = has_purged(catalog)
        self.lifting = lift and self._any

    def refusal(self, draft: Draft, source: Source, path: str, file: Path) -> Refusal | None:
        """Return why a draft may not be taken in, None when it may.

        Args:
            draft: a record as it was read.
            source: where it was read.
            path: of its file in that source.
            file: the file.
        """
        found = self._banned(draft, source, path) if self._any else {}
        if not found:
            return None
        if self.lifting:
            self._lift(found)
            return None
        when = max(found.values())[:10]
        return Refusal(str(file), draft.record, CODE, f"It was purged on {when}.")

    def _banned(self, draft: Draft, source: Source, path: str) -> dict[str, str]:
        """Return the hashes that hold a draft back, each with the time it was purged."""
        content = {raw_hash(draft.raw_digest), text_hash(text_digest(draft.text))}
        names = set[str]()
        if not draft.unnamed and self._catalog.row(_HELD_HERE, (source.id, path, draft.record or "")) is None:
            names.add(place_hash(source.root, path, draft.record or ""))
        if (article := named_by(address_of(draft))) is not None:
            names.add(article_hash(article))
        wanted = (*content, *names)
        marks = ", ".join("?" * len(wanted))
        found: dict[str, str] = dict(self._catalog.rows(f"SELECT hash, at FROM purged WHERE hash IN ({marks})", wanted))
        spared = content & found.keys() and self._catalog.row(_HELD, (text_digest(draft.text),))
        return {str(one): str(at) for one, at in found.items() if one in names or not spared}

    def _lift(self, found: dict[str, str]) -> None:
        marks = ", ".join("?" * len(found))
        with self._catalog.transaction() as writing:
            statement = f"DELETE FROM purged WHERE one IN (SELECT one FROM purged WHERE hash IN ({marks}))"
            writing.delete(statement, tuple(found))


def has_purged(catalog: Catalog) -> bool:
    """Tell whether anything was ever purged; an older catalog has no table for it yet."""
    table = catalog.row("SELECT 1 FROM sqlite_master WHERE name = 'purged'")
    return table is not None and catalog.row("SELECT 1 FROM purged") is not None
