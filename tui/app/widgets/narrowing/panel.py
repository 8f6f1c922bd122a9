"""The values by which a question can be narrowed, each with how many articles have it."""

from __future__ import annotations

from typing import ClassVar, Final

from textual.binding import BindingType
from textual.content import Content
from textual.events import Click, Resize
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from archive.text.visible import visible_line
from tui.app import keys
from tui.app.messages import ValueMarked
from tui.app.view.counts import value_row
from tui.app.widgets.narrowing.no_passage import ShowsNoPassage
from tui.session.counts import Counts, Part, ValueRow, value_rows
from tui.session.narrowing import NOTHING, By, Narrowing

TITLE: Final = "Narrow"
COUNTING: Final = "Counting …"
NOTHING_MATCHES: Final = "Nothing matches."
_RIGHT: Final = 3  # the mouse's right button


class NarrowPanel(ShowsNoPassage, OptionList):
    """Lists values; which of them narrow the question, the screen says, and its keys change it."""

    BINDINGS: ClassVar[list[BindingType]] = [*keys.NARROW]

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id, markup=False)
        self.border_title = TITLE
        self.display = False
        self._counts: Counts | None = None
        self._failed = ""
        self._narrowing = NOTHING
        self._unfolded: frozenset[By] = frozenset()
        self._rows: tuple[ValueRow, ...] = ()

    @property
    def rows(self) -> tuple[ValueRow, ...]:
        """Return what is listed."""
        return self._rows

    def show(self, counts: Counts | None, narrowing: Narrowing, *, old: bool, failed: str = "") -> None:
        """List other values; what was looked at stays where it is, if it is among them.

        Args:
            counts: None while nothing is counted.
            narrowing: what narrows the question.
            old: the counts are of another question than the one that stands there.
            failed: why that one could not be counted; empty while it is being counted, and once it was.
        """
        lacking = old or counts is None
        state = "" if not lacking else " · not counted" if failed else " · counting …"
        self.border_title = f"{TITLE}{state}"
        self.set_class(old, "-old")
        if (counts, narrowing, failed) != (self._counts, self._narrowing, self._failed) or not self.options:
            self._counts, self._narrowing, self._failed = counts, narrowing, failed
            self._list()

    def on_resize(self, event: Resize) -> None:
        """Write the rows for another width."""
        self._list()

    def _list(self) -> None:
        before, line = self._marked, self.scroll_offset.y
        self._rows = () if self._counts is None else value_rows(self._counts, self._narrowing, self._unfolded)
        width = max(1, self.scrollable_content_region.width)
        self.set_options([*self._said(), *(self._option(row, width) for row in self._rows)])
        named = None if before is None else before.name
        same = next((place for place, row in enumerate(self._rows) if row.name == named), None)
        if same is not None:
            self.highlighted = self._above + same
            self.scroll_to(y=line, animate=False, immediate=True)
        else:
            self.action_first()
            self.scroll_to(y=0, animate=False, immediate=True)

    def _said(self) -> list[Option]:
        """Return what is said above the values, or in place of them."""
        without = COUNTING if self._counts is None else NOTHING_MATCHES
        words = visible_line(self._failed) or ("" if self._rows else without)
        return [Option(Content(words), disabled=True)] if words else []

    @property
    def _above(self) -> int:
        """Return how many lines of the list stand above the values."""
        return len(self.options) - len(self._rows)

    def _option(self, row: ValueRow, width: int) -> Option:
        words = Content(value_row(row, width))
        heading = row.part == Part.HEADING
        styled = words.stylize("bold") if heading or row.chip is not None else words
        return Option(styled, disabled=heading or row.part == Part.LEFT_OUT)

    @property
    def _marked(self) -> ValueRow | None:
        """Return the row that keys act on."""
        place = None if self.highlighted is None else self.highlighted - self._above
        return self._rows[place] if place is not None and 0 <= place < len(self._rows) else None

    def action_mark(self, excluded: bool) -> None:
        """Demand the value at hand or leave it out, or no longer; where more are folded, show them."""
        row = self._marked
        if row is None:
            return
        if row.part == Part.MORE:
            self._unfolded |= {row.by}
            self._list()
        elif row.part == Part.VALUE:
            self.post_message(ValueMarked(row.by, row.query, excluded=excluded))

    def action_select(self) -> None:
        """Demand the value at hand, or no longer."""
        self.action_mark(False)

    def on_click(self, event: Click) -> None:
        """Demand what is clicked; leave out what is clicked with the right button, or with Shift or Ctrl."""
        event.prevent_default()  # which would demand it, whatever the button
        place = event.style.meta.get("option")
        if place is not None and not self.options[place].disabled:
            self.highlighted = place
            self.action_mark(event.button == _RIGHT or event.shift or event.ctrl)
