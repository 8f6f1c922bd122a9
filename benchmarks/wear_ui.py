"""Thousands of actions in the terminal UI, one after the other: what it holds in memory may not grow with their number.

Usage: python benchmarks/wear_ui.py ARCHIVE [ACTIONS] [SEED]

Drawn at random, the same for the same seed: questions typed, rows gone through, articles read, walked through and
searched, clips, stars and judgements made and undone, narrowing, the timeline, orders, modes, groups, and every list.
Works on a copy of the archive, on a real pseudo-terminal; the next key is pressed once nothing has been drawn for a
while.
"""

from __future__ import annotations

import os
import random
import shutil
import sys
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic

from measure import QUESTIONS, arguments, show
from terminal import PAINTED, Terminal

WARM = 500  # actions after which everything has been used once
QUIET = 0.03  # seconds without a byte, after which the next key is pressed
ESCAPE = b"\x1b"
ESCAPED = 0.15  # seconds after Esc: before .1, the next key would be read as one with Alt
WAITED = 3.0  # seconds for it at most
LOADING = 12.0

KEYS = {
    "down": b"j", "up": b"k", "page": b"\x1b[6~", "back a page": b"\x1b[5~", "first": b"g", "last": b"G",
    "unfold": b"x", "mode": b"m", "group": b"z", "order": b"s", "preview": b"p", "clip": b" ", "undo": b"U",
    "star": b"*", "relevant": b"+", "irrelevant": b"-", "density": b"d", "next match": b"n", "spellings": b"e",
    "copy": b"y",
}  # fmt: skip
"""What is done by one key in the list, after which the list has the focus."""

ROUNDS = {
    "read": [b"\r", b"n", b"\x1b[6~", b"N", b"]", b"}", b"[", b"h", b"b", b"\x1b"],
    "find": [b"\r", b"/", b"t", b"h", b"e", b"\r", b"n", b"n", b"\x1b"],
    "clips": [b"C", b"j", b"e", b"n", b"o", b"\r", b"d", b"U", b"\x1b"],
    "saved": [b"S", b"Q", b"j", b"\x1b"],
    "judging": [b"J", b"\x1b"],
    "narrow": [b"f", b"j", b" ", b"j", b"x", b"\x1b", b"U", b"U", b"f", b"f"],
    "timeline": [b"t", b"\x1b[D", b"\r", b"m", b"w", b"\x1b", b"U", b"t", b"t"],
    "why": [b"i", b"\x1b"],
    "help": [b"\x1bOP", b"f", b"i", b"\x1b"],
    "commands": [b"\x10", b"s", b"h", b"\x1b"],
    "versions": [b"\r", b"v", b"\x1b", b"\x1b"],
    "article beside": [b"\t", b"n", b"\x1b[6~", b"\x1b"],
}
"""What is done by several keys, each of them an action, beginning and ending in the list."""


class Reporter:
    """Presses keys at random.

    Args:
        terminal: of the UI.
        drawn: draws them.
    """

    def __init__(self, terminal: Terminal, drawn: random.Random) -> None:
        self.pressed = 0
        self.done = Counter[str]()
        self._terminal = terminal
        self._drawn = drawn

    def act(self) -> None:
        """Do one thing."""
        chance = self._drawn.random()
        if chance < 0.1:
            self._ask()
        elif chance < 0.6:
            self._press(name := self._drawn.choice(list(KEYS)), KEYS[name])
        else:
            name = self._drawn.choice(list(ROUNDS))
            for key in ROUNDS[name]:
                self._press(name, key)

    def _ask(self) -> None:
        question = self._drawn.choice(QUESTIONS)
        words = question.split()
        self._press("ask", b"/")
        self._press("ask", b"\x15")
        for letter in " ".join(self._drawn.sample(words, min(len(words), 3))):
            self._press("ask", letter.encode())
        self._press("ask", b"\r")

    def _press(self, name: str, key: bytes) -> None:
        self._terminal.press(key)
        self.done[name] += 1
        self.pressed += 1
        self._terminal.bring_back()
        self._terminal.rest(WAITED, ESCAPED if key == ESCAPE else QUIET)


def main(original: Path, actions: int, seed: int) -> None:
    """Act, and print what is held on the way."""
    with TemporaryDirectory() as folder:
        archive = Path(folder) / "archive"
        shutil.copytree(original, archive)
        os.environ.update(MORGUE_STATE=str(Path(folder) / "state"), MORGUE_HISTORY="on")
        terminal = Terminal([sys.executable, "-m", "tui", "--archive", str(archive)])
        terminal.wait_for(PAINTED, 60)
        terminal.settle(LOADING)
        reporter = Reporter(terminal, random.Random(seed))
        began, marks = monotonic(), [WARM, 1_000, 2_000, 5_000, 10_000, 20_000, actions]
        rows, first = [], 0.0
        for mark in sorted({mark for mark in marks if mark <= actions}):
            while reporter.pressed < mark:
                reporter.act()
            terminal.settle(2.0)
            memory = terminal.memory_mb
            first = first or memory
            seconds = f"{monotonic() - began:.0f}"
            ratio = f"{memory / first:.2f}"
            rows.append((f"{mark:,}", f"{memory:.0f}", ratio, str(terminal.descriptors), seconds))
            print(*rows[-1], flush=True)
        terminal.close()
    show("After so many actions", ("actions", "memory, MB", "ratio", "descriptors", "seconds"), rows)
    print(", ".join(f"{name} {count:,}" for name, count in reporter.done.most_common()))


if __name__ == "__main__":
    archive, *more = arguments(1)
    main(Path(archive), *(int(value) for value in [*more, *("20000", "1")[len(more) :]]))
