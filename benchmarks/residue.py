"""How well residue of scraping is told from reporting that begins like it, in two halves of lines written for it.

Usage: python benchmarks/residue.py [--lines]

The rules were changed with the first half in view alone. Prints for each half how many lines of reporting are hidden
and how many of residue are not, with precision and recall of what is hidden; with --lines, also the lines of the first
half that are judged wrongly.
"""

from __future__ import annotations

import sys
from pathlib import Path

from measure import arguments, show

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.archive.cleaning.residue_lines import HALVES, judged


def main(*, lines: bool) -> None:
    """Print the figures."""
    halves = {half: judged(half) for half in HALVES}
    rows = [
        (
            half,
            str(len(one.reporting)),
            str(len(one.hidden)),
            str(len(one.residue)),
            str(len(one.shown)),
            f"{one.precision:.3f}",
            f"{one.recall:.3f}",
        )
        for half, one in halves.items()
    ]
    columns = ("half", "reporting", "of it hidden", "residue", "of it shown", "precision", "recall")
    show("What the rules for residue do with lines of their own kinds", columns, rows)
    if lines:
        seen = halves[HALVES[0]]
        print(*seen.hidden, *seen.shown, sep="\n")


if __name__ == "__main__":
    main(lines="--lines" in arguments(0))
