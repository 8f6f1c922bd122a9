"""Searching in one process while another rebuilds, beside the same searching next to a niced CPU burner.

Usage: python benchmarks/swaps.py [REBUILDS] [PASSAGES]

Before each rebuild one article is changed to name its turn, so that an answer that mixed generations would show. The
encoder of passages is a cheap stand-in; questions are encoded by the real one. Both sides are measured in this run.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable
from itertools import cycle
from multiprocessing.synchronize import Event
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, sleep

from measure import arguments, middle, p95, show
from synthetic import CheapEncoder, make_archive

from archive import Archive
from index import Mode, Searcher, build, passage_rule

NICE = 10
QUESTIONS = ("sanctions threats", "gas pipeline", "who called the plan a lie", "foreign minister said", "report on")
MARK = "turnmark"


def rebuilds(root: Path, news: Path, count: int) -> None:
    """Change the marked article and rebuild, again and again."""
    os.nice(NICE)
    for turn in range(count):
        (news / "marked.txt").write_text(f"Marked\n\nThe {MARK} of this text is number{turn}.\n", "utf-8")
        with Archive.open(root) as archive:
            archive.update(passage_rule(archive.settings))
            build(archive, rebuild=True, encoder=CheapEncoder)


def burn(stop: Event) -> None:
    """Keep one core busy."""
    os.nice(NICE)
    while not stop.is_set():
        sum(range(100_000))


class Loop:
    """Asks one question after the other, moving to newer generations as they come."""

    def __init__(self, root: Path) -> None:
        self.seconds: list[float] = []
        self.swaps = self.mixed = 0
        self._searcher = Searcher.open(root)
        self._searcher.warm()
        self._marks: dict[int, str] = {}

    def run(self, going: Callable[[], bool]) -> None:
        """Search until nothing is going on any more."""
        for question in cycle(QUESTIONS):
            if not going():
                return
            began = perf_counter()
            answer = self._searcher.search(question)
            self.seconds.append(perf_counter() - began)
            assert answer.hits or answer.confidence == "nothing"
            self._check()
            self._move()
            sleep(0.01)

    def _check(self) -> None:
        """One generation holds one text of the marked article, whenever it is asked for."""
        answer = self._searcher.search(f"+{MARK}", mode=Mode.LEXICAL)
        texts = {hit.passage.text for hit in answer}
        known = self._marks.setdefault(answer.generation, " ".join(texts))
        self.mixed += answer.generation != self._searcher.generation or texts != {known}

    def _move(self) -> None:
        if self._searcher.newer() is not None:
            newer = self._searcher.reopened()
            self._searcher.close()
            self._searcher = newer
            self.swaps += 1


def main(count: int, passages: int) -> None:
    """Print both sides."""
    with TemporaryDirectory() as folder:
        root, news = Path(folder) / "archive", Path(folder) / "news"
        news.mkdir()
        (news / "marked.txt").write_text(f"Marked\n\nThe {MARK} of this text is none.\n", "utf-8")
        make_archive(root, passages)
        beside = Loop(root)
        writer = multiprocessing.Process(target=rebuilds, args=(root, news, count))
        writer.start()
        beside.run(writer.is_alive)
        alone, stop = Loop(root), multiprocessing.Event()
        burners = [multiprocessing.Process(target=burn, args=(stop,)) for _ in range(os.cpu_count() or 1)]
        for burner in burners:
            burner.start()
        end = perf_counter() + min(60.0, sum(beside.seconds))
        alone.run(lambda: perf_counter() < end)
        stop.set()
        for burner in burners:
            burner.join()
    rows = [
        (name, f"{len(loop.seconds):,}", f"{middle(loop.seconds) * 1000:.1f}", f"{p95(loop.seconds) * 1000:.1f}")
        for name, loop in (("beside rebuilds", beside), ("beside burners", alone))
    ]
    show(f"{count} rebuilds of {passages:,} passages", ("", "searches", "median ms", "p95 ms"), rows)
    print(f"p95 / p95: {p95(beside.seconds) / p95(alone.seconds):.2f} (target 1.3)")
    print(f"swaps seen {beside.swaps}, mixed answers {beside.mixed}, writer's exit code {writer.exitcode}")


if __name__ == "__main__":
    multiprocessing.set_start_method("spawn")
    given = arguments(0)
    count, passages = (int(value) for value in [*given, *("50", "4000")[len(given) :]])
    main(count, passages)
