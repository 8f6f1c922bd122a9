"""All that a build knows of Chroma: sharing the index of the generation in use, and making the one that it lacks.

An index is made of a generation that is finished and in use, for which nobody has to wait. When it was read back and
measured, a generation that shares everything else takes over.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from archive import Archive
from archive.core.errors import Advice, ArchiveError, Damaged
from archive.core.progress import Progress, Step
from archive.core.system_limits import in_words
from archive.folder.files import link_tree, remove_tree
from index.ann.choice import explained, is_worth_keeping, wants_chroma
from index.ann.measured import Measured
from index.ann.trust import folder_hash, record_trust, require_recordable
from index.contracts.engines import Encoder
from index.embedding.model import Model
from index.generations.chroma_build import make_in_subprocess
from index.generations.generation import (
    CHROMA,
    Generation,
    collect,
    is_chroma_ours,
    manifest_in_use,
    open_current,
)
from index.generations.manifest import Manifest, Vectors
from index.indexing.finishing.successor import Told, require_sound, succeed
from index.indexing.job import Job

MOST_LATER: Final = 0.05  # share of the passages that are scored exactly beside an older index; chosen, not measured
FEW_LATER: Final = 512  # of them whatever their share: so few are scored as soon as they are asked for (vectors.int8)
MOST_LATER_ROWS: Final = 20_000  # of them; chosen, not measured: scoring so many takes a few milliseconds


@dataclass(frozen=True, slots=True)
class ChromaStep:
    """What became of the index that a generation lacked.

    Attributes:
        generation: number of the one in use now.
        note: a sentence worth telling, None without one.
    """

    generation: int
    note: str | None = None


def share_index(job: Job, rows: int) -> Vectors:
    """Share the index of the generation in use with a new one of so many passages, where few of them came since.

    Returns:
        What the manifest of the new generation says of its vectors.
    """
    vectors = Vectors(job.model.fingerprint, job.plan.epoch, job.model.dimension, chroma=False, base=0, measured=None)
    if not job.plan.chroma or job.vectors_base is None:
        return vectors
    before = job.vectors_base.manifest.vectors
    if not _is_shared(before, rows):
        return vectors
    if before.base:
        link_tree(job.vectors_base.folder / CHROMA, job.folder / CHROMA)
    return replace(vectors, chroma=True, base=before.base, measured=before.measured)


def shared_rows(job: Job, rows: int) -> int:
    """Return how many passages, the first ones, are known to the index that a generation of so many shares."""
    if not job.plan.chroma or job.vectors_base is None:
        return 0
    before = job.vectors_base.manifest.vectors
    return before.base if _is_shared(before, rows) else 0


def _is_shared(before: Vectors, rows: int) -> bool:
    measured = before.measured
    return measured is not None and rows - measured.passages <= min(max(MOST_LATER * rows, FEW_LATER), MOST_LATER_ROWS)


def is_lacking(archive: Archive, manifest: Manifest) -> bool:
    """Tell whether a generation lacks the Chroma index that the settings ask for; one made elsewhere is not opened."""
    setting, vectors, passages = archive.settings.vectors, manifest.vectors, manifest.passages
    if vectors.covered is not None or not wants_chroma(setting, passages):
        return False
    if vectors.base:
        return not is_chroma_ours(manifest)
    return vectors.measured is None or is_worth_keeping(setting, vectors.measured, passages)


def make_lacking_index(
    archive: Archive, model: Model, encoder: Callable[[], Encoder], progress: Progress | None
) -> ChromaStep:
    """Make the Chroma index that the generation in use lacks, if it does, and switch to a generation that has it.

    What was asked for is done by then, so whatever goes wrong here is told and leaves the generation in use as it is.

    Args:
        archive: whose writer's lock is held.
        model: of the vectors.
        encoder: returns the encoder, for the questions by which the index is measured.
        progress: told of each thousand vectors; what it raises ends the work, and the generation in use stays.
    """
    try:
        note = _made(archive, model, encoder, progress)
    except (ArchiveError, OSError, MemoryError) as error:
        note = _told(error)
    in_use = manifest_in_use(archive.layout)
    return ChromaStep(in_use.number if in_use else 0, note)


def _made(archive: Archive, model: Model, encoder: Callable[[], Encoder], progress: Progress | None) -> str | None:
    """Do what ``make_lacking_index`` does; return a sentence worth telling, None without one.

    Raises:
        ArchiveError: the index, or the generation that has it, cannot be made.
        OSError: the system refused.
    """
    with open_current(archive.layout) as generation:
        if not is_lacking(archive, generation.manifest):
            return None
        require_sound(archive, generation, but=(CHROMA,))
        require_recordable()
        from index.indexing.finishing.calibrate import background_file, background_vectors  # imports much

        background_vectors(model, encoder)
        making = _Making(archive, generation, background_file(model), progress)
        number = succeed(archive.layout, generation, (CHROMA,), making.fill)
    collect(archive.layout, keep=number)  # not before: the generation was held until here
    return making.note


def _told(error: ArchiveError | OSError | MemoryError) -> str:
    """Return why there is no index of Chroma, in a sentence."""
    why, remedy = (error.message, error.remedy) if isinstance(error, ArchiveError) else (in_words(error), None)
    return Advice(f"Chroma's index could not be made ({why.rstrip('.')}); every passage is scored without it.", remedy)


@dataclass(slots=True)
class _Making:
    """The making of a Chroma index for a generation that is as another one, which is held.

    Attributes:
        questions: the file of vectors by which the index is measured.
        note: a sentence where it is without Chroma's index after all.
    """

    archive: Archive
    generation: Generation
    questions: Path
    progress: Progress | None
    note: str | None = None

    def fill(self, folder: Path) -> Told:
        """Make the index in the folder of the new generation, and measure it.

        Raises:
            Damaged: Chroma failed.
            OSError: the system refused.
        """
        self._tell(0)
        number, before = self.generation.number, self.generation.manifest
        verdict = make_in_subprocess(self.archive, number, folder / CHROMA, self.questions, self._tell)
        if verdict.problems:
            raise Damaged(verdict.problems[0])
        measured, setting = _measured(verdict.figures), self.archive.settings.vectors
        is_kept = is_worth_keeping(setting, measured, before.passages)
        if is_kept:
            record_trust(folder_hash(folder / CHROMA))
        else:
            remove_tree(folder / CHROMA)
            self.note = explained(setting, measured, before.passages, is_kept=False)
        base = measured.passages if is_kept else 0
        return Told(replace(before.vectors, chroma=True, base=base, measured=measured), before.scales)

    def _tell(self, done: int) -> None:
        if self.progress is not None:
            self.progress(Step("vectors", done, self.generation.manifest.passages))


def _measured(figures: Mapping[str, float]) -> Measured:
    return Measured(
        recall=figures["recall"],
        ef_search=int(figures["ef_search"]),
        chroma_ms=figures["chroma_ms"],
        coded_ms=figures["coded_ms"],
        questions=int(figures["questions"]),
        complete=int(figures["complete"]),
        vectors=int(figures["vectors"]),
        passages=int(figures["passages"]),
        depth=int(figures["depth"]),
    )
