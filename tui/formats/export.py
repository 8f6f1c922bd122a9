"""Hits for spreadsheets and programs: CSV and JSON Lines, each quotation with its whole citation."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from archive.text.decode import printable
from archive.text.visible import visible_line
from tui.formats.extras import WITH_NEAREST, prepare_nearest
from tui.formats.json import hit_object, to_line
from tui.formats.lines import written
from tui.formats.markdown import markdown
from tui.formats.text import answer_lines

if TYPE_CHECKING:
    from index import Answer, Hit

_COLUMNS: Final = (
    "query", "rank", "quotation", "title", "outlet", "author", "published", "url", "path", "record", "start", "end",
    "version", "article_id", "passage_id", "score",
)  # fmt: skip
# Signs that begin a formula, and what Unicode calls other forms of them (NFKC), which some spreadsheets treat alike;
# behind what they pass over: white space and what is not drawn. Controls in front are those of OWASP's "CSV injection".
_FORMULA: Final = re.compile(
    "'*(?:[\\s\u200b-\u200f\u2060-\u2064\ufeff]*[=+\\-@\u207a\u207c\u208a\u208c\ufb29\ufe62\ufe63\ufe66\ufe6b\uff0b\uff0d"
    "\uff1d\uff20\u2a75\u2a76]|[\t\r\n])"
)


def document(answer: Answer, shape: str) -> str:
    """Return an answer as ``morgue search --format`` prints it to a file: ``text``, ``md``, ``csv`` or ``jsonl``."""
    if shape in WITH_NEAREST:
        prepare_nearest(answer)
    if shape == "csv":
        return csv_rows((answer,))
    lines = jsonl((answer,)) if shape == "jsonl" else markdown(answer) if shape == "md" else answer_lines(answer)
    return "".join(f"{written(line)}\n" for line in lines)


def csv_rows(answers: tuple[Answer, ...]) -> str:
    """Return answers as CSV; no cell can be taken for a formula."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(_COLUMNS)
    for answer in answers:
        writer.writerows([cell(value) for value in _row(answer.query.text, hit)] for hit in answer)
    return out.getvalue()


def jsonl(answers: tuple[Answer, ...]) -> Iterator[str]:
    """Yield one line of JSON a hit, with its query."""
    for answer in answers:
        yield from (to_line({"query": answer.query.text, **hit_object(hit)}) for hit in answer)


def cell(value: object) -> object:
    """Return a value as a cell that is no formula: behind an apostrophe, where it could be taken for one.

    So it is where apostrophes stand before what could be one: without the first of them, each such cell is the value.
    """
    if not isinstance(value, str):
        return "" if value is None else value
    return f"'{value}" if _FORMULA.match(value) else value


def _row(query: str, hit: Hit) -> tuple[object, ...]:
    article, passage = hit.article, hit.passage
    facts = (
        article.title,
        article.outlet,
        article.author,
        article.published,
        article.url,
        article.path,
        article.record,
    )
    return (
        visible_line(query), hit.rank, printable(passage.text), *(fact and visible_line(fact) for fact in facts),
        passage.start, passage.end, passage.version, article.id, passage.id, hit.score,
    )  # fmt: skip
