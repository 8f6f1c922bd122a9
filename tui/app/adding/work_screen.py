"""What is being added: how far it is, at what pace, what was refused; paused and stopped here, left it goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Protocol

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from tui.app import keys
from tui.app.actions.following import follow
from tui.app.actions.overlay import Overlay
from tui.app.adding import words
from tui.app.widgets.panel import Panel

if TYPE_CHECKING:
    from tui.writing.job import Job


class Foreman(Protocol):
    """Whoever has the run in hand."""

    def pause_work(self) -> None:
        """Pause it, or let it go on."""

    def stop_work(self) -> None:
        """Stop it after the batch in hand; at a second time at once."""


class WorkScreen(Overlay):
    """Shows a run, which the application holds.

    Args:
        foreman: pauses and stops it.
    """

    BINDINGS: ClassVar[list[BindingType]] = [*keys.WORK]

    def __init__(self, foreman: Foreman) -> None:
        super().__init__()
        self._foreman = foreman
        self._job: Job | None = None
        self._is_sure = False

    def compose(self) -> ComposeResult:
        """Make the parts."""
        with Panel("Work on the archive"):
            yield Static("", markup=False, id="title")
            yield Static("", markup=False, id="far")
            with VerticalScroll():
                yield Static("", markup=False, id="told")

    def begin(self) -> None:
        """Follow the run."""
        self.query_one(VerticalScroll).focus()
        follow(self, "job", self._show)

    def _show(self, job: Job | None) -> None:
        if job is None:
            return
        self._job = job
        self._say("title", words.title(job))
        if job.ended is None:
            self._say("far", "\n".join(words.far_lines(job)))
            seen = () if job.survey is None else words.survey_lines(job.survey, max(20, self.size.width - 12))
            self._say("told", "\n".join(line for line in seen if not line.startswith("Enter")))
        else:
            self._say("far", "")
            self._say("told", "\n".join(words.ended_lines(job)))

    def _say(self, place: str, text: str) -> None:
        self.query_one(f"#{place}", Static).update(Content(text))

    @property
    def _runs(self) -> bool:
        return self._job is not None and self._job.ended is None

    def action_pause(self) -> None:
        """Pause it, or let it go on."""
        if self._runs:
            self._foreman.pause_work()

    def action_stop(self) -> None:
        """Stop it, at a second press; at a third at once."""
        if not self._runs:
            return
        if not self._is_sure:
            self._is_sure = True
            self.notify("x again stops it after the batch in hand; what is finished is kept.", markup=False)
            return
        self._foreman.stop_work()

    def action_close(self) -> None:
        """Return to the search."""
        self.dismiss()
