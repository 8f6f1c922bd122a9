"""Textual's driver for Linux and macOS, which also asks the terminal for its background."""

from __future__ import annotations

import os
import selectors
import sys
from codecs import getincrementaldecoder
from time import monotonic
from typing import Final

from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver

from tui.app.background import PATIENCE_SECONDS, QUESTION, AnswerFilter, BackgroundTold
from tui.copying.surroundings import Surroundings

_BYTES: Final = 4096  # at once, as Textual reads
_SECONDS: Final = 0.1  # without a byte, after which an Escape was the key; Textual's own


class AskingDriver(LinuxDriver):
    """Asks when the terminal is taken over: at the start, and after each time it was left.

    The answer may come late, so it is taken out of what is typed whenever that is; nothing waits for it.
    """

    def start_application_mode(self) -> None:
        """Take the terminal over, and ask."""
        self._patient_until = monotonic() + PATIENCE_SECONDS
        super().start_application_mode()  # type: ignore[no-untyped-call]
        if self.input_tty and Surroundings.of(os.environ, sys.platform).takes_sequences:
            self.write(QUESTION)
            self.flush()

    def run_input_thread(self) -> None:
        """Read what is typed until told to stop, as Textual does, but for the answers."""
        parser, answers = XTermParser(self._debug), AnswerFilter()
        decode = getincrementaldecoder("utf-8")().decode
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                ready = bool(selector.select(_SECONDS))
                arrived = decode(os.read(self.fileno, _BYTES)) if ready else ""
                typed, told = answers.passed(arrived, patient=monotonic() < self._patient_until)
                for light in told:
                    self.send_message(BackgroundTold(light))
                for event in parser.feed(typed) if typed else ():
                    self.process_message(event)
                for event in parser.tick():
                    self.process_message(event)
