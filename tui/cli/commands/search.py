"""``morgue search``: ask a topic and print the passages that answer it."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from archive.core.errors import Advice, Damaged, UsageError
from archive.text.decode import decode
from tui.cli.common import Shared, json_option, on_archive, print_lines, results_option, say, silent
from tui.cli.exit_codes import DAMAGED, DONE, NOTHING_FOUND
from tui.formats.extras import (
    WITH_NEAREST,
    HitExtras,
    count_lines,
    counts_object,
    hit_extras,
    prepare_nearest,
)
from tui.formats.json import SCHEMA, answer_object, to_line
from tui.formats.plural import counted
from tui.formats.remedies import Misuse, advised
from tui.session.request import GROUPS, MODES

if TYPE_CHECKING:
    from index import Answer, Facets

    Counts = Sequence[Facets | None]
    Extras = Sequence[Sequence[HitExtras]]

_FORMATS = ("text", "md", "csv", "jsonl")
SORTS = ("best", "newest", "oldest")  # by name, as importing those of the index loads numpy; so the next ones
FACETS = ("outlet", "author", "lang", "source", "dated", "day", "week", "month", "year")
# More passages than any archive was measured with; numbers without a bound do not fit the machine's integers.
_ROWS = click.IntRange(max=1_000_000)


class Groups(click.Choice[str]):
    """What a row may stand for; stories are not offered, but known, so that asking for them is told plainly."""

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Let stories through to the search, which says that there are none yet."""
        return value if value == "story" else super().convert(value, param, ctx)


class FacetNames(click.ParamType[tuple[str, ...]]):
    """Names of facets with commas between them, each once."""

    name = "facets"

    def convert(
        self, value: str | tuple[str, ...], param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, ...]:
        """Read them; what is none is refused with all that there are."""
        names = value.split(",") if isinstance(value, str) else value
        return tuple(dict.fromkeys(click.Choice(FACETS).convert(name.strip(), param, ctx) for name in names))


@click.command("search")
@click.argument("query", nargs=-1)
@click.option(
    "-k", "k", default=10, type=_ROWS, show_default=True, metavar="N", help="How many rows at most, up to a million."
)
@click.option("--mode", type=click.Choice(MODES), default=MODES[0], show_default=True, help="Words, meaning or both.")
@click.option("--group", type=Groups(GROUPS), default="passage", show_default=True, help="What a row stands for.")
@click.option("--sort", type=click.Choice(SORTS), default=SORTS[0], show_default=True, help="In which order rows come.")
@click.option(
    "--facets",
    type=FacetNames(),
    default=(),
    metavar="NAME,...",
    help=f"Count all that matches by any of {', '.join(FACETS)}.",
)
@click.option("--explain", is_flag=True, help="Print the sums that make each score, and the nearest sentence.")
@click.option("--nearest", is_flag=True, help="Show the nearest passages even when nothing resembles the question.")
@click.option(
    "--unfold", "--copies", is_flag=True, help="List what was folded under each hit: copies, passages of its article."
)
@click.option("--expand", is_flag=True, help="Look for likely spellings of words that the archive hardly holds too.")
@click.option(
    "--rerank",
    metavar="MODEL",
    help="Put the first 50 rows in the order of a cross-encoder: its folder, or its hub name if it was fetched.",
)
@click.option(
    "--format", "shape", type=click.Choice(_FORMATS), default="text", show_default=True, help="What to print."
)
@click.option(
    "--queries", type=click.Path(path_type=Path), metavar="FILE", help="Ask each line of a file (- is stdin)."
)
@json_option
@results_option
@on_archive
def command(
    shared: Shared,
    query: tuple[str, ...],
    k: int,
    mode: str,
    group: str,
    sort: str,
    facets: tuple[str, ...],
    explain: bool,
    nearest: bool,
    expand: bool,
    unfold: bool,
    rerank: str | None,
    shape: str,
    queries: Path | None,
    as_json: bool,
    quiet: bool,
) -> int:
    """Ask a topic and print the passages that answer it.

    Plain words (any may match, more is better), "exact phrases", "near phrases"~5, +must, -not, AND, OR, NOT, (groups),
    title: outlet: author: lang: path: url: source: dated:, date:2021-12..2022-01, after:, before:. Exits 1 when nothing
    resembles the question. Put -- before a question that begins with a dash.
    """
    asked = _asked(query, queries)
    _check(facets, shape, as_json)
    from index import FacetBy, Group, Mode, Order, Reranker, Searcher
    from index.search.passed_over import PassedOver

    reranker = None if rerank is None else Reranker(rerank)
    with Searcher.open(shared.root, on_message=silent if quiet else say) as searcher:
        answers: list[Answer] = []
        damaged = 0
        for question in asked:
            try:
                answers.append(
                    searcher.search(question, k, Mode(mode), Group(group), nearest, expand, reranker, Order(sort))
                )
            except Damaged as error:
                if queries is None:
                    raise
                damaged += 1  # the others are answered all the same
                say(f"{question}: {advised(Advice(error.message, error.remedy))}")
        if as_json or shape in WITH_NEAREST:
            for answer in answers:
                prepare_nearest(answer, every=explain)
        has_extras = (explain or unfold) and (shape == "text" or (as_json and shape != "jsonl"))
        extras = list[tuple[HitExtras, ...]]()
        for number, answer in enumerate(answers if has_extras else ()):
            passed_over = PassedOver()
            extras.append(hit_extras(searcher, answer, passed_over, explain=explain, unfold=unfold))
            degraded = tuple(dict.fromkeys((*answer.degraded, *passed_over.sentences)))
            answers[number] = replace(answer, degraded=degraded)
        extras = extras or [()] * len(answers)
        by = tuple(map(FacetBy, facets))
        counts = [searcher.facets(answer.query, by, Mode(mode), most=None) if by else None for answer in answers]
        _print(tuple(answers), shape, extras, counts, as_json, batch=queries is not None)
        for sentence in dict.fromkeys(sentence for answer in answers for sentence in answer.degraded):
            say(f"degraded: {advised(sentence)}")
        if not quiet and (behind := searcher.behind()):
            say(f"Not indexed as they stand: {counted(behind, 'article')}; run: morgue update")
    if damaged:
        return DAMAGED
    return DONE if any(answer.confidence != "nothing" for answer in answers) else NOTHING_FOUND


def _check(facets: tuple[str, ...], shape: str, as_json: bool) -> None:
    if facets and shape != "text" and not (as_json and shape != "jsonl"):
        raise UsageError(f"--facets goes with text and --json, not with --format {shape}.")


def _asked(query: tuple[str, ...], queries: Path | None) -> list[str]:
    if queries is None:
        if not " ".join(query).strip():
            raise Misuse("Nothing was asked.", 'morgue search "sanctions threats"')
        return [" ".join(query)]
    if query:
        raise UsageError("Give a question or --queries FILE, not both.")
    try:
        raw = sys.stdin.buffer.read() if str(queries) == "-" else queries.read_bytes()
    except OSError as error:
        raise UsageError(f"{queries} cannot be read: {error.strerror}.") from error
    lines = [line.strip() for line in decode(raw).text.split("\n") if line.strip()]
    if not lines:
        raise UsageError(f"{queries} holds no question.")
    return lines


def _say_remarks(answers: tuple[Answer, ...], batch: bool) -> None:
    """Tell beside an export how the questions were read, and which found nothing."""
    from tui.formats.text import remarks

    for answer in answers:
        lead = f"{answer.query.text}: " if batch else ""
        for sentence in remarks(answer):
            say(f"{lead}{sentence}")


def _print(
    answers: tuple[Answer, ...], shape: str, extras: Extras, counts: Counts, as_json: bool, *, batch: bool
) -> None:
    if shape != "text" and not as_json:
        _say_remarks(answers, batch)
    if as_json and shape != "jsonl":
        objects = [
            answer_object(answer, extra) | counts_object(answer, count)
            for answer, extra, count in zip(answers, extras, counts, strict=True)
        ]
        click.echo(to_line({"schema": SCHEMA, "answers": objects} if batch else objects[0]))
    elif shape == "jsonl":
        from tui.formats.export import jsonl

        print_lines(jsonl(answers))
    elif shape == "csv":
        from tui.formats.export import csv_rows

        click.echo(csv_rows(answers), nl=False)
    else:
        _print_text(answers, shape, extras, counts, batch)


def _print_text(answers: tuple[Answer, ...], shape: str, extras: Extras, counts: Counts, batch: bool) -> None:
    if shape == "md":
        from tui.formats.markdown import markdown

        for answer in answers:
            print_lines(markdown(answer))
        return
    from tui.formats.text import answer_lines

    is_terminal = sys.stdout.isatty()
    color = is_terminal and not os.environ.get("NO_COLOR")
    width = shutil.get_terminal_size().columns if is_terminal else None
    for answer, extra, count in zip(answers, extras, counts, strict=True):
        if batch:
            print_lines(["", f"== {answer.query.text}"])
        print_lines(answer_lines(answer, extra, color=color), width=width, color=color)
        print_lines(count_lines(answer, count), width=width, color=color)
