"""Articles of 1 kB to 10 MB in the terminal UI: time from Enter to the passage, and from a key to the scrolled page.

Usage: python benchmarks/reader.py [ROUNDS]

On a real pseudo-terminal, with the article beside the results put away, so that it is read when it is opened. Scrolling
begins at once, while the rest of the text is being broken into rows and looked through for matches. A Textual app that
draws as many lines and nothing else stands beside it: what of a page's time is the framework's own. A key that is held
comes 30 times a second; told is how many pictures a second are drawn then, and how far the last one is behind its key.
"""

from __future__ import annotations

import os
import re
import select
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic

from measure import arguments, middle, p95, show
from synthetic import CheapEncoder
from terminal import ASKED, HERE, Terminal, Told

from archive import Archive
from index import build, passage_rule

PARAGRAPH = (
    "The harbour council met again on Tuesday and heard eleven speakers. A motion about the tariff was put off until "
    "the spring, although the chair had promised a decision. Outside the hall, dock workers handed out leaflets.\n"
)
SIZES = {"1 kB": 1_000, "100 kB": 100_000, "1 MB": 1_000_000, "10 MB": 10_000_000}
PAGES = 40
SIZE = (160, 45)
HELD, PER_SECOND = 90, 30  # times a key is repeated, and in a second
QUIET_SECONDS = 0.004  # of silence after which a page counts as drawn
PEER = """
from textual.app import App
from textual.scroll_view import ScrollView
from textual.geometry import Size
from textual.strip import Strip
from rich.segment import Segment

class Lines(ScrollView, can_focus=True):
    def on_mount(self):
        self.virtual_size = Size(100, 100000)
        self.focus()
    def render_line(self, y):
        return Strip([Segment(f"{self.scroll_offset.y + y} The harbour council met again and heard speakers.")])
    def key_pagedown(self, event):
        event.stop()
        self.scroll_to(y=self.scroll_offset.y + 40, animate=False)

class Empty(App):
    def compose(self):
        yield Lines()

Empty().run()
"""


def texts() -> dict[str, tuple[str, str]]:
    """Return for each case the word that is asked for and a text with it in its middle."""
    made = {}
    for number, (name, size) in enumerate(SIZES.items()):
        half = PARAGRAPH * (size // 2 // len(PARAGRAPH) + 1)
        made[name] = (word := f"zeppelin{'abcd'[number]}"), f"{half}A {word} landed.\n{half}"
    half = PARAGRAPH.replace("\n", " ") * (SIZES["10 MB"] // 2 // len(PARAGRAPH))
    made["10 MB, one line"] = "zeppeline", f"{half}A zeppeline landed. {half}"
    return made


def drawn(terminal: Terminal, key: bytes) -> float:
    """Press a key; return the seconds until all that it draws was drawn, 0 where it draws nothing."""
    began = last = monotonic()
    os.write(terminal.handle, key)
    wait = 0.5
    while select.select([terminal.handle], [], [], wait)[0]:
        os.read(terminal.handle, 1 << 16)
        last, wait = monotonic(), QUIET_SECONDS
    return last - began


def hold(terminal: Terminal, key: bytes) -> tuple[float, float, float]:
    """Hold a key down; return when that began, and of the last time it came, and when all was drawn."""
    began = monotonic()
    for number in range(HELD):
        terminal.settle(max(0.0, began + number / PER_SECOND - monotonic()))
        last = terminal.press(key)
    terminal.rest()
    return began, last, monotonic()


def case(archive: Path, word: str, rounds: int) -> tuple[list[float], list[float], list[tuple[float, float]]]:
    """Return the seconds in which an article opened, those of pages scrolled right after, and held keys.

    Of a held key, pictures a second, and the milliseconds that the last one was behind.
    """
    opened, pages, held = list[float](), list[float](), list[tuple[float, float]]()
    log = archive.parent / "reader.log"
    for _ in range(rounds):
        command = [str(log), "--archive", str(archive), "browse", "--mode", "lexical", word]
        terminal = Terminal([sys.executable, str(HERE / "watched.py"), *command], SIZE)
        terminal.wait_for(ASKED, 30)
        terminal.settle(3)
        os.write(terminal.handle, b"\x1bOS")  # F4 puts the article beside the results away
        terminal.settle(1)
        os.write(terminal.handle, b"\r")
        terminal.settle(1)
        began = monotonic()
        os.write(terminal.handle, b"\r")
        opened.append(terminal.wait_for(b"landed", 60) - began)
        pages += [drawn(terminal, b"\x1b[6~") for _ in range(PAGES)]
        times = [hold(terminal, key) for key in (b"k", b"j")]
        terminal.close()
        told = Told(log)
        for begin, last, end in times:
            pictures = told.pictures(begin, end)
            if pictures:  # at its end a text scrolls no further
                held.append((len(pictures) / (pictures[-1] - begin), (pictures[-1] - last) * 1000))
    return opened, pages, held


def main(rounds: int) -> None:
    """Print a row for each size."""
    with TemporaryDirectory() as folder:
        root, news = Path(folder) / "archive", Path(folder) / "news"
        news.mkdir()
        cases = texts()
        for number, (_, text) in enumerate(cases.values()):
            (news / f"{number}.txt").write_text(text, "utf-8")
        with Archive.create(root) as archive:
            settings = archive.layout.settings
        settings.write_text(re.sub(r"max_text = \d+", "max_text = 20000000", settings.read_text("utf-8")), "utf-8")
        with Archive.open(root) as archive:
            archive.add([news], passage_rule(archive.settings))
            build(archive, encoder=CheapEncoder)
        terminal = Terminal([sys.executable, "-c", PEER], SIZE)
        terminal.settle(2)
        peer = [drawn(terminal, b"\x1b[6~") for _ in range(PAGES)]
        terminal.close()
        rows: list[tuple[str, ...]] = [
            ("an empty app's lines", "", f"{middle(peer) * 1000:.0f} ms", f"{p95(peer) * 1000:.0f} ms", "1.0")
        ]
        for name, (word, _) in cases.items():
            opened, pages, held = case(root, word, rounds)
            row: tuple[str, ...] = (name, f"{middle(opened) * 1000:.0f} ms")
            if scrolled := [page for page in pages if page]:  # at its end a text scrolls no further
                times = (f"{seconds * 1000:.0f} ms" for seconds in (middle(scrolled), p95(scrolled)))
                row = (*row, *times, f"{middle(scrolled) / middle(peer):.1f}")
            else:
                row = (*row, "", "", "")
            if held:
                pictures, behind = (middle(column) for column in zip(*held, strict=True))
                row = (*row, f"{pictures:.1f}", f"{behind:.0f} ms")
            rows.append(row)
    title = f"Reading, medians of {rounds} openings and {rounds * PAGES} pages; load {os.getloadavg()[0]:.1f}"
    columns = ("article", "opened", "page", "page p95", "ratio", "pictures a second, held", "behind")
    show(title, columns, [(*row, *[""] * (len(columns) - len(row))) for row in rows])


if __name__ == "__main__":
    more = arguments(0)
    main(int(more[0]) if more else 5)
