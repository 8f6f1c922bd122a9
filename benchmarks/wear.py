"""Thousands of small updates with a searcher opened after each: what it holds and costs may not grow with their number.

Usage: python benchmarks/wear.py [UPDATES] [PASSAGES]

Each update changes one article, so the archive stays as large as it was. So that thousands take minutes, passages and
questions are embedded by a cheap stand-in, a new index is checked in this process, and nothing waits for the disk; all
else is real. The figures are medians over five updates around each count, in new processes that open a searcher and ask
by words and meaning; times of a searcher are the least of fifteen, that of an update the least of five.

An update makes some sixty files and removes as many. On ext4 making one took .2 to 2.4 ms of the kernel's time with
thousands removed in the minutes before, in memory .01 ms: with TMPDIR there, the time of an update is that of Morgue.
"""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import astuple, dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from unittest.mock import patch

from measure import arguments, show
from synthetic import PASSAGES, CheapEncoder, write_articles

from archive import Archive
from index import Mode, Searcher, build, passage_rule, verify
from index.indexing.finishing.validate import check_folder

COUNTS = (10, 100, 1_000, 3_000)
AROUND = 5
OPENED = """
import os
from time import perf_counter
from pathlib import Path
from index import Searcher
from index.embedding.model import locate
from synthetic import CheapEncoder
encoder = CheapEncoder(locate())
began = perf_counter()
with Searcher.open(Path(os.environ['ARCHIVE']), encoder=encoder) as searcher:
    opened = perf_counter() - began
    answer = searcher.search("report on turnmark")
    assert answer.hits and not answer.degraded, answer.degraded
    held = len(os.listdir("/proc/self/fd"))
    memory = next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmRSS"))
print(held, memory, opened)
"""
OPENINGS = 3  # after each update that is measured


@dataclass(frozen=True, slots=True)
class Figures:
    """What an update left: files and segments of the archive, what a searcher holds and takes, what the update took."""

    files: float
    segments: float
    descriptors: float
    memory_mb: float
    open_ms: float
    update_ms: float


def figures(root: Path, update_seconds: float) -> Figures:
    """Measure an archive and a searcher of it in new processes."""
    told = []
    for _ in range(OPENINGS):
        ran = subprocess.run(
            [sys.executable, "-c", OPENED],
            capture_output=True,
            text=True,
            check=True,
            cwd=Path(__file__).parent,
            env={**os.environ, "ARCHIVE": str(root)},
        )
        told.append([float(each) for each in ran.stdout.split()])
    descriptors, memory, _ = (median(column) for column in zip(*told, strict=True))
    paths = [path for path in root.rglob("*") if path.is_file()]
    segments = sum(path.suffix == ".log" for path in paths)
    seconds = min(opened for _, _, opened in told)
    return Figures(len(paths), segments, descriptors, memory / 1024, seconds * 1e3, update_seconds * 1e3)


def update(root: Path, news: Path, turn: int) -> float:
    """Change one article of many, take it in, and see that it is found; return the seconds of the update."""
    place = news / f"changing{turn % 97:02d}.txt"
    place.write_text(f"Changing {turn}\n\nThe turnmark of this text is number{turn}.\n", "utf-8")
    began = perf_counter()
    with Archive.open(root) as archive:
        archive.update(passage_rule(archive.settings))
        build(archive, encoder=CheapEncoder)
    seconds = perf_counter() - began
    with Searcher.open(root) as searcher:
        found = searcher.search(f"number{turn}", mode=Mode.LEXICAL).hits
        assert found[0].article.title == f"Changing {turn}", turn
    return seconds


def main(updates: int, passages: int) -> None:
    """Update again and again, and print what a searcher costs on the way."""
    with TemporaryDirectory() as folder:
        root, news = Path(folder) / "archive", Path(folder) / "news"
        write_articles(news, passages // PASSAGES)
        with Archive.create(root) as archive:
            settings = archive.layout.settings
        settings.write_text(settings.read_text("utf-8").replace('vectors = "auto"', 'vectors = "exact"'), "utf-8")
        with Archive.open(root) as archive:
            archive.add([news], passage_rule(archive.settings))
            build(archive, encoder=CheapEncoder)
        taken: dict[int, list[Figures]] = {count: [] for count in (*COUNTS, updates) if count <= updates}
        for turn in range(1, updates + 1):
            with (
                patch("index.indexing.finishing.validate.check_in_subprocess", check_folder),
                patch("os.fsync", lambda handle: None),
            ):
                seconds = update(root, news, turn)
            for count, measured in taken.items():
                if count - AROUND < turn <= count:
                    measured.append(figures(root, seconds))
        first = None
        rows = []
        for count, measured in taken.items():
            middle = [median(column) for column in zip(*map(astuple, measured), strict=True)]
            middle[-2:] = [min(each.open_ms for each in measured), min(each.update_ms for each in measured)]
            first = first or middle
            beside = zip(middle, first, strict=True)
            rows.append([f"{count:,}", *(f"{value:,.0f} ({value / of:.2f})" for value, of in beside)])
        columns = ["updates", "files", "segments", "descriptors", "memory, MB", "open, ms", "update, ms"]
        show("After so many updates (against those after ten)", columns, rows)
        with Archive.open(root) as archive:
            print("verify:", "whole" if verify(archive).whole else "NOT WHOLE")
        print("descriptors of this process:", len(list(Path("/proc/self/fd").iterdir())))


if __name__ == "__main__":
    given = arguments(0)
    count, size = (int(value) for value in [*given, *("3000", "1000")[len(given) :]])
    main(count, size)
