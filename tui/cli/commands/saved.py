"""``morgue saved``: list the questions you saved, and what is new of each since it was last seen."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from archive.core.errors import UsageError
from tui.cli.common import (
    Shared,
    json_option,
    kept_where,
    on_archive,
    print_lines,
    refuse_options,
    results_option,
    say,
    silent,
    tell_degraded,
    tell_problems,
)
from tui.cli.exit_codes import DAMAGED, DONE, NOTHING_FOUND
from tui.cli.streams import is_heard
from tui.formats.json import to_line
from tui.formats.plural import counted
from tui.formats.remedies import Misuse
from tui.session.request import MODES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archive import Archive
    from archive.notebook.kept import SavedQuestion
    from index.search.news import News


@click.group("saved", invoke_without_command=True)
@click.option("--new", is_flag=True, help="Tell the articles that answer and were added or changed since last seen.")
@click.option("--seen", is_flag=True, help="With --new: count what is told as seen from now on.")
@json_option
@results_option
@on_archive
def command(shared: Shared, new: bool, seen: bool, as_json: bool, quiet: bool) -> int:
    """List the questions you saved; with --new, what is new of each since it was last seen.

    An article is new when it answers the question, as "morgue search" answers it, and was added or changed after the
    question was last seen. With --new, exits 0 when anything is new and 1 when nothing is.
    """
    context = click.get_current_context()
    context.obj = shared
    if context.invoked_subcommand is not None:
        refuse_options(context)
        return DONE
    if seen and not new:
        raise Misuse("--seen goes with --new.", "morgue saved --new --seen")
    if new:
        return _news(shared, seen, as_json, quiet)
    with shared.open() as archive:
        saved = archive.notebook.saved()
        damaged = tell_problems(archive)
    _print(saved, None, as_json)
    return DAMAGED if damaged else DONE if saved else NOTHING_FOUND


@command.command("add")
@click.argument("question")
@click.option("--mode", type=click.Choice(MODES), default=MODES[0], show_default=True, help="Words, meaning or both.")
@click.option("--unseen", is_flag=True, help="Let all that answers it now be new.")
@json_option
@results_option
@on_archive
def add(shared: Shared, question: str, mode: str, unseen: bool, as_json: bool, quiet: bool) -> int:
    """Save a question; what answers it now counts as seen."""
    with shared.open() as archive:
        saved = archive.notebook.save(question, mode, seen=0 if unseen else _indexed(archive))
        where = kept_where(archive)
        tell_problems(archive)
    _tell([saved], as_json, quiet, f"Saved as {saved.id}.{where} Undo: morgue saved remove {saved.id}")
    return DONE


@command.command("remove")
@click.argument("id", nargs=-1, required=True)
@json_option
@results_option
@on_archive
def remove(shared: Shared, id: tuple[str, ...], as_json: bool, quiet: bool) -> int:  # noqa: A002 - the name in help
    """Take out saved questions; "morgue saved undo" brings them back."""
    with shared.open() as archive:
        removed = archive.notebook.forget(id)
        left = archive.notebook.saved()
    _tell(left, as_json, quiet, f"Removed {counted(removed, 'saved question')}. Undo: morgue saved undo")
    return DONE


@command.command("undo")
@click.argument("id", nargs=-1)
@json_option
@results_option
@on_archive
def undo(shared: Shared, id: tuple[str, ...], as_json: bool, quiet: bool) -> int:  # noqa: A002 - the name in help
    """Bring back the questions that were removed last, or those that are named. Exits 1 when none was removed."""
    with shared.open() as archive:
        back = archive.notebook.undo_saved(id)
    words = (
        f"Brought back {counted(len(back), 'saved question')}."
        if back
        else "None was removed that could be brought back."
    )
    _tell(back, as_json, quiet, words)
    return DONE if back else NOTHING_FOUND


@command.command("seen")
@click.argument("id", nargs=-1)
@click.option("--all", "every", is_flag=True, help="All saved questions.")
@json_option
@results_option
@on_archive
def seen(shared: Shared, id: tuple[str, ...], every: bool, as_json: bool, quiet: bool) -> int:  # noqa: A002
    """Count all that the index holds now as seen; "morgue saved --new --seen" counts only what it told."""
    with shared.open() as archive:
        named = [saved.id for saved in archive.notebook.saved()] if every else list(id)
        if not named:
            raise UsageError("Name saved questions, or say --all.")
        upto = _indexed(archive)
        marked = [archive.notebook.mark_seen(one, upto) for one in named]
    _tell(marked, as_json, quiet, f"Seen: {counted(len(marked), 'saved question')}.")
    return DONE


def _indexed(archive: Archive) -> int:
    """Return the number of the newest change that the index in use knows; 0 where there is none."""
    from index.generations.generation import manifest_in_use

    manifest = manifest_in_use(archive.layout)
    return 0 if manifest is None else manifest.change


def _news(shared: Shared, seen: bool, as_json: bool, quiet: bool) -> int:
    from index import Searcher
    from index.search.news import news

    with Searcher.open(shared.root, on_message=silent if quiet else say) as searcher:
        notebook = searcher.archive.notebook
        found = [news(searcher, saved) for saved in notebook.saved()]
        _print([one.saved for one in found], found, as_json)
        sys.stdout.flush()
        tell_degraded(sentence for one in found for sentence in one.degraded)
        for one in found if seen else ():
            if not is_heard():
                say(f"Not counted as seen, because nobody read it: {one.saved.question}")
            elif one.degraded:
                say(f"Not counted as seen, because something was missing: {one.saved.question}")
            else:
                notebook.mark_seen(one.saved.id, one.change)
        tell_problems(searcher.archive)
    return DONE if any(one.articles for one in found) else NOTHING_FOUND


def _print(saved: Sequence[SavedQuestion], news: Sequence[News] | None, as_json: bool) -> None:
    from tui.formats.notebook.saved import news_lines, saved_lines, saved_object

    if as_json:
        click.echo(to_line(saved_object(saved, news)))
    else:
        print_lines(saved_lines(saved) if news is None else news_lines(news))


def _tell(saved: Sequence[SavedQuestion], as_json: bool, quiet: bool, sentence: str) -> None:
    if as_json:
        _print(saved, None, as_json)
    elif not quiet:
        say(sentence)
