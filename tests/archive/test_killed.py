"""An add that was killed at any moment and is run again."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from archive import (
    Archive,
    word_rule,
)
from archive.catalog.database import Catalog
from archive.folder.layout import Layout

if TYPE_CHECKING:
    pass

ROOT = Path(__file__).resolve().parents[2]
posix = pytest.mark.skipif(os.name != "posix", reason="needs a POSIX file system")


def started(code: str, *arguments: object) -> subprocess.Popen[str]:
    """Start Python on some code; its arguments are in ``sys.argv[1:]``."""
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.Popen(command, cwd=ROOT, text=True, stdout=subprocess.PIPE, stdin=subprocess.PIPE)


def wait_for(what: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.01)


ADD = """
import sys
from pathlib import Path
from archive import Archive, word_rule
with Archive.create(Path(sys.argv[1])) as made:
    made.add([Path(sys.argv[2])], word_rule())
"""
# Everything a catalog holds but when it was written, and the order in which articles changed.
WHAT_COUNTS = {
    "articles": "SELECT id, version, title, language, path, record, gone, removed FROM articles ORDER BY id",
    "versions": "SELECT article, digest, text, hidden, reader, raw_digest FROM versions ORDER BY article, digest",
    "passages": "SELECT article, version, number, id, start, stop FROM passages ORDER BY article, version, number",
    "places": "SELECT source, path, record, article, raw_digest, gone FROM places ORDER BY source, path, record",
    "files": "SELECT source, path, size, mtime_ns, digest, gone FROM files ORDER BY source, path",
    "refusals": "SELECT source, path, record, code FROM refusals ORDER BY source, path, record",
}


def held(root: Path) -> dict[str, list[tuple[object, ...]]]:
    with Catalog(Layout(root).catalog) as catalog:
        return {name: list(catalog.rows(statement)) for name, statement in WHAT_COUNTS.items()}


def committed(root: Path) -> int:
    """Count articles as another process sees them, 0 while there is no catalog yet."""
    try:
        with closing(sqlite3.connect(f"file:{Layout(root).catalog}?mode=ro", uri=True)) as connection:
            return int(connection.execute("SELECT count(*) FROM articles").fetchone()[0])
    except sqlite3.Error:
        return 0


@posix
@pytest.mark.parametrize("when", [1, 60, 140])
def test_an_add_that_was_killed_and_is_run_again_gives_what_a_fresh_one_gives(tmp_path: Path, when: int) -> None:
    news = tmp_path / "news"
    news.mkdir()
    for number in range(20):
        (news / f"{number:03}.txt").write_text(f"The council met on day {number}. The towns get money.")
    lines = [json.dumps({"id": str(number), "text": f"Record {number} tells of a flood."}) for number in range(180)]
    (news / "many.jsonl").write_text("\n".join([*lines, "{broken"]))
    (news / "z.txt").touch()
    child = started(ADD, tmp_path / "killed", news)
    wait_for(lambda: committed(tmp_path / "killed") >= when)
    child.send_signal(signal.SIGKILL)
    child.communicate()
    kept = committed(tmp_path / "killed")
    assert when <= kept < 200
    with Archive.open(tmp_path / "killed") as archive:
        assert list(archive.check()) == []
        report = archive.add([news], word_rule())
    assert (report.added, report.unchanged) == (200 - kept, kept)
    with Archive.create(tmp_path / "fresh") as archive:
        archive.add([news], word_rule())
    assert held(tmp_path / "killed") == held(tmp_path / "fresh")
