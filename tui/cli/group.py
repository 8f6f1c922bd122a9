"""The command itself: options for all, commands loaded when they are named, the UI when none is."""

from __future__ import annotations

import shlex
from importlib import import_module
from pathlib import Path
from typing import Any, Final

import click

from archive.core.errors import ArchiveError
from tui.cli.common import Shared, shared_options

_COMMANDS: Final = {
    "add": "Read files and folders into the archive and index them.",
    "update": "Look again at every source and index what changed.",
    "rebuild": "Make a new index; no vector is computed twice.",
    "search": "Ask a topic and print the passages that answer it.",
    "show": "Print an article, at a passage, highlighted.",
    "browse": "Open the terminal UI, at a question.",
    "clips": "List and write the passages you marked; mark, note and remove them.",
    "saved": "List the questions you saved, and what is new of each since it was last seen.",
    "stars": "List the articles you starred.",
    "history": "List the questions you asked in the terminal UI, or forget them.",
    "sources": "List what was added.",
    "remove": "Take out an article or a source; --undo brings it back, --purge erases it.",
    "status": "Tell what there is and how far the index is behind.",
    "verify": "Prove that the archive is whole.",
    "doctor": "Tell what is installed, missing or odd on this machine.",
    "repair": "Make the archive whole, from what is sound, its copies and its sources.",
    "backup": "Copy the archive, or its catalog, and prove the copy whole.",
    "restore": "Put a copy of the catalog back, index it, and prove both whole.",
    "export": "Write the passages with their vectors as a Chroma database of its own.",
    "gc": "Free space that nothing uses and nobody reads.",
    "eval": "Measure retrieval over a judged collection, or over your own judgements.",
    "judge": "Note which articles answer a question, for eval.",
}


class LazyGroup(click.Group):
    """A group whose commands are imported only when they are used, so that ``--help`` is quick."""

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - click's own type
        """Run the command; a closed pipe is told like any other failure.

        The streams of the command raise nothing (``tui.cli.streams``), so that the pipe led to another process. click
        would take it for that of a reader who has gone, and end this process.
        """
        try:
            return super().invoke(ctx)
        except BrokenPipeError as error:
            raise ArchiveError("A process that was working on this has ended: Broken pipe.") from error

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that is named; in place of one that there is not, tell the likely one, or how to ask."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            from difflib import get_close_matches

            for likely in get_close_matches(args[0].lower(), _COMMANDS, n=1):
                raise click.UsageError(f"{error.format_message()} Did you mean {likely}?", ctx) from error
            asked = shlex.join(args)
            told = f"{error.format_message()} Questions: morgue search {asked}, or morgue browse {asked}."
            raise click.UsageError(told, ctx) from error

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name the commands in the order of the help."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command."""
        if cmd_name not in _COMMANDS:
            return None
        command = getattr(import_module(f"tui.cli.commands.{cmd_name}"), "command")  # noqa: B009 - for the type's sake
        return command if isinstance(command, click.Command) else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))


def _version(ctx: click.Context, parameter: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        from importlib.metadata import version

        click.echo(f"morgue {version('morgue')}")
        ctx.exit()


@click.command(cls=LazyGroup, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_version, help="Print the version."
)
@shared_options
@click.pass_context
def morgue(ctx: click.Context, archive: Path | None, debug: bool) -> int:
    """Search your own archive of news articles.

    Without a command, the terminal UI opens. The archive is --archive DIR, else $MORGUE_ARCHIVE, else the nearest
    folder upward that is one, else one in your data folder; only "add" makes one.
    """
    ctx.obj = Shared(archive=archive, debug=debug, alone=ctx.obj is not None and ctx.obj.alone)
    if ctx.invoked_subcommand is None:
        from tui.cli.terminal_ui import open_ui

        return open_ui(ctx.obj, "", None)
    return 0
