"""A child ends when whoever began it is gone, however that went and whatever the child is doing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from tests.tui.running import ROOT, end_all, is_whole, make_archive, morgue, vectors, wait

ARTICLES = 40
# The child: the command, encoding slowly, and deaf to signals where it is told to be so.
COMMAND = """
import signal, sys
from tests.tui import slow
from tui.writing import tether

slow.prepare(float(sys.argv.pop(1)))
for number in (signal.SIGINT, signal.SIGTERM) if sys.argv.pop(1) == "deaf" else ():
    signal.signal(number, signal.SIG_IGN)
    signal.signal = lambda *_: None
tether.main()
"""
# Whoever begins it, as the terminal UI does: prints the number of its child and each phase that it tells of, and stays.
PARENT = """
import sys, time
from pathlib import Path
from tui.writing import child

command, seconds, hears, root, news = sys.argv[1:]
child.COMMAND = (sys.executable, "-c", command, seconds, hears)
begun = child.Child(Path(root), ("add", "--", news), lambda far: print(far.phase, flush=True), lambda ended: None)
print(begun.pid, flush=True)
while (line := sys.stdin.readline()):
    begun.pause() if line == "pause\\n" else begun.stop()
    print(line.strip(), flush=True)
"""


class Parent:
    """A program that has begun a child."""

    def __init__(self, root: Path, news: Path, seconds: float = 0.2, hears: str = "hears") -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", PARENT, COMMAND, str(seconds), hears, str(root), str(news)],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT), "MORGUE_CACHE": str(root.parent / "cache")},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        self.child = psutil.Process(int(next(line for line in self.process.stdout if line.strip().isdecimal())))

    def says(self, line: str) -> None:
        """Wait until it prints a line."""
        assert self.process.stdout is not None
        assert any(each.strip() == line for each in self.process.stdout), "it ended without it"

    def tell(self, order: str) -> None:
        """Let it pause or stop its child."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{order}\n")
        self.process.stdin.flush()
        self.says(order)

    def end(self, number: signal.Signals) -> None:
        self.process.send_signal(number)
        self.process.wait()

    @property
    def left(self) -> bool:
        """Tell whether the child, or anything that works for it, is there still."""
        return any(_group(process) == self.child.pid for process in psutil.process_iter())


def _group(process: psutil.Process) -> int | None:
    try:
        return None if process.status() == psutil.STATUS_ZOMBIE else os.getpgid(process.pid)
    except (psutil.Error, OSError):
        return None


Begin = Callable[..., Parent]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return make_archive(tmp_path / "archive")


@pytest.fixture
def begin(tmp_path: Path, root: Path) -> Iterator[Begin]:
    """Begin to add a folder of short articles."""
    folder, begun = tmp_path / "news", list[Parent]()
    folder.mkdir()
    for number in range(ARTICLES):
        (folder / f"{number}.txt").write_text(f"Report {number}\n\nThe council of town {number} met.\n", "utf-8")

    def begin(seconds: float = 0.2, hears: str = "hears") -> Parent:
        begun.append(Parent(root, folder, seconds, hears))
        return begun[-1]

    yield begin
    for parent in begun:
        if parent.left:
            os.killpg(parent.child.pid, signal.SIGKILL)
        parent.process.kill()
        parent.process.communicate()
    end_all()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_it_ends_after_the_batch_in_hand_and_keeps_what_is_done(
    root: Path, begin: Begin, number: signal.Signals
) -> None:
    parent = begin()
    wait(lambda: vectors(root) >= 4)
    parent.end(number)
    wait(lambda: not parent.left)
    assert 4 <= vectors(root) < ARTICLES
    assert morgue(root, "update").returncode == 0
    assert vectors(root) == ARTICLES
    assert is_whole(root)


@pytest.mark.parametrize("hears", ["hears", "deaf"])
def test_it_ends_though_the_batch_in_hand_does_not_and_though_it_hears_nothing(begin: Begin, hears: str) -> None:
    parent = begin(3600, hears)
    parent.says("embedding")
    parent.end(signal.SIGKILL)
    wait(lambda: not parent.left)


@pytest.mark.parametrize("order", ["pause", "stop"])
def test_it_ends_though_it_was_paused_or_told_to_stop_before(begin: Begin, order: str) -> None:
    parent = begin(0.2 if order == "pause" else 3600)
    parent.says("embedding")
    parent.tell(order)
    if order == "pause":  # the system wakes only what stood still when its parent ended
        wait(lambda: parent.child.status() == psutil.STATUS_STOPPED)
    parent.end(signal.SIGKILL)
    wait(lambda: not parent.left)


def test_while_whoever_began_it_is_there_it_goes_on_to_its_end(root: Path, begin: Begin) -> None:
    parent = begin(0)
    wait(lambda: not parent.left)
    assert vectors(root) == ARTICLES
    assert is_whole(root)
