"""Sets of vectors: one folder a model, below it one folder an epoch.

    vectors/<first 16 digits of the fingerprint>/0001/
                                                 0002/
                                                 PENDING    "2": epoch 2 is being filled

The epoch that serves is the one that the generation in use names. Re-embedding begins a new epoch and marks it pending;
the mark stays until a generation uses it, so that the next run continues an interrupted one and nothing is embedded
twice.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from archive.core.system_limits import raise_limit
from archive.folder.files import make_private_dir, remove, sync_folder, write_atomic

_MARK: Final = "PENDING"
_EPOCH: Final = re.compile(r"\d{4,}")
_MODEL: Final = re.compile(r"[0-9a-f]{16}")


@dataclass(frozen=True, slots=True)
class Epoch:
    """A set of vectors: 16 digits of its model's fingerprint, its number, its folder."""

    model: str
    number: int
    folder: Path


def model_folder(vectors: Path, fingerprint: str) -> Path:
    """Return the folder of a model's epochs; ``vectors`` is the archive's folder of vectors."""
    return vectors / fingerprint[:16]


def epoch_folder(vectors: Path, fingerprint: str, epoch: int) -> Path:
    """Return the folder of one epoch."""
    return model_folder(vectors, fingerprint) / f"{epoch:04d}"


def epochs(vectors: Path, fingerprint: str) -> tuple[int, ...]:
    """Return the numbers of a model's epochs, ascending."""
    folder = model_folder(vectors, fingerprint)
    if not folder.is_dir():
        return ()
    return tuple(sorted(int(path.name) for path in folder.iterdir() if path.is_dir() and _EPOCH.fullmatch(path.name)))


def pending(vectors: Path, fingerprint: str) -> int | None:
    """Return the epoch that was begun and is not yet served, None when there is none."""
    try:
        number = int((model_folder(vectors, fingerprint) / _MARK).read_text("ascii"))
    except (OSError, ValueError) as error:
        raise_limit(error)
        return None
    return number if number > 0 else None


def begin(vectors: Path, fingerprint: str, above: int = 0) -> int:
    """Begin a new epoch, durably marked as pending; return its number, which is greater than ``above``."""
    number = max(above, *epochs(vectors, fingerprint), 0) + 1
    folder = make_private_dir(model_folder(vectors, fingerprint))
    sync_folder(folder.parent)
    mark(vectors, fingerprint, number)
    make_private_dir(epoch_folder(vectors, fingerprint, number))
    sync_folder(folder)
    return number


def claim(vectors: Path, fingerprint: str, above: int = 0) -> int:
    """Make the folder of a new epoch that nobody is told of yet; return its number, greater than ``above``."""
    number = max(above, *epochs(vectors, fingerprint), pending(vectors, fingerprint) or 0) + 1
    make_private_dir(epoch_folder(vectors, fingerprint, number))
    sync_folder(model_folder(vectors, fingerprint))
    return number


def mark(vectors: Path, fingerprint: str, epoch: int) -> None:
    """Name another epoch as the one that was begun and is not yet served, durably."""
    write_atomic(model_folder(vectors, fingerprint) / _MARK, f"{epoch}\n".encode("ascii"))


def finish(vectors: Path, fingerprint: str, epoch: int) -> None:
    """Take the mark away if it names ``epoch``, which a generation now serves."""
    if pending(vectors, fingerprint) == epoch:
        remove(model_folder(vectors, fingerprint) / _MARK)
        sync_folder(model_folder(vectors, fingerprint))


def unused(vectors: Path, used: Collection[Path]) -> tuple[Epoch, ...]:
    """Return the epochs that may be removed: not among the folders ``used`` by generations, and not pending."""
    if not vectors.is_dir():
        return ()
    models = sorted(path.name for path in vectors.iterdir() if path.is_dir() and _MODEL.fullmatch(path.name))
    candidates = (
        Epoch(model, number, epoch_folder(vectors, model, number))
        for model in models
        for number in epochs(vectors, model)
    )
    return tuple(
        epoch for epoch in candidates if epoch.folder not in used and pending(vectors, epoch.model) != epoch.number
    )
