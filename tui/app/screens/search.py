"""The main screen: ask, see the ranked passages, see the selected one in its article."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar, Final

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container

from archive.text.visible import visible_line
from tui.app import clipboard, keys, messages, notices
from tui.app.actions.following import follow
from tui.app.screens.article import ArticleScreen
from tui.app.screens.keeping import KeepingScreen
from tui.app.screens.narrowing import NarrowingScreen
from tui.app.screens.remembering import RememberingScreen
from tui.app.screens.why import WhyScreen
from tui.app.state import AppState
from tui.app.widgets.header import Header
from tui.app.widgets.narrowing.chips import ChipLine
from tui.app.widgets.narrowing.panel import NarrowPanel
from tui.app.widgets.narrowing.time_strip import TimeStrip
from tui.app.widgets.notice import NoticePanel, Warnings
from tui.app.widgets.preview import Preview
from tui.app.widgets.result_list import ResultList
from tui.app.widgets.search_line import SearchLine
from tui.app.widgets.status_line import StatusLine
from tui.app.worker import POLL_SECONDS, ArchiveWorker
from tui.session.kept import Kept
from tui.session.request import ModeName
from tui.session.rows import as_listed
from tui.session.session import Session

if TYPE_CHECKING:
    from index.query.ast import Query
    from index.search.answer import Answer, Hit

_UNFOLD: Final = frozenset({"unfold"})


class SearchScreen(KeepingScreen, NarrowingScreen, RememberingScreen):
    """Shows what searching gives; whatever is slow is done by the worker, in threads."""

    BINDINGS: ClassVar[list[BindingType]] = [*keys.SEARCH, *keys.KEEPING, *keys.PANES, *keys.ARCHIVES]

    def __init__(self, worker: ArchiveWorker, query: str, mode: ModeName | None) -> None:
        super().__init__(worker, query, mode)
        self._state = AppState(archive=worker.archive)
        self._shows_preview = True
        self._kept = Kept()
        self._left_out = frozenset[str]()
        self._was_idle = frozenset[str]()

    def compose(self) -> ComposeResult:
        """Make the parts."""
        yield Header()
        yield SearchLine(self.session.request.text, id="query")
        yield ChipLine()
        with Container(id="panes"):
            yield NarrowPanel(id="narrow")
            yield NoticePanel(notices.OPENING, id="notice")
            yield ResultList(id="results")
            yield Preview(self._worker, id="preview")
        yield TimeStrip(id="timeline")
        yield Warnings(id="warnings")
        yield StatusLine()

    @property
    def preview(self) -> Preview:
        """Return the article beside the list."""
        return self.query_one(Preview)

    @property
    def finds(self) -> bool:
        """Tell whether keys go to the article."""
        return self.preview.has_focus_within

    @property
    def idle(self) -> frozenset[str]:
        """Return the names of the actions that would change nothing now, for want of a row or of what is folded."""
        if self.session.row is None or self._state.notice(self.session) is not None:
            return keys.OF_A_ROW
        return frozenset() if self.session.unfoldable is not None else _UNFOLD

    # -- the archive -------------------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Open the archive once the first picture is on the screen."""
        self.set_focus(self.line)
        self._draw()
        for event in self._type_ahead.end():
            self._repeat(event)
        self.call_after_refresh(self._open)
        self.set_interval(POLL_SECONDS, self._check_index)
        follow(self, "kept", self._kept_changed, init=False)
        follow(self, "work", self._work_changed)

    def _open(self) -> None:
        self._worker.start(self._worker.open, self.post_message)

    @work(thread=True, exclusive=True, group="index")
    def _check_index(self) -> None:
        if self._state.opened:
            self._worker.check_index(self.post_message)
            self._worker.find_withdrawn({row.hit.article.id for row in self.session.rows}, self.post_message)

    @work(thread=True, exclusive=True, group="archive")
    def _count_archive(self) -> None:
        self._worker.count_archive(self.post_message)

    @on(messages.ArchiveCounted)
    def _archive_counted(self, message: messages.ArchiveCounted) -> None:
        self._know(collection=message.totals)

    @on(messages.ArchiveOpened)
    def _opened(self, message: messages.ArchiveOpened) -> None:
        self.is_open = True
        self._left_out = frozenset()
        self.count_anew()
        self._know(trouble=None, opened=True, empty=message.empty, newer=None, behind=0)
        self._check_index()
        self._count_archive()
        if not self._state.ready:
            self._know(ready=None)
            self._worker.start(self._worker.load_encoder, self.post_message)
        self._become(self.session.again())

    @on(messages.SearchFailed)
    def _failed(self, message: messages.SearchFailed) -> None:
        if message.number is None or message.number == self.session.request.number:
            self._know(trouble=message.notice)
            self._become(self.session.failed(self.session.request.number))
            self.stay()

    @on(messages.EncoderLoaded)
    def _encoder_loaded(self, message: messages.EncoderLoaded) -> None:
        self._know(ready=message.ready, slow_work="")
        if self.session.request.mode != "lexical":
            self._become(self.session.again())

    @on(messages.IndexState)
    def _index_checked(self, message: messages.IndexState) -> None:
        self._know(behind=message.behind, newer=message.newer)

    @on(messages.Withdrawn)
    def _withdrawn(self, message: messages.Withdrawn) -> None:
        """Ask anew without what another program removed; what was removed here is drawn so until it is undone."""
        shown = {row.hit.article.id for row in self.session.rows}
        elsewhere = shown & message.elsewhere(self._kept.out)
        if elsewhere - self._left_out and not self.session.waiting:
            self._become(self.session.again())
        self._left_out = self._left_out - shown | elsewhere

    @on(messages.StatusText)
    def _slow_work_begun(self, message: messages.StatusText) -> None:
        self._know(slow_work=message.text)

    @on(messages.OperationFailed)
    def _operation_failed(self, message: messages.OperationFailed) -> None:
        self.stay()
        self.notify(visible_line(message.text), severity="error", markup=False)

    def _know(self, **changes: object) -> None:
        self._state = replace(self._state, **changes)  # type: ignore[arg-type]
        self._draw()

    # -- drawing -----------------------------------------------------------------------------------------------------

    def show_session(self, before: Session) -> None:
        """Show the rows, and the selected one's article."""
        now = self.session
        if now.shown is not before.shown:
            self.results.know(self._kept, self.question)
        query = now.answer.query if now.answer is not None else None
        if now is not before:
            self.results.show(now.rows, now.selected, old=now.is_old, from_top=now.begins_anew(before), query=query)
        if now.row is not before.row:
            self.preview.point(self.hit, query, self.total)
        self._draw()

    def search_begun(self) -> None:
        """Forget the trouble there was."""
        self._state = replace(self._state, trouble=None)

    def read(self, hit: Hit, query: Query) -> None:
        """Show the article of a hit; the search waits behind it as it is."""
        self.app.push_screen(ArticleScreen(self._worker, hit, query, self.preview.page_of(hit), self))

    def _draw(self) -> None:
        """Show either results or words in their place, and what else should be known."""
        notice = self._state.notice(self.session)
        panel = self.query_one(NoticePanel)
        if notice is not None:
            panel.show(notice)
        panel.display = notice is not None
        self.results.display = notice is None
        self.preview.display = notice is None and self._shows_preview
        self.query_one(Warnings).show(self._state.warnings(self.session))
        self.line.show_asked(writing=self.session.request.typing)
        self.show_narrowing()
        self._show_status()

    @on(messages.PositionChanged)
    def _show_status(self) -> None:
        line, idle = self.query_one(StatusLine), self.idle
        line.say(*self._state.status(self.session))
        if idle != self._was_idle:
            self._was_idle = idle
            line.follow()
        self.query_one(Header).say(*self._state.header(self.session))
        self.results.entitle(f" {self._state.title(self.session, self.total, self.matches_elsewhere)} ")

    @on(messages.NearestFound)
    def _nearest_found(self, message: messages.NearestFound) -> None:
        self.results.near(message.page.hit)

    def action_explain(self) -> None:
        """Say why the selected result is here."""
        if self.session.answer is not None and self.hit is not None:
            self.app.push_screen(WhyScreen(self.hit))
            self._explain(self.session.answer, self.hit)

    @work(thread=True, exclusive=True, group="why")
    def _explain(self, answer: Answer, hit: Hit) -> None:
        self._worker.explain(answer, hit, self.post_message)

    @on(messages.HitExplained)
    def _explained(self, message: messages.HitExplained) -> None:
        """Show the reason, unless somebody has gone on meanwhile."""
        if isinstance(self.app.screen, WhyScreen):
            self.app.screen.explain(message)

    def action_write_list(self) -> None:
        """Write the results that are listed to a file."""
        from tui.app.screens.notebook.list_file import ListFile

        answer = self.session.answer
        if answer is None or not answer.hits or self.session.is_old:
            self.notify("There are no results to write yet.", severity="warning", markup=False)
        else:
            self.app.push_screen(ListFile(self._worker, as_listed(answer), more=self.session.may_go_on))

    def action_toggle_preview(self) -> None:
        """Show or hide the article beside the results."""
        self._shows_preview = not self._shows_preview
        if self.preview.has_focus_within:
            self.set_focus(self.results)
        self._draw()

    def action_look_again(self) -> None:
        """Change to the newest index, staying on the same passage."""
        if self._state.trouble is not None:
            self._know(trouble=notices.OPENING)
        self._open()

    def action_copy_citation(self) -> None:
        """Copy the selected passage with its source."""
        clipboard.copy(self.app, self.quoted(), cited=True)

    def action_copy_passage(self) -> None:
        """Copy the selected passage alone."""
        clipboard.copy(self.app, self.quoted(), cited=False)

    def action_copy_address(self) -> None:
        """Copy the address of the selected article."""
        clipboard.copy_address(self.app, self.quoted())

    def quoted(self) -> clipboard.Quotation | None:
        """Return what the mouse selected in the article beside the results, else the selected passage."""
        hit = self.hit
        if self.preview.text.selected is not None and hit is not None and self.preview.page_of(hit) is not None:
            return clipboard.of_text(self.preview.text)
        return clipboard.of_hit(hit) if hit is not None else None

    def judged(self) -> tuple[str, str] | None:
        """Return the question that the rows answer, and the selected passage."""
        return None if self.hit is None else (self.question, self.hit.passage.id)

    def _kept_changed(self, kept: Kept) -> None:
        self._kept = kept
        self.results.know(kept, self.question)
        self.preview.know(kept)
        self._know(news=kept.new_articles())

    def _work_changed(self, work: str) -> None:
        self._know(work=work)

    def action_walk(self, step: int) -> None:
        """Go to another match of the article beside the results."""
        if self.preview.display:
            self.preview.text.action_walk(step)

    @on(messages.NeighbourWanted)
    def _neighbour_wanted(self, message: messages.NeighbourWanted) -> None:
        self.neighbour(message.step, article=message.article)
