"""How well each mode finds what a person judged relevant, by the measures of ``morgue eval``."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.widgets import Static

from archive.text.visible import visible_line
from tui.app import keys, messages
from tui.app.actions.overlay import Overlay
from tui.app.notebook.keeping_app import KeepingApp
from tui.app.notebook.words import judged_lines
from tui.app.widgets.panel import Sheet
from tui.app.widgets.status_line import StatusLine
from tui.app.worker import ArchiveWorker
from tui.formats.lines import written
from tui.formats.notebook.evaluation import evaluation_lines

if TYPE_CHECKING:
    from index.evaluation.measures import Evaluation


class JudgingScreen(Overlay):
    """Measures in a thread, which leaving does not wait for.

    Args:
        worker: measures.
    """

    BINDINGS: ClassVar[list[BindingType]] = [*keys.JUDGING]

    def __init__(self, worker: ArchiveWorker) -> None:
        super().__init__()
        self._worker = worker

    def compose(self) -> ComposeResult:
        """Make the parts."""
        with Sheet("Measured over your own judgements"):
            yield Static("", markup=False, id="measures")
            yield Static("", markup=False, id="judged")
        yield StatusLine()

    def begin(self) -> None:
        """Show what was judged, and measure."""
        judged = "\n".join(judged_lines(cast(KeepingApp, self.app).kept))
        self.query_one("#judged", Static).update(Content(judged))
        self._say("Measuring …")
        self._worker.start(self._worker.evaluate, self.post_message)

    @on(messages.Evaluated)
    def _evaluated(self, message: messages.Evaluated) -> None:
        self._say(visible_line(message.why) if message.evaluation is None else _measures(message.evaluation))

    def _say(self, words: str) -> None:
        self.query_one("#measures", Static).update(Content(f"{words}\n"))


def _measures(evaluation: Evaluation) -> str:
    return "\n".join(written(line) for line in evaluation_lines(evaluation))
