"""Flip single bits of an archive's files, and tell whether anything wrong was shown and whether ``verify`` found it.

Usage: python benchmarks/flips.py FILE [FLIPS [SEED [EVERY]]]

Of FLIPS, each kind of file gets its share, half of those of an index under a size and time that stay, as on a disk that
rots. Every EVERY-th of the other files is followed by a rebuild, and what that made is looked at, too. FILE gets a line
of JSON for each flip of which something is to be told. Prints a row for each kind of file.
"""

from __future__ import annotations

import json
import random
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, TextIO

from measure import arguments, show

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from index.embedding.model import locate
from tests.faults.flips import DERIVED, Outcome, Specimen

# Of each hundred; the sum is 100.
SHARES: Final = {
    "catalog": 32,
    "its log": 14,
    "its log's index": 6,
    "columns": 15,
    "words": 10,
    "slots, manifest": 6,
    "vectors": 8,
    "settings": 6,
    "CURRENT": 3,
}
COLUMNS: Final = (
    "files", "flips", "told of or refused", "something wrong shown", "other hits, not told", "crashed",
    "found by verify", "says something else and not found",
)  # fmt: skip


def counted(kind: str, outcomes: Sequence[Outcome]) -> tuple[str, ...]:
    """Return a row of figures."""
    counts = Counter(
        {
            "told": sum(bool(one.told) for one in outcomes),
            "wrong": sum(bool(one.wrong) for one in outcomes),
            "different": sum(bool(one.different) for one in outcomes),
            "crashed": sum(bool(one.crashed) for one in outcomes),
            "found": sum(one.found for one in outcomes),
            "missed": sum(one.missed for one in outcomes),
        }
    )
    return (kind, f"{len(outcomes):,}", *(f"{count:,}" for count in counts.values()))


def tried(specimen: Specimen, kind: str, count: int, seed: int, every: int, folder: Path, log: TextIO) -> list[Outcome]:
    """Try flips of a kind of file, and write down what is to be told of any."""
    outcomes, flips = list[Outcome](), specimen.flips(kind, random.Random(f"{seed} {kind}"))
    for turn in range(count):
        rotting = kind in DERIVED and turn % 2 == 1
        rebuild = kind not in DERIVED and turn % every == every - 1
        outcome = specimen.tried(kind, next(flips), folder, rotting=rotting, rebuild=rebuild)
        outcomes.append(outcome)
        if outcome.wrong or outcome.different or outcome.crashed or outcome.missed:
            log.write(json.dumps({"kind": kind, "rotting": rotting, "rebuild": rebuild, **asdict(outcome)}) + "\n")
            log.flush()
        if turn % 50 == 49:
            print(*counted(kind, outcomes), sep="; ", file=sys.stderr, flush=True)
    return outcomes


def main(file: Path, flips: int, seed: int, every: int) -> None:
    """Print a row for each kind of file, with each engine of words in turn."""
    rows = []
    with TemporaryDirectory() as scratch, file.open("w", encoding="utf-8") as log:
        specimens = [Specimen(Path(scratch) / engine, locate(), engine) for engine in ("tantivy", "rank-bm25")]
        for kind, share in SHARES.items():
            outcomes = list[Outcome]()
            for number, specimen in enumerate(specimens):
                count = round(flips * share / 100 / len(specimens))
                outcomes += tried(specimen, kind, count, seed + number, every, Path(scratch), log)
            rows.append(counted(kind, outcomes))
    show(f"{flips:,} single bits, seed {seed}", COLUMNS, rows)


if __name__ == "__main__":
    log, *more = arguments(1)
    given = [int(number) for number in more]
    main(Path(log), *(*given, *(2000, 1, 10)[len(given) :]))
