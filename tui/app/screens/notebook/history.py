"""The questions that were asked before, to be asked again or forgotten."""

from __future__ import annotations

import asyncio
from typing import ClassVar, Final

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import OptionList

from archive.text.visible import visible_line
from tui.app import keys, messages, notices
from tui.app.actions.keymap import in_words
from tui.app.actions.overlay import Overlay
from tui.app.notebook.words import asked_content
from tui.app.screens.notebook.notebook_list import KeptList
from tui.app.widgets.panel import Panel
from tui.formats.plural import counted
from tui.session.history import History
from tui.session.keyed import Keyed
from tui.session.request import MODES

SURE: Final = Keyed("{forget-history} again forgets all questions asked of this archive, and where you left.")


class HistoryScreen(Overlay):
    """Lists questions, the one that was asked last first.

    Args:
        history: of the archive.
        written: what stands in the line; it is listed last, as nobody looks for it.
    """

    BINDINGS: ClassVar[list[BindingType]] = [*keys.HISTORY]

    def __init__(self, history: History, written: str) -> None:
        super().__init__()
        self._history = history
        self._questions = sorted(history.questions(), key=lambda asked: asked.text == written)
        self._is_sure = False

    def compose(self) -> ComposeResult:
        """Make the parts."""
        with Panel(f"{counted(len(self._questions), 'question')}, the last one first"):
            yield KeptList(*map(asked_content, self._questions), id="kept")

    def begin(self) -> None:
        """Begin with the last one."""
        options = self.query_one(OptionList)
        options.focus()
        options.highlighted = 0

    @on(OptionList.OptionSelected)
    def action_ask(self) -> None:
        """Ask it again, in the mode it was asked in."""
        place = self.query_one(OptionList).highlighted
        if place is not None:
            asked = self._questions[place]
            mode = next((mode for mode in MODES if mode == asked.mode), None)
            self.post_message(messages.QuestionAsked(asked.text, mode))

    def action_clear(self) -> None:
        """Forget all of them, at a second press."""
        if not self._is_sure:
            self._is_sure = True
            self.notify(in_words(SURE, self.app), markup=False)
        else:
            self._clear()

    @work(exclusive=True, group="clear")
    async def _clear(self) -> None:
        try:
            await asyncio.to_thread(self._history.clear)
        except Exception as error:  # whatever it is, it is shown in words
            self.notify(
                f"Not forgotten: {visible_line(notices.trouble(error).heading)}", severity="error", markup=False
            )
        else:
            self.notify("Forgotten.", markup=False)
            self.dismiss()
