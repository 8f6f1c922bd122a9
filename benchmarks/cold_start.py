"""A new process's answer against importing sentence-transformers and chromadb alone; peak memory of each.

Usage: python benchmarks/cold_start.py ARCHIVE [ROUNDS]
"""

from __future__ import annotations

import sys

from measure import arguments, in_turn, middle, show

QUESTION = "sanctions threats"


def main(archive: str, rounds: int) -> None:
    """Print both sides, medians, and their ratios."""
    search = [sys.executable, "-m", "tui", "--archive", archive, "search", QUESTION]
    commands = {
        "import sentence_transformers, chromadb": [sys.executable, "-c", "import sentence_transformers, chromadb"],
        "morgue search (hybrid)": search,
        "morgue search --mode lexical": [*search, "--mode", "lexical"],
        "morgue --help": [sys.executable, "-m", "tui", "--help"],
        "bare interpreter": [sys.executable, "-c", "pass"],
    }
    runs = in_turn(commands, rounds)
    peer = middle([run.seconds for run in next(iter(runs.values()))])
    rows = []
    for name, each in runs.items():
        seconds = middle([run.seconds for run in each])
        rows.append((name, f"{seconds:.3f}", f"{seconds / peer:.3f}", f"{max(run.peak_mb for run in each):.0f}"))
    show(f"New process to answer, {rounds} rounds in turn", ("command", "median s", "ratio", "peak MB"), rows)


if __name__ == "__main__":
    root, *more = arguments(1)
    main(root, int(more[0]) if more else 5)
