"""Running the command in processes of their own, with the cheap encoder of ``tests.tui.slow``."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from archive import Archive
from index import verify
from tests.archives import empty_archive

ROOT = Path(__file__).resolve().parents[2]
STARTED: list[subprocess.Popen[str]] = []


def make_archive(root: Path) -> Path:
    """Make an empty archive."""
    return empty_archive(root)


def start(root: Path, *arguments: object, seconds: float = 0.0, stderr: int = subprocess.PIPE) -> subprocess.Popen[str]:
    """Run the command in a session of its own, with a cache of its own, since the encoder is not the model."""
    command = [sys.executable, "-m", "tests.tui.slow", str(seconds), "--archive", str(root), *map(str, arguments)]
    environment = {**os.environ, "MORGUE_CACHE": str(root.parent / "cache"), "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=stderr,
        start_new_session=True,
    )
    STARTED.append(process)
    return process


def end_all() -> None:
    """Kill what a failed test left running."""
    while STARTED:
        process = STARTED.pop()
        process.kill()
        process.communicate()


def morgue(root: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    process = start(root, *arguments)
    out, err = process.communicate(timeout=240)
    return subprocess.CompletedProcess(process.args, process.returncode, out, err)


def wait(holds: Callable[[], object], seconds: float = 240) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


def vectors(root: Path) -> int:
    """Count the vectors in the files."""
    return sum(path.stat().st_size for path in (root / "vectors").rglob("*.i16")) // (4 + 384 * 2)


def is_whole(root: Path) -> bool:
    with Archive.open(root) as archive:
        return verify(archive).whole
