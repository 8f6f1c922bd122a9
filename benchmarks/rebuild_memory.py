"""Peak memory of a rebuild at two sizes of an archive, embedding left out.

Usage: python benchmarks/rebuild_memory.py FOLDER [SMALL] [LARGE]

FOLDER is made, or used again. The build runs in a process of its own; what it lets Chroma do apart is counted apart.
Mapped files (vectors, columns) are in the peak as long as memory is free; "own" is what the process itself allocated.
"""

from __future__ import annotations

import os
import resource
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

from measure import arguments, resident, show
from synthetic import CheapEncoder, make_archive

from archive import Archive
from index import build


def rebuild(root: Path) -> None:
    """Rebuild and print the peak memory of this process and of the largest of its children, in MB."""
    done = Event()
    with ThreadPoolExecutor(1) as watching, Archive.open(root) as archive:
        watched = watching.submit(_most_allocated, done)
        report = build(archive, rebuild=True, encoder=CheapEncoder)
        done.set()
    own, child = (resource.getrusage(who).ru_maxrss / 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    size = sum(path.stat().st_size for path in (root / "generations").rglob("*") if path.is_file()) / 1e6
    vectors = sum(path.stat().st_size for path in (root / "vectors").rglob("*") if path.is_file()) / 1e6
    print(report.passages, f"{own:.0f} {watched.result():.0f} {child:.0f} {size:.0f} {vectors:.0f}")


def _most_allocated(done: Event) -> float:
    """Return the most memory this process had allocated, in MB, looked at fifty times a second."""
    most = 0.0
    while not done.wait(0.02):
        most = max(most, resident("RssAnon"))
    return most


def measured(root: Path) -> list[str]:
    """Run ``rebuild`` in a process of its own and return what it printed."""
    with os.popen(f"{sys.executable} {__file__} --rebuild {root}") as child:
        return child.read().split()


def main(folder: Path, sizes: tuple[int, ...]) -> None:
    """Print the peaks."""
    rows = []
    for size in sizes:
        root = folder / str(size) / "archive"
        if not root.exists():
            root.parent.mkdir(parents=True, exist_ok=True)
            make_archive(root, size)
        rows.append(tuple(measured(root)))
    columns = ("passages", "build MB", "of it own", "Chroma apart MB", "generations MB", "vectors MB")
    show("peak memory of a rebuild", columns, rows)


if __name__ == "__main__":
    first, *more = arguments(1)
    if first == "--rebuild":
        rebuild(Path(more[0]))
    else:
        main(Path(first), tuple(int(size) for size in more) or (20_000, 200_000))
