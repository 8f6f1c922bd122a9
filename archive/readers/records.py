"""Names for the records of a file: what each is called by itself, else the line on which it begins."""

from __future__ import annotations

from typing import Final

from archive.text.decode import single_line

# Characters of an identifier that are kept, as of a title: it is shown beside the path. Chosen, not measured.
_LONGEST: Final = 300


class Names:
    """Gives each record of a file a name of its own: its id, else its line; a name met before gets ``#line``."""

    def __init__(self) -> None:
        self._seen: set[str] = set()

    def name(self, identifier: str, line: int) -> str:
        """Return the name of the next record, from what ``identifier`` gave and the line on which it begins."""
        name = identifier or str(line)
        while name in self._seen:
            name = f"{name}#{line}"
        self._seen.add(name)
        return name


def identifier(stated: object) -> str:
    """Return the id that a record states, empty when it is none that can be kept."""
    plain = stated if isinstance(stated, str) else str(stated) if type(stated) is int else ""
    return single_line(plain, _LONGEST)
