"""``morgue add``: read files and folders into the archive and index them."""

from __future__ import annotations

from itertools import takewhile
from pathlib import Path

import click

from archive import Archive
from tui.cli.common import Shared, json_option, on_archive, print_lines, quiet_option, say, strict_option
from tui.cli.progress import Form, progress_option
from tui.cli.resources import Encoders
from tui.cli.run import Build, Manner, Work, dry_run_option, jobs_option, run_writing
from tui.cli.streams import is_heard
from tui.formats.json import to_line


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
        from index import build

        encoders = Encoders(jobs)
        work = _work(
            archive, paths, purged, no_index, jobs, lambda tell: build(archive, progress=tell, encoder=encoders)
        )
        return run_writing(work, manner)


def _work(
    archive: Archive, paths: tuple[Path, ...], purged: bool, no_index: bool, jobs: int | None, build: Build
) -> Work:
    from index import passage_rule

    rule = passage_rule(archive.settings)
    return Work(
        "add",
        archive,
        lambda tell: archive.add(paths, rule, tell, purged=purged, jobs=jobs),
        (lambda tell: None) if no_index else build,
        again="the same again" if no_index else "morgue update",
    )


def _dry_run(
    shared: Shared, paths: tuple[Path, ...], purged: bool, no_index: bool, jobs: int | None, manner: Manner
) -> int:
    from archive.dry_run import scratch_copy
    from index.indexing.estimate import estimate_build

    with scratch_copy(shared.root) as copy:
        work = _work(copy, paths, purged, no_index, jobs, lambda tell: estimate_build(copy, shared.root, progress=tell))
        return run_writing(work, manner)


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
