"""The ranked list: only the rows on the screen are drawn, however many results there are."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from rich.segment import Segment
from rich.style import Style
from textual.binding import BindingType
from textual.events import Click, Resize
from textual.geometry import Size
from textual.strip import Strip
from textual.timer import Timer

from tui.app import keys
from tui.app.actions.following import follow
from tui.app.messages import ListEndReached, ListNotFull, RowClicked
from tui.app.view.draw import Styles, result_rows, row_height
from tui.app.view.row_table import RowTable
from tui.app.view.styled_spans import Look
from tui.app.widgets.long_scroll import LongScroll
from tui.session.kept import Kept

if TYPE_CHECKING:
    from index.contracts.highlights import Highlight
    from index.query.ast import Query
    from index.search.answer import Hit
    from tui.session.rows import Row

BAR = "▌"
# Until rows that have become old fade. Most answers come sooner, and fading would draw the whole list for them a second
# time. The list's title and the last line say it at once. Chosen, not measured.
FADE_SECONDS: Final = 0.06


class ResultList(LongScroll, can_focus=True, inherit_bindings=False):
    """Shows rows, one of them as selected; which, the screen says, and its keys change it."""

    BINDINGS: ClassVar[list[BindingType]] = [*keys.RESULTS]
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"results--{look}" for look in Look} | {
        "results--quiet",
        "results--title",
        "results--chosen",
        "results--old",
    }

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self.rows: tuple[Row, ...] = ()
        self.selected = 0
        self.old = False
        self._fades = False
        self._fading: Timer | None = None
        self.compact = False
        self._title = ""
        self._table = RowTable()
        self._nearest: dict[str, Highlight] = {}
        self._query: Query | None = None
        self._kept, self._question = Kept(), ""
        self._drawn: dict[int, list[Strip]] = {}
        self._known_styles: dict[bool, Styles] = {}

    @property
    def hits(self) -> tuple[Hit, ...]:
        """Return what the rows show."""
        return tuple(row.hit for row in self.rows)

    @property
    def hit(self) -> Hit | None:
        """Return the selected result."""
        return self.rows[self.selected].hit if self.selected < len(self.rows) else None

    @property
    def page(self) -> int:
        """Return how many results go on the screen."""
        return max(1, self.size.height // (1 if self.compact else 2))

    def show(
        self,
        rows: tuple[Row, ...],
        selected: int,
        *,
        old: bool,
        from_top: bool = False,
        query: Query | None = None,
    ) -> None:
        """Draw rows; the row that was looked at stays on its line of the screen, if it is among them.

        Args:
            rows: to draw.
            selected: the place of the selected one.
            old: they answer another question than the one in the line.
            from_top: they are another answer, which is looked at from its beginning.
            query: the question that they answer; sentences that are nearest to another one are marked no more.
        """
        if rows is self.rows:
            self._select(selected, old=old)
            return
        anchor = None if from_top else self._looked_at()
        keeps = self.hit is not None and selected < len(rows) and rows[selected].passage == self.hit.passage.id
        line = None if anchor is None else self._table.span(anchor)[0] - self.scroll_offset.y
        passage = None if anchor is None else self.rows[anchor].passage
        self.rows, self.selected, self.old = rows, selected, old
        self._fade(old)
        if query is None or query != self._query:
            self._nearest = {}
        self._query = query
        self._measure()
        at = next((place for place, row in enumerate(rows) if row.passage == passage), None)
        if at is not None and line is not None:
            self._scroll(self._table.span(at)[0] - line)
        if from_top:
            self._scroll(0)
        if from_top or not keeps:
            self._reveal()
        self.refresh()
        self._ask_to_fill()

    def entitle(self, title: str) -> None:
        """Give the list a title; Textual draws all of it anew with one, also with the same."""
        if title != self._title:
            self._title = self.border_title = title

    def _select(self, index: int, *, old: bool) -> None:
        before, self.selected = self.selected, index
        if old != self.old:
            self.old = old
            if not old:
                self._fade(False)
            elif self._fading is None:
                # what a timer calls may come after it was stopped, so it looks what there is by then
                self._fading = self.set_timer(FADE_SECONDS, lambda: self._fade(self.old))
        if before != index:
            self._redraw(before)
            self._redraw(index)
            self._reveal()

    def _fade(self, fades: bool) -> None:
        """Draw all rows as old ones, or none, from now on."""
        if self._fading is not None:
            self._fading.stop()
            self._fading = None
        if fades != self._fades:
            self._fades = fades
            self._drawn.clear()
            self.refresh()

    def know(self, kept: Kept, question: str) -> None:
        """Show what is kept of the rows, as answers to a question, by signs in them."""
        if kept is not self._kept or question != self._question:
            self._kept, self._question = kept, question
            self._drawn.clear()
            self.refresh()

    def near(self, hit: Hit) -> None:
        """Mark the nearest sentence of a hit, once it is known."""
        place = next((place for place, row in enumerate(self.rows) if row.passage == hit.passage.id), None)
        if hit.nearest is not None and place is not None:
            self._nearest[hit.passage.id] = hit.nearest
            self._redraw(place)

    def on_mount(self) -> None:
        """Follow how dense rows shall be."""
        follow(self, "compact", self._arrange)

    def _arrange(self, compact: bool) -> None:
        """Draw rows densely or not; the row that was looked at stays in sight."""
        if compact != self.compact:
            self.compact = compact
            self._measure()
            self._reveal()
            self.refresh()
            self._ask_to_fill()

    def on_click(self, event: Click) -> None:
        """Tell which row was clicked, and how often."""
        at = event.get_content_offset(self)
        index = None if at is None else self._table.row_at(self.scroll_offset.y + at.y)
        if index is not None:
            self.post_message(RowClicked(self.rows[index], event.chain))

    def on_resize(self, event: Resize) -> None:
        """Draw anew for another size; the selected result stays in sight."""
        self._measure()
        self._reveal(whole=False)
        self._ask_to_fill()

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Redraw, and tell when the last row is in sight."""
        super().watch_scroll_y(old_value, new_value)
        if self.rows and new_value > old_value and new_value + self.size.height >= self._table.height:
            self.post_message(ListEndReached())

    def on_focus(self) -> None:
        """Show that keys go here."""
        self._redraw(self.selected)

    def on_blur(self) -> None:
        """Show that keys go elsewhere."""
        self._redraw(self.selected)

    def notify_style_update(self) -> None:
        """Forget what was drawn in other styles."""
        super().notify_style_update()
        self._drawn.clear()
        self._known_styles.clear()

    def render_line(self, y: int) -> Strip:
        """Draw one line of the screen."""
        line = self.scroll_offset.y + y
        index = self._table.row_at(line)
        if index is None:
            return Strip.blank(self.size.width, self._styles(False).plain)
        if index not in self._drawn:
            self._drawn[index] = self._draw(index)
        return self._drawn[index][line - self._table.span(index)[0]]

    def _draw(self, index: int) -> list[Strip]:
        """Draw all lines of a row; a bar marks the selected one, so that no colour is needed to see it."""
        row, chosen = self.rows[index], index == self.selected
        styles, width = self._styles(chosen), self.size.width
        signs, nearest = self._kept.signs(row.hit.passage, self._question), self._nearest.get(row.passage)
        drawn = result_rows(row, width - 2, styles, nearest, old=self._fades, compact=self.compact, signs=signs)
        bar = Strip.blank(1, styles.plain) if not chosen else _bar(styles, focused=self.has_focus)
        fitted = [Strip.join([bar, strip]).adjust_cell_length(width, styles.plain) for strip in drawn]
        fades = self._fades or row.hit.article.id in self._kept.out
        return [strip.apply_style(self._old_style) for strip in fitted] if fades else fitted

    @property
    def _old_style(self) -> Style:
        return self.get_component_rich_style("results--old", partial=True)

    def _styles(self, chosen: bool) -> Styles:
        if chosen not in self._known_styles:
            self._known_styles[chosen] = self._look_up_styles(chosen)
        return self._known_styles[chosen]

    def _look_up_styles(self, chosen: bool) -> Styles:
        plain = self.rich_style
        if chosen:
            plain += self.get_component_rich_style("results--chosen", partial=True)
        looks = {look: self.get_component_rich_style(f"results--{look}", partial=True) for look in Look}
        quiet = plain + self.get_component_rich_style("results--quiet", partial=True)
        return Styles(plain, quiet, plain + self.get_component_rich_style("results--title", partial=True), looks)

    def _looked_at(self) -> int | None:
        """Return the row that should stay where it is: the selected one where it is in sight, else the uppermost."""
        if not self.rows:
            return None
        top = self.scroll_offset.y
        start, end = self._table.span(self.selected)
        return self.selected if start < top + self.size.height and end > top else self._table.row_at(top)

    def _measure(self) -> None:
        self._drawn.clear()
        self._table = RowTable.of(row_height(row, compact=self.compact) for row in self.rows)
        self.virtual_size = Size(self.size.width, self._table.height)

    def _ask_to_fill(self) -> None:
        """Tell where rows end before the screen does, which nobody could scroll to the end of."""
        if self.rows and not self.old and self._table.height < self.size.height:
            self.post_message(ListNotFull())

    def _redraw(self, index: int) -> None:
        self._drawn.pop(index, None)
        if index < len(self.rows):
            start, end = self._table.span(index)
            self.refresh_lines(start, end - start)

    def _reveal(self, *, whole: bool = True) -> None:
        """Scroll as little as shows the selected row, or its first line."""
        if not self.rows:
            return
        start, end = self._table.span(self.selected)
        end = end if whole else start + 1
        if start < self.scroll_offset.y:
            self._scroll(start)
        elif end > self.scroll_offset.y + self.size.height:
            self._scroll(end - self.size.height)

    def _scroll(self, line: int) -> None:
        """Scroll in the same picture in which rows change, so that none is drawn where it does not stand."""
        self.scroll_to(y=max(0, line), animate=False, immediate=True)


def _bar(styles: Styles, *, focused: bool) -> Strip:
    return Strip([Segment(BAR if focused else "▏", styles.title)])
