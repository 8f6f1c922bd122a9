"""A screen on which a path is typed: Tab completes it, and what is there is told before anything is done with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from threading import Thread

from textual import on
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Input, Static

from archive.text.visible import visible_line
from tui.app import messages
from tui.app.actions.overlay import Overlay
from tui.app.adding.path_line import PathLine
from tui.app.adding.words import offer_lines
from tui.app.widgets.panel import Panel
from tui.writing.folders import Completion, completed, meant

_OFFERED = 12  # ways to go on that are listed; chosen: they fit a low terminal with what stands around them


class PathScreen(Overlay):
    """Lets a path be typed. What is slow runs in threads that leaving does not wait for: a disk may not answer.

    Args:
        text: to begin with.
    """

    TITLE_WORDS = ""
    FILES = False

    def __init__(self, text: str) -> None:
        super().__init__()
        self._value = text
        self._asked = 0

    def compose(self) -> ComposeResult:
        """Make the parts."""
        with Panel(self.TITLE_WORDS):
            yield Static("", markup=False, id="target")
            yield PathLine(self._value)
            with VerticalScroll(can_focus=False):
                yield Static("", markup=False, id="told")

    def begin(self) -> None:
        """Go to the line, behind what stands there."""
        self.line.focus()
        self.line.cursor_position = len(self.line.value)
        self.query_one("#target", Static).update(Content(visible_line(self.target)))
        self._offer(to_the_end=False)

    def suggest(self, path: Path) -> None:
        """Write a path of which the name is selected: Enter takes it, and what is typed takes the name's place.

        Not one that cannot be typed, for strange characters in it.
        """
        before, self.line.value = self.line.value, str(path)
        if self.path != path:
            self.line.value = before
            return
        self.line.cursor_position = len(str(path)) - len(path.name)
        self.line.action_end(select=True)

    @property
    def line(self) -> PathLine:
        """Return the line to type in."""
        return self.query_one(PathLine)

    @property
    def target(self) -> str:
        """Say what is to be done with the path."""
        raise NotImplementedError

    @property
    def path(self) -> Path:
        """Return the path that is meant."""
        return meant(self.line.value)

    def action_go(self) -> None:
        """Look at what is there, or go on with it when that is known."""
        self._settle()
        if self.line.value.strip():
            self.go()
        else:
            self.tell(["Type a path first."])

    def go(self) -> None:
        """Look at the path, or go on with it when it was looked at."""
        raise NotImplementedError

    def changed(self) -> None:
        """Forget what was known of the path, as another is typed."""
        raise NotImplementedError

    def tell(self, lines: Iterable[str]) -> None:
        """Show lines under the path, which are safe to draw."""
        self.query_one("#told", Static).update(Content("\n".join(lines)))
        self.query_one(VerticalScroll).scroll_home(animate=False)

    def in_thread(self, work: Callable[[Callable[[], bool]], None]) -> None:
        """Do something in a thread; what it is given tells whether something else was begun since."""
        self._asked += 1
        number = self._asked

        def is_stale() -> bool:
            return number != self._asked or not self.is_attached

        Thread(target=work, args=(is_stale,), daemon=True).start()

    # -- completing --------------------------------------------------------------------------------------------------

    @on(Input.Changed)
    def _typed(self) -> None:
        if self._settle():
            self._offer(to_the_end=False)

    def _settle(self) -> bool:
        """Take up what stands in the line, which a key may be ahead of its own message of; return whether it is new."""
        is_new = self.line.value != self._value
        if is_new:
            self._value = self.line.value
            self.changed()
        return is_new

    def action_complete(self) -> None:
        """Complete the name as far as there is one way only, and list the ways from there."""
        self._offer(to_the_end=True)

    def _offer(self, *, to_the_end: bool) -> None:
        typed, (selected, end) = self.line.value, sorted(self.line.selection)
        if selected != end and not to_the_end:
            typed = typed[:selected]  # what is selected is about to be typed over

        def look(is_stale: Callable[[], bool]) -> None:
            found = completed(typed, files=self.FILES) if typed else Completion("", ())
            if not is_stale():
                self.post_message(messages.Offered(number, found, to_the_end))

        number = self._asked + 1
        self.in_thread(look)

    @on(messages.Offered)
    def _offered(self, message: messages.Offered) -> None:
        if message.number != self._asked:
            return
        if message.to_the_end and message.completion.text != self.line.value:
            self.line.value = message.completion.text
            self.line.cursor_position = len(self.line.value)
        else:
            self.tell(offer_lines(message.completion, _OFFERED))

    def action_close(self) -> None:
        """Leave everything as it is."""
        self._asked += 1
        self.dismiss()
