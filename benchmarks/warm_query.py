"""Warm queries in one process against one encoding of the query alone; lexical and semantic beside hybrid.

Usage: python benchmarks/warm_query.py ARCHIVE [PASSES]
"""

from __future__ import annotations

from functools import partial
from resource import RUSAGE_SELF, getrusage

from measure import QUESTIONS, arguments, middle, p95, show, timed

from index import Mode, Searcher


def main(archive: str, passes: int) -> None:
    """Print medians and 95th percentiles, and the ratio to one encoding."""
    with Searcher.open(archive) as searcher:
        searcher.warm()
        times: dict[str, list[float]] = {"one query encoding": [], **{f"{mode} search": [] for mode in Mode}}
        for turn in range(passes + 1):
            for question in QUESTIONS:
                fresh = f"{question} {turn}"  # a new wording each turn, so that no kept vector answers
                measured = [timed(partial(searcher.encode, f"{fresh} x"))]
                measured += [timed(partial(searcher.search, f"{fresh} {mode}", mode=mode)) for mode in Mode]
                if turn:
                    for name, seconds in zip(times, measured, strict=True):
                        times[name].append(seconds * 1000)
    encoding = middle(times["one query encoding"])
    rows = [
        (name, f"{middle(each):.2f}", f"{p95(each):.2f}", f"{p95(each) / encoding:.2f}") for name, each in times.items()
    ]
    title = f"{len(QUESTIONS) * passes} warm queries, 10 results with highlights"
    show(title, ("work", "p50 ms", "p95 ms", "p95 / encoding p50"), rows)
    print(f"peak memory of this process: {getrusage(RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    archive, *more = arguments(1)
    main(archive, int(more[0]) if more else 5)
