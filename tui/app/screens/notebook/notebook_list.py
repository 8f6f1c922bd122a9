"""A list of what is kept, over the screen it was asked for from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Final, cast

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.events import Click
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from tui.app import keys, messages
from tui.app.actions.following import follow
from tui.app.actions.keymap import in_words
from tui.app.actions.overlay import Overlay
from tui.app.notebook.keeping_app import KeepingApp
from tui.app.screens.notebook.prompt_line import PromptLine
from tui.app.widgets.panel import Panel
from tui.session.kept import Kept
from tui.session.keyed import Keyed

ASIDE: Final = " · in your own folder, because the archive may only be read"


class KeptList(OptionList, inherit_bindings=False):
    """A list in which a click selects and a double click opens; Textual's own opens at the first.

    Enter is for the screen, which says what it does.
    """

    BINDINGS: ClassVar[list[BindingType]] = [*keys.LISTED]

    async def _on_click(self, event: Click) -> None:
        event.prevent_default()
        place = event.style.meta.get("option")
        if place is not None and not self.get_option_at_index(place).disabled:
            self.highlighted = place
            if event.chain == 2:
                self.action_select()


class NotebookList(Overlay):
    """Lists what is kept, and follows it; what it is of is said above."""

    def options(self, kept: Kept) -> Sequence[Option]:
        """Return what to list, each with its identifier; headings are disabled."""
        raise NotImplementedError

    def title_of(self, kept: Kept) -> str:
        """Say what is listed."""
        raise NotImplementedError

    def advice_of(self, kept: Kept) -> str | Keyed:
        """Say how something comes onto the list, where there is nothing yet; empty where there is."""
        raise NotImplementedError

    def compose(self) -> ComposeResult:
        """Make the parts."""
        with Panel(""):
            yield Static("", markup=False, id="advice")
            yield KeptList(id="kept")
            yield PromptLine()

    def begin(self) -> None:
        """Read what is kept anew, as other programs may have changed it, and follow it."""
        follow(self, "kept", self.show)
        self.enter()
        self.post_message(messages.LookWanted())

    def enter(self) -> None:
        """Let keys go to the list."""
        self.list.focus()

    @property
    def keeper(self) -> KeepingApp:
        """Return the application, which keeps."""
        return cast(KeepingApp, self.app)

    @property
    def list(self) -> OptionList:
        """Return the list."""
        return self.query_one("#kept", OptionList)

    @property
    def prompt(self) -> PromptLine:
        """Return the line to write in."""
        return self.query_one(PromptLine)

    @property
    def selected(self) -> str | None:
        """Return the identifier of what is selected."""
        option = self.list.highlighted_option
        return None if option is None else option.id

    def show(self, kept: Kept) -> None:
        """List what is kept; what is selected stays so, or what stands in its place is."""
        chosen, place = self.selected, self.list.highlighted
        options = list(self.options(kept))
        self.list.set_options(options)
        named = [number for number, option in enumerate(options) if option.id is not None]
        same = [number for number in named if options[number].id == chosen]
        near = [number for number in named if place is not None and number >= place]
        last = named[-1:] if place is not None else named[:1]
        self.list.highlighted = next(iter((*same, *near, *last)), None)
        self.query_one(Panel).border_title = f"{self.title_of(kept)}{ASIDE if kept.is_aside else ''}"
        advice = self.query_one("#advice", Static)
        advice.update(Content(in_words(self.advice_of(kept), self.app)))
        advice.display = bool(self.advice_of(kept))

    @on(OptionList.OptionSelected)
    def _option_chosen(self) -> None:
        self.action_ask()

    def action_ask(self) -> None:
        """Ask the question of what is selected."""
        raise NotImplementedError

    def on_prompt_line_left(self) -> None:
        """Go back to the list."""
        self.prompt.display = False
        self.list.focus()

    def action_undo(self) -> None:
        """Undo what was marked, noted or taken out last."""
        self.post_message(messages.UndoWanted())
