"""Every key on one screen, those first that work where one is, and what can be asked; what is typed filters it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.screen import Screen
from textual.widgets import Input, Static

from tui.app import keys
from tui.app.actions.overlay import Overlay
from tui.app.actions.working import by_place
from tui.app.widgets.one_line import OneLine
from tui.app.widgets.status_line import StatusLine

SIGNS: Final = (
    "Marks: matching words are bold on yellow (underlined where there are no colours), the match you are at is "
    "reversed; the sentence nearest in meaning is underlined, with ≈ in the margin; ▌ stands beside the passage; "
    "hidden text is dim, with · in the margin; ◆ is a clip, ◇ a passage of which a part is one, ✓ and ✗ what was "
    "judged relevant and not, ★ a starred article; = leads a copy of the result above it. In the strip at the right "
    "edge of an article ━ is a match and ▐ the passage.",
    "Copying asks the desktop's clipboard program (wl-copy, xclip, xsel, pbcopy), else tmux, else the terminal "
    "(OSC 52), which does not answer: then it is said so, and the text is kept in a file besides.",
)


@dataclass(frozen=True, slots=True)
class Section:
    """What is listed under a title: rows of a name and its words; a row without a name is a paragraph."""

    title: str
    rows: tuple[tuple[str, str], ...]

    def holding(self, words: Sequence[str]) -> Section:
        """Leave the rows that hold every word, in the title, the name or what is said."""
        kept = (row for row in self.rows if all(word in f"{self.title} {' '.join(row)}".casefold() for word in words))
        return Section(self.title, tuple(kept))


class FilterLine(OneLine, inherit_bindings=False):
    """The line that filters."""

    BINDINGS: ClassVar[list[BindingType]] = [*keys.EDITING]


class HelpScreen(Overlay):
    """Lists the keys by where they work, then the query language.

    Args:
        sections: to list.
    """

    BINDINGS: ClassVar[list[BindingType]] = [*keys.HELP]

    def __init__(self, sections: Sequence[Section]) -> None:
        super().__init__()
        self._sections = tuple(sections)

    def compose(self) -> ComposeResult:
        """Make the list."""
        with Vertical() as panel:
            panel.border_title = "Keys and questions"
            yield FilterLine(placeholder="Type to filter …", compact=True)
            with VerticalScroll(can_focus=False):
                yield Static(_table(self._sections), markup=False, id="help")
        yield StatusLine()

    def begin(self) -> None:
        """Let what is typed filter."""
        self.query_one(Input).focus()

    @on(Input.Changed)
    def _filter(self, message: Input.Changed) -> None:
        words = message.value.casefold().split()
        left = [section.holding(words) for section in self._sections]
        self.query_one("#help", Static).update(_table(left))
        self.query_one(VerticalScroll).scroll_home(animate=False)

    def action_scroll(self, lines: int) -> None:
        """Scroll the list."""
        self.query_one(VerticalScroll).scroll_relative(y=lines, animate=False)


def sections(screen: Screen[object], keymap: Mapping[str, str]) -> Iterator[Section]:
    """Yield what help lists for somebody on a screen.

    Args:
        screen: where help is asked for; what works where its focus is comes first.
        keymap: one's own keys.
    """
    from index.query.ast import LANGUAGE

    for place, here in by_place(screen):
        title = f"{place.title} (you are here)" if here else place.title
        rows = ((keys.labels(keymap.get(row.id or "", row.key)), row.tooltip) for row in place.actions)
        yield Section(title, tuple(rows))
    yield Section("What can be asked", tuple(LANGUAGE))
    yield Section("Signs and copying", tuple(("", text) for text in SIGNS))


def _table(listed: Sequence[Section]) -> RenderableType:
    shown = [section for section in listed if section.rows]
    if not shown:
        return Text("No key and no question is described by these words.")
    return Group(*(part for section in shown for part in _drawn(section)))


def _drawn(section: Section) -> Iterator[RenderableType]:
    """Yield a section's title and its rows; what does not fit into a line goes on under itself."""
    yield Text(section.title, "bold")
    rows = Table.grid(padding=(0, 2, 0, 0))
    rows.add_column(no_wrap=True)
    rows.add_column(overflow="fold")
    for name, said in section.rows:
        if name:
            rows.add_row(Text(f"  {name}"), Text(said))
        else:
            yield Padding(Text(said), (0, 0, 0, 2))
    yield rows
    yield Text("")
