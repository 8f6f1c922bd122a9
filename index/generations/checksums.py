"""Whether the files of a finished generation are still what its manifest says.

Presence and sizes are always looked at. Content is hashed once; afterwards a file of the same size, modification time
and inode is taken to hold what it held, and that memory lies in the user's state folder, never in the archive. A disk
that rots changes none of the three, so what is shown as it stands in a file is hashed whenever that is opened.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from archive.core.system_limits import raise_limit
from archive.folder.files import sha256_file
from archive.folder.user_folder import state_folder
from index.generations.manifest import FileRecord
from index.runtime.memo import file_stamp, recall, remember


@dataclass(frozen=True, slots=True)
class BadFile:
    """A file that is not what the manifest says; ``what`` completes "the file ... "."""

    path: str
    what: str


def records(folder: Path, old: Path | None = None, old_records: Iterable[FileRecord] = ()) -> tuple[FileRecord, ...]:
    """Describe every file below a folder, sorted by path.

    Args:
        folder: of a generation that is being made.
        old: of one whose files it shares; what is the same file there is not read again.
        old_records: what the manifest of ``old`` says.
    """
    listed = {record.path: record for record in old_records}
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return tuple(_record(folder, path, old, listed) for path in files)


def _record(folder: Path, path: Path, old: Path | None, listed: Mapping[str, FileRecord]) -> FileRecord:
    name = path.relative_to(folder).as_posix()
    if old is not None and name in listed and shared(path, old / name):
        return listed[name]
    return FileRecord(name, path.stat().st_size, sha256_file(path))


def shared(path: Path, old: Path) -> bool:
    """Tell whether two names stand for one file."""
    return old.is_file() and path.samefile(old)


def memory_of(archive: str, number: int) -> Path:
    """Return where the hashes of a generation's files are remembered; ``archive`` is the archive's id."""
    return state_folder() / "checked" / f"{archive}-{number:06d}.json"


def bad_files(
    folder: Path, files: Iterable[FileRecord], memory: Path | None, always: Callable[[str], bool] = lambda path: False
) -> Iterator[BadFile]:
    """Yield the files that are missing, of another size or of other content.

    Args:
        folder: the generation.
        files: what its manifest lists, or a part of it.
        memory: where hashes found right are remembered; None hashes everything.
        always: tells of a path whether its file is hashed whatever is remembered.

    Raises:
        OSError: the system refuses one.
    """
    before = {} if memory is None else recall(memory, {})
    seen = dict(before)
    for record in files:
        path = folder / record.path
        problem = _glance(path, record)
        if problem is None:
            problem = _content(path, record, seen, always=always(record.path))
        if problem is not None:
            seen.pop(record.path, None)
            yield BadFile(record.path, problem)
    if memory is not None and seen != before:
        remember(memory, {}, seen)


def _content(path: Path, record: FileRecord, seen: dict[str, str], *, always: bool) -> str | None:
    """Say what is wrong with the content of a file; what was hashed and found right is added to ``seen``."""
    stamp = f"{record.sha256} {file_stamp(path)}"
    if not always and seen.get(record.path) == stamp:
        return None
    if sha256_file(path) != record.sha256:
        return "does not hold what was written"
    if not always:
        seen[record.path] = stamp
    return None


def _glance(path: Path, record: FileRecord) -> str | None:
    try:
        size = path.stat().st_size
    except FileNotFoundError:
        return "is missing"
    except OSError as error:
        raise_limit(error)
        return f"cannot be read ({error.strerror})"
    return None if size == record.size else f"has {size:,} bytes instead of {record.size:,}"
