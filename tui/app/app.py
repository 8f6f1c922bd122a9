"""The terminal UI: ``MorgueApp(opener).run()``."""

from __future__ import annotations

import asyncio
import atexit
import os
import signal
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any, ClassVar, Final

from textual.app import App
from textual.binding import BindingType
from textual.events import Event, Key, Paste

from tui.app import keys
from tui.app.messages import StatusText
from tui.app.screens.search import SearchScreen
from tui.app.worker import ArchiveWorker, Opener
from tui.session.request import ModeName

_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)


class MorgueApp(App[None], inherit_bindings=False):
    """Search an archive all day.

    Args:
        opener: opens the archive, such as ``lambda: Searcher.open(path, on_message=app.tell)``; called in a thread once
            the screen is drawn. Whatever it raises is shown in words.
        query: asked at once.
        mode: to begin in.
        archive: the folder that the opener opens, so that advice can name it.

    Attributes:
        ended_by: the signal that ended ``run``, None when the user left.
    """

    TITLE = "Morgue"
    CSS_PATH = Path(__file__).with_name("app.tcss")
    ENABLE_COMMAND_PALETTE = False
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide")]  # noqa: RUF012 - declared so by Textual
    VERTICAL_BREAKPOINTS = [(0, "-low"), (31, "-high")]  # noqa: RUF012
    BINDINGS: ClassVar[list[BindingType]] = [*keys.EVERYWHERE]

    def __init__(self, opener: Opener, query: str = "", mode: ModeName = "hybrid", archive: Path | None = None) -> None:
        super().__init__()
        self._worker = ArchiveWorker(opener, archive)
        self._search = SearchScreen(self._worker, query, mode)
        self._listens = False
        self.ended_by: signal.Signals | None = None

    def run(self, **options: Any) -> None:  # noqa: ANN401 - Textual's own options, passed on
        """Run until the user leaves.

        A model that is still being loaded then goes on in native code, which Python cannot interrupt and which aborts
        when the interpreter is taken down under it; so the process ends without that.
        """
        self._listens = threading.current_thread() is threading.main_thread()
        before = {number: signal.getsignal(number) for number in _SIGNALS if self._listens}
        try:
            super().run(**options)
        finally:
            for number, handler in before.items():
                if handler is not None:  # one that was not set from Python cannot be set again from there
                    signal.signal(number, handler)
        if self._worker.busy:
            atexit.register(self._end)

    def _end(self) -> None:
        if self._worker.busy:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(self.return_code or 0 if self.ended_by is None else 128 + self.ended_by)

    def get_default_screen(self) -> SearchScreen:
        """Begin with the search screen."""
        return self._search

    def tell(self, text: str) -> None:
        """Show that something slow is being done, such as exporting the encoder; from any thread."""
        self._search.post_message(StatusText(text))

    async def on_event(self, event: Event) -> None:
        """Give every event to whom it belongs; what is typed where nobody would take it, to the search line."""
        if isinstance(event, Key | Paste) and not event.is_forwarded and self._search.take(event):
            return
        await super().on_event(event)

    def on_mount(self) -> None:
        """Leave at a signal as at a key: raised in the middle of a message, it would be told with a traceback."""
        loop = asyncio.get_running_loop()
        for number in _SIGNALS if self._listens else ():
            if signal.getsignal(number) is not signal.SIG_IGN:  # a script said to ignore it
                with suppress(NotImplementedError):  # Windows
                    loop.add_signal_handler(number, self._end_by, number)

    def _end_by(self, number: signal.Signals) -> None:
        self.ended_by = number
        self.exit()

    def on_unmount(self) -> None:
        """Let the archive go."""
        self._worker.pool.replace(None)

    def action_help(self) -> None:
        """Show every key, or close the list."""
        from tui.app.screens.help import HelpScreen

        if isinstance(self.screen, HelpScreen):
            self.pop_screen()
        else:
            self.push_screen(HelpScreen())
