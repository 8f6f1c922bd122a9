"""Archives that tests make; imported by processes that they start, so nothing is changed here."""

from __future__ import annotations

import subprocess
from pathlib import Path


def empty_archive(root: Path, vectors: str = "exact") -> Path:
    """Make an empty archive, by default one whose builds do not take the seconds that Chroma takes."""
    from archive import Archive

    Archive.create(root).close()
    settings = root / "morgue.toml"
    settings.write_text(settings.read_text("utf-8").replace('vectors = "auto"', f'vectors = "{vectors}"'), "utf-8")
    return root


def wanting_chroma(root: Path) -> Path:
    """Make an empty archive whose index is to have every part there can be."""
    return empty_archive(root, "chroma")


def built_archive(root: Path, *paths: Path) -> Path:
    """Add the given folders to an archive, which is made if there is none, and build its index by the public API."""
    from archive import Archive
    from index import build, passage_rule

    with Archive.open(root if root.exists() else empty_archive(root)) as archive:
        archive.add(paths, passage_rule(archive.settings))
        build(archive)
    return root


def copied_archive(root: Path, target: Path) -> Path:
    """Copy an archive that this process may hold open, by a process of its own.

    A process that closes any handle on a file gives up all its locks on it: were the copy made here, the next process
    that opens the archive would take SQLite's log away from under whoever reads it.
    """
    subprocess.run(["cp", "-R", str(root), str(target)], check=True)
    return target
