"""An article's text: millions of characters drawn row by row, with its matches to walk through."""

from __future__ import annotations

from dataclasses import dataclass
from time import sleep
from typing import ClassVar, Final

from textual import work
from textual.binding import BindingType
from textual.events import Resize
from textual.geometry import Offset, Size
from textual.message import Message
from textual.selection import Selection
from textual.strip import Strip
from textual.worker import get_current_worker

from archive.core.article import Passage, Span
from tui.app import keys
from tui.app.messages import PositionChanged
from tui.app.view.article_page import Page, beside
from tui.app.view.draw import GUTTER, Painted, Styles, text_row
from tui.app.view.styled_spans import Layer, Look
from tui.app.view.viewport import Frame, Goal
from tui.app.widgets.long_scroll import LongScroll
from tui.app.widgets.match_strip import Overview
from tui.formats.wrapping import Rows, wrap

# Characters that are broken into rows at once; of a longer text what is looked at is, and the rest in a thread. Chosen.
AT_ONCE: Final = 100_000
# Between blocks, so that keys are answered while a text of megabytes is being broken. Chosen, not measured.
YIELD_SECONDS: Final = 0.0005
MEASURE: Final = 100  # cells of the longest row: longer ones are hard to read; chosen, not measured
NO_ROWS: Final = wrap("", 80)


class ArticleText(LongScroll, can_focus=True, inherit_bindings=False):
    """Shows a page, opened at its passage."""

    @dataclass
    class Wrapped(Message):
        """The whole of a long text was broken into rows."""

        frame: Frame
        rows: Rows

    @dataclass
    class Folded(Message):
        """What cleaning hid is shown, or folded again."""

    BINDINGS: ClassVar[list[BindingType]] = [*keys.TEXT]
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"text--{look}" for look in Look} | {"text--quiet"}

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self.page: Page | None = None
        self.current: int | None = None
        self.passage: Passage | None = None
        self.folded = True
        self.finds: tuple[Span, ...] | None = None
        self.clips: tuple[Span, ...] = ()
        self._frame: Frame | None = None
        self._rows = NO_ROWS
        self._goal: Goal | None = None
        self._opened_at: int | None = None
        self._known_styles: Styles | None = None

    @property
    def allow_select(self) -> bool:
        """Allow selecting text with the mouse."""
        return True

    @property
    def progress(self) -> int:
        """Return how much of the text stands above the last row of the screen, in percent."""
        if self.page is None or not len(self._rows):
            return 100
        last = min(len(self._rows), self.scroll_offset.y + max(1, self.size.height)) - 1
        return round(100 * self._rows.ends[last] / max(1, len(self.page.text)))

    @property
    def walked(self) -> tuple[Span, ...]:
        """Return what can be walked through: what was looked for within the article, else what matches the question."""
        if self.finds is not None:
            return self.finds
        return () if self.page is None else self.page.matches

    @property
    def overview(self) -> Overview | None:
        """Return the text as it is seen from afar, None where nothing is drawn."""
        top = self._top
        if self.page is None or top is None:
            return None
        last = min(len(self._rows), self.scroll_offset.y + max(1, self.size.height)) - 1
        seen = Span(top, max(top + 1, self._rows.ends[last]))
        return Overview(len(self.page.text), seen, self.walked, self.passage)

    @property
    def selected(self) -> Span | None:
        """Return what the mouse selected, as offsets into the text."""
        selection = self.text_selection
        if selection is None or self.page is None or not len(self._rows):
            return None
        start = self._place(selection.start) if selection.start is not None else 0
        end = self._place(selection.end) if selection.end is not None else len(self.page.text)
        return Span(start, end) if start < end else None

    def show(self, page: Page) -> None:
        """Draw a page, opened at the passage that was found; what the mouse selected of another text is so no more."""
        before = self.page
        if before is not None and (before.article.id, before.version.digest) != (page.article.id, page.version.digest):
            self.screen.clear_selection()
        self.page, self.passage, self.current, self.finds = page, page.hit.passage, page.first_match(), None
        mark = page.nearest.start if page.nearest is not None else None
        mark = mark if self.current is None else page.matches[self.current].start
        self._lay_out(Goal(page.hit.passage.start, 0.25, mark))

    def mark(self, page: Page) -> None:
        """Draw the same text with more marks in it; nothing moves, unless only the new mark says why it was found."""
        match = None if self.current is None else self.walked[self.current]
        self.page = page
        if self.finds is None:
            self.current = self._current_in(page, match)
        if page.nearest is not None and self.current is None and self._top == self._opened_at:
            self._reveal(page.nearest.start)
        self.refresh()
        self.post_message(PositionChanged())

    def _current_in(self, page: Page, match: Span | None) -> int | None:
        """Return the number that a match has on another page of the same text; of one it has not, that of the first."""
        if match is not None and match in page.matches:
            return page.matches.index(match)
        return page.first_match() if match is None or self.passage == page.hit.passage else None

    def keep(self, clips: tuple[Span, ...]) -> None:
        """Draw a sign beside the clips of the text."""
        if clips != self.clips:
            self.clips = clips
            self.refresh()

    def clear(self) -> None:
        """Draw nothing."""
        self.page = self.passage = self.current = self._frame = self.finds = None
        self._rows = NO_ROWS
        self.virtual_size = Size(0, 0)
        self.refresh()

    def found(self, finds: tuple[Span, ...] | None, start: int = 0) -> None:
        """Draw what was looked for in place of what matches the question, from ``start`` on; None draws that again."""
        if self.page is None:
            return
        self.finds, self.current = finds, None if finds is not None else self.page.first_match()
        if finds:
            self._walk_to(beside(finds, start, 1))
        self.refresh()
        self.post_message(PositionChanged())

    def look_at(self, share: float) -> None:
        """Scroll to a share of the text."""
        if self.page is not None:
            last = 1 - 1 / max(1, self.size.height)  # so that the end stands in the last row
            self._go_to(Goal(int(share * len(self.page.text)), share * last))

    def action_walk(self, step: int) -> None:
        """Go to the next or previous match, or find, around the ends of the text."""
        if self.page is None or not self.walked:
            self.post_message(PositionChanged())
        elif self.current is None:
            start = self.page.hit.passage.start if self.finds is None else self._top or 0
            self._walk_to(beside(self.walked, start, step))
        else:
            self._walk_to((self.current + step) % len(self.walked))

    def _walk_to(self, number: int) -> None:
        self.current = number
        match = self.walked[number]
        if self.page is not None:
            self.passage = self.page.passage_at(match.start) or self.passage
        self._reveal(match.start)

    def action_toggle_hidden(self) -> None:
        """Show what cleaning hid, or fold it; the text stays where it is."""
        if self.page is not None and len(self._rows):
            self.folded = not self.folded
            self._lay_out(self._anchor(self.page))
            self.post_message(self.Folded())

    def action_scroll_rows(self, step: int) -> None:
        """Scroll by lines."""
        self._scroll(self.scroll_offset.y + step)

    def action_scroll_pages(self, step: int) -> None:
        """Scroll by pages; one line of the old page stays."""
        self._scroll(self.scroll_offset.y + step * max(1, self.size.height - 1))

    def action_top(self) -> None:
        """Go to the beginning."""
        self._go_to(Goal(0, 0.0))

    def action_bottom(self) -> None:
        """Go to the end."""
        if self.page is not None:
            self._go_to(Goal(len(self.page.text), 0.0))

    def action_to_passage(self) -> None:
        """Go back to the passage that was found."""
        if self.page is not None:
            self.passage = self.page.hit.passage
            self.current = self.page.first_match() if self.finds is None else None
            self._reveal(self.page.hit.passage.start)

    def on_resize(self, event: Resize) -> None:
        """Break the text anew for another width; the place stays."""
        if self.page is None or self._frame == Frame(self.page.version, self._width, self.folded):
            return
        self._lay_out(self._goal or self._anchor(self.page))

    def on_article_text_wrapped(self, message: Wrapped) -> None:
        """Take over all rows of a long text in place of those around what is looked at; nothing on the screen moves."""
        if message.frame == self._frame and self._top is not None:
            self._adopt(message.rows, Goal(self._top, 0.0))

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Redraw, and tell how far down the text is."""
        super().watch_scroll_y(old_value, new_value)
        self.post_message(PositionChanged())

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """Return the selected text, verbatim: as it stands in the article, not as it is broken into rows."""
        span = self.selected
        return None if span is None or self.page is None else (self.page.text[span.start : span.end], "\n")

    def render_line(self, y: int) -> Strip:
        """Draw one row of the screen."""
        styles, row = self._styles(), self.scroll_offset.y + y
        if self.page is None or row >= len(self._rows):
            return Strip.blank(self.size.width, styles.plain)
        strip = text_row(self.page.text, self._rows, row, self._painted(self.page), styles)
        return strip.adjust_cell_length(self.size.width, styles.plain).apply_offsets(0, row)

    @property
    def _width(self) -> int:
        return min(MEASURE, self.scrollable_content_region.width - GUTTER - 1)

    def _anchor(self, page: Page) -> Goal:
        """Choose what stays where it is when rows change: the match or passage in sight, else the top of the screen."""
        top, height = min(self.scroll_offset.y, len(self._rows) - 1), max(1, self.size.height)
        places = [] if self.current is None else [self.walked[self.current].start]
        places += [] if self.passage is None else [self.passage.start]
        for place in places:
            row = self._rows.row_of(place)
            if top <= row < top + height:
                return Goal(place, (row - top) / height)
        return Goal(self._rows.starts[top], 0.0)

    def _lay_out(self, goal: Goal) -> None:
        """Break the text into rows, then show what is to be shown."""
        if self.page is None:
            return
        self._goal = goal
        if self._width < 2:  # it is not shown: nobody may take the rows of another text or width for those of this one
            self._frame, self._rows = None, NO_ROWS
            return
        self._frame = Frame(self.page.version, self._width, self.folded)
        if len(self.page.text) <= AT_ONCE:
            self._adopt(self._frame.wrapped(), goal)
        else:
            self._adopt(self._frame.around(goal.offset), goal)
            self._wrap_long(self._frame)
        self._goal, self._opened_at = None, self._top

    @work(thread=True, exclusive=True, group="wrap")
    def _wrap_long(self, frame: Frame) -> None:
        worker = get_current_worker()

        def stale() -> bool:
            sleep(YIELD_SECONDS)
            return worker.is_cancelled

        rows = frame.wrapped(stale)
        if not worker.is_cancelled:
            self.post_message(self.Wrapped(frame, rows))

    @property
    def _top(self) -> int | None:
        """Return the offset at which the first row of the screen begins, None where nothing is drawn."""
        return self._rows.starts[min(self.scroll_offset.y, len(self._rows) - 1)] if len(self._rows) else None

    def _adopt(self, rows: Rows, goal: Goal) -> None:
        self._rows = rows
        self.virtual_size = Size(self.size.width, len(rows))
        self.scroll_to(y=goal.top(rows, self.size.height), animate=False)
        self.refresh()
        self.post_message(PositionChanged())

    def _go_to(self, goal: Goal) -> None:
        """Scroll to an offset, of a long text also where it is not broken into rows yet."""
        if self._frame is not None:
            self._adopt(self._rows if self._reaches(goal.offset) else self._frame.around(goal.offset), goal)
        else:
            self._goal = goal

    def _reaches(self, offset: int) -> bool:
        return self._rows.reach.start <= offset <= self._rows.reach.end

    def _reveal(self, offset: int) -> None:
        """Scroll only if the offset is off the screen or at its edge."""
        row, top, height = self._rows.row_of(offset), self.scroll_offset.y, self.size.height
        if not self._reaches(offset) or not top + 1 <= row < top + height - 2:
            self._go_to(Goal(offset, 1 / 3))
        self.refresh()
        self.post_message(PositionChanged())

    def _scroll(self, row: int) -> None:
        """Scroll to a row; where the rows of a long text end for now, break what follows into rows."""
        top, moved = self._top, row - self.scroll_offset.y
        if top is not None and self._frame is not None and self._leaves(row):
            self._adopt(self._frame.around(top), Goal(top, 0.0))
        self.scroll_to(y=max(0, self.scroll_offset.y + moved), animate=False)

    def _leaves(self, row: int) -> bool:
        """Tell whether a row is the top of a screen that is not all broken into rows yet."""
        reach, length = self._rows.reach, 0 if self.page is None else len(self.page.text)
        return (row < 0 < reach.start) or (row > len(self._rows) - self.size.height and reach.end < length)

    def _place(self, place: Offset) -> int:
        """Turn a place in the drawn text (column in characters, row) into an offset."""
        row = min(max(place.y, 0), len(self._rows) - 1)
        start, end = self._rows.starts[row], self._rows.ends[row]
        return min(end, start + max(0, place.x - GUTTER))

    def _painted(self, page: Page) -> Painted:
        current = () if self.current is None else (self.walked[self.current],)
        nearest = () if page.nearest is None else (page.nearest,)
        selected = self.selected
        layers = (
            Layer(Look.HIDDEN, page.version.hidden),
            Layer(Look.NEAREST, nearest),
            Layer(Look.MATCH, self.walked),
            Layer(Look.CURRENT, current),
            Layer(Look.SELECTED, () if selected is None else (selected,)),
        )
        return Painted(self.passage, page.nearest, page.version.hidden, layers, self.clips)

    def notify_style_update(self) -> None:
        """Forget the styles that were in force."""
        super().notify_style_update()
        self._known_styles = None

    def _styles(self) -> Styles:
        if self._known_styles is None:
            self._known_styles = self._look_up_styles()
        return self._known_styles

    def _look_up_styles(self) -> Styles:
        looks = {look: self.get_component_rich_style(f"text--{look}", partial=True) for look in Look}
        quiet = self.rich_style + self.get_component_rich_style("text--quiet", partial=True)
        return Styles(self.rich_style, quiet, self.rich_style, looks)
