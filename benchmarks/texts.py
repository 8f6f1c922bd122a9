"""What adding a text of odd characters costs beside plain news of the same size: peak memory and processor time.

Usage: python benchmarks/texts.py [MEGABYTES]

Each text is added by ``morgue add FILE --no-index`` in a process of its own, with the processes that it starts.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
from measure import arguments, show

HEAD = "The harbour was closed on Thursday.\n\nNine ships had left, the harbour master said.\n\n"
UNITS = {
    "a letter a line": "x\n",
    "full stops": ". ",
    "quotation marks": '"',
    "Markdown links": "[The harbour](https://example.org/a/b?c=1) ",
    "initials": "A. ",
    "Chinese": "港口在星期四关闭了，九艘船已经离开，码头工人明天将继续罢工。",
    "Chinese without stops": "港口在星期四关闭了九艘船已经离开码头工人明天将继续罢工",
    "one endless word": "x",
    "tabs and newlines": "\t\n \t\n",
    "letters between tabs": "a\t\n\t",
    "emoji": "🙂🚢 ",
    "combining marks": "e\u0301\u0302\u0303",
    "Thai": "เรือเก้าลำออกจากท่าเรือแล้ว",
    "a paragraph a word": "harbour\n\n",
    "nested quotes": "“‘“‘“‘ a ’”’”’” ",
    "zero-width characters": "a\u200b\u200c\u200d",
    "clauses": "a, ",
    "ellipses": "a...",
    "calls to share": "Share this article\nx\n",
}
SYLLABLES = "har bour mas ter ships left clo sed dock ers strike day port pier crew search".split()  # noqa: SIM905


def drawn(size: int) -> dict[str, str]:
    """Return the texts that no repetition makes."""
    chance = random.Random(7)

    def word() -> str:
        return "".join(chance.choices(SYLLABLES, k=chance.randint(1, 3)))

    def filled(unit: Iterator[str]) -> str:
        parts, length = [HEAD], len(HEAD)
        for part in unit:
            parts.append(part)
            length += len(part)
            if length >= size:
                break
        return "".join(parts)

    def forever(make: object) -> Iterator[str]:
        while True:
            yield make()  # type: ignore[operator]

    return {
        "addresses": filled(forever(lambda: f"https://example.org/{chance.randrange(10**9)}/{word()}.html\n")),
        "digits": filled(forever(lambda: f"{chance.randrange(10**8)} ")),
        "a table of prices": filled(forever(lambda: f"{word()}\t{chance.random():.2f}\t{chance.randrange(10**4)}\n")),
        "one-word lines": filled(forever(lambda: f"{word()}\n")),
        "words without stops": filled(forever(lambda: f"{word()} ")),
        "base64": filled(forever(lambda: "".join(chance.choices("ABCDEFabcdefghijk0123456789+/", k=999)))),
    }


def news(size: int) -> str:
    """Return prose: sentences of 8 to 25 words, some to a paragraph."""
    chance = random.Random(3)
    words = ["".join(chance.choices(SYLLABLES, k=chance.randint(1, 3))) for _ in range(5_000)]
    parts, length = [HEAD], len(HEAD)
    while length < size:
        sentences = [" ".join(chance.choices(words, k=chance.randint(8, 25))).capitalize() for _ in range(4)]
        parts.append(". ".join(sentences) + ".\n\n")
        length += len(parts[-1])
    return "".join(parts)


def cost(text: str) -> tuple[float, float, str]:
    """Return peak megabytes of all processes together, seconds of their processors, and what became of the text."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "text.txt")
        file.write_text(text, "utf-8")
        morgue = str(Path(sys.executable).with_name("morgue"))
        command = [morgue, "--archive", f"{folder}/a", "add", str(file), "--no-index"]
        began = os.times()
        child = psutil.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        peak = 0
        while child.poll() is None:
            peak = max(peak, _resident(child))
            time.sleep(0.05)
        ended = os.times()
        seconds = ended.children_user + ended.children_system - began.children_user - began.children_system
        return peak / 1e6, seconds, "read" if child.returncode == 0 else f"exit {child.returncode}"


def _resident(process: psutil.Process) -> int:
    total = 0
    for each in (process, *process.children(recursive=True)):
        try:
            total += each.memory_info().rss
        except psutil.Error:
            continue
    return total


def main(size: int) -> None:
    """Print the table of texts of so many bytes."""
    repeated = {name: HEAD + unit * (size // len(unit.encode())) for name, unit in UNITS.items()}
    plain = cost(news(size))
    rows = [["plain news", f"{plain[0]:.0f}", "1.0", f"{plain[1]:.1f}", "1.0", plain[2]]]
    print(*rows[0], file=sys.stderr, flush=True)
    for name, text in (repeated | drawn(size)).items():
        peak, seconds, became = cost(text)
        of_news = f"{peak / plain[0]:.1f}", f"{seconds / plain[1]:.1f}"
        rows.append([name, f"{peak:.0f}", of_news[0], f"{seconds:.1f}", of_news[1], became])
        print(*rows[-1], file=sys.stderr, flush=True)
    show(f"Texts of {size / 1e6:.1f} MB", ("text", "peak MB", "of news", "processor s", "of news", ""), rows)


if __name__ == "__main__":
    given = arguments(0)
    main(int(float(given[0]) * 1e6) if given else 4_700_000)
