"""The saved questions, and how many articles are new of each since it was last seen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.binding import BindingType
from textual.widgets.option_list import Option

from archive.text.visible import visible_line
from tui.app import keys, messages
from tui.app.notebook.words import saved_content
from tui.app.screens.notebook.notebook_list import NotebookList
from tui.formats.plural import counted
from tui.formats.remedies import advised
from tui.session.changes import ForgetQuestions, SeeQuestion
from tui.session.kept import Kept
from tui.session.keyed import Keyed
from tui.session.request import MODES


class SavedScreen(NotebookList):
    """Lists the saved questions; what is new is looked up after opening the archive and with every newer index."""

    BINDINGS: ClassVar[list[BindingType]] = [*keys.SAVED]

    def options(self, kept: Kept) -> Sequence[Option]:
        """Return the questions, with what is new of each."""
        return [Option(saved_content(saved, kept.news_of(saved)), id=saved.id) for saved in kept.saved]

    def title_of(self, kept: Kept) -> str:
        """Say how many there are."""
        return counted(len(kept.saved), "saved question")

    def advice_of(self, kept: Kept) -> str | Keyed:
        """Say how a question is saved."""
        return "" if kept.saved else Keyed("No saved questions yet: {save} saves the one that is asked.")

    def action_ask(self) -> None:
        """Ask the question; what is known to be new of it counts as seen, unless anything was missing then."""
        kept, chosen = self.keeper.kept, self.selected
        saved = next((one for one in kept.saved if one.id == chosen), None)
        if saved is None:
            return
        news = kept.news_about(saved)
        if news is not None and news.degraded:
            why = visible_line(advised(news.degraded[0]))
            self.notify(f"Not counted as seen, as more may be new of it. {why}", severity="warning", markup=False)
        elif news is not None:
            change, seen = news.change, saved.id
            self.post_message(messages.KeepWanted(lambda _: SeeQuestion(seen, change)))
        mode = next((mode for mode in MODES if mode == saved.mode), None)
        self.post_message(messages.QuestionAsked(saved.question, mode))

    def action_drop(self) -> None:
        """Take the question out."""
        if (chosen := self.selected) is not None:
            self.post_message(messages.KeepWanted(lambda _: ForgetQuestions((chosen,))))
