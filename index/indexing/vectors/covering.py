"""Making the vectors that a generation lacks while it answers already, those of the newest articles first.

Whenever twice as many passages have one, a generation takes over that shares everything else with the one before; so
does the last one, in which all have. What was embedded is durable batch by batch: a run that was killed loses the batch
in hand, and the next one goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np

from archive import Archive
from archive.core.errors import Action, Damaged, Remedy
from archive.core.progress import Progress, Step
from index.contracts.arrays import load, save
from index.contracts.engines import Encoder, Ordinals
from index.contracts.options import Order
from index.embedding.model import Model
from index.embedding.tokenizer import Tokens
from index.generations.columns import Columns, open_columns
from index.generations.generation import CHROMA, COLUMNS, LEXICAL, Generation, collect, open_current
from index.generations.manifest import Manifest, Scale
from index.generations.open import SLOTS
from index.indexing.catalog_pass import EncoderInput, encoder_inputs
from index.indexing.finishing.calibrate import Scaling
from index.indexing.finishing.successor import Told, require_sound, succeed
from index.indexing.vectors.embed_missing import BATCH, embed
from index.lexical import engine
from index.ranking.article_values import ArticleValues
from index.ranking.dates import date_ranks
from index.vectors.epochs import epoch_folder
from index.vectors.exact import ExactIndex
from index.vectors.segment import KEY_BYTES, Keys
from index.vectors.store import VectorStore, first_slot

_FIRST: Final = 8 * BATCH  # passages after which meaning is asked for the first time, some twenty seconds; chosen
_TOGETHER: Final = 64 * BATCH  # passages that are sorted by length together; chosen, not measured: some ten megabytes


@dataclass(frozen=True, slots=True)
class Made:
    """How many vectors were made, and for how many passages; equal ones share one."""

    vectors: int
    passages: int


def cover(
    archive: Archive,
    in_use: Manifest,
    model: Model,
    scaling: Scaling,
    encoder: Callable[[], Encoder],
    progress: Progress | None = None,
    before: int = 0,
) -> Made:
    """Make the vectors that the generation in use lacks.

    Args:
        archive: whose writer's lock is held, and whose catalog is in the state that this generation is of.
        in_use: the manifest of that generation, which lacks some.
        model: of the vectors.
        scaling: sets confidence scales.
        encoder: returns the encoder of passages.
        progress: told of each durable batch.
        before: vectors that a run which was cut short has made, as far as they were found already.

    Raises:
        Damaged: the generation in use is damaged, or what was written did not verify; the one in use stays.
        OSError: the system refused.
    """
    vectors, lacking = in_use.vectors, in_use.passages - (in_use.vectors.covered or 0)
    with VectorStore.open(
        epoch_folder(archive.layout.vectors, vectors.fingerprint, vectors.epoch),
        model.dimension,
        verify=True,  # or what a rebuild found damaged would be found again
    ) as store:
        ours = first_slot(store.newest + 1)
        work = _Covering(archive, model, Tokens(model), scaling, encoder, progress, store, ours, before, lacking)
        while not work.is_whole:
            with open_current(archive.layout) as generation:
                number = work.further(generation)
            collect(archive.layout, keep=number)  # not before: the generation was held until here
    return Made(work.made, work.done)


@dataclass(slots=True)
class _Covering:
    """Vectors being made, from one generation to the next.

    Attributes:
        store: of the vectors, to which is appended; from slot ``ours`` on they are of this run.
        before: vectors that a run which was cut short has made, as far as they were found.
        total: vectors to be made, as far as is known: a passage that lacked one counts until another shares its vector.
        made: vectors that this run made; ``done`` passages got one of these.
        is_whole: whether every passage of the generation in use has one.
    """

    archive: Archive
    model: Model
    tokens: Tokens
    scaling: Scaling
    encoder: Callable[[], Encoder]
    progress: Progress | None
    store: VectorStore
    ours: int
    before: int
    total: int
    made: int = 0
    done: int = 0
    is_whole: bool = False

    def further(self, generation: Generation) -> int:
        """Make as many vectors as there are, and switch to a generation that has them; return its number."""
        require_sound(self.archive, generation, but=(CHROMA,))
        columns = open_columns(generation.folder / COLUMNS)
        slots: Ordinals = load(generation.folder / SLOTS, mapped=False)
        newest, lacking = int(slots.max(initial=-1)), _lacking(slots)
        goal = max(_FIRST, columns.passages - lacking)
        for articles in _windows(columns, slots, min(goal, _TOGETHER)):
            self._embed(columns, slots, articles, newest)
            goal -= lacking - (lacking := _lacking(slots))
            if goal <= 0:
                break
        self.is_whole = not lacking

        def fill(folder: Path) -> Told:
            save(folder / SLOTS, slots)
            covered = None if self.is_whole else generation.manifest.passages - lacking
            described = replace(generation.manifest.vectors, covered=covered)
            return Told(described, self._scales(generation, columns, slots))

        return succeed(self.archive.layout, generation, (SLOTS,), fill)

    def _scales(self, generation: Generation, columns: Columns, slots: Ordinals) -> dict[str, Scale]:
        manifest = generation.manifest
        exact = ExactIndex(self.store, slots[slots >= 0])
        words = engine(manifest.engine, self.scaling.recipe.tuning).open(generation.folder / LEXICAL)
        try:
            return self.scaling.scales(columns, words, manifest.languages, exact, slots, manifest.scales)
        finally:
            words.close()

    def _embed(self, columns: Columns, slots: Ordinals, articles: Ordinals, newest: int) -> None:
        """Make the vectors of the passages of some articles, and enter their slots.

        Raises:
            Damaged: the catalog does not hold them.
        """
        rows, inputs = list[int](), list[EncoderInput]()
        for row, each in self._inputs(columns, articles):
            if slots[row] < 0:
                rows.append(row)
                inputs.append(each)
        keys = _keys(inputs)
        known = self.store.lookup(keys)
        wanted = {each.key: each for each, slot in zip(inputs, known.tolist(), strict=True) if slot < 0}
        found, ahead = (
            int(np.count_nonzero((known >= 0) & (known < self.ours))),
            int(np.count_nonzero((known > newest) & (known < self.ours))),
        )
        self.before += ahead
        self.total -= len(inputs) - len(wanted)
        done = self.made
        self._tell(done)
        embed(wanted.values(), self.encoder(), self.store, lambda made: self._tell(done + made))
        self.made += len(wanted)
        self.done += len(rows) - found
        slots[rows] = self.store.lookup(keys)
        if (slots[columns.passages_of(np.sort(articles))] < 0).any():
            what = "The catalog lacks passages that the index has, or has other ones."
            raise Damaged(what, remedy=Remedy(Action.REBUILD))

    def _inputs(self, columns: Columns, articles: Ordinals) -> Iterator[tuple[int, EncoderInput]]:
        """Yield the encoder input of each passage of some articles, with its ordinal."""
        ordinals = {columns.article_id(one): one for one in articles.tolist()}
        with self.archive.snapshot() as snapshot:
            for item in snapshot.of(ordinals):
                article = ordinals[item.article.id]
                if item.article.version == columns.version(article):
                    first = int(columns.first_passages[article])
                    yield from enumerate(encoder_inputs(item, self.tokens, self.model.passage_prompt), first)

    def _tell(self, done: int) -> None:
        if self.progress is not None:
            self.progress(Step("embedding", done, self.total, self.before))


def _lacking(slots: Ordinals) -> int:
    return int(np.count_nonzero(slots < 0))


def _windows(columns: Columns, slots: Ordinals, size: int) -> Iterator[Ordinals]:
    """Yield the articles of which passages lack their vectors, the newest first, so many passages at a time or more."""
    lacking = np.flatnonzero(slots < 0)
    articles, counts = np.unique(columns.article_of[lacking].astype(np.int64), return_counts=True)
    order = np.argsort(date_ranks(columns, ArticleValues(columns), articles, Order.NEWEST), kind="stable")
    articles, ends = articles[order], np.cumsum(counts[order])
    start = 0
    while start < len(articles):
        stop = int(np.searchsorted(ends, (ends[start - 1] if start else 0) + size)) + 1
        yield articles[start:stop]
        start = stop


def _keys(inputs: list[EncoderInput]) -> Keys:
    return np.frombuffer(b"".join(each.key for each in inputs), np.uint8).reshape(-1, KEY_BYTES)
