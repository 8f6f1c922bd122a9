"""The versions of an article, and how each differs from the one before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from threading import Thread
from typing import TYPE_CHECKING, ClassVar, Final

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList, Static

from archive.text.decode import one_line
from archive.text.visible import visible_line
from tui.app import keys
from tui.app.actions.overlay import Overlay
from tui.app.widgets.panel import Panel
from tui.formats.facts import KnownVersion, difference, listed

if TYPE_CHECKING:
    from archive.core.article import Article

_LINES: Final = 2_000  # of a difference that are shown, more are counted; chosen, not measured
# Lines of a version up to which it is compared: the slowest pair of so many that was tried took 2.5 s of one core.
_COMPARED: Final = 20_000
_TOO_LONG: Final = (
    f"Not compared here, as they have more than {_COMPARED:,} lines; morgue show --diff compares the last two."
)
_LENGTH: Final = 4_000  # characters of a line that are shown; chosen, not measured


class VersionsScreen(Overlay):
    """Lists versions, the newest first, with the difference of the selected one to the one before under them.

    Args:
        article: whose versions they are.
        versions: oldest first.
    """

    BINDINGS: ClassVar[list[BindingType]] = [*keys.VERSIONS]

    @dataclass
    class Compared(Message):
        """A version was compared with the one before; ``number`` is its place on the list."""

        number: int
        lines: tuple[str, ...]

    def __init__(self, article: Article, versions: Sequence[KnownVersion]) -> None:
        super().__init__()
        self._article = article
        self._versions = tuple(reversed(versions))

    def compose(self) -> ComposeResult:
        """Make the parts."""
        with Panel("Versions"):
            yield Static(Content(visible_line(self._article.title)).stylize("bold"), markup=False)
            yield OptionList(*map(self._listed, self._versions))
            with VerticalScroll():
                yield Static("", markup=False, id="difference")

    def _listed(self, known: KnownVersion) -> Content:
        when = f"{known.version.seen[:16].replace('T', ' ')} UTC"
        return Content(visible_line(listed(self._article, known).replace(known.version.seen, when)))

    def begin(self) -> None:
        """Begin with the newest."""
        self.query_one(OptionList).focus()

    @on(OptionList.OptionHighlighted)
    def _selected(self, message: OptionList.OptionHighlighted) -> None:
        number = message.option_index
        if number + 1 == len(self._versions):
            self._show(["This is the oldest version that is known; there is none before it to compare it with."])
        else:
            self._show(["Comparing it with the one before …"])
            # comparing cannot be interrupted: it is done in a thread that leaving does not wait for, unlike a worker's
            Thread(target=self._compare, args=(number,), daemon=True).start()

    def _compare(self, number: int) -> None:
        before, after = self._versions[number + 1], self._versions[number]
        longest = max(known.version.text.count("\n") for known in (before, after))
        lines = (_TOO_LONG,) if longest > _COMPARED else tuple(islice(difference(before, after), _LINES + 1))
        self.post_message(self.Compared(number, lines))

    @on(Compared)
    def _compared(self, message: Compared) -> None:
        if message.number == self.query_one(OptionList).highlighted:
            more = ["… and more"] if len(message.lines) > _LINES else []
            self._show([*message.lines[:_LINES], *more] or ["The lines of both are the same."])

    def _show(self, lines: Sequence[str]) -> None:
        drawn = [Content(_cut(line)).stylize(_STYLES.get(line[:1], "")) for line in lines]
        self.query_one("#difference", Static).update(Content("\n").join(drawn))


_STYLES: Final = {"+": "bold", "-": "dim"}


def _cut(line: str) -> str:
    return one_line(line if len(line) <= _LENGTH else f"{line[:_LENGTH]}…")
