"""The timeline under the list: when what matches was published, and picking a span of that."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import ClassVar, Final

from rich.segment import Segment
from rich.style import Style
from textual.binding import BindingType
from textual.events import Hide, MouseDown, MouseMove, MouseRelease, MouseUp
from textual.strip import Strip
from textual.widget import Widget

from archive.text.visible import visible_line
from tui.app import keys
from tui.app.actions.keymap import in_words
from tui.app.messages import SpanPicked, TimelineLeft
from tui.app.view.timeline import Window, axis, bars, chosen
from tui.app.widgets.narrowing.no_passage import ShowsNoPassage
from tui.formats.plural import counted
from tui.session.counts import Counts
from tui.session.keyed import Keyed
from tui.session.timeline import Counted, Picking, Timeline, Unit

TITLE: Final = "Time"
HINT: Final = Keyed(
    "{pick-span} narrows, {extend-earlier} {extend-later} extend; {by-day}, {by-week}, {by-month}: by day, week, month"
)
ENDING: Final = Keyed("{pick-span} ends the span")
_PAGE: Final = 10  # bars that a page of them is; chosen, not measured


class TimeStrip(ShowsNoPassage, Widget, can_focus=True):
    """Draws bars of articles over time, of which keys and the mouse choose some."""

    BINDINGS: ClassVar[list[BindingType]] = [*keys.TIMELINE]
    COMPONENT_CLASSES: ClassVar[set[str]] = {"timeline--bar", "timeline--chosen", "timeline--quiet", "timeline--old"}

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self.border_title = TITLE
        self.display = False
        self._counts: Counts | None = None
        self._days: Counted = ()
        self._unit: Unit | None = None
        self._old = False
        self._failed = ""
        self._pointing = False
        self.picking: Picking | None = None

    def show(self, counts: Counts | None, *, old: bool, failed: str = "") -> None:
        """Draw other counts; what is chosen stays chosen.

        Args:
            counts: None while nothing is counted.
            old: they are of another question than the one that stands there.
            failed: why that one could not be counted; empty while it is being counted, and once it was.
        """
        if counts is not self._counts:
            values = () if counts is None else counts.days.values
            self._days = tuple((date.fromisoformat(value.value), value.articles) for value in values)
            self._counts = counts
            self._draw_anew()
        self._old, self._failed = old, failed
        self.border_title = " · ".join(filter(None, self._title()))
        hint = in_words(HINT, self.app)
        self.border_subtitle = hint if self.size.width > len(hint) else ""
        self.refresh()

    def _title(self) -> tuple[str, ...]:
        unit = f"by {self.picking.timeline.unit}" if self.picking is not None else ""
        unknown = self._counts.days.unknown if self._counts is not None else None
        ahead = sum(articles for day, articles in self._days if day > date.today())
        return (
            TITLE,
            unit,
            f"{unknown.articles:,} undated" if unknown is not None else "",
            f"{counted(ahead, 'article')} from the future" if ahead else "",
            ("not counted" if self._failed else "counting …") if self._old or self._counts is None else "",
        )

    def _draw_anew(self) -> None:
        timeline = Timeline.of(self._days, self._unit)
        if timeline is None:
            self.picking = None
        elif self.picking is None:
            self.picking = Picking.on(timeline)
        else:
            self.picking = self.picking.follow(timeline)

    def render_line(self, y: int) -> Strip:
        """Draw one line: bars, their time, or what is chosen."""
        width, plain = self.size.width, self.rich_style
        if self.picking is None:
            without = "Counting …" if self._counts is None else "Nothing that matches has a date."
            words = visible_line(self._failed) or without
            return Strip([Segment(words if y == 0 else "", plain)]).adjust_cell_length(width, plain)
        window = Window.of(self.picking, width)
        drawn = self._line(y, self.picking, window, width).adjust_cell_length(width, plain)
        return drawn.apply_style(self._look("old")) if self._old else drawn

    def _line(self, y: int, picking: Picking, window: Window, width: int) -> Strip:
        plain = self.rich_style
        if y == 0:
            text = bars(picking.timeline, window)
            first, last = window.reach(picking.places)
            bar = plain + self._look("bar")
            parts = ((text[:first], bar), (text[first : last + 1], bar + self._look("chosen")), (text[last + 1 :], bar))
            return Strip([Segment(part, style) for part, style in parts if part])
        if y == 1:
            return Strip([Segment(axis(picking.timeline, window), plain + self._look("quiet"))])
        return Strip([Segment(chosen(picking, window, width, in_words(ENDING, self.app)), plain)])

    def _look(self, name: str) -> Style:
        return self.get_component_rich_style(f"timeline--{name}", partial=True)

    # -- picking -----------------------------------------------------------------------------------------------------

    def action_move(self, step: int, holding: bool = False) -> None:
        """Choose another bar, or extend the span."""
        if self.picking is not None:
            self._become(self.picking.moved(step, holding=holding))

    def action_page(self, step: int) -> None:
        """Choose a bar that is further away."""
        self.action_move(step * _PAGE)

    def action_end(self, last: bool) -> None:
        """Choose the first bar, or the last."""
        if self.picking is not None:
            self._become(self.picking.to(self.picking.timeline.length - 1 if last else 0))

    def action_unit(self, unit: Unit) -> None:
        """Draw by the day, week or month."""
        self._unit = unit
        self._draw_anew()
        self.show(self._counts, old=self._old, failed=self._failed)

    def action_pick(self) -> None:
        """Narrow the question to what is chosen."""
        if self.picking is not None:
            days = self.picking.days
            self._become(self.picking.entered())
            self.post_message(SpanPicked(days.query))

    def action_leave(self) -> None:
        """End the span that Enter began, else leave."""
        if self.picking is not None and self.picking.begun is not None:
            self._become(replace(self.picking, begun=None))
        else:
            self.post_message(TimelineLeft())

    def _become(self, picking: Picking) -> None:
        self.picking = picking
        self.refresh()

    # -- the mouse ---------------------------------------------------------------------------------------------------

    def on_mouse_down(self, event: MouseDown) -> None:
        """Choose a bar, and extend the span from it while the mouse is held."""
        if self.picking is not None:
            self._pointing = True
            self.capture_mouse()
            self._become(replace(self.picking, begun=None).to(self._pointed(event, self.picking), holding=event.shift))

    def on_mouse_move(self, event: MouseMove) -> None:
        """Extend the span to where the mouse is."""
        if self._pointing and self.picking is not None:
            place = self._pointed(event, self.picking)
            if place != self.picking.at:
                self._become(self.picking.to(place, holding=True))

    def on_mouse_up(self, event: MouseUp) -> None:
        """Narrow to what was pointed at, if that is still there."""
        if self._pointing:
            self._let_go()
            if self.picking is not None:
                self.post_message(SpanPicked(self.picking.days.query))

    def on_mouse_release(self, event: MouseRelease) -> None:
        """Follow the mouse no more, as somebody else is given it."""
        self._pointing = False

    def on_hide(self, event: Hide) -> None:
        """Give the mouse back to everything else, should the timeline be closed while it is held."""
        self._let_go()

    def _let_go(self) -> None:
        if self._pointing:
            self._pointing = False
            self.release_mouse()

    def _pointed(self, event: MouseDown | MouseMove, picking: Picking) -> int:
        return Window.of(picking, self.size.width).place_at(event.get_content_offset_capture(self).x)
