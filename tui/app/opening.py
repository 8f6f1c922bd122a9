"""Opening what an article was read from elsewhere: its address in the browser, its file in an editor or pager."""

from __future__ import annotations

import asyncio
import json
import os
import shlex
import signal
import subprocess
import threading
import webbrowser
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from textual.app import SuspendNotSupported

from archive.core.article import Article, Passage
from archive.text.visible import visible_line
from tui.app.view.article_page import Page

if TYPE_CHECKING:
    from textual.app import App

_BYTES: Final = 1 << 26  # of a file that is looked through for a passage; chosen, not measured
_PIECE: Final = 1 << 20  # of it that are held at a time, however long its lines are; chosen, not measured
_SECONDS: Final = 2.0  # by then a program that hands an address on has ended, or is the browser; chosen, not measured
_TELLING: Final = 60  # characters of a passage by which it is known in its file; chosen, not measured
_GOTO: Final = frozenset({"code", "code-insiders", "codium", "subl", "zed", "hx", "helix"})


@dataclass(frozen=True, slots=True)
class Outcome:
    """What has happened, in words; ``done`` when it is what was wanted."""

    words: str
    done: bool


async def browse(app: App[Any], article: Article) -> Outcome:
    """Open an article's address in the browser; only addresses of the web, whatever the article states."""
    url = article.url or ""
    if not url:
        return Outcome("No address is known of this article.", done=False)
    if not _is_web(url):
        return Outcome(f"Not opened: {visible_line(url)} is no address of the web (http, https).", done=False)
    try:
        browser = await asyncio.to_thread(webbrowser.get)
        if type(browser) is webbrowser.GenericBrowser:  # one that draws in the terminal needs it for itself
            started = _lent(app, _command(browser, url)) == 0
        else:
            started = await asyncio.to_thread(_started, browser, url)
    except (webbrowser.Error, OSError, SuspendNotSupported):
        started = False
    if not started:
        return Outcome(f"No browser could be started here. The address: {visible_line(url)}", done=False)
    return Outcome(f"Given to the browser: {visible_line(url)}", done=True)


def _command(browser: webbrowser.GenericBrowser, url: str) -> list[str]:
    return [browser.name, *(argument.replace("%s", url) for argument in browser.args)]


def _started(browser: webbrowser.BaseBrowser, url: str) -> bool:
    """Start a browser that has a window of its own, and tell whether it did; may take seconds.

    What the standard library starts in the background could write over the screen, so that is started here.
    """
    if not isinstance(browser, webbrowser.BackgroundBrowser):
        return browser.open(url)
    nowhere = subprocess.DEVNULL
    process = subprocess.Popen(
        _command(browser, url), stdin=nowhere, stdout=nowhere, stderr=nowhere, start_new_session=True
    )
    try:
        return process.wait(_SECONDS) == 0
    except subprocess.TimeoutExpired:
        return True  # it runs


def _lent(app: App[Any], command: Sequence[str]) -> int:
    """Lend the terminal to a program until that has ended, and return its status.

    Ctrl-C there reaches Morgue as well, being meant for the program alone. It is ignored from when the program has
    begun, which would inherit that.
    """
    with app.suspend():
        process = subprocess.Popen(command)
        with _deaf_to_interrupts():
            return process.wait()


@contextmanager
def _deaf_to_interrupts() -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():  # which alone may say so
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        if before is not None:  # one that was not set from Python cannot be set again from there
            signal.signal(signal.SIGINT, before)


def _is_web(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return (
        parts.scheme in ("http", "https") and bool(parts.hostname) and url == "".join(url.split()) and url.isprintable()
    )


async def edit(app: App[Any], page: Page, passage: Passage) -> Outcome:
    """Lend the terminal to ``$VISUAL``, ``$EDITOR`` or ``$PAGER``, with an article's file at a passage."""
    path = Path(page.article.path)
    program = next(
        (os.environ[name] for name in ("VISUAL", "EDITOR", "PAGER") if os.environ.get(name, "").strip()), "less"
    )
    if not path.is_file():
        return Outcome(f"The file is gone: {visible_line(str(path))}", done=False)
    line = await asyncio.to_thread(line_of, path, page.text[passage.start : passage.end])
    try:
        status = _lent(app, command_at(shlex.split(program), path, line or 1))
    except SuspendNotSupported:
        return Outcome("This terminal cannot be lent to another program.", done=False)
    except (OSError, ValueError) as error:
        return Outcome(f"{visible_line(program)} could not be started: {visible_line(str(error))}", done=False)
    where = (
        f"at line {line:,}"
        if line is not None
        else "at its beginning, for the passage does not stand in it as it was read"
    )
    ended = "" if status == 0 else f" It ended with status {status}."
    return Outcome(f"Opened {visible_line(str(path))} {where}.{ended}", done=status == 0)


def command_at(program: Sequence[str], path: Path, line: int) -> list[str]:
    """Return the command that opens a file at a line, the way the program is told of lines."""
    name = Path(program[0]).name if program else ""
    if name in _GOTO:
        goto = ["--goto"] if name.startswith(("code", "codium")) else []
        return [*program, *goto, f"{path}:{line}"]
    return [*program, f"+{line}", str(path)]


def line_of(path: Path, passage: str) -> int | None:
    """Return the line of a file, from 1, in which a passage begins, as text or as JSON writes it; None if unknown."""
    first = next((line for line in passage.splitlines() if line.strip()), "").strip()[:_TELLING]
    forms = {
        first.encode("utf-8"),
        *(json.dumps(first, ensure_ascii=plain)[1:-1].encode("utf-8") for plain in (True, False)),
    }
    if not first:
        return None
    longest = max(map(len, forms))
    number, before, read = 1, b"", 0
    try:
        with path.open("rb") as file:
            while read < _BYTES and (piece := file.read(_PIECE)):
                read, seen = read + len(piece), before + piece
                places = [place for form in forms if (place := seen.find(form)) >= 0]
                if places:
                    return number + seen.count(b"\n", 0, min(places))
                looked_through = max(0, len(seen) - longest + 1)  # a form may begin at the end of this piece
                number, before = number + seen.count(b"\n", 0, looked_through), seen[looked_through:]
    except OSError:
        return None
    return None
