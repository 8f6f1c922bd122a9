"""Making a generation's Chroma index, or taking it over: all that a build knows of Chroma."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Final, Self

from archive.folder.files import link_tree, remove_tree
from index.ann.chroma_build import Making
from index.ann.chroma_check import LEAST_RECALL
from index.ann.measured import Measured
from index.ann.trust import folder_hash, record_trust
from index.contracts.engines import Ordinals
from index.generations.generation import CHROMA
from index.generations.open import SLOTS
from index.indexing.calibrate import background_file, background_vectors
from index.indexing.facts import Base
from index.indexing.job import Job
from index.indexing.validate import require_whole

MOST_LATER: Final = 0.05  # share of the passages that are scored exactly beside an older index; chosen, not measured
MOST_LATER_ROWS: Final = 20_000  # of them; chosen, not measured: scoring so many takes a few milliseconds


@dataclass(frozen=True, slots=True)
class ChromaPart:
    """The Chroma index of a generation.

    Attributes:
        rows: how many passages it holds, from the first on; 0 when there is none.
        measured: of it, None when there is none.
        notes: sentences worth telling.
    """

    rows: int = 0
    measured: Measured | None = None
    notes: tuple[str, ...] = ()


class ChromaStep:
    """The Chroma index of one build, made in a process of its own beside the other steps.

    Args:
        job: the build.
    """

    def __init__(self, job: Job) -> None:
        self._job = job
        self._making: Making | None = None

    def __enter__(self) -> Self:
        """Begin early where there is nothing to take over: loading Chroma takes a second."""
        if self._job.plan.chroma and self._job.vectors_base is None:
            self._making = self._begun()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Give up what is not finished."""
        if self._making is not None:
            self._making.stop()

    @property
    def runs(self) -> bool:
        """Tell whether the index is being made."""
        return self._making is not None

    @property
    def take(self) -> Callable[[Ordinals], None] | None:
        """Return what takes the slots of durable vectors, in order; None while no index is being made."""
        return None if self._making is None else self._making.take

    def complete(self, slots: Ordinals) -> None:
        """Send the slots of all passages, of which the first may have been taken, if an index is being made."""
        if self._making is not None and len(slots):
            # the questions by which the index is measured have to be in their file by then
            background_vectors(self._job.model, self._job.encoder)
            self._making.complete(slots)

    def finish(self, slots: Ordinals) -> ChromaPart:
        """Take the index of the generation in use over, or wait until a new one is made and checked.

        Raises:
            Damaged: what was made does not hold the vectors; the new generation is removed.
        """
        base = self._job.vectors_base
        if not self._job.plan.chroma or not len(slots) or _was_left_out(base):
            return ChromaPart()
        if base is not None and _may_stay(base, len(slots)):
            link_tree(base.folder / CHROMA, self._job.folder / CHROMA)
            return ChromaPart(base.manifest.vectors.base, base.manifest.vectors.measured)
        return self._made(slots)

    def _made(self, slots: Ordinals) -> ChromaPart:
        job, total = self._job, len(slots)
        job.tell("vectors", 0, total)
        if self._making is None:
            self._making = self._begun()
            self.complete(slots)
        verdict = self._making.answer(lambda done: job.tell("vectors", done, total))
        require_whole(job.folder, verdict.problems)
        return self._judged(total, _measured(verdict.figures))

    def _judged(self, rows: int, measured: Measured) -> ChromaPart:
        """Keep an index whose candidates can be relied on, and remove another."""
        folder = self._job.folder / CHROMA
        if measured.recall < LEAST_RECALL:
            remove_tree(folder)
            note = f"Chroma's candidates held only {measured.recall:.0%} of the nearest passages; "
            return ChromaPart(notes=(f"{note}meaning is scored without it.",))
        record_trust(folder_hash(folder))
        return ChromaPart(rows, measured)

    def _begun(self) -> Making:
        job = self._job
        questions = background_file(job.model)
        return Making(job.folder / CHROMA, job.store, job.model.dimension, job.folder / SLOTS, questions)


def _may_stay(base: Base, rows: int) -> bool:
    """Tell whether a generation of so many passages may use the index of ``base``: few came since."""
    indexed = base.manifest.vectors.base
    return indexed > 0 and rows - indexed <= min(MOST_LATER * rows, MOST_LATER_ROWS)


def _was_left_out(base: Base | None) -> bool:
    """Tell whether an index was made of these vectors and missed too much; the next rebuild tries again."""
    return base is not None and base.manifest.vectors.chroma and not base.manifest.vectors.base


def _measured(figures: Mapping[str, float]) -> Measured:
    return Measured(figures["recall"], int(figures["ef_search"]), figures["chroma_ms"], figures["coded_ms"])
