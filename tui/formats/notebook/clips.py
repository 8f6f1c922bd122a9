"""Clips as text, Markdown, CSV and JSON: each with the very words of its text, or with why there are none."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Final

from archive.notebook.kept import Clip, Standing
from archive.text.decode import printable
from archive.text.visible import visible_line
from tui.formats.export import cell
from tui.formats.facts import credit, joined, place, stated
from tui.formats.json import SCHEMA
from tui.formats.lines import Line, quoted, written
from tui.formats.markdown import citation, escaped, quotation

if TYPE_CHECKING:
    from tui.formats.json import Json

_INDENT: Final = "    "
_UNASKED: Final = "Found with no question"
_TOLD: Final = {
    Standing.MOVED: "moved with its text, which was read again",
    Standing.OLDER: "of an older text; the article's current one has other words",
    Standing.REMOVED: "the article was removed from the archive",
    Standing.DAMAGED: "the text is damaged, so the words are not shown; run: morgue verify",
    Standing.LOST: "the text is not in the archive any more, so the words are not shown",
}
_COLUMNS: Final = (
    "question", "quotation", "note", "title", "outlet", "author", "published", "url", "path", "record", "start", "end",
    "version", "article_id", "clip_id", "kept", "standing",
)  # fmt: skip


def document(clips: Sequence[Clip], shape: str) -> str:
    """Return clips as a document: ``text``, ``markdown`` or ``csv``."""
    if shape == "csv":
        return csv_rows(clips)
    lines = markdown(clips) if shape == "markdown" else clip_lines(clips)
    return "".join(f"{written(line)}\n" for line in lines)


def clip_lines(clips: Sequence[Clip]) -> Iterator[Line | str]:
    """Yield the lines of clips for a person, by question."""
    for question, group in groupby(clips, lambda clip: clip.question):
        yield Line(question or _UNASKED, bold=True)
        for clip in group:
            yield ""
            yield from _lines(clip)
        yield ""


def markdown(clips: Sequence[Clip]) -> Iterator[Line | str]:
    """Yield clips as Markdown: quotations by question, each with its citation and its note."""
    yield "# Clips"
    for question, group in groupby(clips, lambda clip: clip.question):
        yield ""
        yield f"## {escaped(question or _UNASKED)}"
        for clip in group:
            yield ""
            yield from _document(clip)


def csv_rows(clips: Sequence[Clip]) -> str:
    """Return clips as CSV; no cell can be taken for a formula."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(_COLUMNS)
    writer.writerows([cell(value) for value in _row(clip)] for clip in clips)
    return out.getvalue()


def clips_object(clips: Sequence[Clip], removed: int | None = None) -> Json:
    """Return what ``clips --json`` prints; ``removed`` is how many were taken out, where that was asked for."""
    more = {} if removed is None else {"removed": removed}
    return {"schema": SCHEMA, "clips": [_object(clip) for clip in clips], **more}


def told(clip: Clip) -> str | None:
    """Say how a clip stands where its words are not those of the current text at their old place."""
    if clip.standing == Standing.PURGED:
        return f"the article was purged on {(clip.purged or '')[:10]}, and the words with it"
    return _TOLD.get(clip.standing)


def _lines(clip: Clip) -> Iterator[Line]:
    if clip.text is not None:
        yield from quoted(clip.text, (), _INDENT)
    yield from (Line(f"note: {line}", _INDENT) for line in clip.note.split("\n") if line)
    if clip.article is not None:
        yield Line(joined((clip.article.title, *credit(clip.article))), _INDENT)
        yield Line(f"{place(clip.article, clip.part)}, characters {clip.start}-{clip.end}", _INDENT)
    if (how := told(clip)) is not None:
        yield Line(how, _INDENT)
    url = clip.article.url if clip.article else None
    yield Line(f"clip {clip.id}" + (f"  {url}" if url else ""), _INDENT)


def _document(clip: Clip) -> Iterator[Line | str]:
    if clip.text is not None:
        yield from (Line(line, "> ", quoted=True) for line in quotation(clip.text))
        yield ""
    if clip.article is not None and clip.text is not None:
        where = f"characters {clip.start}-{clip.end}", f"version {clip.version[:12]}"
        yield ", ".join((escaped(clip.article.title), *citation(clip.article, clip.part), *where))
        yield ""
    if (how := told(clip)) is not None:
        yield f"({escaped(how)})"
        yield ""
    if clip.note:
        yield from (Line(line, quoted=True) for line in quotation(f"Note: {clip.note}"))


def _row(clip: Clip) -> tuple[object, ...]:
    article = clip.article
    known = (
        (article.title, article.outlet, article.author, article.published, article.url, article.path, article.record)
        if article is not None
        else (None,) * 7
    )
    where = (clip.start, clip.end, clip.version, article.id) if article is not None else (None,) * 4
    return (
        visible_line(clip.question), None if clip.text is None else printable(clip.text), printable(clip.note),
        *(fact and visible_line(fact) for fact in known), *where, clip.id, clip.kept, clip.standing.value,
    )  # fmt: skip


def _object(clip: Clip) -> Json:
    article = clip.article
    return {
        "clip_id": clip.id,
        "question": clip.question,
        "note": clip.note,
        "kept": clip.kept,
        "standing": clip.standing.value,
        "text": clip.text,
        "article_id": article and article.id,
        "version": clip.version or None,
        "start": clip.start,
        "end": clip.end,
        **stated(clip.article),
        **({} if clip.part is None else {"part": {"kind": clip.part.kind, "label": clip.part.label}}),
        **({} if clip.purged is None else {"purged": clip.purged}),
    }
