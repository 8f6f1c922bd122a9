"""stdout and stderr as streams that never end the work: what they refuse is remembered, and told when it is done.

A reader that has gone (``| head``), a full disk under a log, a terminal that was closed: none of them is a reason to
leave an archive half updated, so that nothing here raises.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from errno import EBADF
from io import TextIOBase
from typing import Final, TextIO, cast

_NUMBERS: Final = (0, 1, 2)  # of stdin, stdout and stderr
_CLOSED: Final = "The stream is closed"


class Lasting(TextIOBase):
    """A stream of text that fails nobody: from its first failure on it takes everything and writes nothing.

    Args:
        stream: where to write; None where it was closed before the process began.

    Attributes:
        failure: why something could not be written, None while everything was.
    """

    def __init__(self, stream: TextIO | None) -> None:
        self._stream = stream
        self.failure: OSError | None = None

    @property
    def encoding(self) -> str:  # type: ignore[override]  # a plain attribute in typeshed, read-only at run time
        """Return the encoding of the stream."""
        return getattr(self._stream, "encoding", None) or "utf-8"

    @property
    def errors(self) -> str:  # type: ignore[override]
        """Return what the stream does with what its encoding lacks."""
        return getattr(self._stream, "errors", None) or "replace"

    @property
    def is_unread(self) -> bool:
        """Tell whether the reader has gone, who has had enough."""
        return isinstance(self.failure, BrokenPipeError)

    def write(self, text: str, /) -> int:
        """Write a text, if that can be done; return how long it is."""
        if not isinstance(text, str):
            raise TypeError(f"a text is written here, not {type(text).__name__}")
        if text and self.failure is None:
            try:
                if self._stream is None:
                    raise OSError(EBADF, _CLOSED)
                self._stream.write(text)
            except (OSError, ValueError) as error:  # ValueError: somebody closed it
                self._fail(error)
        return len(text)

    def flush(self) -> None:
        """Pass on what was written, if that can be done."""
        if self._stream is not None and self.failure is None:
            try:
                self._stream.flush()
            except (OSError, ValueError) as error:
                self._fail(error)

    def isatty(self) -> bool:
        """Tell whether it is a terminal."""
        try:
            return self._stream is not None and self._stream.isatty()
        except ValueError:
            return False

    def writable(self) -> bool:
        """Tell that it can be written to."""
        return True

    def fileno(self) -> int:
        """Return the number of the stream's file.

        Raises:
            OSError: it has none.
        """
        if self._stream is None:
            raise OSError(EBADF, _CLOSED)
        return self._stream.fileno()

    def _fail(self, error: OSError | ValueError) -> None:
        self.failure = error if isinstance(error, OSError) else OSError(EBADF, _CLOSED)
        with suppress(OSError, ValueError):  # what the stream still holds would fail again, at the interpreter's end
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self.fileno())
            os.close(nowhere)


@contextmanager
def lasting_streams() -> Iterator[Lasting]:
    """Let stdout and stderr fail nobody for the length of a block; give stdout, which knows what it could not write."""
    before = sys.stdout, sys.stderr
    results = Lasting(sys.stdout)
    sys.stdout, sys.stderr = cast(TextIO, results), cast(TextIO, Lasting(sys.stderr))
    try:
        yield results
    finally:
        sys.stdout, sys.stderr = before


def is_heard() -> bool:
    """Tell whether what is written to stdout arrives; whoever only prints may stop where it does not."""
    return getattr(sys.stdout, "failure", None) is None


def occupy_numbers() -> None:
    """See to it that no file of an archive gets the number of a stream that was closed before the process began.

    Libraries write their warnings to these numbers, whatever is open there.
    """
    for number in _NUMBERS:
        try:
            os.fstat(number)
        except OSError:
            os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)  # the lowest that is free: this one
    if sys.stdin is None:
        sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: PTH123, SIM115 - for as long as the process lasts
