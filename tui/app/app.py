"""The terminal UI: ``MorgueApp(opener).run()``."""

from __future__ import annotations

import asyncio
import atexit
import os
import select
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any, ClassVar, Final

from rich.color import ColorSystem
from rich.console import RenderableType
from textual import constants, on
from textual.binding import BindingType
from textual.command import CommandPalette, Provider
from textual.driver import Driver
from textual.events import Event, Key, Paste
from textual.filter import LineFilter
from textual.reactive import Reactive
from textual.screen import Screen
from textual.widgets import Input

from archive.core.errors import ArchiveError
from archive.text.visible import visible_line
from tui.app import background, keys, legibility, messages, themes
from tui.app.actions.keymap import Keymap, in_words
from tui.app.adding.removing_app import RemovingApp
from tui.app.clipboard import CopyWanted
from tui.app.drawing.removed import forget_removed
from tui.app.drawing.screen_memory import ScreenMemory
from tui.app.messages import StatusText
from tui.app.screens.keeping import KeepingScreen
from tui.app.screens.search import SearchScreen
from tui.app.widgets.search_line import SearchLine
from tui.app.worker import ArchiveWorker, Opener
from tui.copying import clipboard
from tui.copying.outcome import Outcome
from tui.copying.surroundings import Surroundings
from tui.formats.plural import counted
from tui.session.keyed import Keyed
from tui.session.request import ModeName

if TYPE_CHECKING:
    from index.search.searcher import Searcher

_SYSTEMS: Final = {"standard": ColorSystem.STANDARD, "256": ColorSystem.EIGHT_BIT}
WRITTEN_SECONDS: Final = 1.0
LOOK_SECONDS: Final = 2.0  # between two looks whether there is still a terminal; chosen, not measured
_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)


def _commands() -> type[Provider]:
    """Return what fills the command palette."""
    from tui.app.screens.palette import Actions

    return Actions


class MorgueApp(RemovingApp, inherit_bindings=False):
    """Search an archive all day.

    Args:
        opener: opens the archive, such as ``lambda: Searcher.open(path, on_message=app.tell)``; called in a thread once
            the screen is drawn. Whatever it raises is shown in words.
        query: asked at once.
        mode: to begin in; without one, in that in which its reader left, or by words and meaning.
        archive: the folder that the opener opens, so that advice can name it.
        look: of the colours.
        keymap: the user's own keys.

    Attributes:
        ended_by: the signal that ended ``run``, None when the user left.
        compact: rows stand without air between them; the app then has the class ``-compact``.
    """

    TITLE = "Morgue"
    CSS_PATH = Path(__file__).with_name("app.tcss")
    COMMANDS: ClassVar[set[type[Provider] | Callable[[], type[Provider]]]] = {_commands}
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide"), (180, "-broad")]  # noqa: RUF012 - declared so by Textual
    VERTICAL_BREAKPOINTS = [(0, "-low"), (31, "-high")]  # noqa: RUF012
    BINDINGS: ClassVar[list[BindingType]] = [*keys.EVERYWHERE]
    compact: Reactive[bool] = Reactive(default=False, init=False)

    def __init__(
        self,
        opener: Opener,
        query: str = "",
        mode: ModeName | None = None,
        archive: Path | None = None,
        *,
        look: themes.Look = "auto",
        keymap: Keymap | None = None,
    ) -> None:
        super().__init__(ArchiveWorker(opener, archive), driver_class=_driver(look))
        self._look: themes.Look = look
        self._own_keys = keymap or Keymap({})
        for theme in themes.THEMES:
            self.register_theme(theme)
        self.no_color = self.no_color or self.console.color_system is None
        self._search = SearchScreen(self._worker, query, mode)
        self._first = self._search
        self._former: list[ArchiveWorker] = []
        self._listens = False
        self._surroundings = Surroundings.of(os.environ, sys.platform)
        self._copies_in_turn = asyncio.Lock()
        self._terminal = ScreenMemory()
        self._kept: Path | None = None
        self._hung_up = False
        self.ended_by: signal.Signals | None = None
        self.theme = themes.theme_of(look, light_terminal=background.guessed(os.environ)).name
        self._begun = False

    def run(self, **options: Any) -> None:  # noqa: ANN401 - Textual's own options, passed on
        """Run until the user leaves.

        A model that is still being loaded then goes on in native code, which Python cannot interrupt and which aborts
        when the interpreter is taken down under it; so the process ends without that.
        """
        self._listens = threading.current_thread() is threading.main_thread()
        before = {number: signal.getsignal(number) for number in (*_SIGNALS, signal.SIGHUP) if self._listens}
        try:
            super().run(**options)
        finally:
            for number, handler in before.items():
                if handler is not None:  # one that was not set from Python cannot be set again from there
                    signal.signal(number, handler)
            if self._kept is not None:
                clipboard.forget(self._kept)
        if self._is_busy:
            atexit.register(self._end)

    @property
    def _is_busy(self) -> bool:
        return any(worker.busy for worker in (self._worker, *self._former))

    def _end(self) -> None:
        if self._is_busy:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(self.return_code or 0 if self.ended_by is None else 128 + self.ended_by)

    def get_default_screen(self) -> SearchScreen:
        """Begin with the search screen."""
        return self._search

    def tell(self, text: str) -> None:
        """Show that something slow is being done, such as exporting the encoder; from any thread."""
        self._search.post_message(StatusText(text))

    def open_archive(self, root: Path) -> None:
        """Search another archive from now on, in a session that begins anew; the one before is let go."""
        former, mode = self._worker, self._search.session.request.mode
        if root != self.root:
            self.former = self.root
        while len(self.screen_stack) > 1:
            self.pop_screen()
        self.keep_of(ArchiveWorker(partial(self._open, root), root))
        self._former = [*(worker for worker in self._former if worker.busy), former]
        self._search = SearchScreen(self._worker, "", mode)
        self.run_worker(self._replace(self._search, former), group="archives")

    async def _replace(self, search: SearchScreen, former: ArchiveWorker) -> None:
        """Show a search screen in place of the one there is, which asks its archive until then."""
        if self.screen is self._first:  # Textual keeps nothing to call for it, and would take that away
            self.screen._push_result_callback(self, None)
        await self.switch_screen(search)
        former.pool.close()

    def _open(self, root: Path) -> Searcher:
        from index.search.searcher import Searcher

        return Searcher.open(root, on_message=self.tell)

    def index_changed(self) -> None:
        """Take up the newest index; what is selected stays so."""
        self._search.action_look_again()

    @on(messages.QuestionAsked)
    def _asked(self, message: messages.QuestionAsked) -> None:
        """Ask on the search screen what was asked elsewhere."""
        while self.screen is not self._search:
            self.pop_screen()
        self._search.ask(message.text, message.mode)

    @on(messages.VersionsFound)
    def _versions_found(self, message: messages.VersionsFound) -> None:
        from tui.app.screens.versions import VersionsScreen

        self.push_screen(VersionsScreen(message.article, message.versions))

    async def on_event(self, event: Event) -> None:
        """Give every event to whom it belongs; what is typed where nobody would take it, to the search line.

        Keys are done here, each before the next: Textual (8.2) does those with priority at once and lets the others go
        round by what has the focus, so that Enter overtook the arrows before it and read another article.
        """
        if isinstance(event, Key | Paste) and not event.is_forwarded:
            if self._search.take(event):
                return
            if isinstance(event, Key) and not (event.is_printable and isinstance(self.focused, Input)):
                await self._written_out()
                self.app_focus = True
                if isinstance(self.focused, SearchLine):
                    self.focused.key_comes(event.time)
                if await self._check_bindings(event.key, priority=True) or await self._check_bindings(event.key):
                    return
        await super().on_event(event)

    async def _written_out(self) -> None:
        """Wait until the line that is typed in holds all letters that came before: a key done here overtakes them.

        Letters lie in the line's own queue, from which nothing in it waits for the application; the bound is for
        whatever else may be.
        """
        line = self.focused
        if isinstance(line, Input) and line.is_running:
            done = asyncio.Event()
            line.call_later(done.set)
            with suppress(TimeoutError):
                await asyncio.wait_for(done.wait(), WRITTEN_SECONDS)

    def on_mount(self) -> None:
        """Leave at a signal as at a key: raised in the middle of a message, it would be told with a traceback."""
        self._begun = True
        loop = asyncio.get_running_loop()
        for number in _SIGNALS if self._listens else ():
            if signal.getsignal(number) is not signal.SIG_IGN:  # a script said to ignore it
                with suppress(NotImplementedError):  # Windows
                    loop.add_signal_handler(number, self._end_by, number)
        if self._listens and signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
            signal.signal(signal.SIGHUP, self._hang_up)
        elif self._listens and sys.__stdin__ is not None and sys.__stdin__.isatty():  # under nohup nobody tells
            self.set_interval(LOOK_SECONDS, partial(self._look_for_terminal, sys.__stdin__.fileno()))
        self.set_keymap(self._own_keys.keys)
        if self._own_keys.problems:
            self.notify(self._own_keys.sentence, severity="warning", timeout=20, markup=False)
        self.app_resume_signal.subscribe(self, self._redraw)
        self.screen_change_signal.subscribe(self, lambda _: forget_removed())

    def refresh_css(self, animate: bool = True) -> None:
        """Read all styles anew, but not before anything has them: Textual does that for the theme it begins in."""
        if self._begun:
            super().refresh_css(animate)
        else:
            self.stylesheet.set_variables(self.get_css_variables())

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        """Write only what differs from what stands on the terminal; Textual calls it with all that says it changed."""
        super()._display(screen, self._terminal.only_new(renderable))

    def on_resize(self) -> None:
        """Trust nothing on a terminal of another size, which may have moved or lost what stood on it."""
        self._terminal.forget()

    def action_redraw(self) -> None:
        """Draw all of it, also what is thought to stand there."""
        self._redraw()

    def _redraw(self, _: object = None) -> None:
        """Draw all of it after the terminal was somebody else's, not only what has changed since."""
        self._terminal.forget()
        for screen in self.screen_stack:
            screen.refresh(layout=True)

    def exit(self, result: None = None, return_code: int = 0, message: RenderableType | None = None) -> None:
        """Leave; where one left is written down at once, as a terminal that is closed ends whatever is still to do."""
        self._search.leave()
        if self._hung_up:
            _die_of_hanging_up()
        super().exit(result, return_code, message)

    def _look_for_terminal(self, handle: int) -> None:
        """End where the terminal is gone: what reads from it would go on doing so for ever."""
        terminal = select.poll()
        terminal.register(handle, 0)
        if any(seen & select.POLLHUP for _, seen in terminal.poll(0)):
            self._hang_up(signal.SIGHUP, None)

    def _hang_up(self, number: int, frame: FrameType | None) -> None:
        """Write down where one left, and end at once: Textual waits for ever to write to a terminal that is gone.

        Called by Python itself, whatever is being done or waited for; maybe in the middle of that writing down.
        """
        self._hung_up = True
        if not self._search.is_leaving:
            self._search.leave()
            _die_of_hanging_up()

    def _end_by(self, number: signal.Signals) -> None:
        self.ended_by = number
        self.exit()

    def on_unmount(self) -> None:
        """Let the archive go."""
        self._worker.pool.close()

    @on(background.BackgroundTold)
    def _follow_terminal(self, message: background.BackgroundTold) -> None:
        self.theme = themes.theme_of(self._look, light_terminal=message.light).name

    def watch_compact(self, compact: bool) -> None:
        """Let rules and rows know: the class ``-compact`` stands for rows without air."""
        self.set_class(compact, "-compact")
        self.tell_followers("compact", compact)

    def action_toggle_density(self) -> None:
        """Change between comfortable and compact rows."""
        self.compact = not self.compact

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Look last at what is written, so that it is legible in the colours that this terminal has."""
        name = self.console.color_system
        system = None if self.no_color or name is None else _SYSTEMS.get(name, ColorSystem.TRUECOLOR)
        return legibility.filters(super().get_line_filters(), system)

    def copy_to_clipboard(self, text: str) -> None:
        """Copy what the mouse selected, by the same ways as a quotation."""
        screen, quotation = self.screen, None
        if isinstance(screen, KeepingScreen) and screen.get_selected_text() == text:
            quotation = screen.quoted()
        article = None if quotation is None else quotation.article.id
        if article is None:  # of a line, in which the next key may be the one that pastes it
            self._clipboard = text
        self.post_message(CopyWanted(text, counted(len(text), "character"), article))

    @on(CopyWanted)
    def _copy(self, message: CopyWanted) -> None:
        self.run_worker(self._deliver(message, self._worker), group="copying")

    def _copied(self, wanted: CopyWanted, worker: ArchiveWorker) -> Outcome:
        """Copy a text, unless its article was removed since it was read."""
        if wanted.article is not None and worker.withdrawn((wanted.article,)):
            raise ArchiveError("the article was removed from the archive.")
        self._clipboard = wanted.text  # what Ctrl+V puts into the search line
        return clipboard.copy(wanted.text, self._surroundings)

    async def _deliver(self, wanted: CopyWanted, worker: ArchiveWorker) -> None:
        """Bring a text to a clipboard, in a thread, one after the other, and say what is known of it."""
        try:
            async with self._copies_in_turn:
                outcome = await asyncio.to_thread(self._copied, wanted, worker)
            self._kept = outcome.file or self._kept
            if outcome.sequence and self._driver is not None:
                self._driver.write(outcome.sequence)
        except Exception as error:  # whatever it is, it is told in words and ends nothing
            self.notify(f"Not copied: {visible_line(str(error))}", severity="error", markup=False)
        else:
            self.notify(
                outcome.words(wanted.what), severity="information" if outcome.certain else "warning", markup=False
            )

    def action_help(self) -> None:
        """Show every key, or close the list."""
        from tui.app.screens.help import HelpScreen, sections

        if isinstance(self.screen, HelpScreen):
            self.pop_screen()
        else:
            self.push_screen(HelpScreen(tuple(sections(self.screen, self._own_keys.keys))))

    def action_command_palette(self) -> None:
        """List what can be done, or go back to that list: a second one, under the help, ends the UI (Textual 8.2)."""
        if any(isinstance(screen, CommandPalette) for screen in self.screen_stack):
            while not isinstance(self.screen, CommandPalette):
                self.pop_screen()
        else:
            from tui.app.screens.palette import Palette

            self.push_screen(Palette(id="--command-palette"))

    def action_help_quit(self) -> None:
        """Say how to leave, to whoever pressed what ends other programs."""
        words = Keyed("{quit} leaves Morgue; {suspend} goes back to the shell for a while.")
        self.notify(in_words(words, self), markup=False)


def _die_of_hanging_up() -> None:
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    os.kill(os.getpid(), signal.SIGHUP)


def _driver(look: themes.Look) -> type[Driver] | None:
    """Choose what speaks with the terminal: one that asks for its background where that matters, else Textual's own."""
    if look not in themes.FOLLOWING or constants.DRIVER is not None or sys.platform == "win32":
        return None
    from tui.app.terminal_driver import AskingDriver

    return AskingDriver
