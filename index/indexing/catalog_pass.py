"""Passes over the catalog: what makes a generation takes each article that changed, in the order of identifiers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Protocol

import numpy as np

from archive import Archive
from archive.catalog.snapshot import Snapshot
from archive.core.article import Indexable
from archive.core.progress import Progress, Step
from archive.folder.files import link_tree, make_dir
from index import lexical
from index.contracts.engines import LexicalWriter, Table
from index.embedding.model import Model
from index.embedding.passage_input import input_key, passage_input
from index.embedding.tokenizer import Tokens
from index.generations.columns import ColumnsWriter, copy_key
from index.generations.generation import COLUMNS, LEXICAL
from index.indexing.embed_missing import Pending
from index.indexing.lexical_documents import documents
from index.indexing.reuse import Base
from index.vectors.key_lookup import SortedKeys
from index.vectors.segment import KEY_BYTES, Keys

_STEP = 200
UNKNOWN = "und"  # ISO 639: such articles hold their words unstemmed


class Taker(Protocol):
    """Takes the articles that changed after a change number.

    Attributes:
        since: that number; 0 for all articles.
    """

    since: int

    def add(self, item: Indexable) -> None:
        """Take one."""


@dataclass(frozen=True, slots=True)
class State:
    """A state of the catalog, with what a generation of it holds."""

    change: int
    articles: int
    passages: int


def read(archive: Archive, takers: Sequence[Taker], progress: Progress | None = None) -> State:
    """Give each taker its articles of one state of the catalog; those that begin at the same change share a pass.

    Args:
        archive: to read from.
        takers: in the order in which an article is given to them.
        progress: told of every 200th article.
    """
    with archive.snapshot() as snapshot:
        for since in sorted({taker.since for taker in takers}):
            those = [taker for taker in takers if taker.since == since]
            for item in _told(snapshot, since, progress):
                for taker in those:
                    taker.add(item)
        return State(snapshot.change, snapshot.articles, snapshot.passages)


class Writer:
    """Writes ``columns/`` and ``lexical/`` of a generation.

    Args:
        folder: of the new generation.
        engine: name of the lexical engine.
        base: a generation whose rows and words are taken over; None writes anew.
    """

    def __init__(self, folder: Path, engine: str, base: Base | None = None) -> None:
        self.since = base.manifest.change if base else 0
        self._folder, self._engine, self._base = folder, engine, base
        self._columns = ColumnsWriter(folder / COLUMNS)
        self._languages = set(base.manifest.languages) if base else set[str]()
        self._words: LexicalWriter | None = None
        if base is not None:
            self._columns.take_over(base.columns, base.tombstoned)
        if base is None or len(base.tombstoned):
            self._words = self._opened()

    def add(self, item: Indexable) -> None:
        """Append an article with its passages."""
        if self._words is None:
            self._words = self._opened()
        of_article, of_passages = documents(item)
        self._columns.add(item, [copy_key(document.folded) for document in of_passages])
        self._words.add(Table.ARTICLES, of_article)
        for document in of_passages:
            self._words.add(Table.PASSAGES, document)
        self._languages.add(item.article.language or UNKNOWN)

    def finish(self) -> tuple[str, ...]:
        """Complete both; return the languages of the articles, sorted."""
        self._columns.finish()
        if self._words is not None:
            self._words.finish()
        elif self._base is not None:
            link_tree(self._base.folder / LEXICAL, self._folder / LEXICAL)
        return tuple(sorted(self._languages))

    def _opened(self) -> LexicalWriter:
        folder, base = self._folder / LEXICAL, self._base
        if base is None:
            make_dir(folder)
            return lexical.engine(self._engine).writer(folder)
        tombstoned = {Table.ARTICLES: base.tombstoned, Table.PASSAGES: base.columns.passages_of(base.tombstoned)}
        return lexical.engine(self._engine).extend(base.folder / LEXICAL, folder, tombstoned)


class InputKeys:
    """Collects the key of each passage's encoder input, in the order in which passages are given.

    Args:
        model: that is asked.
        since: see ``Taker``.
    """

    def __init__(self, model: Model, since: int = 0) -> None:
        self.since = since
        self._prompt, self._tokens, self._keys = model.passage_prompt, Tokens(model), bytearray()

    def add(self, item: Indexable) -> None:
        """Take an article."""
        for one in encoder_inputs(item, self._tokens, self._prompt):
            self._keys += one.key

    def __len__(self) -> int:
        """Return of how many passages there are keys."""
        return len(self._keys) // KEY_BYTES

    def matrix(self, first: int = 0) -> Keys:
        """Return the keys from one on, shape ``(passages, 32)``."""
        return np.array(memoryview(self._keys)[first * KEY_BYTES :], np.uint8).reshape(-1, KEY_BYTES)


def input_keys(archive: Archive, model: Model) -> Keys:
    """Return the key of each passage's encoder input, in the order they are written anew, shape ``(passages, 32)``."""
    keys = InputKeys(model)
    read(archive, [keys])
    return keys.matrix()


def pending(archive: Archive, model: Model, wanted: Keys, since: int = 0) -> Iterator[Pending]:
    """Yield the encoder inputs whose key is wanted, each key once, of articles that changed after ``since``.

    Args:
        archive: to read from.
        model: that is to encode.
        wanted: keys, each once, shape ``(n, 32)``.
        since: see ``Taker``.
    """
    known, left, tokens = SortedKeys(wanted, np.arange(len(wanted))), np.ones(len(wanted), np.bool_), Tokens(model)
    with archive.snapshot() as snapshot:
        every = (one for item in snapshot.since(since) for one in encoder_inputs(item, tokens, model.passage_prompt))
        while some := list(islice(every, _STEP)):
            keys = np.frombuffer(b"".join(one.key for one in some), np.uint8).reshape(-1, KEY_BYTES)
            for one, at in zip(some, known.find(keys).tolist(), strict=True):
                if at >= 0 and left[at]:
                    left[at] = False
                    yield one


def encoder_inputs(item: Indexable, tokens: Tokens, prompt: str) -> Iterator[Pending]:
    """Yield the encoder input of each passage of an article, with its key."""
    for passage in item.passages:
        text = passage_input(item.article.title, passage.text, tokens, prompt)
        yield Pending(input_key(text), text)


def _told(snapshot: Snapshot, since: int, progress: Progress | None) -> Iterator[Indexable]:
    if progress is None:
        yield from snapshot.since(since)
        return
    total = len(snapshot.changed(since)) if since else snapshot.articles
    for done, item in enumerate(snapshot.since(since)):
        if done % _STEP == 0:
            progress(Step("lexical", done, total))
        yield item
    progress(Step("lexical", total, total))
