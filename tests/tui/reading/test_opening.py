"""An article's address in the browser, its file in an editor."""

from __future__ import annotations

import asyncio
import json
import sys
import webbrowser
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from archive import Archive
from archive.core.article import Article
from index import build, passage_rule
from tests.archives import empty_archive
from tui.app import opening

ARTICLE = Article("a" * 16, "d" * 64, "T", None, None, None, None, None, "en", "/news/a.txt", None)


class Lent:
    """An app that lends its terminal, and notes that it did."""

    def __init__(self) -> None:
        self.lent = 0

    def suspend(self) -> nullcontext[None]:
        self.lent += 1
        return nullcontext()


class Browser(webbrowser.BaseBrowser):
    def __init__(self) -> None:
        super().__init__("browser")
        self.opened: list[str] = []

    def open(self, url: str, new: int = 0, autoraise: bool = True) -> bool:
        self.opened.append(url)
        return True


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> Browser:
    browser = Browser()
    monkeypatch.setattr(webbrowser, "get", lambda: browser)
    return browser


def browse(url: str | None) -> opening.Outcome:
    app: Any = Lent()
    return asyncio.run(opening.browse(app, replace(ARTICLE, url=url)))


def test_an_address_of_the_web_is_given_to_the_browser_and_told(browser: Browser) -> None:
    outcome = browse("https://herald.example/a?b=c#d")

    assert outcome.done
    assert "https://herald.example/a?b=c#d" in outcome.words
    assert browser.opened == ["https://herald.example/a?b=c#d"]


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "javascript:alert(1)",
        "/bin/true",
        "--help",
        "https://",
        "http://[broken",
        "https://a.example/\n--new",
        "https://a.example/\x1b[31m",
        None,
    ],
)
def test_no_other_address_ever_is(browser: Browser, url: str | None) -> None:
    outcome = browse(url)

    assert not outcome.done
    assert browser.opened == []
    assert "\x1b" not in outcome.words


def test_where_there_is_no_browser_the_address_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def none() -> webbrowser.BaseBrowser:
        raise webbrowser.Error("could not locate runnable browser")

    monkeypatch.setattr(webbrowser, "get", none)
    outcome = browse("https://herald.example/a")

    assert not outcome.done
    assert "https://herald.example/a" in outcome.words


def test_a_browser_that_draws_in_the_terminal_has_it_for_itself(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(webbrowser, "get", lambda: webbrowser.GenericBrowser("true"))
    app: Any = Lent()

    assert asyncio.run(opening.browse(app, replace(ARTICLE, url="https://herald.example/a"))).done
    assert app.lent == 1


def test_what_a_browser_with_a_window_says_is_not_written_over_the_screen(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    program = tmp_path / "browser"
    program.write_text(f'#!/bin/sh\necho "$@" > {tmp_path / "asked"}\necho talk\necho talk >&2\n', "utf-8")
    program.chmod(0o755)
    monkeypatch.setattr(webbrowser, "get", lambda: webbrowser.BackgroundBrowser([str(program), "%s"]))
    outcome = browse("https://herald.example/a")

    assert outcome.done
    assert (tmp_path / "asked").read_text("utf-8") == "https://herald.example/a\n"
    assert capfd.readouterr() == ("", "")


def test_a_program_that_finds_no_browser_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webbrowser, "get", lambda: webbrowser.BackgroundBrowser(["false", "%s"]))

    assert not browse("https://herald.example/a").done


@pytest.mark.parametrize(
    ("program", "command"),
    [
        (["vim"], ["vim", "+7", "/a b.txt"]),
        (["less", "-R"], ["less", "-R", "+7", "/a b.txt"]),
        (["/usr/bin/code", "--wait"], ["/usr/bin/code", "--wait", "--goto", "/a b.txt:7"]),
        (["hx"], ["hx", "/a b.txt:7"]),
    ],
)
def test_programs_are_told_of_the_line_in_their_way(program: list[str], command: list[str]) -> None:
    assert opening.command_at(program, Path("/a b.txt"), 7) == command


def test_a_passage_is_found_in_its_file_as_text_and_as_json(tmp_path: Path) -> None:
    plain, rows = tmp_path / "a.txt", tmp_path / "a.jsonl"
    plain.write_text("Title\n\nOne.\nThe “café” closed.\n", "utf-8")
    rows.write_text("\n".join(json.dumps({"text": text}) for text in ("One.", "The “café” closed.")), "utf-8")

    assert opening.line_of(plain, "The “café” closed.\nMore.") == 4
    assert opening.line_of(rows, "The “café” closed.") == 2
    assert opening.line_of(plain, "Another text.") is None
    assert opening.line_of(plain, "  \n ") is None
    assert opening.line_of(tmp_path / "gone.txt", "One.") is None


def test_the_line_of_a_passage_is_found_across_the_pieces_that_a_file_is_read_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = tmp_path / "a.txt"
    rows.write_text("One.\n" * 9 + "Another, in a long line: the café closed.\n", "utf-8")
    for piece in range(1, 99):
        monkeypatch.setattr(opening, "_PIECE", piece)
        assert opening.line_of(rows, "the café closed.") == 10
        assert opening.line_of(rows, "the café opened.") is None


def test_an_interrupt_is_for_the_program_that_the_terminal_is_lent_to_alone(
    tmp_path: Path, drive: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    source, pager = tmp_path / "a.txt", tmp_path / "pager.py"
    source.write_text("Harbour news\n\nThe zeppelin landed at noon.\n", "utf-8")
    with Archive.open(empty_archive(tmp_path / "archive")) as archive:
        archive.add([source], passage_rule(archive.settings))
        build(archive)
    pager.write_text(
        "import signal, time\n"
        "try:\n    print('pag' + 'ing', flush=True)\n    time.sleep(60)\n"
        "except KeyboardInterrupt:\n    print('interrup' + 'ted', flush=True)\n",
        "utf-8",
    )
    monkeypatch.setenv("VISUAL", f"{sys.executable} {pager}")
    steps = [(b"landed", b"\r\r"), (b"next match", b"E"), (b"paging", b"\x03"), (b"interrupted", b"")]
    ended = drive(tmp_path / "archive", "zeppelin", "lexical", steps=[*steps, (b"Opened", b"\x11")])

    assert ended.status == 0


def test_the_editor_opens_the_file_at_the_passage_and_gives_the_terminal_back(
    tmp_path: Path, drive: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    noted, editor, source = tmp_path / "noted", tmp_path / "editor", tmp_path / "a.txt"
    editor.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" > {noted}\n', "utf-8")
    editor.chmod(0o755)
    source.write_text("Harbour news\n\n" + "The council met. " * 20 + "\n\nThe zeppelin landed at noon.\n", "utf-8")
    with Archive.open(empty_archive(tmp_path / "archive")) as archive:
        archive.add([source], passage_rule(archive.settings))
        build(archive)
    monkeypatch.setenv("VISUAL", str(editor))
    steps = [(b"landed", b"\r\r"), (b" back", b"E"), (b"Opened", b"\x11")]
    ended = drive(tmp_path / "archive", "zeppelin", "lexical", steps=steps)

    assert ended.status == 0
    line, path = noted.read_text("utf-8").split("\n")[:2]
    assert path == str(source)
    assert source.read_text("utf-8").split("\n")[int(line[1:]) - 1] != ""
