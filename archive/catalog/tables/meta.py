"""What an archive remembers of itself: single values by name."""

from __future__ import annotations

from collections.abc import Sequence

from archive.catalog.integrity import is_sound, proved
from archive.catalog.schema import META
from archive.catalog.transaction import CatalogReader, Transaction, number

# The number of the newest change of an article, and the identifier of the archive that the catalog belongs to.
CHANGE = "change"
ARCHIVE = "archive"
# How often something was kept, changed or taken out of the notebook.
KEPT = "kept"
# The rules by which everything was made when they were last compared; absent when they are to be compared again.
RULES = "rules"
_LAST = "\U0010ffff"  # sorts after every name that begins like another


def read(reader: CatalogReader, name: str) -> str | None:
    """Return a remembered value, None where there is none."""
    row = reader.row("SELECT value FROM meta WHERE name = ?", (name,))
    return None if row is None else str(row[0])


def number_of(reader: CatalogReader, name: str) -> int:
    """Return a remembered number, 0 where there is none.

    Raises:
        Damaged: it is not as it was written.
    """
    row = reader.row(f"{META.everything} WHERE name = ?", (name,))
    return 0 if row is None else number(str(proved(META, row)[1]))


def numbers_below(reader: CatalogReader, prefix: str, *, as_it_is: bool = False) -> dict[str, int]:
    """Return the numbers of all names that begin with a prefix, by the rest of the name.

    Args:
        reader: of the catalog.
        prefix: of the names.
        as_it_is: leave out what is not as it was written.

    Raises:
        Damaged: something is not as it was written.
    """
    bounds = (prefix, prefix + _LAST)
    rows = reader.rows(f"{META.everything} WHERE name > ? AND name < ?", bounds, any_text=True)
    proven = [proved(META, row) for row in rows if not as_it_is or is_sound(META, row)]
    return {str(name).removeprefix(prefix): number(str(value)) for name, value in proven}


def several(reader: CatalogReader, names: Sequence[str]) -> dict[str, str]:
    """Return the values of those of some names that are remembered, in one question."""
    marks = ", ".join("?" * len(names))
    return dict(reader.rows(f"SELECT name, value FROM meta WHERE name IN ({marks})", tuple(names)))


def below(reader: CatalogReader, prefix: str) -> tuple[str, ...]:
    """Return the rest of each name that begins with a prefix, sorted."""
    rows = reader.rows("SELECT name FROM meta WHERE name > ? AND name < ? ORDER BY name", (prefix, prefix + _LAST))
    return tuple(str(name).removeprefix(prefix) for (name,) in rows)


def write(writing: Transaction, name: str, value: str) -> None:
    """Remember a value."""
    writing.put(META, name, value)


def forget(writing: Transaction, *names: str) -> None:
    """Remember no value under some names."""
    for name in names:
        writing.delete("DELETE FROM meta WHERE name = ?", (name,))
