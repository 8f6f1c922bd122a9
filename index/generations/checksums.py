"""Whether the files of a finished generation are still what its manifest says.

Presence and sizes are always looked at. Content is hashed once; afterwards a file of the same size, modification time
and inode is taken to hold what it held, and that memory lies in the user's state folder, never in the archive.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from archive.folder.files import sha256_file, write_atomic
from index.generations.manifest import FileRecord


@dataclass(frozen=True, slots=True)
class BadFile:
    """A file that is not what the manifest says; ``what`` completes "the file ... "."""

    path: str
    what: str


def records(folder: Path, old: Path | None = None, known: Iterable[FileRecord] = ()) -> tuple[FileRecord, ...]:
    """Describe every file below a folder, sorted by path.

    Args:
        folder: of a generation that is being made.
        old: of one whose files it shares; what is the same file there is not read again.
        known: what the manifest of ``old`` says.
    """
    held = {record.path: record for record in known}
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return tuple(_record(folder, path, old, held) for path in files)


def _record(folder: Path, path: Path, old: Path | None, held: Mapping[str, FileRecord]) -> FileRecord:
    name = path.relative_to(folder).as_posix()
    if old is not None and name in held and shared(path, old / name):
        return held[name]
    return FileRecord(name, path.stat().st_size, sha256_file(path))


def shared(path: Path, old: Path) -> bool:
    """Tell whether two names stand for one file."""
    return old.is_file() and path.samefile(old)


def memory_of(archive: str, number: int) -> Path:
    """Return where the hashes of a generation's files are remembered; ``archive`` is the archive's id."""
    from index.runtime.user_dirs import state_folder

    return state_folder() / "checked" / f"{archive}-{number:06d}.json"


def bad_files(folder: Path, files: Iterable[FileRecord], memory: Path | None) -> Iterator[BadFile]:
    """Yield the files that are missing, of another size or of other content.

    Args:
        folder: the generation.
        files: what its manifest lists, or a part of it.
        memory: where hashes found right are remembered; None hashes everything.
    """
    known = _recall(memory)
    seen = dict(known)
    for record in files:
        path = folder / record.path
        problem = _glance(path, record)
        if problem is None and seen.get(record.path) != (stamp := _stamp(path, record)):
            if sha256_file(path) == record.sha256:
                seen[record.path] = stamp
            else:
                problem = "does not hold what was written"
        if problem is not None:
            seen.pop(record.path, None)
            yield BadFile(record.path, problem)
    if memory is not None and seen != known:
        _remember(memory, seen)


def _glance(path: Path, record: FileRecord) -> str | None:
    try:
        size = path.stat().st_size
    except FileNotFoundError:
        return "is missing"
    except OSError as error:
        return f"cannot be read ({error.strerror})"
    return None if size == record.size else f"has {size:,} bytes instead of {record.size:,}"


def _stamp(path: Path, record: FileRecord) -> str:
    status = path.stat()
    return f"{record.sha256} {status.st_size} {status.st_mtime_ns} {status.st_ino}"


def _recall(memory: Path | None) -> dict[str, str]:
    if memory is None:
        return {}
    try:
        held = json.loads(memory.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(path): str(stamp) for path, stamp in held.items()} if isinstance(held, dict) else {}


def _remember(memory: Path, seen: dict[str, str]) -> None:
    try:
        memory.parent.mkdir(parents=True, exist_ok=True)
        write_atomic(memory, json.dumps(seen).encode("utf-8"))
    except OSError:
        return  # a machine without room for the memory hashes again next time
