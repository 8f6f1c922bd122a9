"""Making the Chroma index of a finished generation in a process of its own.

    python -m index.generations.chroma_build ARCHIVE NUMBER FOLDER QUESTIONS

indexes each vector of the generation once, in FOLDER, with the first passage that has it; says how far it is, and lets
a third process read part of the index back and measure it by the vectors in QUESTIONS.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np

from archive import Archive
from index.ann import chroma
from index.ann.chroma_check import Probing
from index.contracts.arrays import load
from index.generations.chroma_records import records
from index.generations.columns import open_columns
from index.generations.generation import COLUMNS, open_generation
from index.generations.open import SLOTS
from index.runtime.subprocess import ChildProcess, Verdict, main, tell
from index.vectors.epochs import epoch_folder
from index.vectors.sharing import PassagesByVector
from index.vectors.store import VectorStore

READ_BACK: Final = 2_000  # vectors, a second's work; ``verify`` reads back all


def make_in_subprocess(
    archive: Archive, number: int, folder: Path, questions: Path, on_count: Callable[[int], None]
) -> Verdict:
    """Make the Chroma index of a generation; return what is wrong, and the figures of ``Measured``.

    Args:
        archive: the archive.
        number: of the generation.
        folder: of the index, new.
        questions: a ``.npy`` file of questions' vectors by which the index is measured.
        on_count: called with how many vectors were indexed; what it raises ends the work.
    """
    return ChildProcess(__name__, archive.root, number, folder, questions).answer(on_count)


def _main(root: str, number: str, folder: str, questions: str) -> Verdict:
    with Archive.open(root) as archive, open_generation(archive.layout, int(number)) as generation:
        described, slots = generation.manifest.vectors, load(generation.folder / SLOTS)
        place = epoch_folder(archive.layout.vectors, described.fingerprint, described.epoch)
        probing = Probing(
            Path(folder), place, described.dimension, generation.folder / SLOTS, READ_BACK, questions=Path(questions)
        )
        columns, by_vector = open_columns(generation.folder / COLUMNS), PassagesByVector(slots)
        with VectorStore.open(place, described.dimension) as store:
            ids = [str(slot) for slot in by_vector.slots.tolist()]
            batches = records(archive, columns, store, np.arange(len(slots)), by_vector, ids)
            chroma.build(Path(folder), batches, tell)
        return probing.answer(len(slots))


if __name__ == "__main__":
    main(_main)
