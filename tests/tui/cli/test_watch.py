from __future__ import annotations

import json
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from queue import Queue
from threading import Thread
from typing import IO, Any

import jsonschema
import pytest

from archive import Archive
from tests.tui.running import ROOT, end_all, is_whole, make_archive, morgue, start, wait

SCHEMA = json.loads((ROOT / "tui" / "schemas" / "report.json").read_text("utf-8"))
HOLD = "import sys; from archive import Archive\nwith Archive.open(sys.argv[1]).writing(): print(1); sys.stdin.read()"


class Watching:
    """A running ``update --watch``, its lines as they come."""

    def __init__(self, root: Path, *arguments: str) -> None:
        self.process = start(root, "update", "--watch", *arguments)
        self.said = _lines(self.process.stderr)
        self.printed = _lines(self.process.stdout)

    def hears(self, text: str) -> str:
        """Wait for a line on stderr that holds a text."""
        while text not in (line := self.said.get(timeout=240)):
            assert line, f"it ended before it said {text!r}"
        return line

    def reports(self) -> dict[str, Any]:
        """Wait for the next object on stdout."""
        report: dict[str, Any] = json.loads(self.printed.get(timeout=240))
        jsonschema.validate(report, SCHEMA)
        return report

    def ends(self, number: int) -> int:
        self.process.send_signal(number)
        return self.process.wait(240)


def _lines(stream: IO[str] | None) -> Queue[str]:
    """Read lines as they come; an empty one is the end."""
    assert stream is not None
    found: Queue[str] = Queue()

    def read() -> None:
        for line in stream:
            found.put(line)
        found.put("")

    Thread(target=read, daemon=True).start()
    return found


@pytest.fixture
def root(tmp_path: Path) -> Iterator[Path]:
    """An archive of two folders with an article each."""
    archive = make_archive(tmp_path / "archive")
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "first.txt").write_text(f"News {name}\n\nThe mill of {name} reopened.\n", "utf-8")
    assert morgue(archive, "add", tmp_path / "one", tmp_path / "two", "--no-index", "--quiet").returncode == 0
    yield archive
    end_all()


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_what_arrives_is_indexed_until_a_signal_ends_it(root: Path, tmp_path: Path, number: int, status: int) -> None:
    watching = Watching(root)
    assert "2 added" not in watching.hears("generation 1, 2 embedded"), "they were in the catalog already"
    watching.hears("Watching 2 sources")
    (tmp_path / "one" / "deep").mkdir()
    (tmp_path / "one" / "deep" / "new.txt").write_text("Ferry\n\nThe ferry was late again.\n", "utf-8")
    (tmp_path / "one" / "new.txt").write_text("Tram\n\nThe tram line was approved.\n", "utf-8")
    watching.hears("2 added; generation 2, 2 embedded")
    (tmp_path / "one" / "new.txt").unlink()
    watching.hears("1 gone from their place")
    assert watching.ends(number) == status
    assert morgue(root, "search", "ferry", "--mode", "lexical").returncode == 0
    assert is_whole(root)


def test_each_run_is_a_line_of_json_about_the_sources_concerned(root: Path, tmp_path: Path) -> None:
    watching = Watching(root, "--json")
    assert watching.reports()["articles"]["unchanged"] == 2
    (tmp_path / "two" / "new.txt").write_text("Ferry\n\nThe ferry was late again.\n", "utf-8")
    report = watching.reports()
    assert (report["articles"]["added"], report["articles"]["unchanged"]) == (1, 1), "folder one was looked at too"
    assert (report["embedded"], report["passages"]["total"], report["dry_run"]) == (1, 3, False)
    assert watching.ends(signal.SIGTERM) == 143
    assert watching.printed.get(timeout=240) == ""


def test_sources_that_vanish_appear_and_are_added_are_followed(root: Path, tmp_path: Path) -> None:
    watching = Watching(root)
    watching.hears("Watching 2 sources")
    (tmp_path / "two").rename(tmp_path / "away")
    watching.hears("1 gone from their place")
    (tmp_path / "two").mkdir()
    (tmp_path / "two" / "new.txt").write_text("Ferry\n\nThe ferry was late again.\n", "utf-8")
    watching.hears("1 added")
    (tmp_path / "two" / "newer.txt").write_text("Tram\n\nThe tram line was approved.\n", "utf-8")
    watching.hears("1 added")
    (tmp_path / "three").mkdir()
    assert morgue(root, "add", tmp_path / "three", "--quiet").returncode == 0
    watching.hears("nothing changed")
    (tmp_path / "three" / "a.txt").write_text("Port\n\nThe port was closed on Monday.\n", "utf-8")
    watching.hears("1 added")
    assert watching.ends(signal.SIGTERM) == 143


def test_another_writer_is_waited_for(root: Path) -> None:
    command = [sys.executable, "-u", "-c", HOLD, str(root)]
    with subprocess.Popen(command, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "1\n"
        watching = Watching(root)
        assert str(holder.pid) in watching.hears("Waiting until it is done.")
        assert holder.stdin is not None
        holder.stdin.close()
    watching.hears("generation 1, 2 embedded")
    assert watching.ends(signal.SIGINT) == 130


def test_the_archive_is_not_watched_through_a_link(root: Path, tmp_path: Path) -> None:
    (tmp_path / "one" / "link").symlink_to(root, target_is_directory=True)
    watching = Watching(root, "--json")
    assert watching.reports()["articles"]["refused"] == 1
    for turn in (1, 2):
        shutil.copy(tmp_path / "one" / "first.txt", root / "tmp" / f"noise{turn}.txt")
        (tmp_path / "two" / f"new{turn}.txt").write_text(f"Ferry {turn}\n\nThe ferry {turn} was late again.\n", "utf-8")
        found = watching.reports()["articles"]
        assert (found["added"], found["unchanged"], found["refused"]) == (1, turn, 0), "folder one was looked at too"
    assert watching.ends(signal.SIGTERM) == 143


def test_a_quiet_watch_says_only_what_is_newly_refused(root: Path, tmp_path: Path) -> None:
    watching = Watching(root, "--quiet")
    (tmp_path / "one" / "bad.bin").write_bytes(b"\0")
    assert "added" not in watching.hears("1 newly refused (morgue status lists them)")
    (tmp_path / "one" / "new.txt").write_text("Ferry\n\nThe ferry was late again.\n", "utf-8")
    with Archive.open(root) as archive:
        wait(lambda: sum(1 for _ in archive.articles()) == 3)
    assert watching.ends(signal.SIGTERM) == 143
    left = iter(lambda: watching.said.get(timeout=240), "")
    assert [line for line in left if not line.startswith(("encoder", "morgue: Stopped", "  run:"))] == []


def test_what_older_rules_made_and_is_left_is_told_once_at_the_beginning(root: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(root / "catalog.sqlite")) as catalog:
        catalog.execute("DELETE FROM derivations")
        catalog.execute("DELETE FROM meta WHERE name = 'rules'")
        catalog.commit()
    watching = Watching(root)
    watching.hears("Made by older rules: 2 articles of 2 (2 passages). To process them again: morgue update --yes")
    watching.hears("Watching 2 sources")
    (tmp_path / "one" / "new.txt").write_text("Ferry\n\nThe ferry was late again.\n", "utf-8")
    watching.hears("1 added")
    assert watching.ends(signal.SIGTERM) == 143
    assert "older rules" not in "".join(iter(lambda: watching.said.get(timeout=240), ""))


def test_a_dry_run_does_not_watch(root: Path) -> None:
    done = morgue(root, "update", "--watch", "--dry-run")
    assert done.returncode == 2
    assert "does not watch" in done.stderr
