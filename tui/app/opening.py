"""Opening what an article was read from elsewhere: its address in the browser, its file in an editor or pager."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import webbrowser
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from itertools import islice
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
_TELLING: Final = 60  # characters of a passage by which it is known in its file; chosen, not measured
_GOTO: Final = frozenset({"code", "code-insiders", "codium", "subl", "zed", "hx", "helix"})


@dataclass(frozen=True, slots=True)
class Outcome:
    """What has happened, in words; ``done`` when it is what was wanted."""

    words: str
    done: bool


def browse(app: App[Any], article: Article) -> Outcome:
    """Open an article's address in the browser; only addresses of the web, whatever the article states."""
    url = article.url or ""
    if not url:
        return Outcome("No address is known of this article.", done=False)
    if not _is_web(url):
        return Outcome(f"Not opened: {visible_line(url)} is no address of the web (http, https).", done=False)
    try:
        browser = webbrowser.get()
        # one that draws in the terminal needs it for itself
        with app.suspend() if type(browser) is webbrowser.GenericBrowser else nullcontext():
            started = browser.open(url)
    except (webbrowser.Error, OSError, SuspendNotSupported):
        started = False
    if not started:
        return Outcome(f"No browser could be started here. The address: {visible_line(url)}", done=False)
    return Outcome(f"Given to the browser: {visible_line(url)}", done=True)


def _is_web(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return (
        parts.scheme in ("http", "https") and bool(parts.hostname) and url == "".join(url.split()) and url.isprintable()
    )


def edit(app: App[Any], page: Page, passage: Passage) -> Outcome:
    """Lend the terminal to ``$VISUAL``, ``$EDITOR`` or ``$PAGER``, with an article's file at a passage."""
    path = Path(page.article.path)
    program = next(
        (os.environ[name] for name in ("VISUAL", "EDITOR", "PAGER") if os.environ.get(name, "").strip()), "less"
    )
    if not path.is_file():
        return Outcome(f"The file is gone: {visible_line(str(path))}", done=False)
    line = line_of(path, page.text[passage.start : passage.end])
    try:
        command = command_at(shlex.split(program), path, line or 1)
        with app.suspend():
            status = subprocess.run(command, check=False).returncode
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
    try:
        with path.open("rb") as file:
            read = 0
            for number, line in enumerate(islice(file, None), 1):
                if any(form in line for form in forms):
                    return number
                read += len(line)
                if read > _BYTES:
                    return None
    except OSError:
        return None
    return None
