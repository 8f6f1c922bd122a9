"""Opening what a generation consists of; a part that cannot be used becomes a sentence, not an exception."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from archive.core.errors import Action, Advice, ArchiveError, Remedy
from archive.core.system_limits import in_words, limit_of
from archive.folder.layout import Layout
from index.contracts.arrays import load
from index.contracts.engines import Cosines, Floats, LexicalIndex, Ordinals
from index.contracts.recipe import RECIPE, Tuning
from index.generations.columns import Columns, open_columns
from index.generations.generation import CHROMA, COLUMNS, LEXICAL, Generation
from index.lexical import engine
from index.vectors.covered import Covered
from index.vectors.epochs import epoch_folder
from index.vectors.exact import ExactIndex
from index.vectors.store import VectorStore, segments_named

SLOTS = "slots.npy"
_REBUILD = Remedy(Action.REBUILD)


@dataclass(frozen=True, slots=True)
class Parts:
    """The opened parts of a generation.

    Attributes:
        lexical: None when it cannot be used, likewise ``vectors``; ``degraded`` says why.
        covered: the ordinals of the passages that have a vector, ascending; None where all have.
        degraded: sentences, empty when everything is whole.
        refused: why the system would not give a part that cannot be used, which may be whole.
    """

    columns: Columns
    lexical: LexicalIndex | None
    vectors: ExactIndex | None
    covered: Ordinals | None
    degraded: tuple[str, ...]
    refused: tuple[OSError | MemoryError, ...] = ()

    def of_all(self, cosines: Cosines) -> Cosines:
        """Return the cosines of all passages, given those of the ones that have a vector."""
        return cosines if self.covered is None else Covered(cosines, self.covered, self.columns.passages)

    def vector(self, ordinal: int) -> Floats | None:
        """Return the vector of a passage, None where there is none."""
        if self.vectors is None:
            return None
        rows = np.asarray([ordinal]) if self.covered is None else np.flatnonzero(self.covered == ordinal)
        return self.vectors.vectors(rows)[0] if len(rows) else None

    def close(self) -> None:
        """Let go of the files."""
        for part in (self.lexical, self.vectors):
            if part is not None:
                part.close()


def open_parts(
    layout: Layout, generation: Generation, tuning: Tuning = RECIPE.tuning, notes: Sequence[Advice] = ()
) -> Parts:
    """Open a generation's columns, lexical index and vectors.

    Args:
        layout: of the archive.
        generation: that is held.
        tuning: of the ranking.
        notes: what else is wrong, to be told with what is found here.

    Raises:
        Damaged: the columns cannot be used.
        OSError, MemoryError: the system refuses the columns, or one index while the other cannot be used.
    """
    degraded: list[str] = [*generation.notes, *notes]
    columns = open_columns(generation.folder / COLUMNS)
    refused = list[OSError | MemoryError]()
    words = _lexical(generation, tuning, degraded, refused)
    vectors, covered = _vectors(layout, generation, degraded, refused)
    if words is None and vectors is None and refused:
        raise refused[0]
    if problem := generation.bad.get(CHROMA):
        what = f"The Chroma index is damaged ({problem}); meaning is scored without it."
        degraded.append(Advice(what, _REBUILD))
    return Parts(columns, words, vectors, covered, tuple(degraded), tuple(refused))


def _lexical(
    generation: Generation, tuning: Tuning, degraded: list[str], refused: list[OSError | MemoryError]
) -> LexicalIndex | None:
    try:
        if problem := generation.bad.get(LEXICAL):
            raise ArchiveError(problem)
        return engine(generation.manifest.engine, tuning).open(generation.folder / LEXICAL)
    except ArchiveError as error:
        degraded.append(Advice(f"The word index is damaged ({error.message}); it is not used.", _REBUILD))
    except (OSError, MemoryError) as error:
        degraded.append(f"The system refused the word index ({in_words(error)}); it is not used.")
        refused.append(error)
    return None


def _vectors(
    layout: Layout, generation: Generation, degraded: list[str], refused: list[OSError | MemoryError]
) -> tuple[ExactIndex | None, Ordinals | None]:
    """Return the vectors, and which passages have one, None where all do."""
    described = generation.manifest.vectors
    try:
        if problem := generation.bad.get(SLOTS):
            raise ArchiveError(problem)
        folder = epoch_folder(layout.vectors, described.fingerprint, described.epoch)
        slots = load(generation.folder / SLOTS)
        covered = None if described.covered is None else np.flatnonzero(slots >= 0)
        return open_vectors(folder, described.dimension, slots if covered is None else slots[covered]), covered
    except (ArchiveError, OSError, ValueError, MemoryError) as error:
        if (limit := limit_of(error)) is None:
            degraded.append(Advice(f"The vectors cannot be used ({error}).", _REBUILD))
        else:
            degraded.append(f"The system refused the vectors ({in_words(limit)}); only words are searched.")
            refused.append(limit)
    return None, None


def open_vectors(folder: Path, dimension: int, slots: Ordinals) -> ExactIndex:
    """Open the segments of an epoch that passages name, and the vectors in their slots."""
    return ExactIndex(VectorStore.open(folder, dimension, numbers=segments_named(slots)), slots)
