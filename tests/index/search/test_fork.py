"""A process that was forked from one that had asked and added asks and adds, too; it waits for no thread it lacks."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="where nobody forks a process with threads by default")


def test_everything_works_in_a_forked_process(tmp_path: Path) -> None:
    source = tmp_path / "news"
    source.mkdir()
    for number in range(12):
        prose = f"The harbour was closed on Thursday after {number} ships had met. A minister said it will open soon. "
        (source / f"{number}.txt").write_text(f"Harbour {number}\n\n{prose * 3}\n")
    root = Path(__file__).parents[3]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(root), os.environ.get("PYTHONPATH", "")])}
    done = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("forked.py")), str(tmp_path / "a"), str(source)],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )
    told = done.stdout.splitlines()
    assert told == [
        "search True",
        "nearest known True",
        "nearest True",
        "read True",
        "new searcher True",
        "close None",
        "add 1",
        "add anew 1",
        "parent 1 2",
    ], done.stderr
    assert done.stderr == ""
