"""Notebooks of catalogs that parted, brought together: of the catalog, of its copies, of one that is put back.

Whatever changes a notebook raises the count of its changes above those of the copies in its folder, and takes in what
they hold first. So of two states of a notebook that with the higher count is the later, and of a row that both hold its
row is right.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from archive.catalog.backups import told_by_copies
from archive.catalog.connection import plainly, unread_is_damage
from archive.catalog.tables import meta, notebook
from archive.catalog.tables.notebook import ClipRow, Keyed
from archive.catalog.transaction import CatalogReader, Transaction
from archive.core.errors import ArchiveError
from archive.folder.layout import Layout


@dataclass(frozen=True, slots=True)
class State:
    """A state of a notebook.

    Attributes:
        changes: how often it was changed, None where that is not as it was written.
        rows: what is kept, by what identifies it; nothing where it cannot be read.
    """

    changes: int | None
    rows: Keyed


def state(reader: CatalogReader, path: Path, above: int | None = None) -> State:
    """Return the notebook of a catalog as far as it can be read; its rows only where it was changed more often."""
    changes, rows = None, Keyed()
    with suppress(ArchiveError):
        changes = notebook.count(reader)
    if above is None or (changes is not None and changes > above):
        for kind in notebook.KINDS:
            with suppress(ArchiveError), unread_is_damage(path), plainly(path):
                rows |= notebook.keyed(reader, (kind,))
    return State(changes, rows)


def joined(own: State, others: Iterable[State]) -> Keyed:
    """Return the rows that are to be written over those of a notebook, so that it is the latest of several.

    Of a later state all rows count, of others those that it never held: what was taken out is kept, marked as that.
    """
    rows = Keyed()
    for other in sorted(others, key=lambda one: -1 if one.changes is None else one.changes):
        is_later = other.changes is not None and own.changes is not None and other.changes > own.changes
        rows |= {key: row for key, row in other.rows.items() if is_later or key not in own.rows}
    return Keyed({key: row for key, row in rows.items() if row != own.rows.get(key)})


def changes_of(states: Iterable[State]) -> int:
    """Return how often that one of several was changed which was changed most often, as far as that is known."""
    return max((one.changes for one in states if one.changes is not None), default=0)


def hand_on(writing: Transaction, in_place: CatalogReader, path: Path) -> None:
    """Let the notebook of a copy that is to be put back be that of the catalog in place, where it is not the later."""
    own, there = state(writing, path), state(in_place, path)
    is_later = own.changes is not None and there.changes is not None and own.changes > there.changes
    for row in (joined(own, [there]) if is_later else there.rows).values():
        notebook.write(writing, row)
    notebook.write_count(writing, 1 + changes_of((own, there)))


def is_behind(reader: CatalogReader, layout: Layout, owner: str | None) -> bool:
    """Tell whether a copy in the folder of a catalog holds a later state of its notebook; see ``keep_up``."""
    above = notebook.count(reader)
    return changes_of(told_by_copies(layout, owner, lambda path, copy: state(copy, path, sys.maxsize))) > above


def keep_up(writing: Transaction, layout: Layout, owner: str | None) -> Keyed | None:
    """Take into a notebook what copies in the folder of its catalog hold of a later state; nobody is waited for.

    Returns:
        What is otherwise now, as a person may have seen it before, by what identifies it; None where nothing was
        taken in.

    Raises:
        Damaged: the count of the changes is not as it was written.
    """
    above = notebook.count(writing)
    told = told_by_copies(layout, owner, lambda path, copy: state(copy, path, above))
    highest = changes_of(told)
    if highest <= above:
        return None
    own = State(above, notebook.keyed(writing))
    rows = joined(own, told)
    for row in notebook.seen_at_most(rows.values(), meta.number_of(writing, meta.CHANGE)):
        notebook.write(writing, row)
    notebook.write_count(writing, highest)
    return {key: own.rows[key] for key in rows if key in own.rows}


def with_note(clip: ClipRow, other: str) -> ClipRow:
    """Return a clip with a note that whoever wrote its own had not seen above that, unless one is part of the other."""
    if _is_part(other, clip.note):
        return clip
    return replace(clip, note=other if _is_part(clip.note, other) else f"{other}\n{clip.note}")


def _is_part(words: str, note: str) -> bool:
    """Tell whether a note holds some words, whole."""
    return not words or re.search(rf"(?<!\w){re.escape(words)}(?!\w)", note) is not None
