"""What is known to have come of copying, in words."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from pathlib import Path

PASSES_ON = "tmux sent it on to the terminal; whether that took it, too, is not known."
SHARES_NOTHING = "For the clipboard, too:  tmux set -g set-clipboard on"
KNOWS_NO_CLIPBOARD = "If the terminal has a clipboard:  tmux set -as terminal-features ',*:clipboard'"
TOO_OLD = "The terminal's clipboard was not reached: tmux does that from version 3.2 on."
TAKES_NOTHING = "Inside tmux it arrives only with:  tmux set -g set-clipboard on"


class Reached(Enum):
    """How far a text is known to have come."""

    PROGRAM = "a program took it for the clipboard"
    TMUX = "it is in tmux's buffer"
    SENT = "it was sent to the terminal, which does not answer"
    NOWHERE = "no clipboard was found"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of copying.

    Attributes:
        program: that took the text, where one did.
        sequence: what the terminal still has to be sent; empty where nothing has.
        file: where the text lies besides, so that it is at hand whatever the terminal did.
        note: what else is known, or could be set so that more is reached.
    """

    reached: Reached
    program: str = ""
    sequence: str = ""
    file: Path | None = None
    note: str = ""

    @property
    def certain(self) -> bool:
        """Tell whether the text is known to be where it can be pasted from."""
        return self.reached in {Reached.PROGRAM, Reached.TMUX}

    def words(self, what: str) -> str:
        """Say what is known to have happened to ``what``, such as ``623 characters with their source``."""
        kept = f"Until Morgue ends it is in {self.file}" if self.file is not None else ""
        sentences = {
            Reached.PROGRAM: (f"Copied {what} ({self.program}).",),
            Reached.TMUX: (f"Copied {what} into tmux's buffer: prefix ] pastes it.", self.note),
            Reached.SENT: (f"Sent {what} to the terminal; whether it took it is not known.", self.note, kept),
            Reached.NOWHERE: (f"No clipboard was found for {what}.", kept or "It could not be kept in a file either."),
        }
        return "\n".join(sentence for sentence in sentences[self.reached] if sentence)
