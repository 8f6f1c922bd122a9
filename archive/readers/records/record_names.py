"""Names for the records of a file: what each is called by itself, else its place."""

from __future__ import annotations


class Names:
    """Gives each record of a file a name of its own: its id, else its place; a name met before gets ``#place``."""

    def __init__(self) -> None:
        self._seen: set[str] = set()

    def name(self, identifier: str, place: str) -> str:
        """Return the name of the next record.

        Args:
            identifier: what the record calls itself, empty where it says nothing.
            place: where it stands in the file, such as the number of its first line.
        """
        name = identifier or place
        while name in self._seen:
            name = f"{name}#{place}"
        self._seen.add(name)
        return name
