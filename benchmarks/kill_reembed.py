"""Kill `rebuild --reembed` with SIGKILL at random moments; every search in between answers, nothing durable is lost.

Usage: python benchmarks/kill_reembed.py ARCHIVE [KILLS] [LONGEST_SECONDS] [SHORTEST_SECONDS]

The archive is left with the new vectors half made; `morgue rebuild` goes on with them.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from pathlib import Path

from measure import arguments, show

from index.vectors import epochs
from index.vectors.store import VectorStore

QUESTION = "oil price rise"


def durable(archive: Path) -> int:
    """Count the vectors that are safe on disk in the newest epoch of each model."""
    total = 0
    for model in sorted((archive / "vectors").iterdir()):
        numbers = sorted(path for path in model.iterdir() if path.is_dir())
        if numbers:
            total += len(VectorStore.open(numbers[-1], 384))
    return total


def main(archive: Path, kills: int, longest: float, shortest: float) -> None:
    """Print, for each kill, when it came, how many vectors were safe before and after, and how the search went."""
    random.seed(7)
    rows = []
    for turn in range(kills):
        before = durable(archive)
        command = [sys.executable, "-m", "tui", "--archive", str(archive), "rebuild", "--reembed", "--quiet"]
        process = subprocess.Popen(command)
        wait = random.uniform(shortest, longest)
        time.sleep(wait)
        process.kill()
        process.wait()
        after = durable(archive)
        search = [sys.executable, "-m", "tui", "--archive", str(archive), "search", QUESTION, "--json"]
        answered = subprocess.run(search, capture_output=True, check=False)
        answer = json.loads(answered.stdout)
        told = f"{len(answer['hits'])} hits, {answer['confidence']}" + (", degraded" if answer["degraded"] else "")
        rows.append((f"{turn + 1}", f"{wait:.1f}", f"{before:,}", f"{after:,}", f"exit {answered.returncode}: {told}"))
    show(f"{kills} kills of rebuild --reembed", ("kill", "after s", "safe before", "safe after", "search"), rows)
    print("epoch to go on with:", epochs.pending(archive / "vectors", next((archive / "vectors").iterdir()).name))


if __name__ == "__main__":
    archive, *more = arguments(1)
    kills, longest, shortest = (float(value) for value in [*more, *("10", "60", "1")[len(more) :]])
    main(Path(archive), int(kills), longest, shortest)
