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
        return self.root / "morgue.toml"

    @property
    def catalog(self) -> Path:
        return self.root / "catalog.sqlite"

    @property
    def vectors(self) -> Path:
        return self.root / "vectors"

    @property
    def generations(self) -> Path:
        return self.root / "generations"

    @property
    def current(self) -> Path:
        return self.root / "CURRENT"

    @property
    def tmp(self) -> Path:
        return self.root / "tmp"

    @property
    def lock(self) -> Path:
        return self.root / "LOCK"

    def generation(self, number: int) -> Path:
        return self.generations / f"{number:06d}"
