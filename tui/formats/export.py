"""Hits for documents and spreadsheets: Markdown, CSV and JSON Lines, each quotation with its whole citation."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from archive.text.decode import collapsed_line, printable
from tui.formats.facts import credit
from tui.formats.json import hit_object, to_line

if TYPE_CHECKING:
    from index import Answer, Hit

_COLUMNS: Final = (
    "query", "rank", "quotation", "title", "outlet", "author", "published", "url", "path", "record", "start", "end",
    "version", "article_id", "passage_id", "score",
)  # fmt: skip
_FORMULA: Final = re.compile(r"[=+\-@\t\r]")
_MARKDOWN: Final = re.compile(r"([\\`*_{}\[\]<>#|!~&])")
_LINK: Final = re.compile(r"[^\s<>\\]+")


def markdown(answer: Answer) -> Iterator[str]:
    """Yield an answer as Markdown: quotations with matches in bold, each with its citation."""
    yield f"# {_escaped(answer.query.text)}"
    for hit in answer:
        article, passage = hit.article, hit.passage
        yield f"\n## {hit.rank}. {_escaped(collapsed_line(article.title))}\n"
        yield from (f"> {line}" for line in _bold(hit).splitlines())
        facts = [_escaped(collapsed_line(fact)) for fact in credit(article)]
        link = [_link(article.url)] if article.url else []
        record = [f"record {_escaped(collapsed_line(article.record))}"] if article.record else []
        part = [_escaped(f"{hit.part.kind} {collapsed_line(hit.part.label)}")] if hit.part else []
        place = [_code(article.path), *record, *part, f"characters {passage.start}-{passage.end}"]
        yield "\n" + ", ".join([*facts, *link, *place, f"version {passage.version[:12]}"])


def csv_rows(answers: tuple[Answer, ...]) -> str:
    """Return answers as CSV; no cell can be taken for a formula."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(_COLUMNS)
    for answer in answers:
        writer.writerows([_cell(value) for value in _row(answer.query.text, hit)] for hit in answer)
    return out.getvalue()


def jsonl(answers: tuple[Answer, ...]) -> Iterator[str]:
    """Yield one line of JSON a hit, with its query."""
    for answer in answers:
        yield from (to_line({"query": answer.query.text, **hit_object(hit)}) for hit in answer)


def _row(query: str, hit: Hit) -> tuple[object, ...]:
    article, passage = hit.article, hit.passage
    return (
        query, hit.rank, passage.text, article.title, article.outlet, article.author, article.published, article.url,
        article.path, article.record, passage.start, passage.end, passage.version, article.id, passage.id, hit.score,
    )  # fmt: skip


def _cell(value: object) -> object:
    if not isinstance(value, str):
        return "" if value is None else value
    safe = printable(value)
    return f"'{safe}" if _FORMULA.match(safe) else safe


def _bold(hit: Hit) -> str:
    text, parts, offset = hit.passage.text, [], 0
    for mark in hit.highlights:
        parts += [_escaped(text[offset : mark.start]), f"**{_escaped(text[mark.start : mark.end])}**"]
        offset = mark.end
    return "".join([*parts, _escaped(text[offset:])])


def _escaped(text: str) -> str:
    return _MARKDOWN.sub(r"\\\1", printable(text))


def _link(url: str) -> str:
    """Return a URL as a link, as plain text when it could break out of one."""
    return f"<{url}>" if _LINK.fullmatch(url) and url == printable(url) else _escaped(collapsed_line(url))


def _code(path: str) -> str:
    """Return a path between as many backticks as keep it whole."""
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", path)), default=0))
    pad = " " if len(fence) > 1 else ""
    return f"{fence}{pad}{collapsed_line(path)}{pad}{fence}"
