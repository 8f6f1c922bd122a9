"""How well residue of scraping is told from reporting that begins like it, in two halves of lines written for it.

Usage: python benchmarks/residue.py [--lines]

The rules were changed with the first half in view alone. Prints for each half how many lines of reporting are hidden
and how many of residue are not, with precision and recall of what is hidden; with --lines, also the lines of the first
half that are judged wrongly.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.archive.cleaning.residue_lines import HALVES, judged


def main(arguments: list[str]) -> int:
    """Print the figures; return the exit code."""
    print(f"{'half':10} {'reporting':>9} {'hidden':>7} {'residue':>8} {'shown':>6} {'precision':>10} {'recall':>7}")
    for half in HALVES:
        one = judged(half)
        counts = f"{len(one.reporting):9} {len(one.hidden):7} {len(one.residue):8} {len(one.shown):6}"
        print(f"{half:10} {counts} {one.precision:10.3f} {one.recall:7.3f}")
        if half == HALVES[0] and "--lines" in arguments:
            print(*(f"  {line}" for line in (*one.hidden, *one.shown)), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
