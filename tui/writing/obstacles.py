"""What is in the way of writing to an archive, told before anything is begun."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from archive.core.errors import UsageError
from archive.folder.discovery import check_new, is_archive
from archive.folder.layout import Layout
from archive.folder.locking import check_local, writer


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Something in the way.

    Attributes:
        words: what it is.
        passes: it may be gone in a while, so that trying does no harm.
    """

    words: str
    passes: bool = False


def obstacle(root: Path) -> Obstacle | None:
    """Return what is in the way of writing to an archive, or of making one there; None where nothing is."""
    try:
        if not is_archive(root):
            return _of_new(root)
        check_local(root)
    except UsageError as error:
        return Obstacle(error.message)
    except OSError as error:
        return Obstacle(f"{root} cannot be looked at: {error.strerror or error}.")
    layout = Layout(root)
    if not all(os.access(place, os.W_OK) for place in (root, layout.catalog)):
        return Obstacle(f"The archive {root} may only be read here, so nothing of it can be changed.")
    if (busy := writer(layout)) is not None:
        who = f"process {busy.pid} on {busy.host}, since {busy.since}"
        return Obstacle(f"Another program is writing to the archive: {who}. Try again when it is done.", passes=True)
    return None


def _of_new(root: Path) -> Obstacle | None:
    check_new(root)
    there = next(folder for folder in (root, *root.parents) if folder.exists())
    if not os.access(there, os.W_OK | os.X_OK):
        return Obstacle(f"No archive can be made in {there}: it may only be read.")
    return None
