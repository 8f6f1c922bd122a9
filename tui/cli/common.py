"""What the commands share: options, the archive they mean, how they print."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import update_wrapper
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import click
from click.core import ParameterSource

from archive.text.visible import visible_line
from tui.cli.exit_codes import DAMAGED, DONE
from tui.formats.lines import Line, written

if TYPE_CHECKING:
    from archive import Archive
    from tui.formats.json import Json

Command = TypeVar("Command", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Shared:
    """The options that every command takes.

    Attributes:
        alone: the process is there for this command alone, which may change its priority.
    """

    archive: Path | None = None
    debug: bool = False
    alone: bool = False

    @property
    def root(self) -> Path:
        """Return the archive that is meant, whether it exists or not."""
        from archive import find

        return find(self.archive)

    def open(self, *, unread: bool = False) -> Archive:
        """Open the archive that is meant; ``unread``: also one whose catalog the disk does not give back.

        Raises:
            NotAnArchive: there is none.
        """
        from archive import Archive

        return Archive.open(self.root, unread=unread)


def in_full(archive: Archive, beginning: str, *, passages: bool = True, least: int = 1) -> str:
    """Return the identifier of an article, a source or a passage that begins so; what begins none, as it is.

    Args:
        archive: to look in.
        beginning: as it was given.
        passages: also look at those of passages.
        least: how many characters of an identifier must be given.

    Raises:
        UsageError: several begin so, or one does and more of it must be given.
    """
    matches = archive.matching_ids(beginning, passages=passages) if beginning else ()
    if beginning in matches or not matches:
        return beginning
    if len(matches) > 1 or len(beginning) < least:
        from archive.core.errors import UsageError

        begun = "several identifiers" if len(matches) > 1 else "one identifier"
        raise UsageError(f"{beginning!r} begins {begun}: {', '.join(matches)}. Give more of it.")
    return matches[0]


def shared_options(function: Command) -> Command:
    """Add ``--archive`` and ``--debug``."""
    archive = click.option("--archive", type=click.Path(path_type=Path), metavar="DIR", help="The archive to use.")
    debug = click.option("--debug", is_flag=True, help="Print a traceback when something unforeseen happens.")
    return archive(debug(function))


def on_archive(function: Callable[..., int]) -> Callable[..., int]:
    """Give a command its ``Shared`` as the first argument; its own ``--archive`` wins over the one before it."""

    @click.pass_obj
    def wrapped(obj: Shared | None, /, archive: Path | None, debug: bool, **rest: Any) -> int:  # noqa: ANN401
        outer = obj or Shared()
        shared = replace(outer, archive=archive or outer.archive, debug=debug or outer.debug)
        return function(shared, **rest)

    return cast(Callable[..., int], shared_options(update_wrapper(wrapped, function)))


json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
quiet_option = click.option("-q", "--quiet", is_flag=True, help="Print nothing but what went wrong.")
_ONLY_RESULTS = "Print results and what went wrong, nothing else."
results_option = click.option("-q", "--quiet", is_flag=True, help=_ONLY_RESULTS)
# for commands that say nothing else anyway, so that a script can give it to all
always_quiet_option = click.option("-q", "--quiet", is_flag=True, expose_value=False, help=_ONLY_RESULTS)
strict_option = click.option("--strict", is_flag=True, help="Exit 3 on any refusal, not only on new ones.")


def tell_whole(whole: bool, report: Json | Iterable[str], *, quiet: bool) -> int:
    """Print a report about the soundness of an archive, an object as JSON; return the exit code."""
    if isinstance(report, dict):
        from tui.formats.json import to_line

        click.echo(to_line(report))
    elif not (quiet and whole):
        print_lines(report)
    return DONE if whole else DAMAGED


def print_lines(lines: Iterable[Line | str], *, width: int | None = None, color: bool = False) -> None:
    """Print lines on stdout, each on one line and safe for a terminal, whatever its facts hold.

    Args:
        lines: to print.
        width: cells of the terminal, where lines are broken for it.
        color: whether its attributes are used.
    """
    for line in lines:
        click.echo(written(line, width=width, color=color), color=color)


def kept_where(archive: Archive) -> str:
    """Return what to say where something is kept in the user's folder, because the archive may only be read."""
    return " It lies in your own folder, because the archive may only be read." if archive.notebook.is_aside else ""


def tell_problems(archive: Archive) -> bool:
    """Tell what could not be read of the notebook; return whether there was anything."""
    for problem in archive.notebook.problems:
        say(problem)
    return bool(archive.notebook.problems)


def tell_degraded(sentences: Iterable[str]) -> None:
    """Tell what was missing when questions were answered, each once."""
    from tui.formats.remedies import advised

    for sentence in dict.fromkeys(sentences):
        say(f"degraded: {advised(sentence)}")


def refuse_options(context: click.Context) -> None:
    """Refuse options of a group of commands that are given before one of them, which would not obey them.

    Raises:
        Misuse: with the first of them.
    """
    from tui.formats.remedies import Misuse

    for parameter in context.command.params:
        is_given = context.get_parameter_source(parameter.name or "") == ParameterSource.COMMANDLINE
        if is_given and parameter.name not in ("archive", "debug"):
            what = f"{parameter.opts[-1]} goes behind {context.invoked_subcommand}, if it takes it."
            raise Misuse(what, f"{context.command_path} {context.invoked_subcommand} --help")


def silent(text: str) -> None:
    """Tell nobody; in place of ``say`` where a command is to be quiet."""
    del text


def say(text: str) -> None:
    """Tell something on stderr, on one line and safe for a terminal; where that cannot be written, nobody is told."""
    click.echo(visible_line(text), err=True)
