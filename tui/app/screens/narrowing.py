"""Narrowing what is found: by values, by a span of time, and in which order; counted once the answer is at rest."""

from __future__ import annotations

from functools import partial
from typing import Final

from textual import on, work
from textual.timer import Timer
from textual.widget import Widget
from textual.worker import get_current_worker

from archive.text.visible import visible_line
from tui.app import messages
from tui.app.clipboard import CopyWanted
from tui.app.screens.asking import AskingScreen
from tui.app.view.counts import totals
from tui.app.widgets.narrowing.chips import ChipLine
from tui.app.widgets.narrowing.panel import NarrowPanel
from tui.app.widgets.narrowing.time_strip import TimeStrip
from tui.session.narrowing import Chip, Narrowing
from tui.session.request import ModeName, Question, Request

# Between an answer and counting all that matches: a word that is typed meanwhile is asked first. Chosen, not measured.
REST_SECONDS: Final = 0.07


class NarrowingScreen(AskingScreen):
    """Changes what narrows the question, and shows what is counted of all that matches it."""

    _counting: Question | None = None
    _chose_panel = False
    _failure: messages.CountFailed | None = None
    _index = 0  # grows whenever another index is asked: what was begun on one before is not shown
    _resting: Timer | None = None

    @property
    def chips(self) -> ChipLine:
        """Return what narrows the question."""
        return self.query_one(ChipLine)

    @property
    def panel(self) -> NarrowPanel:
        """Return the values to narrow by."""
        return self.query_one(NarrowPanel)

    @property
    def timeline(self) -> TimeStrip:
        """Return the timeline."""
        return self.query_one(TimeStrip)

    # -- counting ----------------------------------------------------------------------------------------------------

    def show_narrowing(self) -> None:
        """Show what narrows the question and what is counted, and count it where that is still to be done."""
        session = self.session
        counts, old, narrowing = session.counts, session.counts_are_old, session.request.narrowing
        self.chips.show(narrowing, self._matches)
        if self.panel.display:
            self.panel.show(counts, narrowing, old=old, failed=self._why_uncounted)
        if self.timeline.display:
            self.timeline.show(counts, old=old, failed=self._why_uncounted)
        self._count_at_rest()

    @property
    def _matches(self) -> str:
        counts = self.session.counts
        known = counts is not None and not self.session.counts_are_old and not self.session.request.is_blank
        return totals(counts) if counts is not None and known else ""

    @property
    def matches_elsewhere(self) -> str:
        """Return how much matches, in words, unless that stands beside the chips."""
        hidden = self.has_class("-low") and not self._narrowing.chips
        return self._matches if hidden else ""

    def count_anew(self) -> None:
        """Count again, as another index is asked from now on."""
        self._counting = self._failure = None
        self._index += 1
        self.session = self.session.outdated()

    def _count_at_rest(self) -> None:
        """Count what nobody has counted, a little later: the list is never kept waiting."""
        request = self.session.uncounted if self.is_open else None
        if request is not None and request.is_blank and not (self.panel.display or self.timeline.display):
            request = None
        wanted = None if request is None else request.counted
        if wanted == self._counting:
            return
        self._counting = wanted
        if self._resting is not None:
            self._resting.stop()
        if request is not None:
            self._resting = self.set_timer(REST_SECONDS, partial(self._count, request, self._index))

    @work(thread=True, exclusive=True, group="counting")
    def _count(self, request: Request, index: int) -> None:
        worker = get_current_worker()
        self._worker.count(request, self.post_message, lambda: worker.is_cancelled or index != self._index)

    @on(messages.Counted)
    def _counted(self, message: messages.Counted) -> None:
        self._become(self.session.counted(message.counts))

    @on(messages.CountFailed)
    def _count_failed(self, message: messages.CountFailed) -> None:
        self._failure = message
        self.notify(visible_line(message.text), severity="error", markup=False)
        self.show_narrowing()

    @property
    def _why_uncounted(self) -> str:
        """Return why the question could not be counted; empty where it was, or is still to be."""
        wanted, failure = self.session.uncounted, self._failure
        return failure.text if failure is not None and wanted is not None and wanted.counted == failure.of else ""

    # -- narrowing ---------------------------------------------------------------------------------------------------

    def _narrow(self, narrowing: Narrowing) -> None:
        before = self._narrowing
        if narrowing != before:
            self._become(self._written().finished().narrowed(narrowing))
            self.post_message(messages.Undoable(partial(self._bring_back, before)))

    @property
    def _narrowing(self) -> Narrowing:
        return self.session.request.narrowing

    @on(messages.ValueMarked)
    def _value_marked(self, message: messages.ValueMarked) -> None:
        self._narrow(self._narrowing.turned(Chip(message.by, message.query, message.excluded)))

    @on(messages.SpanPicked)
    def _span_picked(self, message: messages.SpanPicked) -> None:
        self._narrow(self._narrowing.spanning(message.query))

    @on(messages.ChipClicked)
    def _chip_clicked(self, message: messages.ChipClicked) -> None:
        self._narrow(self._narrowing.without(message.place))

    @on(messages.LineEmptied)
    def action_drop_chip(self) -> None:
        """Take away the last of what narrows the question."""
        self._narrow(self._narrowing.without_last())

    def ask(self, text: str, mode: ModeName | None = None) -> None:
        """Ask something that was not typed, narrowed by nothing, and go to its first result."""
        before = self._narrowing
        super().ask(text, mode)
        if before.chips:
            self.post_message(messages.Undoable(partial(self._bring_back, before)))

    def _bring_back(self, narrowing: Narrowing) -> bool:
        """Narrow as before, where one sees that."""
        if self.app.screen is not self:
            self.notify("What narrows the list was changed last: go back to the list to undo that.", markup=False)
            return False
        self._become(self._written().finished().narrowed(narrowing))
        return True

    def action_sort(self) -> None:
        """Ask the same in the next order, and go to its first row."""
        self._become(self._written().finished().reordered())

    def action_copy_question(self) -> None:
        """Copy the question with all that narrows it, as it can be typed."""
        written = self._written().request.written
        if written:
            self.app.post_message(CopyWanted(written, "the question"))
        else:
            self.notify("There is no question to copy yet.", severity="warning", markup=False)

    # -- panels ------------------------------------------------------------------------------------------------------

    def on_resize(self) -> None:
        """Show the values as a third pane where there is room for one, unless somebody opened or closed them."""
        self.call_after_refresh(self._fit_panel)

    def _fit_panel(self) -> None:
        shown = self.has_class("-broad")
        if self._chose_panel or self.panel.display == shown:
            return
        if self.focused is self.panel:
            self.set_focus(self.results if self.session.rows else self.line)
        self.panel.display = shown
        self.show_narrowing()

    def action_narrow(self) -> None:
        """Show the values to narrow by, or go to them; close them when keys go there."""
        self._chose_panel = True
        self._toggle(self.panel)

    def action_timeline(self) -> None:
        """Show the timeline, or go to it; close it when keys go there."""
        self._toggle(self.timeline)

    @on(messages.TimelineLeft)
    def _timeline_left(self) -> None:
        if self.focused is self.timeline:
            self._toggle(self.timeline)

    def _toggle(self, panel: Widget) -> None:
        closes = self.focused is panel  # has_focus follows later
        if closes:
            self.set_focus(self.results if self.session.rows else self.line)
        panel.display = not closes
        if not closes:
            self.set_focus(panel)
        self.show_narrowing()
