"""Two builds of the program, this one and another checkout, in interleaved pairs: questions, add, rebuild, help.

Usage: python benchmarks/builds.py OTHER-CHECKOUT DOCS.JSONL [PAIRS [ARTICLES [NEW]]]

Of the articles in DOCS.JSONL, the first ARTICLES are archived once by the other build; this one gets a copy and
brings it up to date, with vectors scored exactly in both. Then each round does the same work three times, by the
other build, by this one, and by the other again, so that the ratio of its two runs says what is noise. Work is a
whole process, but for warm questions, of which a process prints its own median. ``add`` takes NEW articles into an
archive of the first of them. Prints the median of the ratios of each pair with its interval (95%, by bootstrap over the
pairs).
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from measure import QUESTIONS, arguments, middle, show, timed
from scipy.stats import bootstrap

EXACT = 'vectors = "exact"'
HERE = Path(__file__).resolve().parent.parent
WARM = """
import sys
from time import perf_counter
from index import Searcher
times = []
with Searcher.open(sys.argv[1]) as searcher:
    searcher.warm()
    for turn in range(8):
        for question in sys.argv[2:]:
            began = perf_counter()
            searcher.search(f"{question} {turn}")
            times.append(perf_counter() - began)
times = times[len(times) // 4:]
print(sorted(times)[len(times) // 2])
"""


@dataclass(frozen=True, slots=True)
class Build:
    """A checkout and the archive it works on."""

    checkout: Path
    archive: Path

    def run(self, *arguments: object) -> str:
        """Run a Python process of this build to its end; return what it printed."""
        state = {"MORGUE_STATE": str(self.archive.parent / "state"), "HF_HUB_OFFLINE": "1"}
        environment = {**os.environ, **state, "PYTHONPATH": str(self.checkout)}
        command = [sys.executable, *map(str, arguments)]
        ran = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, cwd=self.checkout)
        if ran.returncode not in (0, 1):
            sys.exit(f"{' '.join(command)} in {self.checkout} exited {ran.returncode}: {ran.stderr}")
        return ran.stdout

    def morgue(self, *arguments: object) -> str:
        """Run a command on the archive."""
        return self.run("-m", "tui", "--archive", self.archive, *arguments)


def works(news: Path, small: dict[Build, Path], scratch: Path) -> dict[str, Callable[[Build], float]]:
    """Return what is measured by name: each gives the seconds it takes a build; ``small`` are archives to add to."""

    def add(build: Build) -> float:
        shutil.rmtree(scratch, ignore_errors=True)
        shutil.copytree(small[build], scratch)
        grown = Build(build.checkout, scratch)
        return timed(lambda: grown.morgue("add", news))

    return {
        "warm question": lambda build: float(build.run("-c", WARM, build.archive, *QUESTIONS)),
        "cold question": lambda build: timed(lambda: build.morgue("search", QUESTIONS[0])),
        "cold question by words": lambda build: timed(
            lambda: build.morgue("search", "--mode", "lexical", QUESTIONS[0])
        ),
        "morgue --help": lambda build: timed(lambda: build.run("-m", "tui", "--help")),
        "rebuild": lambda build: timed(lambda: build.morgue("rebuild")),
        "add": add,
    }


def exactly(archive: Path, setting: str) -> None:
    """Have vectors scored exactly, by the setting of the build that reads the archive."""
    path = archive / "morgue.toml"
    kept = [line for line in path.read_text("utf-8").splitlines() if not line.startswith(("chroma =", "vectors ="))]
    at = kept.index("[index]") + 1
    path.write_text("\n".join([*kept[:at], setting, *kept[at:], ""]), "utf-8")


def interval(ratios: Sequence[float]) -> str:
    """Return the median of the ratios and its interval of 95%."""
    found = bootstrap((np.asarray(ratios),), np.median, method="percentile", rng=np.random.default_rng(20))
    return f"{middle(ratios):.3f} ({found.confidence_interval.low:.3f} to {found.confidence_interval.high:.3f})"


def main(other: Path, documents: Path, pairs: int, articles: int, new: int) -> None:
    """Print a row for each kind of work."""
    if pairs < 2:
        sys.exit("PAIRS has to be at least 2: there is no interval of a single ratio.")
    with TemporaryDirectory() as folder:
        root = Path(folder)
        before, after = Build(other, root / "before"), Build(HERE, root / "after")
        news = root / "news.jsonl", root / "new.jsonl", root / "one.jsonl"
        with documents.open(encoding="utf-8") as lines:
            for path, count in zip(news, (articles, new, 1), strict=True):
                path.write_text("".join(islice(lines, count)), "utf-8")
        before.morgue("add", news[0])
        shutil.copytree(before.archive, after.archive)
        small = {build: root / f"small-{name}" for name, build in (("before", before), ("after", after))}
        for build, archive in small.items():
            Build(build.checkout, archive).morgue("add", news[2])
        older = "\nchroma = " in (before.archive / "morgue.toml").read_text("utf-8")
        for build, setting in ((before, "chroma = false" if older else EXACT), (after, EXACT)):
            exactly(build.archive, setting)
            exactly(small[build], setting)
        after.morgue("update")
        Build(after.checkout, small[after]).morgue("update")
        rows = []
        for name, work in works(news[1], small, root / "grown").items():
            for build in (before, after):
                work(build)
            runs = [(work(before), work(after), work(before)) for _ in range(pairs)]
            ratios = [after / ((first + second) / 2) for first, after, second in runs]
            noise = [second / first for first, _, second in runs]
            seconds = (middle([run[0] for run in runs]), middle([run[1] for run in runs]))
            rows.append((name, *(f"{each * 1000:,.1f}" for each in seconds), interval(ratios), interval(noise)))
            print(*rows[-1], sep="; ", file=sys.stderr)
    columns = ("work", "before, ms", "this build, ms", "this / before", "before / before")
    show(f"{articles:,} articles, {pairs} interleaved pairs: medians, intervals of 95%", columns, rows)


if __name__ == "__main__":
    other, documents, *more = arguments(2)
    given = [int(number) for number in more]
    main(Path(other).resolve(), Path(documents).resolve(), *(*given, *(15, 1500, 60)[len(given) :]))
