"""The ``morgue`` command: one handler for everything that can go wrong."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Sequence
from itertools import takewhile
from types import FrameType

import click

from archive.text.decode import printable
from archive.text.visible import visible_line
from tui.cli.common import Shared
from tui.cli.exit_codes import INTERRUPTED, TERMINATED
from tui.cli.failures import Failure, failure_of
from tui.cli.group import morgue
from tui.cli.signals import Stopped, Terminated


def main() -> None:
    """Run the command with the arguments of the process and exit.

    A signal may come while a thread of the UI loads a model in native code, which aborts an interpreter that is taken
    down under it; so the process then ends without that.
    """
    code = run(sys.argv[1:], alone=True)
    if code in (INTERRUPTED, TERMINATED) and any(thread.daemon for thread in threading.enumerate()):
        sys.stderr.flush()
        os._exit(code)
    sys.exit(code)


def run(arguments: Sequence[str], *, alone: bool = False) -> int:
    """Run the command; return its exit code. Nothing but ``--debug`` lets a traceback through.

    Args:
        arguments: of the command.
        alone: the process is there for it alone; see ``Shared``.
    """
    _prepare()
    try:
        return _run(list(arguments), alone)
    except (BrokenPipeError, SystemExit):  # click makes a SystemExit of a closed pipe
        _discard_output()
        return 0


def _run(arguments: list[str], alone: bool) -> int:
    options = set(takewhile(lambda argument: argument != "--", arguments))
    try:
        result = morgue.main(args=arguments, prog_name="morgue", standalone_mode=False, obj=Shared(alone=alone))
        if sys.stdout is not None:
            sys.stdout.flush()
        return result if isinstance(result, int) else 0
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except BrokenPipeError:
        raise
    except (Exception, KeyboardInterrupt, Terminated, Stopped) as error:
        if "--debug" in options:
            _print_traceback()
        failure = failure_of(error)
        _report(failure, as_json="--json" in options)
        return failure.exit_code


def _report(failure: Failure, *, as_json: bool) -> None:
    """Print what went wrong, as an object on stdout or a sentence on stderr."""
    if as_json:
        from tui.formats.json import error_object, to_line  # loaded already by a command that has begun

        try:
            click.echo(to_line(error_object(failure.code, failure.message, failure.run)))
            return
        except BrokenPipeError:
            raise
        except OSError:  # nothing can be written to stdout, a full disk for one; stderr is left
            _discard_output()
    advice = f"\n  run: {visible_line(failure.run)}" if failure.run else ""
    click.echo(f"morgue: {visible_line(failure.message)}{advice}", err=True)


def _print_traceback() -> None:
    import traceback

    click.echo(printable(traceback.format_exc()), err=True, nl=False)


def _discard_output() -> None:
    """Let what is still to be flushed at exit go nowhere."""
    if sys.stdout is not None:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _prepare() -> None:
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    signal.signal(signal.SIGTERM, _terminate)
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # else a script said to ignore it
        signal.signal(signal.SIGINT, _interrupt)


def _terminate(number: int, frame: FrameType | None) -> None:
    raise Terminated


def _interrupt(number: int, frame: FrameType | None) -> None:
    """Interrupt like Python itself; asyncio would take Python's own handler away, and the UI end with 0."""
    raise KeyboardInterrupt


if __name__ == "__main__":
    main()
