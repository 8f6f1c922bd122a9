"""``morgue update``."""

from __future__ import annotations

import click

from tui.cli.common import Shared, json_option, on_archive, quiet_option, strict_option
from tui.cli.machine import Encoders, all_but_one, step_back
from tui.cli.writing import Manner, Work, jobs_option, run_writing


@click.command("update")
@jobs_option
@json_option
@quiet_option
@strict_option
@on_archive
def command(shared: Shared, jobs: int | None, as_json: bool, quiet: bool, strict: bool) -> int:
    """Look again at every source and index what changed.

    Changed files get a new version, moved ones stay the same article, vanished ones stay searchable and are marked.
    Runs niced and on all cores but one.
    """
    from index import build, passage_rule

    step_back()
    encoders = Encoders(jobs or all_but_one())
    with shared.open() as archive:
        rule = passage_rule(archive.settings)
        work = Work(
            "update",
            archive,
            lambda tell: archive.update(rule, tell),
            lambda tell: build(archive, progress=tell, encoder=encoders),
            again="morgue update",
        )
        return run_writing(work, Manner(as_json, quiet, strict))
