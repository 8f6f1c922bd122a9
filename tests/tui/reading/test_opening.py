"""An article's address in the browser, its file in an editor."""

from __future__ import annotations

import json
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
    return opening.browse(app, replace(ARTICLE, url=url))


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

    assert opening.browse(app, replace(ARTICLE, url="https://herald.example/a")).done
    assert app.lent == 1


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
