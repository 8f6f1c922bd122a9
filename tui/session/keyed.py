"""A sentence that names keys by what they do, as a person may have given actions other keys."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

_ACTION: Final = re.compile(r"\{([a-z-]+)\}")


@dataclass(frozen=True, slots=True)
class Keyed:
    """Words with the names of actions in braces, such as ``{undo} undoes it``.

    Attributes:
        words: those of the program alone; what anybody else wrote stands beside them, never in them.
    """

    words: str

    def said(self, label: Callable[[str], str]) -> str:
        """Write the key of each action in the place of its name.

        Args:
            label: writes the key of an action, by the action's name, as it is labelled.
        """
        return _ACTION.sub(lambda found: label(found[1]), self.words)
