"""The command as a child: told of, paused with its workers, stopped, killed, and whatever it may print."""

from __future__ import annotations

import json
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import psutil
import pytest

from archive import Archive
from archive.catalog.connection import connect, is_held
from tests.tui.running import end_all, is_whole, make_archive, morgue, vectors, wait
from tui.writing import child as module
from tui.writing.child import Child
from tui.writing.ended import Ended, ended
from tui.writing.job import Job, Target, Verb
from tui.writing.progress import Far
from tui.writing.removed import taken_out

ARTICLES = 40


class Run:
    """A child, and what it told."""

    def __init__(self, root: Path, *arguments: str) -> None:
        self.told = list[Far]()
        self.ended = list[Ended]()
        self.child = Child(root, arguments, self.told.append, self.ended.append)

    def outcome(self) -> Ended:
        wait(lambda: self.ended)
        (outcome,) = self.ended
        return outcome


@pytest.fixture
def slow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Let children encode with a cheap encoder that takes so many seconds for each few passages."""

    def slow(seconds: float) -> None:
        command = ("env", f"MORGUE_CACHE={tmp_path / 'cache'}", sys.executable, "-m", "tests.tui.slow", str(seconds))
        monkeypatch.setattr(module, "COMMAND", command)

    return slow


@pytest.fixture
def news(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "news"
    folder.mkdir()
    for number in range(ARTICLES):
        (folder / f"{number}.txt").write_text(f"Report {number}\n\nThe council of town {number} met.\n", "utf-8")
    yield folder
    end_all()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return make_archive(tmp_path / "archive")


def script(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    """Let the child be a Python program that knows nothing of Morgue."""
    monkeypatch.setattr(module, "COMMAND", (sys.executable, "-c", code))


def test_a_folder_is_added_and_told_of_to_its_end(root: Path, news: Path, slow: Callable[[float], None]) -> None:
    slow(0)
    (news / "-odd name.txt").write_text("Odd\n\nThis file is named like an option.\n", "utf-8")
    (news / "table.xyz").write_text("1,2,3", "utf-8")
    run = Run(root, "add", "--", str(news))
    outcome = run.outcome()
    assert outcome.code == 3
    assert outcome.report is not None
    assert (outcome.report.added, outcome.report.new) == (ARTICLES + 1, ARTICLES + 1)
    (refused,) = outcome.report.refusals
    assert refused.path == str(news / "table.xyz")
    assert "no reader" in refused.reason
    assert {far.phase for far in run.told} >= {"reading", "embedding", "verifying"}
    assert run.child.pause() is False, "nobody is there any more"
    run.child.stop()
    assert run.child.finish() == outcome
    assert is_whole(root)


def test_an_article_is_taken_out_and_brought_back(root: Path, news: Path, slow: Callable[[float], None]) -> None:
    slow(0)
    assert Run(root, "add", "--", str(news)).outcome().is_done
    with Archive.open(root) as archive:
        article, *others = (article.id for article in archive.articles())
    steps: tuple[tuple[Verb, frozenset[str]], ...] = (("remove", frozenset((article,))), ("restore", frozenset()))
    for verb, out in steps:
        job = Job(verb, root, target=Target(article, "Report"))
        run = Run(root, *job.arguments)
        outcome = run.outcome()
        assert (outcome.code, outcome.is_done, outcome.moved, outcome.report) == (0, True, 1, None)
        assert run.told
        assert taken_out(root, (article, *others)) == out
    again = Run(root, "remove", "--undo", "--", article).outcome()
    assert not again.is_done
    assert article in again.message
    assert taken_out(root / "absent", (article,)) is None


def states(pid: int) -> set[str]:
    """Return how the processes of a group are."""
    found = set[str]()
    for process in psutil.process_iter():
        try:
            if os.getpgid(process.pid) == pid:
                found.add(process.status())
        except (psutil.Error, OSError):
            continue
    return found


def test_paused_while_it_reads_it_keeps_nobody_from_writing_what_is_marked(
    root: Path, tmp_path: Path, slow: Callable[[float], None]
) -> None:
    slow(0)
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(1500):
        text = f"Report {number}\n\n" + f"The council of town {number} met. " * 40
        (folder / f"{number}.txt").write_text(text, "utf-8")
    run = Run(root, "add", "--no-index", "--", str(folder))
    wait(lambda: run.told and run.told[-1].done > 20)
    for _ in range(15):
        assert run.child.pause() is True
        assert not is_held(root / "catalog.sqlite")
        assert run.child.pause() is False
        time.sleep(0.05)
    assert not run.ended, "it was read to its end before it was paused often enough"
    run.child.stop()
    run.outcome()


def test_a_catalog_that_is_written_to_is_held(root: Path) -> None:
    with closing(connect(root / "catalog.sqlite", "rw")) as writing:
        writing.execute("BEGIN IMMEDIATE")
        assert is_held(root / "catalog.sqlite")
        writing.execute("ROLLBACK")
    assert not is_held(root / "catalog.sqlite")
    assert not is_held(root / "absent.sqlite")


def test_paused_it_does_nothing_and_goes_on_where_it_was(root: Path, news: Path, slow: Callable[[float], None]) -> None:
    slow(0.2)
    run = Run(root, "add", "--", str(news))
    wait(lambda: vectors(root) >= 4)
    assert run.child.pause() is True
    wait(lambda: states(run.child.pid) == {psutil.STATUS_STOPPED})
    made = vectors(root)
    time.sleep(1)
    assert vectors(root) == made < ARTICLES
    assert run.child.pause() is False
    assert run.outcome().report is not None
    assert vectors(root) == ARTICLES
    assert is_whole(root)


@pytest.mark.parametrize("paused", [False, True])
def test_stopped_it_keeps_what_is_done_and_the_next_run_goes_on(
    root: Path, news: Path, slow: Callable[[float], None], paused: bool
) -> None:
    slow(0.2)
    run = Run(root, "add", "--", str(news))
    wait(lambda: vectors(root) >= 4)
    if paused:
        run.child.pause()
    run.child.stop()
    outcome = run.outcome()
    assert (outcome.code, outcome.report, outcome.run) == (130, None, "morgue update")
    assert "vectors are made and kept" in outcome.message
    kept = vectors(root)
    assert 0 < kept < ARTICLES
    again = Run(root, "update").outcome()
    assert again.report is not None
    assert again.report.embedded == ARTICLES - kept
    assert is_whole(root)


def test_stopped_again_and_again_it_ends_at_once(root: Path, news: Path, slow: Callable[[float], None]) -> None:
    slow(3600)
    run = Run(root, "add", "--", str(news))
    wait(lambda: any(far.phase == "embedding" for far in run.told))
    run.child.stop()
    time.sleep(1)  # as a person does, who sees that it goes on
    run.child.stop()
    assert run.outcome().code == 143


def test_one_that_hears_nothing_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deaf = "import signal, sys, time; [signal.signal(n, signal.SIG_IGN) for n in (2, 15)]"
    far = json.dumps({"phase": "reading", "done": 0})
    script(monkeypatch, f"{deaf}; print({far!r}, file=sys.stderr, flush=True); time.sleep(600)")
    run = Run(tmp_path, "add")
    wait(lambda: run.told)
    for _ in range(3):
        run.child.stop()
    assert run.outcome().killed_by == "SIGKILL"


def test_killed_from_outside_it_is_told_and_nothing_is_lost(
    root: Path, news: Path, slow: Callable[[float], None]
) -> None:
    slow(0.2)
    run = Run(root, "add", "--", str(news))
    wait(lambda: vectors(root) >= 4)
    os.kill(run.child.pid, signal.SIGKILL)
    assert run.outcome().killed_by == "SIGKILL"
    assert morgue(root, "update").returncode == 0
    assert is_whole(root)


def test_killed_while_it_is_paused_none_of_its_processes_is_left(
    root: Path, tmp_path: Path, slow: Callable[[float], None]
) -> None:
    slow(0)
    pages = tmp_path / "pages"
    pages.mkdir()
    for number in range(400):
        (pages / f"{number}.html").write_text(f"<html><body><p>The council of town {number} met.</p></body></html>")
    run = Run(root, "add", "--", str(pages))
    wait(lambda: run.told)
    run.child.pause()
    os.kill(run.child.pid, signal.SIGKILL)
    assert run.outcome().killed_by == "SIGKILL"
    wait(lambda: not states(run.child.pid) - {psutil.STATUS_ZOMBIE})


def test_leaving_ends_it_and_knows_what_was_kept(root: Path, news: Path, slow: Callable[[float], None]) -> None:
    slow(0.2)
    run = Run(root, "add", "--", str(news))
    wait(lambda: vectors(root) >= 4)
    run.child.pause()
    outcome = run.child.finish()
    assert outcome.code == 130
    assert "kept" in outcome.message
    assert not psutil.pid_exists(run.child.pid)


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("print('\\x1b[2J garbage')", ""),
        ("import sys; sys.stderr.write('{\"phase\": 3}\\nbad things\\n'); sys.exit(9)", '{"phase": 3} bad things'),
        ("import os; os.write(1, b'\\xff\\xfe{'); os.write(2, b'\\xff' * 200000); os._exit(1)", "\ufffd"),
        ("print('[1, 2]'); raise SystemExit(70)", ""),
        ('print(\'{"articles": 3, "refusals": {}}\')', ""),
    ],
)
def test_whatever_it_prints_it_is_told_how_it_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str, said: str
) -> None:
    script(monkeypatch, code)
    run = Run(tmp_path, "add")
    outcome = run.outcome()
    assert outcome.report is None
    assert said in outcome.message
    assert run.told == []


def test_a_command_that_cannot_be_started_says_so_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "COMMAND", (str(tmp_path / "nothing"),))
    with pytest.raises(OSError, match="nothing"):
        Run(tmp_path, "add")


def test_reports_and_errors_are_read_whatever_is_missing_in_them() -> None:
    report = ended(0, json.dumps({"articles": {"added": 2, "changed": "x"}, "refusals": [3, {"path": 4}]}).encode(), "")
    assert report.report is not None
    assert (report.report.added, report.report.changed, report.report.passages) == (2, 0, 0)
    assert [each.path for each in report.report.refusals] == [""]
    error = ended(4, b'{"error": {"code": "busy", "message": "Another process is writing.", "run": null}}', "said")
    assert (error.message, error.run) == ("Another process is writing.", "")
    assert ended(-9, b"", "").killed_by == "SIGKILL"
    assert ended(-200, b"", "").killed_by == "signal 200"
