"""``morgue show``: print an article, at a passage, highlighted."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import click

from archive import Archive, Article, Part, Passage, UnknownId, Version
from archive.text.decode import printable
from tui.cli.common import Shared, always_quiet_option, in_full, json_option, on_archive, print_lines, say
from tui.formats.facts import (
    UNCREDITED,
    KnownVersions,
    credit,
    joined,
    known_versions,
    last_change,
    left_out,
    listed,
    place,
)
from tui.formats.json import article_object, to_line
from tui.formats.plural import counted
from tui.formats.remedies import advised


@dataclass(frozen=True, slots=True)
class Shown:
    """What is meant: an article in one of its versions, at a passage or as a whole.

    Attributes:
        known: all versions of the article.
        part: the page, record or message that the passage begins in, None where there is none.
    """

    article: Article
    version: Version
    known: KnownVersions
    passage: Passage | None
    part: Part | None


@click.command("show")
@click.argument("id")
@click.option("--versions", is_flag=True, help="List the versions.")
@click.option("--diff", is_flag=True, help="Show how the newest version differs from the one before.")
@json_option
@always_quiet_option
@on_archive
def command(shared: Shared, id: str, versions: bool, diff: bool, as_json: bool) -> int:  # noqa: A002 - the name that help shows
    """Print an article, at a passage, highlighted.

    ID is that of an article or a passage, or the beginning of one. What cleaning hid is left out and counted.
    """
    with shared.open() as archive:
        shown = _resolve(archive, id)
    damaged = shown.known.damaged
    if damaged:
        say(f"degraded: {advised(left_out(damaged))}")
    changes = tuple(last_change(shown.known)) if diff else None
    if as_json:
        described = article_object(shown.article, shown.version, shown.known.sound, shown.passage, changes, shown.part)
        click.echo(to_line({**described, **({"damaged_versions": list(damaged)} if damaged else {})}))
        return 0
    if versions:
        print_lines(_versions(shown))
    elif changes is None:
        _print_article(shown)
    for line in () if changes is None else changes or ("There is only one version.",):
        click.echo(printable(line))
    return 0


def _resolve(archive: Archive, prefix: str) -> Shown:
    """Find what an identifier of an article or a passage, or the beginning of one, stands for.

    Raises:
        UnknownId: for nothing; UsageError: for several things.
    """
    identifier = in_full(archive, prefix)
    try:
        article, passage = archive.article(identifier), None
    except UnknownId:
        passage = _passage_of(archive, identifier)
        article = archive.article(passage.article_id)
    version = archive.version(article.id, passage.version if passage else article.version)
    return Shown(article, version, known_versions(archive, article.id), passage, _part_of(archive, passage))


def _part_of(archive: Archive, passage: Passage | None) -> Part | None:
    if passage is None or not archive.has_parts():
        return None
    return archive.parts_at([(passage.article_id, passage.version, passage.start, passage.end)])[0]


def _passage_of(archive: Archive, id: str) -> Passage:  # noqa: A002 - the name that help shows
    try:
        return archive.passage(id)
    except UnknownId as error:
        raise UnknownId(f"There is no article or passage {id!r}.", remedy=error.remedy) from error


def _versions(shown: Shown) -> Iterator[str]:
    return (listed(shown.article, known) for known in shown.known.sound)


def _print_article(shown: Shown) -> None:
    """Print what is known of an article, an empty line, and from there to the end nothing but its text."""
    color = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    sign = "" if color else _sign(shown)
    print_lines(_facts(shown, sign))
    click.echo()
    click.echo(_visible(shown, sign).strip("\n"), color=color)


def _facts(shown: Shown, sign: str) -> Iterator[str]:
    """Yield what is known of an article, and how what was asked for is marked in its text."""
    article, version, passage = shown.article, shown.version, shown.passage
    yield article.title
    yield joined((*credit(article), article.url)) or UNCREDITED
    yield place(article, shown.part)
    if version.digest != article.version:
        yield f"An earlier version, {version.digest[:12]}, seen {version.seen}; {_since(shown)}."
    if passage:
        between = f", between {_opening(sign).strip()} and {_closing(sign).strip()}" if sign else ""
        yield f"Passage {passage.id}, characters {passage.start}-{passage.end}{between}."
    if version.damage:
        yield f"({counted(version.damage, 'character')} not read as written in the file.)"
    if version.hidden:
        yield f"({counted(len(version.hidden), 'place')} of scraping residue not shown; --json has them.)"


def _since(shown: Shown) -> str:
    """Return what has become of an article since one of its earlier versions."""
    versions = shown.known.sound
    later = versions[[known.version.digest for known in versions].index(shown.version.digest) + 1 :]
    if later and not shown.known.damaged and all(known.is_reread for known in later):
        return f"the article is the same, and was read again by {later[-1].reader}"
    return "the article has changed since"


def _sign(shown: Shown) -> str:
    """Return as many signs as stand nowhere in a row in the text, so that they mark the passage and nothing else."""
    if shown.passage is None:
        return ""
    runs = re.findall(">+|<+", shown.version.text)
    return ">" * max(3, 1 + max(map(len, runs), default=0))


def _opening(sign: str) -> str:
    return f"{sign} "


def _closing(sign: str) -> str:
    return f" {'<' * len(sign)}"


def _visible(shown: Shown, sign: str) -> str:
    """Return the text without what is hidden; the passage is between signs, without any in bold."""
    version = shown.version
    start, end = (shown.passage.start, shown.passage.end) if shown.passage else (0, 0)
    parts, offset = [], 0
    for hidden in (*version.hidden, None):
        stop = hidden.start if hidden else len(version.text)
        cuts = sorted({offset, stop, *(place for place in (start, end) if offset < place < stop)})
        for left, right in pairwise(cuts):
            text = printable(version.text[left:right])
            inside = start <= left < right <= end
            parts.append(_passage(text, sign) if inside else text)
        offset = hidden.end if hidden else stop
    return "".join(parts)


def _passage(text: str, sign: str) -> str:
    return f"{_opening(sign)}{text}{_closing(sign)}" if sign else click.style(text, bold=True)
