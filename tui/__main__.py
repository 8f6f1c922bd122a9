"""The ``morgue`` command: one handler for everything that can go wrong."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence
from types import FrameType

import click

from archive.errors import ArchiveError
from tui.cli.group import morgue
from tui.output.values import error_object, to_line

INTERNAL = 70
INTERRUPTED = 130
TERMINATED = 143


class Terminated(BaseException):
    """SIGTERM was received."""


def main() -> None:
    """Run the command with the arguments of the process and exit."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run the command; return its exit code. Nothing but ``--debug`` lets a traceback through."""
    _prepare()
    as_json = "--json" in arguments
    try:
        done = morgue.main(args=list(arguments), prog_name="morgue", standalone_mode=False)
        sys.stdout.flush()
        return done if isinstance(done, int) else 0
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except click.ClickException as error:
        hint = getattr(error, "ctx", None)
        run_this = f"{hint.command_path} --help" if hint else "morgue --help"
        return _told(as_json, "usage", error.format_message(), run_this, 2)
    except ArchiveError as error:
        if "--debug" in arguments:
            raise
        return _told(as_json, error.code, error.message, error.run, error.exit_status)
    except (KeyboardInterrupt, click.Abort):
        return _told(as_json, "interrupted", "Stopped; what was finished is kept.", None, INTERRUPTED)
    except Terminated:
        return _told(as_json, "terminated", "Stopped; what was finished is kept.", None, TERMINATED)
    except (BrokenPipeError, SystemExit):  # click makes a SystemExit of a closed pipe
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        if "--debug" in arguments:
            raise
        said = f"An internal error: {type(error).__name__}: {error}"
        return _told(as_json, "internal", said, "the same again with --debug, and report what it prints", INTERNAL)


def _prepare() -> None:
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    signal.signal(signal.SIGTERM, _terminate)


def _terminate(number: int, frame: FrameType | None) -> None:
    raise Terminated


def _told(as_json: bool, code: str, message: str, run_this: str | None, status: int) -> int:
    if as_json:
        click.echo(to_line(error_object(code, message, run_this)))
    else:
        click.echo(f"morgue: {message}" + (f"\n  run: {run_this}" if run_this else ""), err=True)
    return status


if __name__ == "__main__":
    main()
