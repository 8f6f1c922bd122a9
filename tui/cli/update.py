"""``morgue update``."""

from __future__ import annotations

import click

from tui.cli.common import Shared, json_option, on_archive, quiet_option, strict_option
from tui.cli.writing import run_writing


@click.command("update")
@json_option
@quiet_option
@strict_option
@on_archive
def command(shared: Shared, as_json: bool, quiet: bool, strict: bool) -> int:
    """Look again at every source and index what changed.

    Changed files get a new version, moved ones stay the same article, vanished ones stay searchable and are marked.
    """
    from index import build, passage_rule

    with shared.open() as archive:
        rule = passage_rule(archive.settings)
        return run_writing(
            "update",
            archive,
            lambda tell: archive.update(rule, tell),
            lambda tell: build(archive, progress=tell),
            as_json=as_json,
            quiet=quiet,
            strict=strict,
        )
