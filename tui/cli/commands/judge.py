"""``morgue judge``: note which articles answer a question, for eval."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import click

from archive.core.errors import UsageError
from tui.cli.common import Shared, kept_where, on_archive, say, tell_problems
from tui.formats.plural import counted
from tui.formats.remedies import Misuse

_IDENTIFIER: Final = re.compile("[0-9a-f]{16}")
# What may be meant for one: a single word with a digit. Chosen: half of one at least, so that "g20" is a question.
_MISTYPED: Final = re.compile("(?=.*[0-9])[0-9A-Za-z]{8,}")


@click.command("judge")
@click.argument("arguments", nargs=-1, required=True, metavar="[FOLDER] QUESTION ID...")
@click.option(
    "--gain", type=click.IntRange(min=0), default=1, show_default=True, help="How good an answer; 0 for none."
)
@on_archive
def command(shared: Shared, arguments: tuple[str, ...], gain: int) -> int:
    """Note which articles or passages answer a question, for "morgue eval": in the archive, or in files of a FOLDER.

    ID is an article's or a passage's identifier, as search prints it. A later judgement of the same replaces the
    earlier.
    """
    folder, question, identifiers = _parted(arguments)
    with shared.open() as archive:
        if folder is None:
            judged = archive.notebook.judge(question, identifiers, gain)
            more = kept_where(archive)
            tell_problems(archive)
        else:
            from index.evaluation.judgements import judge

            judged = judge(folder, question, identifiers, gain, archive)
            more = ""
    where = "the archive" if folder is None else folder
    say(f"{counted(judged, 'judged answer')} to this question in {where}.{more}")
    return 0


def _parted(arguments: tuple[str, ...]) -> tuple[Path | None, str, tuple[str, ...]]:
    """Tell folder, question and identifiers apart: where all after the first are identifiers, there is no folder."""
    first, *rest = arguments
    if rest and all(_IDENTIFIER.fullmatch(one) for one in rest):
        return None, first, tuple(rest)
    if len(rest) < 2:
        raise Misuse("Give a question and the identifiers of articles or passages.", "morgue judge --help")
    if _MISTYPED.fullmatch(rest[0]) and not Path(first).exists():
        what = f"There is no folder {first}, and {rest[0]} looks like an identifier; check these, or make the folder."
        raise Misuse(what, "morgue judge --help")
    if Path(first).is_file():
        raise UsageError(f"{first} is a file, not a folder of judgements.")
    return Path(first), rest[0], tuple(rest[1:])
