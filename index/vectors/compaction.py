"""Merging segments, so that neither files nor what a reader opens grow with the number of runs.

Finished segments never change, so what is merged is copied into new ones and given new slots; the old ones stay until
no generation names them (``index.generations.vector_segments``). Of equal keys the newest vector counts, so a merge
that is cut short costs nothing but its room: it is found by the next one.

A run merges little by little, as a log-structured merge tree does (O'Neil et al., The log-structured merge-tree,
1996). After it each small segment, of less than half the room, has more than three times the rows of all smaller small
ones together: they are eight at most. Where runs were cut short meanwhile, it takes some runs more. Each time a vector
is copied its segment grows by a third, so it is copied at most 39 times (log 65,536 / log 4/3) until it lies in a large
one, which no run touches again. One run copies at most one segment's worth, 51 MB of 384 numbers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from index.contracts.arrays import places
from index.contracts.engines import Ordinals
from index.vectors.row_forms import WRITTEN, Rows
from index.vectors.segment import CAPACITY, Segment, verified
from index.vectors.store import VectorStore, first_slot, segments_of

_RATIO: Final = 3  # of more, fewer segments stay and each vector is copied more often; chosen: 8 and 39 of 65,536 rows
_LARGE: Final = CAPACITY // 2  # rows; two segments of fewer have room in one
_MOST_DROPPED: Final = 0.2  # share of rows without use that a segment may keep; chosen, not measured
_BATCH: Final = 4096  # vectors copied at a time, three megabytes; chosen, not measured


@dataclass(frozen=True, slots=True)
class Merge:
    """Segments to be merged into new ones.

    Attributes:
        segments: as they are read.
        own: the slot of each of their usable rows, ascending.
        latest: the slot of the newest vector with the same key, aligned; another one where that was made again.
        is_kept: whether the row is copied, aligned.
        spared: bytes that come free when the old segments go.
    """

    segments: tuple[Segment, ...]
    own: Ordinals
    latest: Ordinals
    is_kept: NDArray[np.bool_]
    spared: int


def small_step(store: VectorStore, slots: Ordinals, fixed: Collection[int] = ()) -> Merge | None:
    """Return what a run that added a little has to merge, None where that is nothing; every vector is kept.

    Args:
        store: of all vectors.
        slots: of the passages' vectors.
        fixed: numbers of the segments whose slots must stay.

    Raises:
        OSError: a segment cannot be read.
    """
    movable = {segment.number: segment for segment in store.segments() if segment.number not in fixed and segment.rows}
    due = due_for_merging({number: segment.rows for number, segment in movable.items()})
    whole = [segment for segment in (verified(movable[number]) for number in due) if not segment.problems]
    return _merge(store, whole, slots, drop_unnamed=False) if len(whole) > 1 else None


def fewest(
    store: VectorStore, slots: Ordinals, fixed: Collection[int] = (), *, drop_unnamed: bool = False
) -> Merge | None:
    """Return what brings the vectors into as few segments as they need, all in one form; None where nothing is gained.

    Args:
        store: of all vectors.
        slots: of the passages' vectors; one that names a damaged vector keeps its segment.
        fixed: numbers of the segments whose slots must stay.
        drop_unnamed: leave out the vectors that no slot names; else only those that were made again.

    Raises:
        OSError: a segment cannot be read.
    """
    movable = [segment for segment in store.segments() if segment.number not in fixed and segment.rows]
    every = _merge(store, movable, slots, drop_unnamed=drop_unnamed)
    kept = Counter(segments_of(every.own[every.is_kept]).tolist())
    chosen = [each for each in movable if _is_worth_copying(each, kept[each.number])]
    rows, kept_rows = sum(each.rows for each in chosen), sum(kept[each.number] for each in chosen)
    is_old = any(each.form is not WRITTEN for each in chosen)
    if is_old or -(-kept_rows // CAPACITY) < len(chosen) or rows - kept_rows > _MOST_DROPPED * rows:
        return _merge(store, [verified(each) for each in chosen], slots, drop_unnamed=drop_unnamed)
    return None


def carry_out(store: VectorStore, merge: Merge, slots: Ordinals) -> Ordinals:
    """Copy what is kept into new segments, durably; return the slots of the passages' vectors after that.

    Args:
        store: of all vectors, to which is appended.
        merge: of some of its segments.
        slots: of the passages' vectors.

    Raises:
        Damaged: a segment is not what it was.
        OSError: the disk is full or failing; the old segments stay as they are, and nothing of the new ones does.
    """
    store.finish_segment()
    before = store.newest
    try:
        new = _copied(store, merge)
    except BaseException:
        store.discard_after(before)
        raise
    return _translated(merge.own, _translated(merge.own, new, merge.latest), slots)


def _copied(store: VectorStore, merge: Merge) -> Ordinals:
    """Copy what is kept into new segments; return the new slot of each row of the merge, -1 where it is not kept."""
    new = np.full(len(merge.own), -1, np.int64)
    for segment in merge.segments:
        here = np.flatnonzero(merge.is_kept & (segments_of(merge.own) == segment.number))
        rows, keys = merge.own[here] - first_slot(segment.number), segment.keys
        for start in range(0, len(rows), _BATCH):
            some = rows[start : start + _BATCH]
            stored = _read(segment, some)
            if segment.form is WRITTEN:
                slots = store.append_stored(keys[some], stored)
            else:
                slots = store.append(keys[some], segment.form.decode(stored))
            new[here[start : start + _BATCH]] = slots
    store.finish_segment()
    return new


def _read(segment: Segment, rows: Ordinals) -> Rows:
    """Return some stored rows, ascending, of a segment; what lies between them is read a batch at a time."""
    stored = np.empty(len(rows), segment.stored.dtype)
    for first in range(int(rows[0]), int(rows[-1]) + 1, _BATCH):
        left, right = np.searchsorted(rows, (first, first + _BATCH)).tolist()
        if left < right:
            here = rows[left:right] - first
            stored[left:right] = segment.read(first, int(here[-1]) + 1)[here]
    return stored


def due_for_merging(rows: Mapping[int, int]) -> tuple[int, ...]:
    """Return which segments are to be merged into one, so that each has more than three times the rows of all smaller.

    These are the largest that has not, and as many of the next smaller ones as have room with it: it and all smaller
    ones, or what makes a large one.

    Args:
        rows: of each segment, by number.
    """
    small = sorted((count, number) for number, count in rows.items() if count < _LARGE)
    before, last = 0, 0
    for place, (count, _) in enumerate(small, 1):
        if place > 1 and count <= _RATIO * before:
            last = place
        before += count
    due, together = list[int](), 0
    for count, number in reversed(small[:last]):
        together += count
        if together > CAPACITY:
            break
        due.append(number)
    return tuple(sorted(due))


def _is_worth_copying(segment: Segment, kept: int) -> bool:
    return kept <= _LARGE or segment.rows - kept > _MOST_DROPPED * segment.rows or segment.form is not WRITTEN


def _merge(store: VectorStore, segments: list[Segment], slots: Ordinals, *, drop_unnamed: bool) -> Merge:
    """Describe the merging of some segments."""
    own, latest = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    for segment in segments:
        rows = np.flatnonzero(segment.usable())
        own.append(rows + first_slot(segment.number))
        latest.append(store.lookup(segment.keys[rows]))
    merge = Merge(tuple(segments), np.concatenate(own), np.concatenate(latest), np.empty(0, np.bool_), 0)
    is_kept = merge.own == merge.latest
    if drop_unnamed:
        is_kept &= np.isin(merge.own, _translated(merge.own, merge.latest, slots))
    spared = sum(segment.bytes_on_disk for segment in segments) - int(is_kept.sum()) * store.row_bytes
    return replace(merge, is_kept=is_kept, spared=max(0, spared))


def _translated(own: Ordinals, after: Ordinals, slots: Ordinals) -> Ordinals:
    """Return slots in which each of ``own`` (ascending) is replaced by the one in its place in ``after``."""
    positions, is_own = places(slots, own)
    translated = np.array(slots)
    translated[is_own] = after[positions]
    return translated
