"""SIGINT and SIGTERM while something is written: the first stops after the batch in hand, a second one at once."""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from types import FrameType
from typing import TYPE_CHECKING, Any, Final, Self

from tui.cli.exit_codes import INTERRUPTED, TERMINATED

if TYPE_CHECKING:
    from types import TracebackType

    from archive.core.progress import Progress, Step

_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)
_SAID: Final = "Stopping after this batch; again to stop at once."


class Terminated(BaseException):
    """SIGTERM was received."""


class Stopped(BaseException):
    """Work ended at a signal, in a state that the next run goes on from.

    Attributes:
        message: what is kept.
        run: what goes on with it.
        code, exit_code: of the signal.
    """

    def __init__(self, cause: BaseException, message: str, run: str) -> None:
        super().__init__(message)
        self.message = message
        self.run = run
        is_terminated = isinstance(cause, Terminated)
        self.code = "terminated" if is_terminated else "interrupted"
        self.exit_code = TERMINATED if is_terminated else INTERRUPTED


class Stop:
    """Whether a run was asked to stop, and what it had come to; a context in which signals are held back.

    Args:
        quiet: say nothing at the first signal.

    Attributes:
        quiet: likewise; may be changed while it is held.
        last: the newest step of the run.
    """

    def __init__(self, *, quiet: bool = False) -> None:
        self.last: Step | None = None
        self.quiet = quiet
        self._number: int | None = None
        self._before: dict[int, Any] = {}

    def is_set(self) -> bool:
        """Tell whether a signal was received."""
        return self._number is not None

    @property
    def exit_code(self) -> int | None:
        """Return what a run exits with that was asked to stop, None when it was not."""
        if self._number is None:
            return None
        return TERMINATED if self._number == signal.SIGTERM else INTERRUPTED

    def check(self) -> None:
        """End the run if it was asked to stop.

        Raises:
            KeyboardInterrupt, Terminated: it was.
        """
        if self._number is not None:
            _end(self._number)

    def through(self, tell: Progress | None) -> Progress:
        """Return a callback that passes steps on, remembers the last, and ends the run there if it was asked to."""

        def pass_on(step: Step) -> None:
            self.last = step
            if tell is not None:
                tell(step)
            self.check()

        return pass_on

    def __enter__(self) -> Self:
        for number in _SIGNALS:
            handler = signal.getsignal(number)
            if handler is not signal.SIG_IGN:  # a script may have said so
                self._before[number] = handler
                signal.signal(number, self._receive)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _receive(self, number: int, frame: FrameType | None) -> None:
        if self._number is not None:
            _end(number)
        self._number = number
        if not self.quiet:
            _say_now(_SAID)


def _end(number: int) -> None:
    raise Terminated if number == signal.SIGTERM else KeyboardInterrupt


def _say_now(text: str) -> None:
    """Write to stderr past its buffer, which the interrupted code may be writing to."""
    with suppress(OSError):
        clear = "\r\n" if os.isatty(2) else ""
        os.write(2, f"{clear}{text}{os.linesep}".encode())
