"""What lies in a folder that is to be added: files by kind and size, told by their names alone, nothing is opened."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Final

_NAMES: Final = 3  # of a kind that are told; chosen: a line holds them
_KINDS: Final = 12  # of what is not read; what is beyond counts as the last of them; chosen: a screen holds them
_OTHERS: Final = "other things"
_EVERY_SECONDS: Final = 0.2  # between two counts; chosen: what draws them looks steady


@dataclass(frozen=True, slots=True)
class Kind:
    """Files of one kind.

    Attributes:
        name: the format's, ``*.pdf`` of what no reader takes, or why it is not read.
        files: how many.
        size: bytes.
        first: the names of the first of them.
    """

    name: str
    files: int
    size: int
    first: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Survey:
    """What was found.

    Attributes:
        path: what was looked at.
        read: what readers take, the most first.
        left: what is not taken, the most first.
        whole: all of it was looked at.
    """

    path: Path
    read: tuple[Kind, ...] = ()
    left: tuple[Kind, ...] = ()
    whole: bool = False

    @property
    def files(self) -> int:
        """Return how many files would be read."""
        return sum(kind.files for kind in self.read)

    @property
    def looked_at(self) -> int:
        """Return how many things would be looked at."""
        return self.files + sum(kind.files for kind in self.left)


@dataclass(slots=True)
class _Tally:
    files: int = 0
    size: int = 0
    first: list[str] = field(default_factory=list)

    def add(self, name: str, size: int) -> None:
        self.files += 1
        self.size += size
        if len(self.first) < _NAMES:
            self.first.append(name)


def survey(path: Path, archive: Path, stale: Callable[[], bool]) -> Iterator[Survey]:
    """Yield what was found so far, some times a second, and all of it at last; nothing more once it is stale.

    Args:
        path: a folder or a file.
        archive: where it would be added; what it holds itself is passed over.
        stale: asked whether nobody wants to know any more.

    Raises:
        UsageError: there is nothing, or it holds an archive or lies in one.
        OSError: the system refuses to look.
    """
    from archive.core.article import Refusal
    from archive.ingest.sources import check_source
    from archive.ingest.walk import files
    from archive.readers.registry import named_for

    check_source(path, archive)
    read, left = dict[str, _Tally](), dict[str, _Tally]()
    told = monotonic()
    for item in files(path, (archive,)):
        if stale():
            return
        if isinstance(item, Refusal):
            _counted(left, item.reason.rstrip("."), most=_KINDS).add(Path(item.path).name, 0)
        elif (reader := named_for(item)) is None:
            name = f"*{item.suffix}" if item.suffix else "no suffix"
            _counted(left, name, most=_KINDS).add(item.name, _size(item))
        else:
            _counted(read, reader.name).add(item.name, _size(item))
        if monotonic() - told > _EVERY_SECONDS:
            told = monotonic()
            yield Survey(path, _kinds(read), _kinds(left))
    yield Survey(path, _kinds(read), _kinds(left), whole=True)


def _counted(kinds: dict[str, _Tally], name: str, most: int | None = None) -> _Tally:
    if most is not None and name not in kinds and len(kinds) >= most:
        name = _OTHERS
    return kinds.setdefault(name, _Tally())


def _size(path: Path) -> int:
    try:
        return path.lstat().st_size
    except OSError:
        return 0


def _kinds(counted: dict[str, _Tally]) -> tuple[Kind, ...]:
    made = (Kind(name, tally.files, tally.size, tuple(tally.first)) for name, tally in counted.items())
    return tuple(sorted(made, key=lambda kind: (-kind.files, kind.name)))
