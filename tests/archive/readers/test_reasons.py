"""A refusal names what is true of the file, and nothing is refused for what is wrong with the installation."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from errno import EAGAIN, EMFILE
from functools import partial
from pathlib import Path

import pytest

from archive.core.article import Refusal
from archive.core.errors import Action, ArchiveError, Remedy
from archive.readers import READERS, Limits, Reader, read, release
from archive.readers import html as html_reader
from tests.archive.readers.toy import TOY, obey, toy_file

ROOT = Path(__file__).resolve().parents[3]
SMALL = Limits(max_text=1000)
BODY = "<p>" + "The harbour master said on Monday that nine ships had left. " * 9 + "</p>"


@pytest.fixture(scope="module", autouse=True)
def _workers() -> Iterator[None]:
    yield
    release()


def reasons(path: Path, content: bytes, limits: Limits | None = None, *more: Reader) -> list[str]:
    """Return why a file of this content is refused, one reason a refusal."""
    path.write_bytes(content)
    found = list(read(path, limits or Limits(), (*READERS, *more)))
    return [item.reason for item in found if isinstance(item, Refusal)]


def page(inside: str) -> bytes:
    return f"<html><body>{inside}{BODY}</body></html>".encode()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (page(f"<div data-x='{'a' * 15_000_000}'></div>"), "such as an attribute, a comment or a stretch of text"),
        (page(f"<!--{'a' * 15_000_000}-->"), "such as an attribute, a comment or a stretch of text"),
        (page("<div>" * 300), "Its tags are nested too deeply for the parser."),
        (b"<html><body></body></html>", "No article text was found on the page."),
    ],
    ids=["attribute", "comment", "nested", "empty"],  # pytest puts the name into the environment, which has its limits
)
def test_a_page_is_refused_for_what_it_holds(tmp_path: Path, content: bytes, reason: str) -> None:
    (told,) = reasons(tmp_path / "a.html", content)
    assert reason in told


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.txt", "Ж".encode() * 40 + b"\xff" * 40, "More than a fifth of it cannot be decoded as text."),
        ("a.txt", b" \n\n\t", "It holds no text but white space."),
        ("a.txt", b"GIF89a is a format of images.", "It begins as a GIF image does, not as a text."),
        ("a.txt", b"{\\rtf1 text}", "It begins as an RTF document does, not as a text."),
        ("a.txt", bytes(range(1, 9)) * 30, "It holds too many control characters for a text, as binary data does."),
        ("a.txt", ("Ж" * 900).encode("utf-16"), "The text has 1,800 bytes; at most 1,000 bytes are read."),
        ("a.txt", b"x" * 4001, "The file has 4,001 bytes; at most 4,000 bytes are read."),
        ("a.jsonl", b"null", "Line 1 cannot be read as a JSON object: it is null."),
        ("a.jsonl", b"[1]", "Line 1 cannot be read as a JSON object: it is an array."),
        ("a.jsonl", b'"a"', "Line 1 cannot be read as a JSON object: it is a string."),
        ("a.jsonl", b"true", "Line 1 cannot be read as a JSON object: it is a boolean."),
        ("a.jsonl", b'{"a": "', "Line 1 cannot be read as a JSON object: unterminated string starting at column 7."),
        ("a.jsonl", b'{"title": "A"}', "The record on line 1 has no text; its fields are title."),
        ("a.jsonl", b'{"text": 7}', "The record on line 1 has no text, but a number in place of it; its fields are text."),  # noqa: E501
        ("a.jsonl", b'{"text": "' + b"x" * 1001 + b'"}', "The text has 1,001 bytes; at most 1,000 bytes are read."),
        ("a.jsonl", b'"' + b"x" * 5000, "The record has 5,001 bytes; at most 4,000 bytes are read."),
        ("a\n.odd", b"x", "There is no reader for files named *.odd."),
    ],
)  # fmt: skip
def test_a_file_is_refused_for_what_it_holds(tmp_path: Path, name: str, content: bytes, reason: str) -> None:
    assert reasons(tmp_path / name, content, SMALL) == [reason]


def test_a_record_nested_too_deeply_is_refused_for_that(tmp_path: Path) -> None:
    deep = b"[" * 30_000  # more than Python 3.13 reads, which goes deeper than 3.11
    assert reasons(tmp_path / "a.jsonl", deep) == ["Line 1 cannot be read as a JSON object: it is nested too deeply."]


def test_sizes_that_look_alike_are_told_in_bytes(tmp_path: Path) -> None:
    (told,) = reasons(tmp_path / "a.txt", b"x" * 400_001, Limits(max_text=100_000))
    assert told == "The file has 400,001 bytes; at most 400,000 are read."


def test_what_ends_a_reader_is_named(tmp_path: Path) -> None:
    path, memory = tmp_path / "a.toy", Limits(memory=400 << 20)
    assert reasons(path, toy_file("!die"), None, TOY) == ["Its parser crashed (exit code 3)."]
    assert reasons(path, toy_file("!crash"), None, TOY) == ["Its parser crashed (SIGSEGV)."]
    assert reasons(path, toy_file("!spin"), Limits(seconds=1), TOY)[0].startswith("It took ")
    assert reasons(path, toy_file("!raise"), None, TOY) == ["What it holds is beyond the parser (ValueError)."]
    if sys.platform == "linux":
        assert reasons(path, toy_file("!grow"), memory, TOY) == ["Reading it takes more than 0.391 GiB of memory."]


def test_what_a_reader_lacks_within_its_own_limits_ends_its_file_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.toy"
    assert reasons(path, toy_file("!exit"), None, TOY) == ["Its parser crashed (exit code 4)."]
    assert reasons(path, toy_file("!unmapped"), None, TOY) == ["Reading it takes more than 1 GiB of memory."]
    threads = "The process that reads it could get no more threads or memory."
    assert reasons(path, toy_file("!threads"), None, TOY) == [threads]
    for lacking in ("!unmapped", "!threads"):
        unproved = replace(TOY, check=partial(obey, lacking))
        assert reasons(path, toy_file("!raise"), None, unproved) == ["What it holds is beyond the parser (ValueError)."]


def unstartable(thread: threading.Thread) -> None:
    raise RuntimeError("can't start new thread")


def test_what_the_machine_has_no_more_of_refuses_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, readable = tmp_path / "a.toy", toy_file("One.")
    with pytest.raises(OSError, match=os.strerror(EMFILE)):
        reasons(path, toy_file("!files"), None, TOY)
    release()
    for kind in (threading.Thread, threading.Timer):  # one serves the process, one watches each task
        with monkeypatch.context() as patched:
            patched.setattr(kind, "start", unstartable)
            with pytest.raises(OSError, match=os.strerror(EAGAIN)):
                reasons(path, readable, None, replace(TOY, check=fails))
        assert reasons(path, readable, None, replace(TOY, check=fails)) == []


def test_a_reader_that_was_killed_is_asked_again(tmp_path: Path) -> None:
    path = tmp_path / "a.toy"
    path.write_bytes(toy_file("!kill"))
    (item,) = read(path, Limits(), (*READERS, TOY))
    assert isinstance(item, Refusal)
    assert item.code == "unreadable"
    assert item.reason.startswith("The process that read it was killed from outside")


def fails() -> None:
    raise KeyError("max_date")


def test_a_reader_that_reads_nothing_is_no_fault_of_a_file(tmp_path: Path) -> None:
    broken = replace(TOY, check=fails)
    with pytest.raises(ArchiveError, match="format toy cannot read anything here: KeyError: 'max_date'") as raised:
        reasons(tmp_path / "a.toy", toy_file("!raise"), None, broken)
    assert raised.value.remedy == Remedy(Action.DIAGNOSE)
    assert reasons(tmp_path / "a.toy", toy_file("One."), None, broken) == []


def test_the_page_that_is_always_read_is_read() -> None:
    html_reader.check()


BREAK = """
import trafilatura

def bare_extraction(*arguments, **options):
    raise KeyError("max_date")

trafilatura.bare_extraction = bare_extraction
"""


def test_a_broken_installation_is_told_once_and_refuses_no_page(tmp_path: Path) -> None:
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "sitecustomize.py").write_text(BREAK)
    (tmp_path / "news").mkdir()
    for number in range(3):
        (tmp_path / "news" / f"{number}.html").write_bytes(page(str(number)))
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(tmp_path / "broken"), str(ROOT)))}
    command = [sys.executable, "-m", "tui.__main__", "--archive", str(tmp_path / "archive"), "add", "--no-index"]
    done = subprocess.run(
        [*command, str(tmp_path / "news")], env=environment, capture_output=True, text=True, timeout=240, check=False
    )
    assert done.returncode == 2
    assert done.stderr.count("The reader of the format html cannot read anything here: KeyError: 'max_date'.") == 1
    assert "run: morgue doctor" in done.stderr
    assert "Refused" not in done.stderr
