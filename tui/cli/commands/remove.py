"""``morgue remove``: take out an article or a source; ``--undo`` brings it back, ``--purge`` erases it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

import click

from archive import Archive, Article
from archive.core.errors import UsageError
from tui.cli.common import Shared, in_full, json_option, on_archive, print_lines, quiet_option, say, tell_problems
from tui.cli.exit_codes import BUSY, DAMAGED, DONE
from tui.cli.progress import Form, progress, progress_option
from tui.cli.resources import Encoders
from tui.cli.run import Manner, jobs_option
from tui.formats.json import dry_run_object, purge_object, removal_object, to_line
from tui.formats.plural import counted
from tui.formats.remedies import Misuse, advised, shell_word
from tui.formats.report import foreseen_lines, purge_lines, title_lines

if TYPE_CHECKING:
    from index.indexing.purge import PurgeReport

_LEAST: Final = 4  # characters of an identifier, as git asks for: one letter is a slip, and may be a whole source


@click.command("remove")
@click.argument("id")
@click.option("--undo", is_flag=True, help="Bring back what was removed.")
@click.option("--purge", is_flag=True, help="Erase it everywhere; nothing brings it back but its source.")
@click.option("--yes", is_flag=True, help="Purge without asking.")
@click.option("--dry-run", is_flag=True, help="Only tell what would go.")
@click.option("--no-index", is_flag=True, help="Index later with update or rebuild.")
@jobs_option
@progress_option
@json_option
@quiet_option
@on_archive
def command(
    shared: Shared,
    id: str,  # noqa: A002 - the name that help shows
    undo: bool,
    purge: bool,
    yes: bool,
    dry_run: bool,
    no_index: bool,
    jobs: int | None,
    progress: Form,
    as_json: bool,
    quiet: bool,
) -> int:
    """Take out an article or a source; --undo brings it back, --purge erases it.

    The text is kept, so that nothing is lost by mistake; ID may be the beginning of an identifier. With --purge it is
    erased from the catalog, its copies in the archive folder, the vectors and the index, and refused when it is met
    again; "add --purged" takes it in after all.
    """
    _check(undo, purge, yes, dry_run, no_index)
    with shared.open() as archive:
        whole = in_full(archive, id, passages=False, least=_LEAST)
        if purge and not dry_run and whole != id:
            raise UsageError(f"What is purged is named whole: {whole}.")
        id = whole  # noqa: A001 - the name that help shows
        if dry_run:
            return _dry_run(archive, id, purge, as_json)
        manner = Manner(as_json, quiet, progress=progress)
        if purge:
            return _purge(archive, id, yes, Encoders(jobs), manner)
        return _remove(archive, id, undo, None if no_index else Encoders(jobs), manner)


def _check(undo: bool, purge: bool, yes: bool, dry_run: bool, no_index: bool) -> None:
    """Refuse options that contradict each other.

    Raises:
        Misuse: they do.
    """
    if undo and (purge or dry_run):
        raise Misuse("--undo goes with neither --purge nor --dry-run.", "morgue remove --help")
    if purge and no_index:
        raise Misuse("--purge erases from the index too; it does not go with --no-index.")
    if yes and not purge:
        raise Misuse("--yes goes with --purge.", "morgue remove --help")


def _dry_run(archive: Archive, identifier: str, purge: bool, as_json: bool) -> int:
    articles = archive.affected(identifier, purge=purge)
    foreseen = archive.foresee_purge([article.id for article in articles]) if purge else None
    if as_json:
        click.echo(to_line(dry_run_object("purge" if purge else "remove", articles, foreseen)))
        return 0
    print_lines([f"{'Purging' if purge else 'Removing'} would take out {counted(len(articles), 'article')}."])
    print_lines(title_lines(articles))
    print_lines(foreseen_lines(foreseen) if foreseen is not None else ())
    return 0


def _remove(archive: Archive, identifier: str, undo: bool, encoders: Encoders | None, manner: Manner) -> int:
    """Take something out or bring it back; the index follows, unless there is nothing to make encoders with."""
    from index import build

    with archive.writing():
        removal = archive.restore(identifier) if undo else archive.remove(identifier)
        if encoders is not None:
            with progress(manner.quiet, manner.progress) as tell:
                built = build(archive, progress=tell, encoder=encoders)
            for note in built.notes:
                say(advised(note))
    if manner.as_json:
        click.echo(to_line(removal_object("restore" if undo else "remove", removal)))
    elif not manner.quiet:
        what, more = (
            ("Brought back", "") if undo else ("Removed", f" Undo: morgue remove {shell_word(identifier)} --undo")
        )
        say(f"{what} {counted(len(removal.articles), 'article')}.{more}")
    return 0


def _purge(archive: Archive, identifier: str, yes: bool, encoders: Encoders, manner: Manner) -> int:
    from index.indexing.purge import purge

    articles = archive.affected(identifier, purge=True)
    if not yes:
        _ask(archive, articles)
    with progress(manner.quiet, manner.progress) as tell:
        report = purge(archive, identifier, progress=tell, encoder=encoders)
    tell_problems(archive)
    _tell(report, manner.as_json, manner.quiet)
    if report.index.held:
        return BUSY
    return DONE if report.whole else DAMAGED


def _ask(archive: Archive, articles: tuple[Article, ...]) -> None:
    """Let a person say yes.

    Raises:
        Misuse: there is no terminal to ask at.
        Abort: the answer is no.
    """
    if not sys.stdin.isatty():
        raise Misuse("There is no terminal to ask at whether to purge.", "the same again with --yes")
    foreseen = archive.foresee_purge([article.id for article in articles])
    for line in (*title_lines(articles), *foreseen_lines(foreseen)):
        say(line)
    click.confirm(f"Erase {counted(len(articles), 'article')} for good?", abort=True, err=True)


def _tell(report: PurgeReport, as_json: bool, quiet: bool) -> None:
    if as_json:
        click.echo(to_line(purge_object(report)))
    elif not quiet or not report.whole:
        for line in purge_lines(report):
            say(line)
