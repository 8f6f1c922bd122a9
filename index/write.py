"""One pass over the catalog that writes a generation's columns and lexical index and names every vector it needs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from archive import Archive, Snapshot
from archive.article import Indexable
from archive.files import make_dir
from archive.progress import Progress, Step
from index import lexical
from index.columns import ColumnsWriter
from index.documents import documents
from index.embed import Pending
from index.embedding.inputs import input_key, passage_input
from index.embedding.model import Model
from index.embedding.tokens import Tokens
from index.generation import COLUMNS, LEXICAL
from index.ranking import Table

_STEP = 200
UNKNOWN = "und"  # ISO 639: such articles hold their words unstemmed


@dataclass(frozen=True, slots=True)
class Written:
    """What was written.

    Attributes:
        change: the catalog's change number.
        languages: of the articles, sorted.
    """

    change: int
    articles: int
    passages: int
    languages: tuple[str, ...]


def write(archive: Archive, folder: Path, engine: str, progress: Progress | None) -> Written:
    """Write ``columns/`` and ``lexical/`` below ``folder`` from one state of the catalog."""
    columns = ColumnsWriter(folder / COLUMNS)
    make_dir(folder / LEXICAL)
    words = lexical.engine(engine).writer(folder / LEXICAL)
    languages = set()
    with archive.snapshot() as snapshot:
        for item in _told(snapshot, progress):
            columns.add(item)
            of_article, of_passages = documents(item)
            words.add(Table.ARTICLES, of_article)
            for document in of_passages:
                words.add(Table.PASSAGES, document)
            languages.add(item.article.language or UNKNOWN)
        change, articles, passages = snapshot.change, snapshot.articles, snapshot.passages
    columns.finish()
    words.finish()
    return Written(change, articles, passages, tuple(sorted(languages)))


def input_keys(archive: Archive, model: Model) -> NDArray[np.uint8]:
    """Return the key of each passage's encoder input, in the order of the columns, shape ``(passages, 32)``."""
    keys = bytearray()
    with archive.snapshot() as snapshot:
        for item in snapshot:
            for one in _inputs(item, model):
                keys += one.key
    return np.frombuffer(bytes(keys), np.uint8).reshape(-1, 32)


def pending(archive: Archive, model: Model, wanted: frozenset[bytes]) -> Iterator[Pending]:
    """Yield the encoder inputs whose key is wanted, each key once."""
    left = set(wanted)
    with archive.snapshot() as snapshot:
        for item in snapshot:
            for one in _inputs(item, model):
                if one.key in left:
                    left.discard(one.key)
                    yield one


def _inputs(item: Indexable, model: Model) -> Iterator[Pending]:
    tokens = Tokens(model)
    for passage in item.passages:
        text = passage_input(item.article.title, passage.text, tokens, model.passage_prompt)
        yield Pending(input_key(text), text)


def _told(snapshot: Snapshot, progress: Progress | None) -> Iterator[Indexable]:
    for done, item in enumerate(snapshot):
        if progress is not None and done % _STEP == 0:
            progress(Step("lexical", done, snapshot.articles))
        yield item
    if progress is not None:
        progress(Step("lexical", snapshot.articles, snapshot.articles))
