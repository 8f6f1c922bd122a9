"""Warm questions to Morgue and to a plain script, over the same passages and vectors; the question's vector is given.

Usage: python benchmarks/against_script.py ARCHIVE [PASSES]

The script is given what ARCHIVE holds. Answers have ten passages; Morgue's come with highlights, the script's without.
A filtered question admits a span of days that holds about 5% of the passages.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from measure import middle, p95, show, timed
from script import Passages, Script

from archive import Archive
from index import Mode, Searcher
from index.columns import open_columns
from index.generation import COLUMNS, open_current
from index.parts import open_parts

QUESTIONS = (Path(__file__).parent / "questions.txt").read_text("utf-8").splitlines()
SHARE = 0.05


def passages(root: Path) -> Passages:
    """Read what an archive's index holds, in its order."""
    with Archive.open(root) as archive, open_current(archive.layout) as generation:
        columns = open_columns(generation.folder / COLUMNS)
        parts = open_parts(archive.layout, generation)
        assert parts.vectors is not None
        alive = np.flatnonzero(columns.alive)
        vectors = parts.vectors.vectors(alive)
        of = columns.article_of[alive].tolist()
        places = [
            (columns.article_id(one), columns.version(one), int(columns.starts[at]), int(columns.ends[at]))
            for at, one in zip(alive.tolist(), of, strict=True)
        ]
        texts = [text or "" for text in archive.passage_texts(places)]
        days = [int((columns.texts["published"][one] or "0001-01-01")[:10].replace("-", "")) for one in of]
        parts.close()
    return Passages(texts, vectors, days)


def span(days: list[int]) -> tuple[int, int]:
    """Return the span of days in the middle that holds about 5% of the passages."""
    ordered = sorted(days)
    middle_of = len(ordered) // 2
    return ordered[middle_of], ordered[min(len(ordered) - 1, middle_of + int(SHARE * len(ordered)))]


def dashed(day: int) -> str:
    """Write a day as it is typed."""
    return f"{day // 10000:04d}-{day // 100 % 100:02d}-{day % 100:02d}"


def questions(searcher: Searcher, script: Script, days: tuple[int, int]) -> Iterator[dict[str, Callable[[], object]]]:
    """Yield the ways in which each question is asked; Morgue keeps the vectors of recent questions."""
    typed = f"date:{dashed(days[0])}..{dashed(days[1])}"
    for question in QUESTIONS:
        vector = searcher.encode(question)
        yield {
            "Morgue": lambda q=question: searcher.search(q, mode=Mode.HYBRID, nearest=True),  # type: ignore[misc]
            "script": lambda q=question, v=vector: script.ask(q, v),  # type: ignore[misc]
            "Morgue, 5% by date": lambda q=question: searcher.search(f"{q} {typed}", nearest=True),  # type: ignore[misc]
            "script, 5% by date": lambda q=question, v=vector: script.ask(q, v, days),  # type: ignore[misc]
        }


def main(root: Path, passes: int) -> None:
    """Print medians, 95th percentiles and ratios."""
    held = passages(root)
    days = span(list(held.days))
    times: dict[str, list[float]] = {}
    with TemporaryDirectory() as folder, Searcher.open(root) as searcher:
        searcher.warm()
        script = Script(Path(folder), held)
        asked = list(questions(searcher, script, days))
        for turn in range(passes + 1):
            for ways in asked:
                for name, ask in ways.items():
                    seconds = timed(ask)
                    if turn:
                        times.setdefault(name, []).append(seconds * 1000)
    rows = [(name, f"{middle(each):.2f}", f"{p95(each):.2f}") for name, each in times.items()]
    show(f"{len(held.texts):,} passages, warm questions, vector given", ("", "p50 ms", "p95 ms"), rows)
    for mine, other in (("Morgue", "script"), ("Morgue, 5% by date", "script, 5% by date")):
        print(f"{mine} / {other}: {middle(times[mine]) / middle(times[other]):.3f}")
    admitted = sum(days[0] <= day <= days[1] for day in held.days) / len(held.days)
    print(f"admitted by date: {admitted:.1%}; load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 3)
