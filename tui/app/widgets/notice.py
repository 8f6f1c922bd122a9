"""Words in place of results, and the line of warnings above them."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content
from textual.widgets import Static

from archive.text.visible import visible_line
from tui.app.notices import Notice


class NoticePanel(Static):
    """Says why there is no list, and what to do."""

    def __init__(self, notice: Notice, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(_content(notice), markup=False, id=id)
        self.notice = notice

    def show(self, notice: Notice) -> None:
        """Say something else."""
        if notice != self.notice:
            self.notice = notice
            self.update(_content(notice), layout=False)


class Warnings(Static):
    """Lines that matter although the search works; takes no room when there are none."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(Content(""), markup=False, id=id)
        self.display = False
        self._lines: tuple[str, ...] = ()

    def show(self, lines: Sequence[str]) -> None:
        """Say these lines, each behind a sign."""
        if tuple(lines) == self._lines:
            return
        self._lines = tuple(lines)
        self.display = bool(lines)
        self.update(Content("\n".join(f"! {visible_line(line)}" for line in lines)))


def _content(notice: Notice) -> Content:
    heading = Content(visible_line(notice.heading)).stylize("bold")
    return Content("\n").join([heading, Content(""), *(Content(visible_line(line)) for line in notice.advice)])
