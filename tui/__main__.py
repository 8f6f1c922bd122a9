"""The ``morgue`` command: one handler for everything that can go wrong."""

from __future__ import annotations

import atexit
import os
import signal
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from itertools import takewhile
from types import FrameType

import click

from archive.core.system_limits import in_words
from archive.text.decode import printable
from archive.text.visible import visible_line
from tui.cli.common import Shared
from tui.cli.exit_codes import INTERNAL, INTERRUPTED, TERMINATED
from tui.cli.failures import Failure, failure_of
from tui.cli.group import morgue
from tui.cli.signals import Stopped, Terminated
from tui.cli.streams import Lasting, lasting_streams, occupy_numbers


def main() -> None:
    """Run the command with the arguments of the process and exit.

    A signal may come while a thread of the UI loads a model in native code, which aborts an interpreter that is taken
    down under it; so the process then ends without that.
    """
    occupy_numbers()
    codes: list[int] = []
    atexit.register(_leave, codes)  # registered first, so it is done last
    code = run(sys.argv[1:], alone=True)
    codes.append(code)
    if code in (INTERRUPTED, TERMINATED) and any(thread.daemon for thread in threading.enumerate()):
        os._exit(code)
    sys.exit(code)


def _leave(codes: Sequence[int]) -> None:
    """Leave as soon as all that is to be done at the end is done: taking down what libraries hold takes .05 s or more.

    Args:
        codes: the exit code, once it is known; without it the process ends as it would.
    """
    if codes:
        for stream in (sys.stdout, sys.stderr):
            with suppress(AttributeError, OSError, ValueError):  # closed, or its reader has gone
                stream.flush()
        os._exit(codes[0])


def run(arguments: Sequence[str], *, alone: bool = False) -> int:
    """Run the command; return its exit code. Nothing but ``--debug`` lets a traceback through.

    The code is that of the work: nothing that cannot be printed ends it. Where results cannot be written, and not
    because their reader has gone, a code of 0 becomes 70.

    Args:
        arguments: of the command.
        alone: the process is there for it alone; see ``Shared``.
    """
    _prepare()
    with lasting_streams() as results:
        code = _run(list(arguments), alone, results)
        results.flush()
        if results.failure is None or results.is_unread:
            return code
        click.echo(f"morgue: The results cannot be written: {in_words(results.failure)}.", err=True)
        return code or INTERNAL


def _run(arguments: list[str], alone: bool, results: Lasting) -> int:
    options = set(takewhile(lambda argument: argument != "--", arguments))
    try:
        result = morgue.main(args=arguments, prog_name="morgue", standalone_mode=False, obj=Shared(alone=alone))
        return result if isinstance(result, int) else 0
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except (Exception, KeyboardInterrupt, Terminated, Stopped) as error:
        if "--debug" in options:
            _print_traceback()
        failure = failure_of(error)
        _report(failure, results, as_json="--json" in options)
        return failure.exit_code


def _report(failure: Failure, results: Lasting, *, as_json: bool) -> None:
    """Print what went wrong, as an object on stdout or, also where that cannot be written, a sentence on stderr."""
    if as_json:
        from tui.formats.json import error_object, to_line  # loaded already by a command that has begun

        click.echo(to_line(error_object(failure.code, failure.message, failure.run)))
        if results.failure is None:
            return
    advice = f"\n  run: {visible_line(failure.run)}" if failure.run else ""
    click.echo(f"morgue: {visible_line(failure.message)}{advice}", err=True)


def _print_traceback() -> None:
    import traceback

    click.echo(printable(traceback.format_exc()), err=True, nl=False)


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
