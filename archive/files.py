"""Every write that must survive a power cut: the only module that syncs, renames and removes whole folders."""

from __future__ import annotations

import os
import shutil
from hashlib import file_digest
from pathlib import Path
from tempfile import mkstemp


def sync_file(path: Path) -> None:
    """Make a file's content durable."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_folder(path: Path) -> None:
    """Make the names in a folder durable, where the system can."""
    if os.name == "posix":
        sync_file(path)


def sync_tree(folder: Path) -> None:
    """Make every file below a folder, and every folder itself, durable."""
    for below, _, names in os.walk(folder):
        for name in names:
            sync_file(Path(below) / name)
        sync_folder(Path(below))


def replace(source: Path, target: Path) -> None:
    """Move a file or folder onto a name of the same file system, durably."""
    source.replace(target)
    sync_folder(target.parent)
    if source.parent != target.parent:
        sync_folder(source.parent)


def write_atomic(path: Path, content: bytes) -> None:
    """Write a small file so that a reader sees the old content or the new one, never a part; mode 0600."""
    handle, name = mkstemp(prefix=f".{path.name}.", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        replace(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def sha256_file(path: Path) -> str:
    """Return the sha256 (hex) of a file's content."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def make_private_dir(path: Path) -> Path:
    """Make a folder, and its parents, that only its owner may enter; return it."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def remove_tree(path: Path) -> None:
    """Remove a folder with all it holds; a missing one is fine."""
    if path.exists():
        shutil.rmtree(path)
