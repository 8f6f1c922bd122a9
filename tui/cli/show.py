"""``morgue show``."""

from __future__ import annotations

import difflib
import os
import sys
from collections.abc import Iterator, Sequence
from itertools import pairwise

import click

from archive import Archive, Article, UnknownId, Version
from archive.text import printable
from tui.cli.common import Shared, json_option, on_archive
from tui.output.values import article_object, to_line


@click.command("show")
@click.argument("id")
@click.option("--versions", is_flag=True, help="List the versions.")
@click.option("--diff", is_flag=True, help="Show what the newest version changed.")
@json_option
@on_archive
def command(shared: Shared, id: str, versions: bool, diff: bool, as_json: bool) -> int:  # noqa: A002 - the DESIGN's name
    """Print an article, at a passage, highlighted.

    ID is that of an article or a passage, or the beginning of one. What cleaning hid is left out and counted.
    """
    with shared.open() as archive:
        article, start, end = _resolve(archive, id)
        known = archive.versions(article.id)
        version = next(one for one in known if one.digest == article.version)
        if as_json:
            click.echo(to_line(article_object(article, version, known)))
        elif versions:
            for one in known:
                current = "  current" if one.digest == article.version else ""
                click.echo(f"{one.digest[:12]}  {one.seen}  {len(one.text):,} characters  {one.reader}{current}")
        elif diff:
            for line in _difference(known):
                click.echo(printable(line))
        else:
            for line in _lines(article, version, start, end):
                click.echo(line)
    return 0


def _resolve(archive: Archive, given: str) -> tuple[Article, int, int]:
    """Return the article that is meant and the span of the passage, empty for a whole article."""
    for one in archive.matching_ids(given, most=2) or (given,):
        try:
            return archive.article(one), 0, 0
        except UnknownId:
            passage = archive.passage(one)
            return archive.article(passage.article_id), passage.start, passage.end
    raise UnknownId(f"There is no article or passage {given!r}.")


def _lines(article: Article, version: Version, start: int, end: int) -> Iterator[str]:
    yield printable(article.title)
    facts = (article.outlet, article.author, article.published, article.url)
    yield printable(" · ".join(fact for fact in facts if fact)) or "no outlet, author or date known"
    yield printable(article.path + (f", record {article.record}" if article.record else ""))
    yield ""
    yield from _visible(version, start, end).splitlines()
    if version.hidden:
        yield ""
        yield f"({len(version.hidden)} lines of scraping residue are not shown; --json has them.)"


def _visible(version: Version, start: int, end: int) -> str:
    color = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    parts, at = [], 0
    for hidden in (*version.hidden, None):
        stop = hidden.start if hidden else len(version.text)
        cuts = sorted({at, stop, *(place for place in (start, end) if at < place < stop)})
        for left, right in pairwise(cuts):
            text = printable(version.text[left:right])
            inside = start <= left and right <= end
            parts.append(_passage(text, color) if inside else text)
        at = hidden.end if hidden else stop
    return "".join(parts)


def _passage(text: str, color: bool) -> str:
    return click.style(text, bold=True) if color else f">>> {text} <<<"


def _difference(known: Sequence[Version]) -> Iterator[str]:
    if len(known) < 2:
        yield "There is only one version."
        return
    before, after = known[-2], known[-1]
    names = (f"{before.digest[:12]} {before.seen}", f"{after.digest[:12]} {after.seen}")
    yield from difflib.unified_diff(before.text.splitlines(), after.text.splitlines(), *names, lineterm="")
