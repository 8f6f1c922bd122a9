"""How soon a new archive answers while ``add`` goes on: by words, by meaning of a part, whole; and another checkout's.

Usage: python benchmarks/first_answer.py OTHER-CHECKOUT DOCS.JSONL [ARTICLES]

Each build adds the first ARTICLES (all by default) to a new archive in a process of its own. Meanwhile the archive is
opened again and again, as somebody who waits would: the first answer by words is the first that has hits, the first
hybrid one the first with a passage that has a cosine. Times are from the start of ``add``.
"""

from __future__ import annotations

import os
import subprocess
import sys
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic, sleep

from measure import arguments, show

from archive.core.errors import ArchiveError
from index import Mode, Searcher

HERE = Path(__file__).resolve().parent.parent
QUESTION = "price of oil"
PAUSE = 0.25  # seconds between two looks


def answered(archive: Path, mode: Mode) -> bool:
    """Tell whether an archive answers by words, or with a passage found by meaning."""
    try:
        with Searcher.open(archive) as searcher:
            answer = searcher.search(QUESTION, mode=mode)
    except ArchiveError:
        return False
    return any(hit.semantic is not None for hit in answer) if mode == Mode.HYBRID else len(answer) > 0


def added(checkout: Path, documents: Path, archive: Path, *, looks: bool) -> tuple[float | None, float | None, float]:
    """Add documents by a checkout; return after how many seconds it answered by words, by meaning, and was done."""
    environment = {
        **os.environ,
        "PYTHONPATH": str(checkout),
        "HF_HUB_OFFLINE": "1",
        "MORGUE_STATE": str(archive.parent / "state"),
    }
    command = [sys.executable, "-m", "tui", "--archive", str(archive), "add", "--quiet", str(documents)]
    words = meaning = None
    began = monotonic()
    with subprocess.Popen(command, env=environment, cwd=checkout) as process:
        while process.poll() is None:
            sleep(PAUSE)
            if looks and words is None and answered(archive, Mode.LEXICAL):
                words = monotonic() - began
            if looks and words is not None and meaning is None and answered(archive, Mode.HYBRID):
                meaning = monotonic() - began
        ended = monotonic() - began
    if process.returncode not in (0, 3):
        sys.exit(f"{checkout} exited {process.returncode}")
    return words, meaning, ended


def main(other: Path, source: Path, articles: int | None) -> None:
    """Print a table."""
    with TemporaryDirectory() as folder:
        documents = Path(folder) / "documents.jsonl"
        with source.open(encoding="utf-8") as lines:
            documents.write_text("".join(islice(lines, articles)), "utf-8")
        before = added(other, documents, Path(folder) / "before", looks=False)[2]
        words, meaning, whole = added(HERE, documents, Path(folder) / "after", looks=True)
    times = (
        ("first answer by words", words),
        ("first by meaning of a part", meaning),
        ("whole", whole),
        ("the other build, whole", before),
    )
    rows = [(name, f"{seconds:,.1f}", f"{seconds / whole:.3f}") for name, seconds in times if seconds is not None]
    title = f"add, this build / the other {whole / before:.3f}; load {os.getloadavg()[0]:.1f}"
    show(title, ("", "s", "of whole"), rows)


if __name__ == "__main__":
    other, documents, *more = arguments(2)
    main(Path(other).resolve(), Path(documents).resolve(), int(more[0]) if more else None)
