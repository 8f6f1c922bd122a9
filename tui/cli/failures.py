"""Everything that can end the command early, put into words."""

from __future__ import annotations

import errno
from dataclasses import dataclass

import click

from archive.core.errors import Action, ArchiveError, Remedy
from archive.core.system_limits import in_words, limit_of
from tui.cli.exit_codes import INTERNAL, INTERRUPTED, TERMINATED, WRONG_USAGE, exit_code
from tui.cli.signals import Stopped, Terminated
from tui.formats.remedies import command_against, command_line


@dataclass(frozen=True, slots=True)
class Failure:
    """Why the command ended early.

    Attributes:
        code: the stable word that scripts see.
        message: what was found and where.
        run: what to type next, None where nothing helps.
        exit_code: of the process.
    """

    code: str
    message: str
    run: str | None
    exit_code: int


def failure_of(error: BaseException) -> Failure:
    """Put an error into words; what nobody foresaw is an internal one."""
    if not isinstance(error, Stopped | click.ClickException) and (limit := limit_of(error)) is not None:
        message = error.message if isinstance(error, ArchiveError) else f"The system refused: {in_words(limit)}."
        return Failure("system", message, None, INTERNAL)
    match error:
        case Stopped():
            return Failure(error.code, error.message, error.run, error.exit_code)
        case ArchiveError():
            return Failure(error.code, error.message, command_against(error), exit_code(error))
        case click.ClickException():
            return Failure("usage", error.format_message(), _help(error), WRONG_USAGE)
        case KeyboardInterrupt() | click.Abort():
            return Failure("interrupted", "Stopped; what was finished is kept.", None, INTERRUPTED)
        case Terminated():
            return Failure("terminated", "Stopped; what was finished is kept.", None, TERMINATED)
        case ImportError():
            message = f"What is installed cannot be loaded: {type(error).__name__}: {error}"
            return Failure("internal", message, command_line(Remedy(Action.DIAGNOSE)), INTERNAL)
        case OSError(errno=errno.ENAMETOOLONG):  # only what is typed can be: what there is has a name
            return Failure("usage", f"The system refused: {in_words(error)}.", None, WRONG_USAGE)
        case OSError(strerror=str()):
            return Failure("system", f"The system refused: {in_words(error)}.", None, INTERNAL)
    message = f"An internal error: {type(error).__name__}: {error}"
    return Failure("internal", message, "the same again with --debug, and report what it prints", INTERNAL)


def _help(error: click.ClickException) -> str:
    context = error.ctx if isinstance(error, click.UsageError) else None
    path = context.command_path if context else "morgue"
    if context is not None and context.info_name == "search" and isinstance(error, click.NoSuchOption):
        return f'{path} -- "QUESTION", if the question begins with a dash'
    return f"{path} --help"
