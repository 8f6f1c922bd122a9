"""Which sources something happens in, told as it happens. The only module that imports watchfiles."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from archive import Source
    from tui.cli.signals import Stop

QUIET: Final = 1.0  # seconds without an event end a burst
BRIEF: Final = 0.1  # of one that comes after a long quiet: a single file is searchable within half a second
LONGEST: Final = 10.0  # a burst is not gathered for longer
_TICK: Final = 0.1  # seconds between looks whether a burst has ended; chosen: no longer than the shortest quiet
_POLLING: Final = 2.0  # between looks for sources that came, went or are polled; chosen, not measured


@dataclass(frozen=True, slots=True)
class Root:
    """A source as it is watched.

    Attributes:
        mark: device and inode of what is there, None when nothing is; another mark is another folder of that name.
    """

    source: str
    path: str
    mark: tuple[int, int] | None


class Burst:
    """Gathers sources until nothing has happened for a while, or for long enough.

    Args:
        quiet: seconds without an event that end it.
        brief: the same of one that begins ``quiet`` seconds after the last was due: what follows close is
            gathered for longer, so that a folder that fills up costs few updates.
        longest: seconds after which it ends in any case.
    """

    def __init__(self, quiet: float = QUIET, longest: float = LONGEST, brief: float = BRIEF) -> None:
        self._quiet = quiet
        self._brief = brief
        self._longest = longest
        self._sources: dict[str, None] = {}
        self._first = self._last = 0.0
        self._ended = -quiet

    def add(self, sources: Iterable[str], now: float | None = None) -> None:
        """Put sources to it; none means that nothing happened."""
        changed = dict.fromkeys(sources)
        if changed:
            self._last = monotonic() if now is None else now
            self._first = self._first if self._sources else self._last
            self._sources |= changed

    def due(self, now: float | None = None) -> tuple[str, ...]:
        """Return what was gathered once it is time, and begin anew; empty until then."""
        moment = monotonic() if now is None else now
        quiet = self._brief if self._first - self._ended >= self._quiet else self._quiet
        if not self._sources or (moment - self._last < quiet and moment - self._first < self._longest):
            return ()
        gathered, self._sources = tuple(self._sources), {}
        self._ended = moment
        return gathered


def arrivals(
    sources: Callable[[], Sequence[Source]], apart: Path, stop: Stop, say: Callable[[str], None]
) -> Iterator[frozenset[str]]:
    """Yield, a few times a second, the identifiers of the sources in which something happened, mostly none.

    What the first ``next`` returns is after watching has begun. A source that vanishes, appears or is added is noticed;
    then everything is named, because something may have happened while watching began anew.

    Args:
        sources: tells the sources as they are.
        apart: the archive; what happens in it is passed over.
        stop: ends the watching.
        say: told when the system cannot watch and files are looked at time and again instead.
    """
    is_polling = False
    missed: frozenset[str] = frozenset()
    while not stop.is_set():
        roots = look(sources())
        try:
            for paths in _events([root.path for root in roots if root.mark], stop, is_polling):
                yield missed | concerned(paths, roots, apart)
                missed = frozenset()
                if look(sources()) != roots:
                    break
        except FileNotFoundError:
            sleep(_TICK)  # it vanished just now; the next look tells
        except (OSError, RuntimeError) as error:
            if is_polling:
                raise
            is_polling = True
            reason = str(error).partition(" (Error")[0]
            say(f"The system cannot watch every folder ({reason}); files are looked at every {_POLLING:g} seconds.")
        missed = frozenset(root.source for root in (*roots, *look(sources())))


def look(sources: Sequence[Source]) -> tuple[Root, ...]:
    """Return what is there of each source."""
    return tuple(Root(source.id, source.root, _mark(source.root)) for source in sources)


def concerned(paths: Iterable[str], roots: Sequence[Root], apart: Path) -> frozenset[str]:
    """Return the sources that reading would look at again for what happened at some paths.

    Hidden files, what is reached by a link only, and the archive itself are not read.
    """
    real_roots = [(root.source, os.path.realpath(root.path)) for root in roots]
    archive = os.path.realpath(apart)
    sources = set()
    for folder, name in {os.path.split(path) for path in paths}:
        path = os.path.join(os.path.realpath(folder), name)  # noqa: PTH118
        if not _is_within(path, archive):
            sources |= {source for source, root in real_roots if _is_read(path, root)}
    return frozenset(sources)


def _is_read(path: str, root: str) -> bool:
    return _is_within(path, root) and not any(part.startswith(".") for part in Path(path[len(root) :]).parts)


def _is_within(path: str, root: str) -> bool:
    return path == root or path.startswith(root.rstrip(os.sep) + os.sep)


def _mark(path: str) -> tuple[int, int] | None:
    try:
        status = os.stat(path)  # noqa: PTH116
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _events(paths: Sequence[str], stop: Stop, is_polling: bool) -> Iterator[set[str]]:
    """Yield the paths at which something happened, every so often also when nothing did.

    Raises:
        FileNotFoundError: one of the paths is not there.
        OSError, RuntimeError: the system cannot watch them.
    """
    if not paths:
        while not stop.is_set():
            sleep(_TICK)
            yield set()
        return
    from watchfiles import watch

    asked: Any = stop  # anything with is_set
    for changes in watch(
        *paths,
        watch_filter=None,
        debounce=round(_TICK * 1000),
        step=50,
        rust_timeout=round(_TICK * 1000),
        yield_on_timeout=True,
        stop_event=asked,
        force_polling=True if is_polling else None,
        poll_delay_ms=round(_POLLING * 1000),
        ignore_permission_denied=is_polling,  # without polling, every error would be passed over, full limits too
    ):
        yield {path for _, path in changes}
