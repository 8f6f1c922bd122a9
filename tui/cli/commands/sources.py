"""``morgue sources``: list what was added."""

from __future__ import annotations

import click

from tui.cli.common import Shared, always_quiet_option, json_option, on_archive, print_lines
from tui.formats.json import sources_object, to_line


@click.command("sources")
@json_option
@always_quiet_option
@on_archive
def command(shared: Shared, as_json: bool) -> int:
    """List what was added."""
    with shared.open() as archive:
        listed = archive.sources()
        counts = [sum(1 for _ in archive.articles(source.id)) for source in listed]
    if as_json:
        click.echo(to_line(sources_object(listed, counts)))
        return 0
    print_lines(
        f"{source.id}  {count:>8,} articles  {source.root}  added {source.added}"
        for source, count in zip(listed, counts, strict=True)
    )
    if not listed:
        print_lines(["Nothing was added yet; run: morgue add FOLDER"])
    return 0
