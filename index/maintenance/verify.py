"""Proving that an archive is whole: catalog, generation, columns, words, vectors and Chroma, against each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from archive import Archive
from archive.catalog.connection import unread_is_damage
from archive.core.article import Indexable
from archive.core.errors import Action, ArchiveError, Damaged, NoIndex, Remedy
from archive.core.progress import Progress, Step
from archive.core.system_limits import raise_limit
from archive.purge.purge import Purged
from index.ann.chroma_check import Probing
from index.ann.trust import folder_hash, is_trusted
from index.contracts.arrays import load
from index.contracts.engines import Ordinals
from index.generations.agreement import UNPURGED, disagreement
from index.generations.checksums import bad_files
from index.generations.columns import Columns, open_columns
from index.generations.generation import CHROMA, COLUMNS, LEXICAL, Generation, is_chroma_ours, numbers, open_current
from index.generations.manifest import Manifest
from index.generations.open import SLOTS, Parts, open_parts
from index.indexing.finishing.validate import disagreements
from index.maintenance.catalog_check import disagreements_with_catalog
from index.vectors.epochs import epoch_folder
from index.vectors.segment import CAPACITY, Segment
from index.vectors.store import VectorStore

_REBUILD = Remedy(Action.REBUILD)
# Chosen, not measured: Chroma's newest passages enter its graph anew, in another order, whenever it is opened.
_DRIFT = 0.05
_REPAIR = Remedy(Action.REPAIR)
_FINISH = Remedy(Action.UPDATE)
UNFINISHED: Final = "A repair is not finished: sources are still to be read again for what was lost."


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that is not as it should be.

    Attributes:
        code: the part: ``catalog``, ``settings``, ``generation``, ``columns``, ``lexical``, ``vectors`` or ``chroma``;
            ``purged`` for what should have been erased.
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
    """Check every stored row, file, offset, digest and vector of an archive; changes nothing.

    A Chroma index that was not made here is not opened: of it the files are compared with the manifest.
    """
    counts: Counter[str] = Counter()
    problems = [problem for check in (_catalog, _index, _purged) for problem in check(archive, counts, progress)]
    return VerifyReport(tuple(sorted(counts.items())), tuple(dict.fromkeys(problems)))


def _catalog(archive: Archive, counts: Counter[str], progress: Progress | None) -> Iterator[Problem]:
    catalog = archive.layout.catalog
    try:
        yield from (Problem("catalog", catalog.name, what, _REPAIR) for what in archive.check())
        with unread_is_damage(catalog):
            if archive.is_repaired:
                yield Problem("catalog", catalog.name, UNFINISHED, _REPAIR)
            with archive.snapshot() as snapshot:
                for done, item in enumerate(snapshot):
                    _tell(progress, done, snapshot.articles)
                    counts["articles"] += 1
                    counts["passages"] += len(item.passages)
                    yield from _passages(item)
    except ArchiveError as error:
        yield Problem("catalog", catalog.name, error.message, error.remedy or _REBUILD)


def _not_checked(archive: Archive, what: str, error: ArchiveError) -> Iterator[Problem]:
    """Tell what could not be checked without all of the catalog, and why not."""
    for each in (error.message, f"Not checked: {what}."):
        yield Problem("catalog", archive.layout.catalog.name, each, error.remedy or _REPAIR)


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
        if generation.manifest.archive == archive.id:
            yield from _agreement(archive, generation.manifest)
        else:
            what = f"The settings call the archive {archive.id}; its index was made for {generation.manifest.archive}."
            yield Problem("settings", archive.layout.settings.name, what, _REPAIR)
        bad = list(bad_files(generation.folder, generation.manifest.files, None))
        counts["files"] = len(generation.manifest.files)
        name = generation.folder.relative_to(archive.root).as_posix()
        for file in bad:
            generation.bad.setdefault(_part(file.path), f"{file.path} {file.what}")
            yield Problem(_part(file.path), f"{name}/{file.path}", f"{file.path} {file.what}.", _REBUILD)
        if COLUMNS not in generation.bad:
            yield from _contents(archive, generation, counts)


def _agreement(archive: Archive, manifest: Manifest) -> Iterator[Problem]:
    try:
        with unread_is_damage(archive.layout.catalog):
            note = disagreement(archive, manifest)
    except ArchiveError as error:
        yield from _not_checked(archive, "whether the index was made of this catalog", error)
        return
    if note is not None:
        yield Problem("generation", archive.layout.catalog.name, note.message, note.remedy or _FINISH)


def _contents(archive: Archive, generation: Generation, counts: Counter[str]) -> Iterator[Problem]:
    try:
        parts = open_parts(archive.layout, generation)
    except ArchiveError as error:
        yield Problem("columns", generation.folder.name, error.message, _REBUILD)
        return
    if parts.refused:
        parts.close()
        raise parts.refused[0]
    described = generation.manifest.vectors
    store = epoch_folder(archive.layout.vectors, described.fingerprint, described.epoch)
    slots: Ordinals | None = None if parts.vectors is None else load(generation.folder / SLOTS)
    try:
        yield from _parts(parts, generation.manifest)
        yield from _against_catalog(archive, generation.manifest, parts.columns, slots, store)
    finally:
        parts.close()
    where = store.relative_to(archive.root).as_posix()
    for what in _vectors(store, generation.manifest, slots, counts):
        yield Problem("vectors", where, what, _REBUILD)
    if described.base and CHROMA not in generation.bad and slots is not None and is_chroma_ours(generation.manifest):
        counts["chroma"] = described.base
        yield from (Problem("chroma", CHROMA, what, _REBUILD) for what in _chroma(generation, store))


def _against_catalog(
    archive: Archive, manifest: Manifest, columns: Columns, slots: Ordinals | None, store: Path
) -> Iterator[Problem]:
    """Compare a generation with the catalog, its vectors too where there are slots."""
    with ExitStack() as opened:
        vectors = None
        if slots is not None:
            vectors = opened.enter_context(VectorStore.open(store, manifest.vectors.dimension))
        try:
            with unread_is_damage(archive.layout.catalog):
                for what in disagreements_with_catalog(archive, manifest, columns, slots, vectors):
                    yield Problem("columns", COLUMNS, what, _REBUILD)
        except Damaged as error:  # whatever else is wrong with the generation is still to be found
            yield from _not_checked(archive, "whether the index says what the catalog says", error)


def _chroma(generation: Generation, store: Path) -> Iterator[str]:
    """Read the Chroma index of a generation back, and measure it as when it was made, if it still is what was made."""
    try:
        if not is_trusted(folder_hash(generation.folder / CHROMA)):
            yield "Its folder holds files that were not written there; it is not opened."
            return
    except ArchiveError as error:
        yield error.message
        return
    folder, described = generation.folder, generation.manifest.vectors
    assert described.measured is not None, "what is kept of Chroma was measured"
    width, least = described.measured.ef_search, described.measured.recall
    probing = Probing(folder / CHROMA, store, described.dimension, folder / SLOTS, ef=width)
    verdict = probing.answer(described.base)
    yield from verdict.problems
    recall = verdict.figures.get("recall", 1.0)
    if recall < least - _DRIFT:
        yield f"Its candidates hold {recall:.1%} of the nearest to its passages; they held {least:.1%} and more."


def _vectors(store: Path, manifest: Manifest, slots: Ordinals | None, counts: Counter[str]) -> Iterator[str]:
    """Yield what is wrong with the vectors in use; damaged ones that were made again elsewhere do no harm."""
    try:
        with VectorStore.open(store, manifest.vectors.dimension, verify=True) as vectors:
            counts["vectors"] = len(vectors)
            for segment in vectors.segments():
                if slots is None or not _serves(segment, slots):
                    yield from segment.problems
    except (ArchiveError, OSError) as error:
        raise_limit(error)
        yield str(error)


def _serves(segment: Segment, slots: Ordinals) -> bool:
    """Tell whether every vector that ``slots`` expects of a segment can be used."""
    rows = slots[slots // CAPACITY + 1 == segment.number] % CAPACITY
    return bool((rows < segment.rows).all() and segment.usable()[rows].all())


def _parts(parts: Parts, manifest: Manifest) -> Iterator[Problem]:
    if parts.lexical is None:
        yield Problem("lexical", LEXICAL, "The word index cannot be opened.", _REBUILD)
    missing = 0 if parts.covered is None else parts.columns.passages - len(parts.covered)
    if parts.vectors is None:
        yield Problem("vectors", "vectors", "The vectors cannot be used.", _REBUILD)
    elif parts.lexical is not None:
        for what in disagreements(parts.columns, parts.lexical, missing + len(parts.vectors)):
            yield Problem("generation", "", what, _REBUILD)
    stated = 0 if manifest.vectors.covered is None else manifest.passages - manifest.vectors.covered
    if missing != stated:
        what = f"{missing:,} passages lack a vector, the manifest says {stated:,}."
        yield Problem("generation", "", what, _REBUILD)


def _purged(archive: Archive, counts: Counter[str], progress: Progress | None) -> Iterator[Problem]:
    try:
        with unread_is_damage(archive.layout.catalog):
            purged = archive.purged()
            if archive.purging is not None:
                yield Problem("purged", archive.layout.catalog.name, UNPURGED, _FINISH)
            for trace in archive.traces():
                yield Problem("purged", trace.file.relative_to(archive.root).as_posix(), trace.what, trace.remedy)
    except ArchiveError as error:
        yield from _not_checked(archive, "whether anything is left of what was purged", error)
        return
    for number in numbers(archive.layout) if purged else ():
        folder = archive.layout.generation(number) / COLUMNS
        where = folder.relative_to(archive.root).as_posix()
        yield from (Problem("purged", where, what, _FINISH) for what in _left_in(folder, purged))


def _left_in(folder: Path, purged: Purged) -> Iterator[str]:
    """Yield what the columns of a generation hold of what was purged; tombstoned rows count as well."""
    try:
        columns = open_columns(folder)
    except ArchiveError as error:
        yield f"It cannot be told whether it holds what was purged: {error.message}"
        return
    for ordinal, article in enumerate(columns.article_ids.tolist()):
        name = article.decode("ascii", "replace")
        if purged.holds(name, columns.version(ordinal)):
            yield f"It holds the article {name}, which was purged."


def _part(path: str) -> str:
    """Return the code of the part a file of a generation belongs to."""
    first = path.split("/")[0]
    return first if first in (COLUMNS, LEXICAL, CHROMA) else "generation"


def _tell(progress: Progress | None, done: int, total: int) -> None:
    if progress is not None and done % 200 == 0:
        progress(Step("verifying", done, total))
