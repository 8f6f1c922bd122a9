"""What is kept, in words: a clip and a saved question on their lists, the measures over judgements."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text
from textual.content import Content

from archive.notebook.kept import Clip, SavedQuestion, Standing
from archive.text.decode import one_line
from archive.text.visible import visible_line
from tui.app.notices import MODES
from tui.app.view import labels
from tui.formats.facts import joined
from tui.session.kept import IRRELEVANT, OUT, RELEVANT, Kept

if TYPE_CHECKING:
    from tui.session.history import AskedQuestion

_LENGTH: Final = 400  # characters of a clip that are shown on a list; chosen, not measured
UNASKED: Final = "Found with no question"
_SIGNS: Final = {Standing.CURRENT: "✓", Standing.MOVED: "✓", Standing.OLDER: "~", Standing.REMOVED: "~"}


def clip_drawn(clip: Clip) -> RenderableType:
    """Return a clip for a list: its words, where they are from, how they stand, and the note, beside its sign."""
    from tui.formats.notebook.clips import told

    words = "(no words)" if clip.text is None else f"“{_cut(clip.text)}”"
    how = told(clip) or "word for word as the text has it"
    lines = [Text(words)]
    if clip.article is not None:
        lines.append(Text(_source(clip), "dim"))
    lines.append(Text(visible_line(how), "dim"))
    if clip.note:
        lines.append(Text(f"note: {visible_line(clip.note)}", "italic"))
    drawn = Table.grid(padding=(0, 1, 0, 0))
    drawn.add_column(no_wrap=True)
    drawn.add_column(overflow="fold")
    drawn.add_row(Text(_SIGNS.get(clip.standing, "!")), Text("\n").join(lines))
    return drawn


def saved_content(saved: SavedQuestion, new: int) -> Content:
    """Return a saved question for a list, with how many articles are new of it."""
    mode = "" if saved.mode == "hybrid" else f"  (by {MODES.get(saved.mode, visible_line(saved.mode))})"
    news = f"+{new} new since last seen  " if new else ""
    return Content.assemble((news, "bold"), f"{visible_line(saved.question)}{mode}")


def asked_content(asked: AskedQuestion) -> Content:
    """Return a question that was asked before for a list: what, when, and how many rows answered."""
    found = "" if asked.found is None else f", {asked.found} found"
    when = f"{visible_line(asked.at)[:16].replace('T', ' ')} UTC"
    mode = f"by {MODES.get(asked.mode, visible_line(asked.mode))}"
    return Content.assemble(visible_line(asked.text), (f"\n  {mode}{found}, {when}", "dim"))


def judged_lines(kept: Kept) -> Iterator[str]:
    """Yield how many passages or articles were judged for each question."""
    questions: dict[str, list[int]] = {}
    for (question, _), gain in kept.judged.items():
        questions.setdefault(question, []).append(gain)
    for question, gains in questions.items():
        relevant = sum(gain > 0 for gain in gains)
        yield f"{relevant:>4} {RELEVANT} {len(gains) - relevant:>4} {IRRELEVANT}   {visible_line(question)}"


def signs_in_words(signs: Sequence[str]) -> str:
    """Say what the signs of a passage stand for, with them."""
    judged = {RELEVANT: "relevant", IRRELEVANT: "not relevant"}
    named = {OUT: "taken out", "◆": "clip", "◇": "partly clip", **judged, "★": "starred"}
    return " ".join(f"{sign} {named[sign]}" for sign in signs)


def _source(clip: Clip) -> str:
    assert clip.article is not None
    article = clip.article
    return joined((labels.headline(article), labels.outlet(article), labels.date(article), article.url))


def _cut(text: str) -> str:
    line = " ".join(one_line(text).split())
    return line if len(line) <= _LENGTH else f"{line[:_LENGTH]}…"
