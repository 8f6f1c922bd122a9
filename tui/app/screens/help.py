"""Every key on one screen, read off the bindings themselves, and what can be asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from tui.app import keys
from tui.formats.wrapping import cells

SIGNS = (
    "Marks: matching words are bold on yellow (underlined where there are no colours), the match you are at is "
    "reversed; the sentence nearest in meaning is underlined, with ≈ in the margin; ▌ stands beside the passage; "
    "hidden text is dim, with · in the margin; ◆ is a clip, ◇ a passage of which a part is one, ✓ and ✗ what was "
    "judged relevant and not, ★ a starred article; = leads a copy of the result above it. In the strip at the right "
    "edge of an article ━ is a match and ▐ the passage.\n"
    "Copying asks the desktop's clipboard program (wl-copy, xclip, xsel, pbcopy), else tmux, else the terminal "
    "(OSC 52), which does not answer: then it is said so, and the text is kept in a file besides."
)


class HelpScreen(ModalScreen[None]):
    """Lists the keys by where they work, then the query language."""

    BINDINGS: ClassVar[list[BindingType]] = [*keys.HELP]

    def compose(self) -> ComposeResult:
        """Make the list."""
        from index.query.ast import LANGUAGE

        with VerticalScroll():
            for section in keys.sections():
                yield Static(_listed(section), markup=False)
            yield Static(_table("What can be asked", LANGUAGE), markup=False)
            yield Static(Content(SIGNS), markup=False)

    def on_mount(self) -> None:
        """Let the arrow keys scroll."""
        self.query_one(VerticalScroll).focus()

    def action_close(self) -> None:
        """Return to where help was asked for."""
        self.dismiss()


def _listed(section: keys.Section) -> Content:
    lines = [(", ".join(keys.label(key) for key in bound.key.split(",")), bound.description) for bound in section.keys]
    return _table(section.title, lines)


def _table(title: str, lines: Sequence[tuple[str, str]]) -> Content:
    width = max(cells(left) for left, _ in lines)
    listed = [Content(f"  {left}{' ' * (width - cells(left))}  {right}") for left, right in lines]
    return Content("\n").join([Content(title).stylize("bold"), *listed, Content("")])
