"""Generations on disk: which one is in use, holding one open, and letting old ones go.

``CURRENT`` names one generation and its manifest's hash. A reader holds a shared OS lock on the manifest of the
generation it uses; a generation is collected only by whoever gets that lock exclusively.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Final, Self

import portalocker

from archive.core.errors import Action, Advice, ArchiveError, Damaged, NoIndex, Remedy
from archive.core.system_limits import raise_limit, tell_apart
from archive.folder.files import link, link_tree, make_private_dir, remove_tree, replace, write_atomic
from archive.folder.layout import Layout
from index.ann.trust import is_trusted, listed_hash
from index.generations import manifest as manifests
from index.generations.checksums import bad_files
from index.generations.manifest import Manifest

_NAME: Final = re.compile(r"\d{6}")
COLUMNS: Final = "columns"
LEXICAL: Final = "lexical"
CHROMA: Final = "chroma"
SET_ASIDE: Final = "collected-"
"""How the names of folders begin that are being removed."""


@dataclass(frozen=True, slots=True)
class Current:
    """What ``CURRENT`` says."""

    number: int
    manifest: str


def read_current(layout: Layout) -> Current | None:
    """Return the generation in use, None when there is none or the file is damaged."""
    try:
        number, digest = layout.current.read_text("ascii").split()
        return Current(int(number), digest)
    except (OSError, ValueError) as error:
        raise_limit(error)
        return None


def write_current(layout: Layout, current: Current) -> None:
    """Name another generation; atomic and durable."""
    write_atomic(layout.current, f"{current.number:06d} {current.manifest}\n".encode("ascii"))


def numbers(layout: Layout) -> tuple[int, ...]:
    """Return the numbers of the finished generations, newest first."""
    if not layout.generations.is_dir():
        return ()
    named = (int(path.name) for path in layout.generations.iterdir() if _NAME.fullmatch(path.name))
    return tuple(sorted(named, reverse=True))


class Generation:
    """One generation, held open; nobody collects it until it is closed.

    Attributes:
        number: as in its folder's name.
        folder: where it lies.
        manifest: what it says of itself.
        notes: sentences about what is wrong with it as a whole.
        bad: what is wrong with each part (``lexical``, ``chroma``), by name of the part.
    """

    def __init__(self, folder: Path, lock: BinaryIO, manifest: Manifest, notes: tuple[Advice, ...]) -> None:
        self.folder = folder
        self.number = manifest.number
        self.manifest = manifest
        self.notes = notes
        self.bad: dict[str, str] = {}
        self._lock = lock

    def check(self, memory: Path | None) -> None:
        """Compare the files with the manifest; Chroma's are looked at only for presence and size.

        Columns are hashed whatever is remembered of them: titles, dates and offsets are shown as they stand there.

        Args:
            memory: where hashes of the other files are remembered; None hashes everything.

        Raises:
            Damaged: the columns are not whole; nothing can be answered without them.
        """
        with suppress(OSError):  # what cannot be remembered is done without
            if memory is not None and not memory.exists():
                _forget_gone(memory, self.folder.parent)
        ours = [record for record in self.manifest.files if not record.path.startswith(f"{CHROMA}/")]
        for bad in bad_files(self.folder, ours, memory, lambda path: path.startswith(f"{COLUMNS}/")):
            self.bad.setdefault(bad.path.split("/")[0], f"{bad.path} {bad.what}")
        if problem := self.bad.get(COLUMNS):
            raise Damaged(f"Generation {self.number:06d} is damaged: {problem}.", remedy=Remedy(Action.REBUILD))
        for record in self.manifest.files:
            path = self.folder / record.path
            if record.path.startswith(f"{CHROMA}/") and (not path.is_file() or path.stat().st_size != record.size):
                self.bad.setdefault(CHROMA, f"{record.path} is missing or has another size")

    def close(self) -> None:
        """Let the generation go."""
        self._lock.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_current(layout: Layout) -> Generation:
    """Hold the generation in use, else the newest that can be read, with a note.

    Raises:
        NoIndex: nothing was ever indexed.
        Damaged: no generation can be read.
    """
    current = read_current(layout)
    tried: list[str] = []
    for number in _order(layout, current):
        try:
            return _open(layout, number, current)
        except ArchiveError as error:
            tried.append(error.message)
    if not tried:
        raise NoIndex(f"Nothing is indexed in {layout.root} yet.", remedy=Remedy(Action.UPDATE))
    raise Damaged(" ".join(tried), remedy=Remedy(Action.REBUILD))


def manifest_in_use(layout: Layout) -> Manifest | None:
    """Return the manifest of the generation in use, None when there is none that can be read."""
    try:
        with open_current(layout) as generation:
            return generation.manifest
    except ArchiveError:
        return None


def is_chroma_ours(manifest: Manifest) -> bool:
    """Tell whether the Chroma index that a manifest describes was made here; none of it is read."""
    inside = f"{CHROMA}/"
    listed = ((one.path.removeprefix(inside), one.sha256) for one in manifest.files if one.path.startswith(inside))
    return is_trusted(listed_hash(listed))


def open_generation(layout: Layout, number: int) -> Generation:
    """Hold one generation, whether it is in use or not.

    Raises:
        Damaged: it cannot be read.
    """
    return _open(layout, number, read_current(layout))


def held_by_readers(layout: Layout) -> frozenset[int]:
    """Return the generations that a reader holds at this moment."""
    return frozenset(number for number in numbers(layout) if _is_held(layout.generation(number)))


def collect(layout: Layout, keep: int) -> tuple[int, ...]:
    """Remove the generations other than ``keep`` that no reader holds; return their numbers."""
    return tuple(number for number in numbers(layout) if number != keep and _collect(layout, number))


def set_aside(layout: Layout, folder: Path) -> Path:
    """Move a folder that is to be removed into the work in progress; return where it lies then.

    So a run that is cut short leaves no half of it in place, and the next build removes what is left.
    """
    make_private_dir(layout.tmp)
    aside = layout.tmp / f"{SET_ASIDE}{folder.name}"
    remove_tree(aside)
    replace(folder, aside)
    return aside


def share(source: Path, target: Path, but: Collection[str]) -> None:
    """Give the files of a finished generation a second name in a new one's folder.

    Args:
        source: folder of the finished one.
        target: of the new one, in which there is none of them yet.
        but: names of files and folders that the new one has of its own; its manifest is always one.
    """
    for path in sorted(source.iterdir()):
        if path.name not in {manifests.NAME, *but}:
            (link_tree if path.is_dir() else link)(path, target / path.name)


def _forget_gone(memory: Path, generations: Path) -> None:
    """Remove what is remembered of an archive's generations that are gone; where that cannot be, it stays.

    Args:
        memory: the file for one of them, named by the archive and the number.
        generations: folder of those there are.
    """
    archive, _, _ = memory.stem.rpartition("-")
    for path in memory.parent.glob(f"{archive}-*{memory.suffix}"):
        if not (generations / path.stem.rpartition("-")[2]).is_dir():
            with suppress(OSError):
                path.unlink(missing_ok=True)


def _order(layout: Layout, current: Current | None) -> tuple[int, ...]:
    if current is None:
        return numbers(layout)
    return current.number, *(number for number in numbers(layout) if number != current.number)


def _open(layout: Layout, number: int, current: Current | None) -> Generation:
    folder = layout.generation(number)
    lock = _share(folder / manifests.NAME)
    try:
        raw = lock.read()
        manifest = manifests.from_bytes(raw, folder / manifests.NAME)
        if manifest.number != number:
            raise Damaged(f"{folder} holds generation {manifest.number:06d}.", remedy=Remedy(Action.REBUILD))
        return Generation(folder, lock, manifest, _notes(layout, number, raw, current))
    except BaseException:
        lock.close()
        raise


def _share(path: Path) -> BinaryIO:
    try:
        handle = path.open("rb")
    except OSError as error:
        tell_apart(error, Damaged(f"{path} cannot be read: {error.strerror}.", remedy=Remedy(Action.REBUILD)))
    portalocker.lock(handle, portalocker.LockFlags.SHARED)
    if not path.exists():  # collected between opening and locking
        handle.close()
        raise Damaged(f"{path} is gone.", remedy=Remedy(Action.REBUILD))
    return handle


def _notes(layout: Layout, number: int, raw: bytes, current: Current | None) -> tuple[Advice, ...]:
    what = _note(layout, number, raw, current)
    return () if what is None else (Advice(what, Remedy(Action.REBUILD)),)


def _note(layout: Layout, number: int, raw: bytes, current: Current | None) -> str | None:
    if current is None:
        return f"{layout.current.name} is missing or unreadable; generation {number:06d} answers."
    if current.number != number:
        return f"Generation {current.number:06d} cannot be read; {number:06d} answers."
    if current.manifest != manifests.digest(raw):
        return f"The manifest of generation {number:06d} is not the one that was written."
    return None


def _is_held(folder: Path) -> bool:
    try:
        with (folder / manifests.NAME).open("rb") as handle:
            portalocker.lock(handle, portalocker.LockFlags.EXCLUSIVE | portalocker.LockFlags.NON_BLOCKING)
    except portalocker.LockException:
        return True
    except OSError as error:
        raise_limit(error)
        return False
    return False


def _collect(layout: Layout, number: int) -> bool:
    folder = layout.generation(number)
    try:
        with (folder / manifests.NAME).open("rb") as handle:
            portalocker.lock(handle, portalocker.LockFlags.EXCLUSIVE | portalocker.LockFlags.NON_BLOCKING)
            aside = set_aside(layout, folder)
    except portalocker.LockException:
        return False
    except FileNotFoundError:
        aside = folder  # a folder without a manifest is nobody's
    remove_tree(aside)
    return True
