"""Proving that an archive is whole: catalog, generation, columns, words, vectors and Chroma, against each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from archive import Archive
from archive.core.article import Indexable
from archive.core.errors import Action, ArchiveError, NoIndex, Remedy
from archive.core.progress import Progress, Step
from archive.purge.purge import Purged
from index.ann.chroma_check import Probing
from index.contracts.arrays import load
from index.contracts.engines import Ordinals
from index.generations.checksums import bad_files
from index.generations.columns import open_columns
from index.generations.generation import CHROMA, COLUMNS, LEXICAL, Generation, numbers, open_current
from index.generations.manifest import Manifest
from index.generations.open import SLOTS, Parts, open_parts
from index.indexing.validate import disagreements
from index.maintenance.catalog_check import disagreements_with_catalog
from index.vectors.epochs import epoch_folder
from index.vectors.segment import CAPACITY, Segment
from index.vectors.store import VectorStore

_REBUILD = Remedy(Action.REBUILD)
_DRIFT = 0.05  # Chroma's newest passages enter its graph anew, in another order, whenever it is opened
_REPAIR = Remedy(Action.REPAIR)
_FINISH = Remedy(Action.UPDATE)


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that is not as it should be.

    Attributes:
        code: the part: ``catalog``, ``generation``, ``columns``, ``lexical``, ``vectors`` or ``chroma``; ``purged`` for
            what should be nowhere any more.
        file: the file concerned, relative to the archive; empty where none is.
        what: one plain sentence.
        remedy: what mends it.
    """

    code: str
    file: str
    what: str
    remedy: Remedy


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """Outcome of a check of everything: how many of each kind were looked at, and what was found."""

    checked: tuple[tuple[str, int], ...]
    problems: tuple[Problem, ...]

    @property
    def whole(self) -> bool:
        """Tell whether nothing was found."""
        return not self.problems


def verify(archive: Archive, progress: Progress | None = None) -> VerifyReport:
    """Check every stored row, file, offset, digest and vector of an archive; changes nothing."""
    counts: Counter[str] = Counter()
    problems: list[Problem] = []
    for check in (_catalog, _index, _purged):
        problems.extend(check(archive, counts, progress))
    return VerifyReport(tuple(sorted(counts.items())), tuple(problems))


def _catalog(archive: Archive, counts: Counter[str], progress: Progress | None) -> Iterator[Problem]:
    for what in archive.check():
        yield Problem("catalog", archive.layout.catalog.name, what, _REPAIR)
    try:
        with archive.snapshot() as snapshot:
            for done, item in enumerate(snapshot):
                _tell(progress, done, snapshot.articles)
                counts["articles"] += 1
                counts["passages"] += len(item.passages)
                yield from _passages(item)
    except ArchiveError as error:
        yield Problem("catalog", archive.layout.catalog.name, error.message, error.remedy or _REBUILD)


def _passages(item: Indexable) -> Iterator[Problem]:
    for passage in item.passages:
        span = range(passage.start, passage.end)
        if item.version.text[passage.start : passage.end] != passage.text:
            yield Problem("catalog", "catalog.sqlite", f"Passage {passage.id} is not what its offsets say.", _REBUILD)
        if any(hidden.start < span.stop and span.start < hidden.end for hidden in item.version.hidden):
            yield Problem("catalog", "catalog.sqlite", f"Passage {passage.id} touches a hidden span.", _REBUILD)


def _index(archive: Archive, counts: Counter[str], progress: Progress | None) -> Iterator[Problem]:
    try:
        generation = open_current(archive.layout)
    except NoIndex:
        return
    except ArchiveError as error:
        yield Problem("generation", "generations", error.message, error.remedy or _REBUILD)
        return
    with generation:
        yield from (Problem("generation", "CURRENT", note.message, _REBUILD) for note in generation.notes)
        bad = list(bad_files(generation.folder, generation.manifest.files, None))
        counts["files"] = len(generation.manifest.files)
        name = generation.folder.relative_to(archive.root).as_posix()
        for one in bad:
            generation.bad.setdefault(_part(one.path), f"{one.path} {one.what}")
            yield Problem(_part(one.path), f"{name}/{one.path}", f"{one.path} {one.what}.", _REBUILD)
        if COLUMNS not in generation.bad:
            yield from _contents(archive, generation, counts)


def _contents(archive: Archive, generation: Generation, counts: Counter[str]) -> Iterator[Problem]:
    manifest = generation.manifest
    try:
        parts = open_parts(archive.layout, generation)
    except ArchiveError as error:
        yield Problem("columns", generation.folder.name, error.message, _REBUILD)
        return
    try:
        yield from _parts(parts)
    finally:
        parts.close()
    store = epoch_folder(archive.layout.vectors, manifest.vectors.fingerprint, manifest.vectors.epoch)
    slots = None if parts.vectors is None else load(generation.folder / SLOTS)
    held = None if slots is None else VectorStore.open(store, manifest.vectors.dimension)
    for what in disagreements_with_catalog(archive, manifest, parts.columns, slots, held):
        yield Problem("columns", COLUMNS, what, _REBUILD)
    where = store.relative_to(archive.root).as_posix()
    yield from (Problem("vectors", where, what, _REBUILD) for what in _vectors(store, manifest, slots, counts))
    if manifest.vectors.base and CHROMA not in generation.bad and parts.vectors is not None:
        counts["chroma"] = manifest.vectors.base
        folder, of = generation.folder, manifest.vectors
        assert of.measured is not None, "what is kept of Chroma was measured"
        width = of.measured.ef_search
        found = Probing(folder / CHROMA, store, of.dimension, folder / SLOTS, ef=width).answer(of.base)
        yield from (Problem("chroma", CHROMA, what, _REBUILD) for what in found.problems)
        recall = found.figures.get("recall", 1.0)
        if recall < of.measured.recall - _DRIFT:
            least = of.measured.recall
            what = f"Its candidates hold {recall:.1%} of the nearest to its passages; they held {least:.1%} and more."
            yield Problem("chroma", CHROMA, what, _REBUILD)


def _vectors(store: Path, manifest: Manifest, slots: Ordinals | None, counts: Counter[str]) -> Iterator[str]:
    """Yield what is wrong with the vectors in use; damaged ones that were made again elsewhere are only litter."""
    try:
        with VectorStore.open(store, manifest.vectors.dimension, verify=True) as vectors:
            counts["vectors"] = len(vectors)
            for segment in vectors.segments():
                if slots is None or not _holds(segment, slots):
                    yield from segment.problems
    except (ArchiveError, OSError) as error:
        yield str(error)


def _holds(segment: Segment, slots: Ordinals) -> bool:
    """Tell whether every vector that ``slots`` expects of a segment can be used."""
    rows = slots[slots // CAPACITY + 1 == segment.number] % CAPACITY
    return bool((rows < segment.rows).all() and segment.usable()[rows].all())


def _parts(parts: Parts) -> Iterator[Problem]:
    if parts.lexical is None:
        yield Problem("lexical", LEXICAL, "The word index cannot be opened.", _REBUILD)
    if parts.vectors is None:
        yield Problem("vectors", "vectors", "The vectors cannot be used.", _REBUILD)
    if parts.lexical is not None and parts.vectors is not None:
        for what in disagreements(parts.columns, parts.lexical, len(parts.vectors)):
            yield Problem("generation", "", what, _REBUILD)


def _purged(archive: Archive, counts: Counter[str], progress: Progress | None) -> Iterator[Problem]:
    try:
        gone = archive.purged()
        if archive.purging is not None:
            what = "A purge is not finished: files of the archive may still hold what was purged."
            yield Problem("purged", archive.layout.catalog.name, what, _FINISH)
        for trace in archive.traces():
            yield Problem("purged", trace.file.relative_to(archive.root).as_posix(), trace.what, trace.remedy)
    except ArchiveError as error:
        yield Problem("catalog", archive.layout.catalog.name, error.message, error.remedy or _REBUILD)
        return
    for number in numbers(archive.layout) if gone else ():
        folder = archive.layout.generation(number) / COLUMNS
        where = folder.relative_to(archive.root).as_posix()
        yield from (Problem("purged", where, what, _FINISH) for what in _left_in(folder, gone))


def _left_in(folder: Path, gone: Purged) -> Iterator[str]:
    """Yield what the columns of a generation hold of what was purged; tombstoned rows count as well."""
    try:
        columns = open_columns(folder)
    except ArchiveError as error:
        yield f"Nobody can tell whether it holds what was purged: {error.message}"
        return
    for ordinal, article in enumerate(columns.article_ids.tolist()):
        name = article.decode("ascii", "replace")
        if gone.holds(name, columns.version(ordinal)):
            yield f"It holds the article {name}, which was purged."


def _part(path: str) -> str:
    """Return the code of the part a file of a generation belongs to."""
    first = path.split("/")[0]
    return first if first in (COLUMNS, LEXICAL, CHROMA) else "generation"


def _tell(progress: Progress | None, done: int, total: int) -> None:
    if progress is not None and done % 200 == 0:
        progress(Step("verifying", done, total))
