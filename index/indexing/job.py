"""One build under way: what its steps share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from archive import Archive
from archive.core.progress import Progress, Step
from index.contracts.engines import Encoder
from index.contracts.recipe import Recipe
from index.embedding.model import Model
from index.indexing.facts import Base
from index.indexing.plan import BuildPlan
from index.vectors.epochs import epoch_folder


@dataclass(frozen=True, slots=True)
class Job:
    """One build.

    Attributes:
        base: the generation in use, None where the plan takes nothing over.
        most: vectors that are made before the switch, where it does not have to wait for all.
        folder: where the new generation grows.
        encoder: returns the encoder of passages, made at the first call.
    """

    archive: Archive
    model: Model
    recipe: Recipe
    plan: BuildPlan
    base: Base | None
    folder: Path
    most: int
    progress: Progress | None
    encoder: Callable[[], Encoder]

    @property
    def store(self) -> Path:
        """Return the folder of the vectors."""
        return epoch_folder(self.archive.layout.vectors, self.model.fingerprint, self.plan.epoch)

    @property
    def words_base(self) -> Base | None:
        """Return the generation whose columns and words are taken over, None where they are written anew."""
        return self.base if self.plan.reuse.words else None

    @property
    def vectors_base(self) -> Base | None:
        """Return the generation whose vectors are taken over, None where they are looked up anew."""
        return self.base if self.plan.reuse.vectors else None

    def tell(self, phase: str, done: int, total: int | None) -> None:
        """Tell of progress, if anybody listens."""
        if self.progress is not None:
            self.progress(Step(phase, done, total))
