from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from archive import Source
from tests.tui.running import ROOT
from tui.cli.watch_events import Burst, Root, concerned, look

LIMITED = """
import sys
from pathlib import Path
from archive import Source
from tui.cli.watch_events import arrivals
from tui.cli.signals import Stop

news = Path(sys.argv[1])
sources = [Source("s", str(news), "now")]
for turn, found in enumerate(arrivals(lambda: sources, news.parent / "archive", Stop(), print)):
    if turn == 0:
        print("begun", flush=True)
        (news / "3" / "new.txt").write_text("new")
    if found and turn:
        print(*found, flush=True)
        break
"""


def test_a_burst_is_due_when_it_has_been_quiet() -> None:
    burst = Burst(quiet=1, longest=10, brief=1)
    assert burst.due(0) == ()
    burst.add(["a"], 0)
    burst.add(["b", "a"], 0.5)
    burst.add([], 1)
    assert burst.due(1.25) == ()
    assert burst.due(1.5) == ("a", "b")
    assert burst.due(9) == ()


def test_a_burst_that_never_ends_is_due_all_the_same() -> None:
    burst = Burst(quiet=1, longest=10, brief=1)
    for tick in range(20):
        burst.add(["a"], tick / 2)
        assert burst.due(tick / 2) == ()
    assert burst.due(10) == ("a",)
    burst.add(["a"], 10.1)
    assert burst.due(10.2) == (), "a new burst begins anew"


def test_the_first_event_after_a_quiet_waits_briefly_and_those_behind_it_do_not() -> None:
    burst = Burst(quiet=1, longest=10, brief=0.1)
    burst.add(["a"], 0)
    assert burst.due(0.05) == ()
    assert burst.due(0.1) == ("a",)
    burst.add(["b"], 0.5)
    assert burst.due(1) == ()
    assert burst.due(1.5) == ("b",)
    burst.add(["a"], 2.5)
    assert burst.due(2.6) == ("a",)


@pytest.fixture
def roots(tmp_path: Path) -> tuple[Root, ...]:
    (tmp_path / "news").mkdir()
    (tmp_path / "archive").mkdir()
    (tmp_path / "one.jsonl").touch()
    return look(
        [Source("folder", str(tmp_path / "news"), "now"), Source("file", str(tmp_path / "one.jsonl"), "now")],
    )


def told(tmp_path: Path, roots: tuple[Root, ...], *paths: str) -> set[str]:
    return set(concerned([str(tmp_path / path) for path in paths], roots, tmp_path / "archive"))


def test_what_happens_in_a_source_concerns_it_alone(tmp_path: Path, roots: tuple[Root, ...]) -> None:
    assert told(tmp_path, roots, "news/deep/a.txt") == {"folder"}
    assert told(tmp_path, roots, "one.jsonl") == {"file"}
    assert told(tmp_path, roots, "news", "one.jsonl") == {"folder", "file"}
    assert told(tmp_path, roots, "newsletter/a.txt", "one.jsonl.part", "other") == set()


def test_hidden_files_concern_nothing_but_a_hidden_folder_above_does_not_matter(tmp_path: Path) -> None:
    news = tmp_path / ".private" / "news"
    news.mkdir(parents=True)
    roots = look([Source("s", str(news), "now")])
    assert concerned([str(news / "a.txt")], roots, tmp_path / "archive") == {"s"}
    assert not concerned([str(news / ".a.txt.swp"), str(news / ".git" / "x")], roots, tmp_path / "archive")


def test_what_only_a_link_reaches_concerns_nothing(tmp_path: Path, roots: tuple[Root, ...]) -> None:
    (tmp_path / "news" / "link").symlink_to(tmp_path / "archive", target_is_directory=True)
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "news" / "other").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    assert told(tmp_path, roots, "news/link/catalog.sqlite-wal", "news/other/a.txt") == set()
    assert told(tmp_path, roots, "news/other") == {"folder"}, "the link itself is read, and refused"


def test_an_archive_inside_a_source_is_passed_over(tmp_path: Path) -> None:
    roots = look([Source("s", str(tmp_path), "now")])
    assert told(tmp_path, roots, "archive/catalog.sqlite", "archive/tmp/x", "archive") == set()
    assert told(tmp_path, roots, "archives/a.txt") == {"s"}


def test_a_folder_that_was_replaced_looks_different(tmp_path: Path, roots: tuple[Root, ...]) -> None:
    before = roots[0]
    os.rename(tmp_path / "news", tmp_path / "old")  # noqa: PTH104
    sources = [Source("folder", before.path, "now")]
    assert look(sources)[0].mark is None
    (tmp_path / "news").mkdir()
    assert look(sources)[0].mark not in (None, before.mark)


def can_limit() -> bool:
    """Tell whether the number of watches can be limited for a child alone."""
    command = ["unshare", "-Ur", "sh", "-c", "echo 9 > /proc/sys/user/max_inotify_watches"]
    return bool(shutil.which("unshare")) and subprocess.run(command, capture_output=True, check=False).returncode == 0


@pytest.mark.skipif(not can_limit(), reason="needs user namespaces")
def test_where_the_system_cannot_watch_files_are_looked_at_time_and_again(tmp_path: Path) -> None:
    for number in range(6):
        (tmp_path / "news" / str(number)).mkdir(parents=True)
    limited = 'echo 3 > /proc/sys/user/max_inotify_watches; exec "$@"'
    command = ["unshare", "-Ur", "sh", "-c", limited, "sh", sys.executable, "-c", LIMITED, str(tmp_path / "news")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=240, check=True)
    said, *rest = done.stdout.splitlines()
    assert said.startswith("The system cannot watch every folder (OS file watch limit reached.")
    assert rest == ["begun", "s"]
