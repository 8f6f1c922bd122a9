"""Counting all that matches a question, and listing it newest first, against the question itself, in every mode.

Usage: python benchmarks/facets.py ARCHIVE [PASSES] [--cheap]

Every question is asked in a new wording each time. With --cheap, the archive is one that ``cheap.py`` or
``synthetic.py`` made, whose encoder costs next to nothing, so that the question is the dearer for no model.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from cheap import searching
from measure import QUESTIONS, arguments, middle, p95, show, timed

from index import FacetBy, Mode, Order, Searcher

BY = (FacetBy.OUTLET, FacetBy.MONTH, FacetBy.LANGUAGE, FacetBy.AUTHOR, FacetBy.DATED)


def works(searcher: Searcher, question: str, mode: Mode) -> dict[str, Callable[[], object]]:
    """Return what is timed, by name; nothing of it remembers what another found."""
    return {
        "search": lambda: searcher.search(f"{question} a", mode=mode),
        "facets": lambda: searcher.facets(f"{question} b", BY, mode),
        "totals": lambda: searcher.facets(f"{question} c", (), mode),
        "newest": lambda: searcher.search(f"{question} d", mode=mode, order=Order.NEWEST),
    }


def main(archive: Path, passes: int, *, is_cheap: bool) -> None:
    """Print medians, 95th percentiles and the ratio to the question itself."""
    rows = []
    with searching(archive) if is_cheap else Searcher.open(archive) as searcher:
        searcher.warm()
        matching = [searcher.facets(question, ()).totals for question in QUESTIONS]
        for mode in Mode:
            times: dict[str, list[float]] = {}
            for turn in range(passes + 1):
                for question in QUESTIONS:
                    for name, work in works(searcher, f"{question} {turn}", mode).items():
                        seconds = timed(work)
                        if turn:
                            times.setdefault(name, []).append(seconds * 1000)
            question_alone = middle(times["search"])
            rows += [
                (mode, name, f"{middle(each):.2f}", f"{p95(each):.2f}", f"{middle(each) / question_alone:.2f}")
                for name, each in times.items()
            ]
    articles = middle([totals.articles for totals in matching])
    passages = middle([totals.passages for totals in matching])
    title = f"{len(QUESTIONS) * passes} warm questions, {articles:,.0f} articles and {passages:,.0f} passages match"
    show(title, ("mode", "work", "p50 ms", "p95 ms", "p50 / search p50"), rows)


if __name__ == "__main__":
    given = arguments(1)
    archive, *more = [one for one in given if one != "--cheap"]
    main(Path(archive), int(more[0]) if more else 3, is_cheap="--cheap" in given)
