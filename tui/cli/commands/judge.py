"""``morgue judge``: note which articles answer a question, for eval."""

from __future__ import annotations

from pathlib import Path

import click

from tui.cli.common import Shared, on_archive, say
from tui.formats.plural import counted


@click.command("judge")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.argument("question")
@click.argument("identifiers", nargs=-1, required=True, metavar="ID...")
@click.option(
    "--gain", type=click.IntRange(min=0), default=1, show_default=True, help="How good an answer; 0 for none."
)
@on_archive
def command(shared: Shared, folder: Path, question: str, identifiers: tuple[str, ...], gain: int) -> int:
    """Note which articles or passages answer a question, for "morgue eval FOLDER".

    ID is an article's or a passage's identifier, as search prints it. A later judgement of the same replaces the
    earlier.
    """
    from index.evaluation.judgements import judge

    with shared.open() as archive:
        judged = judge(folder, question, identifiers, gain, archive)
    say(f"{counted(judged, 'judged answer')} to this question in {folder}.")
    return 0
