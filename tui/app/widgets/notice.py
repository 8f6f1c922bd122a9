"""Words in place of results, and the line of warnings above them."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content
from textual.widgets import Static

from archive.text.visible import visible_line
from tui.app.actions.keymap import in_words
from tui.app.notices import Notice
from tui.session.keyed import Keyed


class NoticePanel(Static):
    """Says why there is no list, and what to do."""

    def __init__(self, notice: Notice, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__("", markup=False, id=id)
        self.notice = notice

    def on_mount(self) -> None:
        """Say what there is to say at the beginning."""
        self.update(self._content(), layout=False)

    def show(self, notice: Notice) -> None:
        """Say something else."""
        if notice != self.notice:
            self.notice = notice
            self.update(self._content(), layout=False)

    @property
    def advice(self) -> tuple[str, ...]:
        """Return what to do, with the keys that actions have."""
        return tuple(visible_line(in_words(line, self.app)) for line in self.notice.advice)

    def _content(self) -> Content:
        heading = Content(visible_line(self.notice.heading)).stylize("bold")
        return Content("\n").join([heading, Content(""), *map(Content, self.advice)])


class Warnings(Static):
    """Lines that matter although the search works; takes no room when there are none."""

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(Content(""), markup=False, id=id)
        self.display = False
        self._lines: tuple[str | Keyed, ...] = ()

    def show(self, lines: Sequence[str | Keyed]) -> None:
        """Say these lines, each behind a sign."""
        if tuple(lines) == self._lines:
            return
        self._lines = tuple(lines)
        self.display = bool(lines)
        self.update(Content("\n".join(f"! {visible_line(in_words(line, self.app))}" for line in lines)))
