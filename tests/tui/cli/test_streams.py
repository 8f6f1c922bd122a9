"""Streams that fail nobody: a pipe that is closed at any write, a disk that fills up, a stream that was never open."""

from __future__ import annotations

import errno
import io
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click
import pytest

from archive import Archive
from tests.archives import empty_archive
from tui.__main__ import run
from tui.cli.streams import Lasting, is_heard, lasting_streams

FAILURES = (errno.EPIPE, errno.ENOSPC, errno.EIO)


class FailingFrom(io.FileIO):
    """A file that takes so many writes and none after them."""

    def __init__(self, path: Path, writes: int, number: int) -> None:
        super().__init__(path, "w")
        self.left = writes
        self._number = number

    def write(self, content: object, /) -> int:
        if self.left == 0:
            raise OSError(self._number, os.strerror(self._number))
        self.left -= 1
        return super().write(content)  # type: ignore[arg-type]


def stream(path: Path, writes: int = -1, number: int = errno.EPIPE) -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BufferedWriter(FailingFrom(path, writes, number)), "utf-8", "replace")


def ran(arguments: list[str], out: io.TextIOWrapper, err: io.TextIOWrapper) -> int:
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = out, err
    try:
        return run(arguments)
    finally:
        sys.stdout, sys.stderr = before


def writes_of(arguments: list[str], tmp_path: Path) -> tuple[int, int]:
    """Return the exit code of a command, and how often it writes to a stdout that takes everything."""
    many = 1_000_000
    out = stream(tmp_path / "out", many)
    code = ran(arguments, out, stream(tmp_path / "err"))
    return code, many - out.buffer.raw.left  # type: ignore[attr-defined]


@pytest.mark.parametrize("every", [False, pytest.param(True, marks=pytest.mark.slow)], ids=["some", "all"])
@pytest.mark.parametrize("number", FAILURES, ids=errno.errorcode.get)
@pytest.mark.parametrize(
    "command",
    [
        ["search", "--mode", "lexical", "Ukraine sanctions"],
        ["search", "--mode", "lexical", "--json", "Ukraine sanctions"],
        ["search", "--mode", "lexical", "xylophone"],
        ["sources"],
        ["status"],
        ["status", "--json"],
        ["show", "no-such-identifier", "--json"],
        ["verify"],
        ["verify", "--json"],
        ["gc", "--dry-run", "--json"],
        ["remove", "no-such-identifier", "--json"],
        ["restore", "no-such-copy", "--json"],
        ["clips", "--json"],
        ["saved", "--new", "--json"],
        ["eval", "--json"],
    ],
    ids=" ".join,
)
def test_the_code_is_that_of_the_work_at_whatever_write_stdout_fails(
    seed_archive: Path, tmp_path: Path, command: list[str], number: int, every: bool
) -> None:
    arguments = ["--archive", str(seed_archive), *command]
    usual, writes = writes_of(arguments, tmp_path)
    assert writes > 0
    for taken in range(writes) if every else sorted({0, writes // 2, writes - 1}):
        out, err = stream(tmp_path / "out", taken, number), stream(tmp_path / "err")
        code = ran(arguments, out, err)
        err.flush()
        said = (tmp_path / "err").read_text("utf-8")
        assert code == (usual if number == errno.EPIPE else usual or 70)
        assert ("cannot be written" in said) == (number != errno.EPIPE)
        assert "Traceback" not in said


@pytest.mark.parametrize("number", FAILURES, ids=errno.errorcode.get)
def test_an_add_is_done_at_whatever_write_stderr_fails(tmp_path: Path, number: int) -> None:
    (tmp_path / "news").mkdir()
    (tmp_path / "news" / "one.txt").write_text("Report\n\nThe council of the town met.\n", "utf-8")
    (tmp_path / "news" / "two.bin").write_bytes(b"\x00\x01\x02")
    for taken in range(8):
        root = empty_archive(tmp_path / f"archive-{taken}")
        arguments = ["--archive", str(root), "add", "--no-index", str(tmp_path / "news")]
        assert ran(arguments, stream(tmp_path / "out"), stream(tmp_path / "err", taken, number)) == 3
        with Archive.open(root) as archive:
            assert len(list(archive.articles())) == 1


def test_a_pipe_that_is_not_the_streams_is_no_success(
    seed_archive: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(self: Archive) -> None:
        raise BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE))

    monkeypatch.setattr(Archive, "sources", broken)
    assert run(["--archive", str(seed_archive), "sources"]) == 70
    assert "Broken pipe" in capsys.readouterr().err


def test_a_stream_that_was_never_open_keeps_why_it_wrote_nothing() -> None:
    lasting = Lasting(None)
    assert (lasting.write(""), lasting.failure) == (0, None)
    assert lasting.write("words") == 5
    assert isinstance(lasting.failure, OSError)
    assert lasting.failure.errno == errno.EBADF
    assert not lasting.isatty()
    with pytest.raises(OSError, match="closed"):
        lasting.fileno()


def test_a_stream_that_somebody_closed_is_one_that_fails(tmp_path: Path) -> None:
    closed = (tmp_path / "closed").open("w")
    closed.close()
    lasting = Lasting(closed)
    lasting.write("words")
    lasting.flush()
    assert lasting.failure is not None
    assert not lasting.isatty()


def test_whoever_only_prints_is_told_that_nobody_hears(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", stream(tmp_path / "out", 1))
    with lasting_streams() as results:
        click.echo("one")
        assert is_heard()
        click.echo("two")
        assert not is_heard()
        assert results.is_unread
        click.echo("three")
    assert is_heard(), "the stream from before is back"


def test_a_preview_reads_no_further_than_it_is_heard(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fresh_archive: Callable[[], Path]
) -> None:
    from archive.ingest.preview import preview

    folder, read = tmp_path / "news", list[object]()
    folder.mkdir()
    for number in range(20):
        (folder / f"{number:02}.txt").write_text(f"Report {number}\n\nThe council met.\n", "utf-8")

    def counted(*arguments: Any, **named: Any) -> Iterator[object]:
        for item in preview(*arguments, **named):
            read.append(item)
            yield item

    monkeypatch.setattr("archive.ingest.preview.preview", counted)
    arguments = ["--archive", str(fresh_archive()), "add", "--preview", str(folder)]
    assert ran(arguments, stream(tmp_path / "out", 1), stream(tmp_path / "err")) == 0
    assert (tmp_path / "out").read_text("utf-8").count("\n") == 1
    assert len(read) == 2


def test_what_is_registered_for_the_end_is_done_and_printed_before_the_process_leaves() -> None:
    ends = (
        "import atexit, sys\n"
        "from tui import __main__ as program\n"
        "run = program.run\n"
        "program.run = lambda *given, **named: (atexit.register(print, 'tidied'), run(*given, **named))[1]\n"
        "sys.argv = ['morgue', 'no-such-command']\n"
        "program.main()\n"
    )
    ended = subprocess.run([sys.executable, "-c", ends], capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout) == (2, "tidied\n")
    assert "no-such-command" in ended.stderr
