"""The ranked list: only the rows on the screen are drawn, however many results there are."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, ClassVar

from rich.segment import Segment
from textual.binding import BindingType
from textual.events import Click, Resize
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui.app import keys
from tui.app.expanded_rows import under
from tui.app.messages import HitChosen, LeftListTop, ListEndReached, SelectionChanged
from tui.app.view.draw import COPY_MARK, FURTHER_MARK, Styles, result_rows
from tui.app.view.styled_spans import Look

if TYPE_CHECKING:
    from index.contracts.highlights import Highlight
    from index.search.answer import Hit

BAR = "▌"


class ResultList(ScrollView, can_focus=True, inherit_bindings=False):
    """Shows hits and lets one be selected."""

    BINDINGS: ClassVar[list[BindingType]] = [*keys.RESULTS]
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"results--{look}" for look in Look} | {
        "results--quiet",
        "results--title",
        "results--chosen",
    }

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self.hits: tuple[Hit, ...] = ()
        self.selected = 0
        self._nearest: dict[str, Highlight] = {}
        self._drawn: dict[int, list[Strip]] = {}
        self._known_styles: dict[bool, Styles] = {}

    @property
    def hit(self) -> Hit | None:
        """Return the selected result."""
        return self.hits[self.selected] if self.selected < len(self.hits) else None

    @property
    def snippet_rows(self) -> int:
        """Return how many rows of text a result shows: fewer where the screen is low."""
        return 2 if self.app.size.height > 30 else 1

    @property
    def pitch(self) -> int:
        """Return how many rows of the screen a result takes."""
        return 2 + self.snippet_rows + (self.app.size.height > 30)

    def show(self, hits: tuple[Hit, ...], *, keep: bool) -> None:
        """Draw other hits; ``keep`` stays on the selected passage where it is among them."""
        old = self.hit
        self.hits, self._nearest = hits, {}
        index = self._index_of(old) if keep and old is not None else 0
        stay = keep and index == self.selected
        self.selected = index
        self._measure()
        if not stay:
            self._reveal(top=not keep)
        self.refresh()
        self.post_message(SelectionChanged(self.hit))

    def near(self, hit: Hit) -> None:
        """Mark the nearest sentence of a hit, once it is known."""
        if hit.nearest is not None:
            self._nearest[hit.passage.id] = hit.nearest
            self._redraw(self._index_of(hit))

    def select(self, index: int) -> None:
        """Select a result by its place in the list."""
        if not self.hits:
            return
        old, self.selected = self.selected, min(max(0, index), len(self.hits) - 1)
        self._redraw(old)
        self._redraw(self.selected)
        self._reveal()
        if old != self.selected:
            self.post_message(SelectionChanged(self.hit))
        if self.selected == len(self.hits) - 1:
            self.post_message(ListEndReached())

    def action_move(self, step: int) -> None:
        """Select a neighbour; above the first result lies the search line."""
        if self.selected + step < 0 or not self.hits:
            self.post_message(LeftListTop())
        else:
            self.select(self.selected + step)

    def action_page(self, step: int) -> None:
        """Select a result about a screen further."""
        self.select(self.selected + step * max(1, self.size.height // self.pitch))

    def action_first(self) -> None:
        """Select the first result."""
        self.select(0)

    def action_last(self) -> None:
        """Select the last result."""
        self.select(len(self.hits) - 1)

    def action_open(self) -> None:
        """Choose the selected result."""
        if self.hit is not None:
            self.post_message(HitChosen(self.hit))

    def on_click(self, event: Click) -> None:
        """Select what was clicked; a double click chooses it."""
        index = (self.scroll_offset.y + event.y) // self.pitch
        if index < len(self.hits):
            self.select(index)
            if event.chain == 2:
                self.action_open()

    def on_resize(self, event: Resize) -> None:
        """Draw anew for another size; the selected result stays in sight."""
        self._drawn.clear()
        self._measure()
        self._reveal()

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
        """Draw one row of the screen."""
        index, row = divmod(self.scroll_offset.y + y, self.pitch)
        if index >= len(self.hits):
            return Strip.blank(self.size.width, self._styles(False).plain)
        if index not in self._drawn:
            self._drawn[index] = self._draw(index)
        strips = self._drawn[index]
        return strips[row] if row < len(strips) else Strip.blank(self.size.width, self._styles(False).plain)

    def _draw(self, index: int) -> list[Strip]:
        """Draw all rows of a result; a bar marks the selected one, so that no colour is needed to see it."""
        hit, chosen = self.hits[index], index == self.selected
        styles, width = self._styles(chosen), self.size.width
        nearest, best = self._nearest.get(hit.passage.id), under(self.hits, index)
        mark = str(hit.rank) if best is None else FURTHER_MARK if best.folded else COPY_MARK
        rows = result_rows(hit, width - 2, self.snippet_rows, styles, nearest, mark)
        bar = Strip.blank(1, styles.plain) if not chosen else _bar(styles, focused=self.has_focus)
        return [Strip.join([bar, row]).adjust_cell_length(width, styles.plain) for row in rows]

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

    def _index_of(self, hit: Hit) -> int:
        """Return the place of a hit's passage, else of its article, else the one that is selected."""
        passage = (index for index, other in enumerate(self.hits) if other.passage.id == hit.passage.id)
        article = (index for index, other in enumerate(self.hits) if other.article.id == hit.article.id)
        return next(chain(passage, article), min(self.selected, max(0, len(self.hits) - 1)))

    def _measure(self) -> None:
        self._drawn.clear()
        self.virtual_size = Size(self.size.width, len(self.hits) * self.pitch)

    def _redraw(self, index: int) -> None:
        self._drawn.pop(index, None)
        self.refresh_lines(index * self.pitch, self.pitch)

    def _reveal(self, *, top: bool = False) -> None:
        first, height = self.selected * self.pitch, self.size.height
        if top or first < self.scroll_offset.y:
            self.scroll_to(y=first, animate=False)
        elif first + self.pitch > self.scroll_offset.y + height:
            self.scroll_to(y=first + self.pitch - height, animate=False)


def _bar(styles: Styles, *, focused: bool) -> Strip:
    return Strip([Segment(BAR if focused else "▏", styles.title)])
