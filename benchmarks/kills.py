"""Kill writers with SIGKILL at random moments, many times; resumable.

Usage: python benchmarks/kills.py FILE [KILLS] [SEED]

FILE keeps the tally between runs. Each archive is small and its encoder cheap; update, rebuild, re-embedding and an
``add`` that answers while it goes on are killed, and after each kill the archive must open, be whole, be searched and
hold all that was acknowledged.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from measure import arguments

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from index.embedding.model import locate
from tests.faults.kills import Killer, Tally

_TOLD_EVERY = 25


def main(file: Path, kills: int, seed: int) -> None:
    """Kill until the tally in FILE reaches ``kills``."""
    tally = Tally(*json.loads(file.read_text("utf-8"))) if file.exists() else Tally()
    with TemporaryDirectory() as folder:
        killer = Killer(Path(folder), locate(), seed + tally.kills, tally)
        while tally.kills < kills:
            killer.kill()
            file.write_text(json.dumps([tally.kills, tally.ended_first, tally.failures]), "utf-8")
            if tally.kills % _TOLD_EVERY == 0:
                print(f"{tally.kills:,} kills, {len(tally.failures)} failures", flush=True)
        killer.finish()
    print(f"{tally.kills:,} kills hit a running writer, {tally.ended_first:,} came too late")
    print(f"failures: {len(tally.failures)}", *tally.failures[:20], sep="\n")


if __name__ == "__main__":
    tally, *more = arguments(1)
    main(Path(tally), *(int(value) for value in [*more, *("1000", "1")[len(more) :]]))
