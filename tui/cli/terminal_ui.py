"""Running the terminal UI on the archive that is meant."""

from __future__ import annotations

import os
import signal
import sys
from typing import TYPE_CHECKING, Final

from archive.text.visible import visible_line
from tui.cli.common import Shared, say
from tui.cli.resources import give_back_memory
from tui.cli.signals import Terminated
from tui.formats.remedies import Misuse

if TYPE_CHECKING:
    from index.search.searcher import Searcher
    from tui.app.app import MorgueApp
    from tui.app.themes import Look
    from tui.session.request import ModeName


# How often a second Textual may draw. By its usual 60 the rows of an answer wait for the next turn after the letter
# that asked for them, ten milliseconds or so (``benchmarks/ui.py``).
_PICTURES: Final = ("TEXTUAL_FPS", "120")


def draw_often() -> None:
    """Let Textual draw so often, unless the user's environment says how often; to be called before it is imported."""
    os.environ.setdefault(*_PICTURES)


def open_ui(shared: Shared, query: str, mode: ModeName | None) -> int:
    """Run the terminal UI on the archive that is meant.

    Raises:
        UsageError: there is no terminal to draw on.
        KeyboardInterrupt, Terminated: a signal ended it.
        RuntimeError: the UI broke off; its traceback is printed with ``--debug`` only.
    """
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise Misuse("The UI needs a terminal.", "morgue search QUERY")
    draw_often()
    from tui.app.actions import keymap
    from tui.app.app import MorgueApp

    root = shared.root

    def opener() -> Searcher:
        give_back_memory()
        from index.search.searcher import Searcher

        return Searcher.open(root, on_message=app.tell)

    app = MorgueApp(opener, query, mode, root, look=_look(), keymap=keymap.read())
    if not shared.debug:
        _silence(app)
    app.run()
    if app.parting:
        say(app.parting)
    if app.ended_by is not None:
        raise Terminated if app.ended_by == signal.SIGTERM else KeyboardInterrupt
    if app.return_code:
        raise RuntimeError("the UI broke off")
    return 0


def _look() -> Look:
    """Return the look that the environment asks for.

    Raises:
        Misuse: there is no such look.
    """
    from tui.app import themes

    look = themes.look_of(os.environ)
    if look is None:
        named = visible_line(os.environ[themes.VARIABLE])
        raise Misuse(f"{themes.VARIABLE} is “{named}”; it can be {', '.join(themes.LOOKS)}.")
    return look


def _silence(app: MorgueApp) -> None:
    """Keep Textual from printing a traceback."""
    from rich.console import Console

    app.error_console = Console(quiet=True)
