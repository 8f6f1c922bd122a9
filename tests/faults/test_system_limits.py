"""Commands that get too few files or too little memory: told as what it is, never as damage, and nothing is lost."""

from __future__ import annotations

import os
import re
import resource
import subprocess
import sys
from collections.abc import Callable
from errno import EAGAIN, ENOMEM
from pathlib import Path

import pytest

from archive import Archive
from index import verify
from index.generations.generation import read_current
from tests.archives import built_archive, copied_archive

ROOT = Path(__file__).resolve().parents[2]
FILES = (10, 16, 24, 32, 48, 64)
COMMANDS: dict[str, tuple[str, ...]] = {
    "search": ("search", "council"),
    "verify": ("verify",),
    "status": ("status",),
    "add": ("add", "NEWS"),
    "update": ("update",),
    "rebuild": ("rebuild",),
    "gc": ("gc",),
    "repair": ("repair",),
}
MEMORY = (150, 200, 300, 400, 500, 600, 800, 1_000, 1_500, 2_000, 3_000)
"""Millions of bytes of address space, of which libraries reserve far more than they fill."""
WANTING = re.compile(f"{os.strerror(ENOMEM)}|{os.strerror(EAGAIN)}|failed to map|memory", re.IGNORECASE)
SHORT = ("search", "add", "update", "verify", "rebuild")
SOME_MEMORY = {("search", 150), ("add", 300), ("update", 150), ("verify", 200), ("rebuild", 300)}
SOME = {("search", 10), ("search", 32), ("verify", 16), ("add", 24), ("update", 48), ("rebuild", 32), ("repair", 24)}


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive, with an article that has changed since it was indexed, beside a folder of new ones."""
    folder = tmp_path_factory.mktemp("limits")
    for place, first in (("old", 0), ("news", 12)):
        (folder / place).mkdir()
        for number in range(first, first + 12):
            text = f"Report {number}\n\nThe council of town {number} met.\n"
            (folder / place / f"{number}.txt").write_text(text, "utf-8")
    archive = built_archive(folder / "archive", folder / "old")
    (folder / "old" / "0.txt").write_text("Report 0\n\nThe council of town 0 was dissolved.\n", "utf-8")
    return archive


def limited(archive: Path, news: Path, command: str, limit: Callable[[], None]) -> subprocess.CompletedProcess[str]:
    arguments = [str(news) if argument == "NEWS" else argument for argument in COMMANDS[command]]
    return subprocess.run(
        [sys.executable, "-m", "tui.__main__", "--archive", str(archive), *arguments],
        preexec_fn=limit,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
        check=False,
        timeout=500,
    )


def check(original: Path, tmp_path: Path, command: str, limit: Callable[[], None]) -> tuple[int, str]:
    """Run a command on a copy within a limit; return its code and what it said. Whatever it did, nothing is lost."""
    archive = copied_archive(original, tmp_path / "archive")
    before = known(archive)
    done = limited(archive, original.parent / "news", command, limit)
    assert done.returncode in (0, 70), (done.returncode, done.stdout, done.stderr)
    for word in ("amaged", "morgue rebuild", "morgue repair", "Traceback", "internal error"):
        assert word not in done.stderr, done.stderr
    articles, generation = known(archive)
    assert articles >= before[0]
    assert generation >= before[1]
    with Archive.open(archive) as opened:
        assert verify(opened).problems == ()
        assert opened.refusals() == ()
    return done.returncode, done.stderr


def known(archive: Path) -> tuple[set[str], int]:
    with Archive.open(archive) as opened:
        current = read_current(opened.layout)
        assert current is not None
        return {article.id for article in opened.articles()}, current.number


def of_files(most: int) -> Callable[[], None]:
    return lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


@pytest.mark.parametrize(
    ("command", "files"),
    [
        pytest.param(command, files, marks=() if (command, files) in SOME else pytest.mark.slow)
        for command in COMMANDS
        for files in FILES
    ],
)
def test_too_few_files_are_no_damage(original: Path, tmp_path: Path, command: str, files: int) -> None:
    code, said = check(original, tmp_path, command, of_files(files))
    assert code == 0 or os.strerror(24) in said


def of_memory(most: int) -> Callable[[], None]:
    return lambda: resource.setrlimit(resource.RLIMIT_AS, (most * 1_000_000, most * 1_000_000))


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere address space is not limited")
@pytest.mark.parametrize(
    ("command", "memory"),
    [
        pytest.param(command, memory, marks=() if (command, memory) in SOME_MEMORY else pytest.mark.slow)
        for command in SHORT
        for memory in MEMORY
    ],
)
def test_too_little_memory_is_no_damage(original: Path, tmp_path: Path, command: str, memory: int) -> None:
    code, said = check(original, tmp_path, command, of_memory(memory))
    sentences = [line for line in said.splitlines() if line.startswith("morgue: ")]
    assert len(sentences) == (code == 70), said
    assert not sentences or WANTING.search(sentences[0]), said
