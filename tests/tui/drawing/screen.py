"""A terminal as far as the UI draws on it: the cursor is moved, looks are set, text is written."""

from __future__ import annotations

import re

from rich.cells import cell_len

Look = tuple[frozenset[str], str, str]
Cell = tuple[str, Look]
_TOKEN = re.compile(r"\x1b\[(?P<numbers>[\d;]*)(?P<end>[Hm])|(?P<text>[^\x1b])", re.DOTALL)
PLAIN: Look = (frozenset(), "", "")


class Screen:
    """Cells with their looks, the cursor in the first one."""

    def __init__(self, width: int, height: int) -> None:
        self.lines: list[list[Cell]] = [[(" ", PLAIN)] * width for _ in range(height)]
        self._x = self._y = 0
        self._look = PLAIN

    def after(self, written: str) -> list[list[Cell]]:
        """Write, and return the cells; the second one of a wide character is empty."""
        place = 0
        while place < len(written):
            found = _TOKEN.match(written, place)
            assert found is not None, f"what is {written[place : place + 20]!r}?"
            place = found.end()
            if found["text"] is not None:
                self._put(found["text"])
            elif found["end"] == "H":
                line, column = found["numbers"].split(";")
                self._y, self._x = int(line) - 1, int(column) - 1
            else:
                self._look = self.look(found["numbers"], self._look)
        return self.lines

    def _put(self, character: str) -> None:
        line, width = self.lines[self._y], cell_len(character)
        if width == 0:
            assert self._x > 0
            before, look = line[self._x - 1]
            line[self._x - 1] = (before + character, look)
            return
        assert self._x + width <= len(line), "written beyond the screen"
        line[self._x : self._x + width] = [(character, self._look), *[("", self._look)] * (width - 1)]
        self._x += width

    @staticmethod
    def look(numbers: str, before: Look = PLAIN) -> Look:
        """Return a look after its parameters were set."""
        flags, colour, ground = before
        left = numbers.split(";")
        while left:
            first = left[0]
            count = {"5": 3, "2": 5}[left[1]] if first in ("38", "48") else 1
            value, left = ";".join(left[:count]), left[count:]
            number = int(first or 0)
            if number == 0:
                flags, colour, ground = PLAIN
            elif 30 <= number <= 39 or 90 <= number <= 97:
                colour = value
            elif 40 <= number <= 49 or 100 <= number <= 107:
                ground = value
            else:
                flags |= {value}
        return flags, colour, ground
