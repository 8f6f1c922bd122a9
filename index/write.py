"""One pass over the catalog that writes a generation's columns and lexical index and names every vector it needs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from archive import Archive
from archive.article import Indexable
from archive.files import link_tree, make_dir
from archive.progress import Progress, Step
from index import lexical
from index.columns import ColumnsWriter, copy_key
from index.documents import documents
from index.embed import Pending
from index.embedding.inputs import input_key, passage_input
from index.embedding.model import Model
from index.embedding.tokens import Tokens
from index.generation import COLUMNS, LEXICAL
from index.growth import Base
from index.ranking import LexicalWriter, Table

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


def write(
    archive: Archive, folder: Path, engine: str, base: Base | None = None, progress: Progress | None = None
) -> Written:
    """Write ``columns/`` and ``lexical/`` below ``folder`` from one state of the catalog.

    Args:
        archive: to read from.
        folder: of the new generation.
        engine: name of the lexical engine.
        base: a generation whose rows and words are taken over; only what changed since is read. None writes anew.
        progress: told of every 200th article.
    """
    columns = ColumnsWriter(folder / COLUMNS)
    since = _take_over(columns, base)
    with archive.snapshot() as snapshot:
        changed = len(snapshot.changed(since)) if base else snapshot.articles
        words = None if base and not changed else _words(folder / LEXICAL, engine, base)
        languages = set(base.manifest.languages) if base else set()
        for item in _told(snapshot.since(since), changed, progress):
            assert words is not None
            of_article, of_passages = documents(item)
            columns.add(item, [copy_key(document.folded) for document in of_passages])
            words.add(Table.ARTICLES, of_article)
            for document in of_passages:
                words.add(Table.PASSAGES, document)
            languages.add(item.article.language or UNKNOWN)
        change, articles, passages = snapshot.change, snapshot.articles, snapshot.passages
    columns.finish()
    if words is not None:
        words.finish()
    elif base is not None:
        link_tree(base.folder / LEXICAL, folder / LEXICAL)
    return Written(change, articles, passages, tuple(sorted(languages)))


def _take_over(columns: ColumnsWriter, base: Base | None) -> int:
    """Begin with the rows of ``base``; return the change number from which on the catalog is read."""
    if base is None:
        return 0
    columns.take_over(base.columns, base.buried)
    return base.manifest.change


def _words(folder: Path, engine: str, base: Base | None) -> LexicalWriter:
    if base is None:
        make_dir(folder)
        return lexical.engine(engine).writer(folder)
    buried = {Table.ARTICLES: base.buried, Table.PASSAGES: base.columns.passages_of(base.buried)}
    extensible = lexical.extensible(engine)
    assert extensible is not None, "a base with changes is chosen only for engines that can grow"
    return extensible.extend(base.folder / LEXICAL, folder, buried)


def input_keys(archive: Archive, model: Model, since: int = 0) -> NDArray[np.uint8]:
    """Return the key of each passage's encoder input, in the order they are written, shape ``(passages, 32)``.

    Args:
        archive: to read from.
        model: that is asked.
        since: only articles that changed after this change number.
    """
    keys, tokens = bytearray(), Tokens(model)
    with archive.snapshot() as snapshot:
        for item in snapshot.since(since):
            for one in encoder_inputs(item, tokens, model.passage_prompt):
                keys += one.key
    return np.frombuffer(bytes(keys), np.uint8).reshape(-1, 32)


def pending(archive: Archive, model: Model, wanted: frozenset[bytes], since: int = 0) -> Iterator[Pending]:
    """Yield the encoder inputs whose key is wanted, each key once, of articles that changed after ``since``."""
    left, tokens = set(wanted), Tokens(model)
    with archive.snapshot() as snapshot:
        for item in snapshot.since(since):
            for one in encoder_inputs(item, tokens, model.passage_prompt):
                if one.key in left:
                    left.discard(one.key)
                    yield one


def encoder_inputs(item: Indexable, tokens: Tokens, prompt: str) -> Iterator[Pending]:
    """Yield the encoder input of each passage of an article, with its key."""
    for passage in item.passages:
        text = passage_input(item.article.title, passage.text, tokens, prompt)
        yield Pending(input_key(text), text)


def _told(items: Iterator[Indexable], total: int, progress: Progress | None) -> Iterator[Indexable]:
    for done, item in enumerate(items):
        if progress is not None and done % _STEP == 0:
            progress(Step("lexical", done, total))
        yield item
    if progress is not None:
        progress(Step("lexical", total, total))
