"""The terminal UI on a real pseudo-terminal of 120 x 35, the article beside the list: how soon what is drawn, how much.

Usage: python benchmarks/ui.py ARCHIVE... [--keys=200]

Beside it stand an empty Textual app (a line to type in) and one encoding of a question. A key waits until the screen is
at rest; then questions are typed at eight letters a second, and again while another process rebuilds the index of a
copy of the archive, which the UI is open on. Times are the program's own (``watched.py``), so a terminal adds its own.
The list is drawn when the first rows of an answer to the key are; at rest is the last thing that is drawn.

The vectors of ARCHIVE are to be real ones: of a stand-in's, few resemble a question, so that less is drawn than a
person sees at 15,000 passages, and nearly all of them are scored again at 100,000 (40 ms a question instead of 3).
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic, sleep

from measure import QUESTIONS, arguments, middle, p95, show, timed
from terminal import HERE, PAINTED, Drawn, Terminal, Told

from index import Searcher

STARTS = 7
PACE = 1 / 8  # seconds between letters of somebody who types fast
ANSWERING = 12.0  # seconds after which the encoder is loaded, whatever the machine does
COLUMNS = ("", "p50", "p95", "longest", "keys")
KEYS = 200


def letters(count: int) -> Iterator[list[str]]:
    """Yield questions, letter by letter, until so many letters were yielded."""
    drawn, left = random.Random(5), count
    questions = [*QUESTIONS]
    while left > 0:
        drawn.shuffle(questions)
        for question in questions:
            if left > 0:
                yield list(question)[:left]
                left -= len(question)


def emptied(terminal: Terminal) -> None:
    """Clear the line."""
    terminal.press(b"\x15")
    terminal.rest()


def pressed(terminal: Terminal, key: str) -> tuple[float, float]:
    """Press a key, and wait until the screen is at rest; return the times of both."""
    at = terminal.press(key.encode())
    terminal.rest()
    return at, monotonic()


def at_rest(terminal: Terminal, count: int) -> list[tuple[float, float]]:
    """Press letters of questions, each once the screen is at rest."""
    keys = list[tuple[float, float]]()
    for question in letters(count):
        emptied(terminal)
        keys += [pressed(terminal, letter) for letter in question]
    return keys


def flowing(terminal: Terminal, count: int) -> tuple[list[tuple[float, float]], int]:
    """Type questions as fast as people do; return the times of the last letters and how many there were in all."""
    last, typed = list[tuple[float, float]](), 0
    for question in letters(count):
        emptied(terminal)
        for letter in question[:-1]:
            at = terminal.press(letter.encode())
            terminal.settle(max(0.0, at + PACE - monotonic()))
        last.append(pressed(terminal, question[-1]))
        typed += len(question)
    return last, typed


def moving(terminal: Terminal, count: int) -> list[tuple[float, float]]:
    """Go down the list of a question, each time once the screen is at rest."""
    keys = list[tuple[float, float]]()
    for question in QUESTIONS:
        emptied(terminal)
        terminal.type(question)
        terminal.rest()
        pressed(terminal, "\r")
        keys += [pressed(terminal, "j") for _ in range(min(12, count - len(keys)))]
        pressed(terminal, "/")
        if len(keys) >= count:
            break
    return keys


@contextmanager
def rebuilding(archive: Path) -> Iterator[None]:
    """Rebuild an index again and again meanwhile."""
    command = [sys.executable, "-m", "tui", "--archive", str(archive), "rebuild", "--quiet"]
    loop = f"while true; do {' '.join(command)}; done"
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(
        ["sh", "-c", loop], env={**os.environ, "PYTHONPATH": str(HERE.parent)}, stdout=quiet, stderr=quiet,
        start_new_session=True,
    )  # fmt: skip
    sleep(2)
    try:
        yield
    finally:
        os.killpg(process.pid, 15)
        process.wait()


def row(name: str, values: Sequence[float | None], unit: str = "ms", scale: float = 1.0) -> tuple[str, ...]:
    """Return a row of the table."""
    known = [value * scale for value in values if value is not None]
    if not known:
        return name, "", "", "", "0"
    told = (f"{value:,.1f} {unit}" for value in (middle(known), p95(known), max(known)))
    return (name, *told, str(len(known)))


def rows_of(lead: str, drawn: Sequence[Drawn]) -> list[tuple[str, ...]]:
    """Return the rows of what came of keys."""
    listed = [each for each in drawn if each.rows is not None]
    return [
        row(f"{lead}: anything drawn", [each.first for each in drawn]),
        *([row(f"{lead}: list drawn", [each.rows for each in listed])] if listed else []),
        *([row(f"{lead}: last rows drawn", [each.last_rows for each in listed])] if listed else []),
        row(f"{lead}: screen at rest", [each.rest for each in drawn]),
        row(f"{lead}: written", [float(each.bytes) for each in drawn], "kB", 1 / 1000),
    ]


def first_paints(archive: Path) -> list[tuple[str, ...]]:
    """Compare the first pictures of an empty app and of the UI, in turn."""
    empty, ours = list[float](), list[float]()
    log = str(archive.parent / "start.log")
    for _ in range(STARTS):
        for paints, command in (
            (empty, [str(HERE / "watched.py"), log, "empty"]),
            (ours, ["-m", "tui", "--archive", str(archive)]),
        ):
            terminal = Terminal([sys.executable, *command])
            paints.append((terminal.wait_for(PAINTED, 60) - terminal.began) * 1000)
            terminal.close()
    ratio = middle(ours) / middle(empty)
    return [row("first picture of an empty app", empty), row(f"first picture of the UI ({ratio:.2f}x)", ours)]


def encodings(archive: Path) -> tuple[str, ...]:
    """Measure one encoding of what is typed."""
    with Searcher.open(archive) as searcher:
        searcher.warm()
        texts = ["".join(question[: at + 1]) for question in letters(KEYS) for at in range(len(question))]
        return row("one query encoding", [timed(partial(searcher.encode, text)) * 1000 for text in texts])


def empty_keys(folder: Path, count: int) -> list[tuple[str, ...]]:
    """Measure the keys of an empty app."""
    log = folder / "empty.log"
    terminal = Terminal([sys.executable, str(HERE / "watched.py"), str(log), "empty"])
    terminal.wait_for(PAINTED, 60)
    terminal.rest()
    keys = at_rest(terminal, count)
    terminal.close()
    drawn = Told(log).after(keys)
    return [
        row("empty app: letter drawn", [each.first for each in drawn]),
        row("empty app: written", [float(each.bytes) for each in drawn], "kB", 1 / 1000),
    ]


def case(original: Path, count: int) -> list[tuple[str, ...]]:
    """Return the rows of an archive."""
    with TemporaryDirectory() as folder:
        archive = Path(folder) / original.name
        shutil.copytree(original, archive)
        rows = [encodings(archive), *first_paints(archive), *empty_keys(Path(folder), count)]
        log = Path(folder) / "ui.log"
        terminal = Terminal([sys.executable, str(HERE / "watched.py"), str(log), "--archive", str(archive)])
        terminal.wait_for(PAINTED, 60)
        terminal.settle(ANSWERING)
        typed, moved = at_rest(terminal, count), moving(terminal, count)
        began = monotonic()
        last, number = flowing(terminal, count)
        ended = monotonic()
        with rebuilding(archive):
            beside = monotonic()
            beside_last, _ = flowing(terminal, count)
            beside_ended = monotonic()
        terminal.close()
        told = Told(log)
    rows += rows_of("letter", told.after(typed))
    rows += rows_of("j in the list", told.after(moved))
    rows += [
        row("last of 8 letters a second: screen at rest", [each.rest for each in told.after(last)]),
        ("8 letters a second: written a letter", f"{told.written(began, ended) / number / 1000:.1f} kB", "", "", ""),
        ("the loop stands, at most", "", "", f"{told.longest_stand(began, ended):.0f} ms", str(number)),
        row("beside a rebuild: last letter, screen at rest", [each.rest for each in told.after(beside_last)]),
        ("the loop stands, at most", "", "", f"{told.longest_stand(beside, beside_ended):.0f} ms", str(number)),
    ]
    return rows


def main(archives: Sequence[str], count: int) -> None:
    """Print a table for each archive."""
    for archive in archives:
        with Searcher.open(archive) as searcher:
            size = searcher.facets("(date:none OR date:..9999)", by=()).totals
        rows = case(Path(archive), count)
        title = f"{size.passages:,} passages of {size.articles:,} articles; load {os.getloadavg()[0]:.1f}"
        show(title, COLUMNS, rows)


if __name__ == "__main__":
    given = arguments(1)
    counts = [int(each.partition("=")[2]) for each in given if each.startswith("--keys=")]
    main([each for each in given if not each.startswith("--keys=")], *(counts or [KEYS]))
