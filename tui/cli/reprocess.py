"""Whether an update makes anew what older rules made: agreed to by an option, asked on a terminal, else left."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from tui.formats.report import outdated_line

if TYPE_CHECKING:
    from archive import Archive, Outdated
    from tui.cli.run import Manner

yes_option = click.option("--yes", is_flag=True, help="Process articles again that older rules made, however many.")


def always(outdated: Outdated) -> bool:
    """Agree."""
    del outdated
    return True


def never(outdated: Outdated) -> bool:
    """Leave it for now."""
    del outdated
    return False


def agreed(archive: Archive, manner: Manner, *, yes: bool) -> bool:
    """Tell whether however much may be made anew; where nobody said so beforehand, a person at a terminal is asked."""
    if yes:
        return True
    if manner.as_json or manner.quiet or not (sys.stdin.isatty() and sys.stderr.isatty()):
        return False
    outdated = archive.outdated()
    return outdated.is_much and click.confirm(f"{outdated_line(outdated)} Process them again now?", err=True)
