"""Where things lie in an archive folder; the only place that spells these names."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Layout:
    """Paths inside one archive folder."""

    root: Path

    @property
    def settings(self) -> Path:
        """Return the settings, which make the folder an archive."""
        return self.root / "morgue.toml"

    @property
    def lost_settings(self) -> Path:
        """Return where settings that cannot be read are kept until it was told that they were made anew."""
        return self.root / "morgue.damaged"

    @property
    def catalog(self) -> Path:
        """Return the catalog."""
        return self.root / "catalog.sqlite"

    @property
    def vectors(self) -> Path:
        """Return the folder of vectors."""
        return self.root / "vectors"

    @property
    def generations(self) -> Path:
        """Return the folder of finished generations."""
        return self.root / "generations"

    @property
    def current(self) -> Path:
        """Return the file that names the generation in use."""
        return self.root / "CURRENT"

    @property
    def tmp(self) -> Path:
        """Return the folder of work in progress."""
        return self.root / "tmp"

    @property
    def backups(self) -> Path:
        """Return the folder of copies of the catalog, one made before each change of its schema."""
        return self.root / "backups"

    @property
    def lock(self) -> Path:
        """Return the writer's lock."""
        return self.root / "LOCK"

    @property
    def writer(self) -> Path:
        """Return the note of the process that is writing; it lies in the folder of work in progress."""
        return self.tmp / "writer.json"

    def generation(self, number: int) -> Path:
        """Return the folder of a generation."""
        return self.generations / f"{number:06d}"
