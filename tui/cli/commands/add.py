"""``morgue add``: read files and folders into the archive and index them."""

from __future__ import annotations

from collections.abc import Callable
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from archive import Archive
from archive.core.progress import Progress
from tui.cli.common import Shared, json_option, on_archive, print_lines, quiet_option, say, strict_option
from tui.cli.progress import Form, progress_option
from tui.cli.resources import Encoders
from tui.cli.run import Manner, Read, Work, dry_run_option, jobs_option, run_writing
from tui.cli.streams import is_heard
from tui.formats.json import to_line

if TYPE_CHECKING:
    from archive.text.chunking import Rule
    from index import BuildReport


@click.command("add")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--no-index", is_flag=True, help="Read only; index later with update or rebuild.")
@click.option("--preview", is_flag=True, help="Show what would be read; write nothing.")
@dry_run_option
@jobs_option
@progress_option
@click.option("--purged", is_flag=True, help="Take in again what was purged and lies there.")
@json_option
@quiet_option
@strict_option
@on_archive
def command(
    shared: Shared,
    paths: tuple[Path, ...],
    no_index: bool,
    preview: bool,
    dry_run: bool,
    jobs: int | None,
    progress: Form,
    purged: bool,
    as_json: bool,
    quiet: bool,
    strict: bool,
) -> int:
    """Read files and folders into the archive and index them.

    Text, Markdown, HTML and records of JSON are read; everything else is listed as refused. The archive is made if it
    does not exist. Adding the same folder again adds nothing.
    """
    if preview:
        return _preview(shared, paths, as_json)
    from archive.ingest.sources import check_source

    for path in paths:
        check_source(path.absolute(), shared.root)
    manner = Manner(as_json, quiet, strict, dry_run, progress)
    if dry_run:
        return _dry_run(shared, paths, purged, no_index, jobs, manner)
    is_new = not shared.root.exists()
    with Archive.create(shared.root) as archive:
        if is_new and not quiet:
            say(f"New archive: {archive.root}")
        from index import Growing, passage_rule

        rule = passage_rule(archive.settings)
        if no_index:
            reading = _reading(archive, paths, rule, purged, jobs)
            return run_writing(Work("add", archive, reading, lambda tell: None, "the same again"), manner)
        growing = Growing(archive, Encoders(jobs))
        reading = _reading(archive, paths, rule, purged, jobs, growing.while_reading)
        return run_writing(Work("add", archive, reading, growing.finish, "morgue update"), manner)


def _reading(
    archive: Archive,
    paths: tuple[Path, ...],
    rule: Rule,
    purged: bool,
    jobs: int | None,
    through: Callable[[Progress | None], Progress | None] = lambda tell: tell,
) -> Read:
    return lambda tell: archive.add(paths, rule, through(tell), purged=purged, jobs=jobs)


def _dry_run(
    shared: Shared, paths: tuple[Path, ...], purged: bool, no_index: bool, jobs: int | None, manner: Manner
) -> int:
    from archive.dry_run import scratch_copy
    from index import passage_rule
    from index.indexing.estimate import estimate_build

    with scratch_copy(shared.root) as copy:
        reading = _reading(copy, paths, passage_rule(copy.settings), purged, jobs)

        def estimate(tell: Progress | None) -> BuildReport | None:
            return None if no_index else estimate_build(copy, shared.root, progress=tell)

        return run_writing(Work("add", copy, reading, estimate, "the same again"), manner)


def _preview(shared: Shared, paths: tuple[Path, ...], as_json: bool) -> int:
    from archive.folder.discovery import is_archive
    from archive.folder.layout import Layout
    from archive.folder.settings import load
    from archive.ingest.preview import preview
    from archive.readers import READERS, Limits, mapped
    from tui.formats.preview import preview_lines, preview_object

    settings = load(Layout(shared.root).settings) if is_archive(shared.root) else None
    limits = None if settings is None else Limits(settings.max_text)
    items = preview(paths, shared.root, limits, mapped(READERS, () if settings is None else settings.records))
    if as_json:
        click.echo(to_line(preview_object(items)))
        return 0
    for item in takewhile(lambda item: is_heard(), items):
        print_lines(preview_lines(item))
    return 0
