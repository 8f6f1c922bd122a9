from __future__ import annotations

import json
import os
import pty
import re
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive import Archive
from tests.tui.running import end_all, is_whole, make_archive, morgue, start, vectors, wait
from tui.cli.resources import all_but_one

ARTICLES = 40


@pytest.fixture
def root(tmp_path: Path) -> Iterator[Path]:
    """An archive that holds the articles of a folder, not yet indexed, without Chroma."""
    folder = tmp_path / "news"
    folder.mkdir()
    for number in range(ARTICLES):
        (folder / f"{number}.txt").write_text(f"Report {number}\n\nThe council of town {number} met.\n", "utf-8")
    archive = make_archive(tmp_path / "archive")
    assert morgue(archive, "add", folder, "--no-index", "--quiet").returncode == 0
    yield archive
    end_all()


@pytest.mark.parametrize("command", [("update",), ("rebuild",), ("rebuild", "--reembed")])
@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_while_embedding_keeps_the_vectors_and_the_next_run_goes_on(
    root: Path, command: tuple[str, ...], number: int, status: int
) -> None:
    process = start(root, *command, seconds=0.3)
    wait(lambda: vectors(root) > 0)
    process.send_signal(number)
    out, err = process.communicate(timeout=240)
    assert (process.returncode, out) == (status, "")
    assert "Stopping after this batch; again to stop at once." in err
    assert f"run: morgue {command[0]}" in err
    kept = int(re.findall(rf"(\d+) of {ARTICLES} vectors are made and kept", err)[0])
    assert 0 < kept < ARTICLES
    assert "Nothing can be searched yet." in err
    assert not (root / "CURRENT").exists()
    status_now = json.loads(morgue(root, "status", "--json").stdout)
    begun = {"vectors": kept, "passages": ARTICLES} if "--reembed" in command else None
    assert (status_now["reembedding"], status_now["writer"]) == (begun, None)

    done = morgue(root, command[0])
    assert done.returncode == 0
    assert f"Going on: {kept} of {ARTICLES} vectors were already made." in done.stderr
    assert f"{ARTICLES - kept} embedded" in done.stderr
    assert is_whole(root)


def test_a_run_that_goes_on_behind_an_index_counts_only_what_the_other_left(root: Path) -> None:
    assert morgue(root, "update", "--quiet").returncode == 0
    for number in range(16):
        (root.parent / "news" / f"new{number}.txt").write_text(f"News\n\nThe ferry {number} was late.\n", "utf-8")
    process = start(root, "update", seconds=0.5)
    wait(lambda: vectors(root) > ARTICLES)
    process.terminate()
    _, err = process.communicate(timeout=240)
    assert process.returncode == 143
    kept = int(re.findall(r"(\d+) of 16 vectors are made and kept", err)[0])
    assert 0 < kept < 16
    assert "Searches use what is indexed so far." in err
    done = morgue(root, "update")
    assert f"Going on: {kept} of 16 vectors were already made." in done.stderr
    assert "Going on" not in morgue(root, "rebuild").stderr


def test_a_second_signal_stops_at_once(root: Path) -> None:
    process = start(root, "update", "--json", seconds=3600)
    assert process.stderr is not None
    wait(lambda: process.stderr is not None and "encoder" in process.stderr.readline())
    process.send_signal(signal.SIGINT)
    assert "Stopping after this batch" in process.stderr.readline()
    process.send_signal(signal.SIGTERM)
    out, _ = process.communicate(timeout=240)
    assert process.returncode == 143
    assert json.loads(out)["error"]["code"] == "terminated"
    assert json.loads(out)["error"]["run"] == "morgue update"


def test_an_interrupt_of_the_whole_group_refuses_no_page(root: Path, tmp_path: Path) -> None:
    pages = tmp_path / "pages"
    pages.mkdir()
    for number in range(60):
        body = f"<p>The ferry number {number} was late again on Monday, and nobody at the harbour could say why.</p>"
        (pages / f"{number:02d}.html").write_text(f"<html><body><article>{body * 5}</article></body></html>", "utf-8")
    process = start(root, "add", pages, "--no-index")
    with Archive.open(root) as archive:
        wait(lambda: sum(1 for _ in archive.articles()) > ARTICLES)
    os.killpg(process.pid, signal.SIGINT)
    _, err = process.communicate(timeout=240)
    assert process.returncode == 130
    assert "what was read is kept" in err
    again = json.loads(morgue(root, "update", "--json").stdout)
    assert again["articles"]["refused"] == 0
    assert again["passages"]["total"] == ARTICLES + 60


def test_a_signal_that_a_script_ignores_is_ignored(root: Path) -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        process = start(root, "update", "--quiet", seconds=0.05)
    finally:
        signal.signal(signal.SIGINT, before)
    wait(lambda: vectors(root) > 0)
    process.send_signal(signal.SIGINT)
    err = process.communicate(timeout=240)[1]
    assert [line for line in err.splitlines() if not line.startswith("encoder")] == []
    assert process.returncode == 0


@pytest.mark.parametrize(
    ("arguments", "niceness", "threads"),
    [
        (("update",), 10, str(all_but_one())),
        (("rebuild", "--jobs", "3"), 10, "3"),
        (("add", "{root}/../news"), 0, "None"),
        (("add", "{root}/../news", "--jobs", "1"), 0, "1"),
    ],
)
def test_runs_that_nobody_waits_for_step_back(
    root: Path, arguments: tuple[str, ...], niceness: int, threads: str
) -> None:
    done = morgue(root, *(one.format(root=root) for one in arguments))
    assert done.returncode == 0
    assert f"encoder: niceness {max(niceness, os.nice(0))}, threads {threads}\n" in done.stderr


@pytest.mark.parametrize("command", ["update", "rebuild"])
def test_a_run_that_somebody_waits_for_at_a_terminal_does_not(root: Path, command: str) -> None:
    ours, theirs = pty.openpty()
    try:
        done = start(root, command, "--quiet", stderr=theirs)
        told = b""
        while b"threads" not in told:
            told += os.read(ours, 4096)
        assert done.wait(timeout=240) == 0
    finally:
        os.close(ours)
        os.close(theirs)
    assert f"encoder: niceness {os.nice(0)}, threads None" in told.decode()
