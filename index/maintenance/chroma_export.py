"""Writing an archive's passages as a Chroma collection of its own, for programs that read Chroma.

    python -m index.maintenance.chroma_export ARCHIVE NUMBER FOLDER

writes those of a generation to FOLDER and says how far it is; a process of its own, since a fault in Chroma ends one.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from archive import Archive
from archive.core.errors import Action, ArchiveError, Damaged, Remedy, UsageError
from archive.core.progress import Progress, Step
from archive.folder.files import remove_tree, replace
from archive.folder.outside import check_outside, new_part
from index.ann import chroma
from index.contracts.arrays import load
from index.contracts.engines import Ordinals
from index.generations.agreement import partly_covered
from index.generations.checksums import memory_of
from index.generations.chroma_records import records
from index.generations.columns import Columns, open_columns
from index.generations.generation import COLUMNS, Generation, open_current, open_generation
from index.generations.open import SLOTS
from index.runtime.subprocess import ChildProcess, Verdict, main, tell
from index.vectors.epochs import epoch_folder
from index.vectors.sharing import PassagesByVector
from index.vectors.store import VectorStore

COLLECTION: Final = "passages"


@dataclass(frozen=True, slots=True)
class ChromaExport:
    """A collection that was written.

    Attributes:
        path: folder of the Chroma database.
        collection: its name.
        passages: of the archive that it stands for.
        records: in it; passages of the same title and text share one.
        dimension: length of a vector.
        size: bytes on disk.
    """

    path: Path
    collection: str
    passages: int
    records: int
    dimension: int
    size: int


def export_to_chroma(archive: Archive, folder: Path | str, progress: Progress | None = None) -> ChromaExport:
    """Write the passages of the index in use, their vectors and what is known of them as a Chroma collection.

    It is a copy: the archive's own files are not opened by Chroma, and what is done to the copy changes nothing here.
    It appears when it is complete. A later purge names it.

    Args:
        archive: the archive; others may read and write it.
        folder: new or empty, outside of the archive.
        progress: told of each thousand records; what it raises ends the work, and nothing is left.

    Raises:
        UsageError: the folder cannot be used.
        NoIndex: nothing is indexed yet.
        Busy: another process is writing; the copy is written down in the catalog.
        Damaged: the index or a text is not what was written, or Chroma failed.
    """
    target = Path(folder).absolute()
    _check(archive, target)
    part = new_part(target)
    with open_current(archive.layout) as generation:
        columns, by_vector = _exported(archive, generation)
        archive.note_backup(target)
        try:
            _write(archive, generation.number, part, len(by_vector), progress)
            replace(part, target)
        except BaseException:
            remove_tree(part)
            raise
        return ChromaExport(
            path=target,
            collection=COLLECTION,
            passages=int(columns.live_passages.sum()),
            records=len(by_vector),
            dimension=generation.manifest.vectors.dimension,
            size=sum(path.stat().st_size for path in target.rglob("*") if path.is_file()),
        )


def _check(archive: Archive, target: Path) -> None:
    check_outside(archive.root, target, "Chroma database")
    if target.exists() and not target.is_dir():
        raise UsageError(f"{target} is a file; a Chroma database is written to a folder.")
    if target.is_dir() and any(target.iterdir()):
        raise UsageError(f"{target} is not empty; a Chroma database is written to a new folder.")


def _write(archive: Archive, number: int, folder: Path, total: int, progress: Progress | None) -> None:
    def told(done: int) -> None:
        if progress is not None:
            progress(Step("vectors", done, total))

    told(0)
    problems = ChildProcess(__name__, archive.root, number, folder).answer(told).problems
    if problems:
        raise Damaged(f"Nothing was written: {problems[0]}", remedy=Remedy(Action.VERIFY))


def _exported(archive: Archive, generation: Generation) -> tuple[Columns, PassagesByVector]:
    """Return the columns of a generation and those of its live passages that share a vector, by place among them.

    Raises:
        Damaged: the files they are read from are not what was written.
    """
    generation.check(memory_of(archive.id, generation.number))
    if problem := generation.bad.get(SLOTS):
        raise Damaged(
            f"The vectors of generation {generation.number:06d} cannot be told apart: {problem}.",
            remedy=Remedy(Action.REBUILD),
        )
    if (partial := partly_covered(generation.manifest)) is not None:
        raise ArchiveError(f"Nothing was written: {partial.message}", remedy=partial.remedy)
    columns = open_columns(generation.folder / COLUMNS)
    slots = load(generation.folder / SLOTS)
    return columns, PassagesByVector(slots[_live(columns)])


def _live(columns: Columns) -> Ordinals:
    return np.flatnonzero(columns.live_passages)


def _main(root: str, number: str, folder: str) -> Verdict:
    with Archive.open(root) as archive, open_generation(archive.layout, int(number)) as generation:
        described = generation.manifest.vectors
        columns, by_vector = _exported(archive, generation)
        passages = _live(columns)
        ids = [columns.passage_id(ordinal) for ordinal in passages[by_vector.first].tolist()]
        place = epoch_folder(archive.layout.vectors, described.fingerprint, described.epoch)
        with VectorStore.open(place, described.dimension) as store:
            batches = records(archive, columns, store, passages, by_vector, ids)
            chroma.build(Path(folder), batches, tell, COLLECTION)
    return Verdict(())


if __name__ == "__main__":
    main(_main)
