"""Passes over the catalog: what makes a generation takes each article that changed, in the order of identifiers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final, Protocol

import numpy as np

from archive import Archive
from archive.catalog.snapshot import Snapshot
from archive.core.article import Indexable
from archive.core.progress import Progress, Step
from index.embedding.model import Model
from index.embedding.passage_input import input_key, passage_input
from index.embedding.tokenizer import Tokens
from index.vectors.key_lookup import SortedKeys
from index.vectors.segment import KEY_BYTES, Keys

_TOLD: Final = 200  # articles between two words of progress; chosen, not measured: a few a second
_LOOKED_UP: Final = 200  # keys at a time; chosen, not measured: numpy's overhead is spread


class ArticleSink(Protocol):
    """Takes the articles that changed after a change number.

    Attributes:
        since: that number; 0 for all articles.
    """

    since: int

    def add(self, item: Indexable) -> None:
        """Take one."""


@dataclass(frozen=True, slots=True)
class CatalogState:
    """A state of the catalog: its change number and its name, and how much it holds."""

    change: int
    token: str
    articles: int
    passages: int


@dataclass(frozen=True, slots=True)
class EncoderInput:
    """An input of the encoder, with its key (32 bytes)."""

    key: bytes
    text: str


def read_articles(archive: Archive, sinks: Sequence[ArticleSink], progress: Progress | None = None) -> CatalogState:
    """Give each sink its articles of one state of the catalog; those that begin at the same change share a pass.

    Args:
        archive: to read from.
        sinks: in the order in which an article is given to them.
        progress: told of every 200th article.
    """
    with archive.snapshot() as snapshot:
        for since in sorted({sink.since for sink in sinks}):
            sharing = [sink for sink in sinks if sink.since == since]
            for item in _told(snapshot, since, progress):
                for sink in sharing:
                    sink.add(item)
        return CatalogState(snapshot.change, snapshot.token, snapshot.articles, snapshot.passages)


class InputKeys:
    """Collects the key of each passage's encoder input, in the order in which passages are given.

    Args:
        model: that is asked.
        since: see ``ArticleSink``.
    """

    def __init__(self, model: Model, since: int = 0) -> None:
        self.since = since
        self._prompt, self._tokens, self._keys = model.passage_prompt, Tokens(model), bytearray()

    def add(self, item: Indexable) -> None:
        """Take an article."""
        for each in encoder_inputs(item, self._tokens, self._prompt):
            self._keys += each.key

    def __len__(self) -> int:
        """Return of how many passages there are keys."""
        return len(self._keys) // KEY_BYTES

    def matrix(self, first: int = 0) -> Keys:
        """Return the keys from one on, shape ``(passages, 32)``."""
        return np.array(memoryview(self._keys)[first * KEY_BYTES :], np.uint8).reshape(-1, KEY_BYTES)


def input_keys(archive: Archive, model: Model) -> Keys:
    """Return the key of each passage's encoder input, in the order they are written anew, shape ``(passages, 32)``."""
    keys = InputKeys(model)
    read_articles(archive, [keys])
    return keys.matrix()


def wanted_inputs(archive: Archive, model: Model, wanted: Keys, since: int = 0) -> Iterator[EncoderInput]:
    """Yield the encoder inputs whose key is wanted, each key once, of articles that changed after ``since``.

    Args:
        archive: to read from.
        model: that is to encode.
        wanted: keys, each once, shape ``(n, 32)``.
        since: see ``ArticleSink``.
    """
    rows, left, tokens = SortedKeys(wanted, np.arange(len(wanted))), np.ones(len(wanted), np.bool_), Tokens(model)
    with archive.snapshot() as snapshot:
        every = (each for item in snapshot.since(since) for each in encoder_inputs(item, tokens, model.passage_prompt))
        while some := list(islice(every, _LOOKED_UP)):
            keys = np.frombuffer(b"".join(each.key for each in some), np.uint8).reshape(-1, KEY_BYTES)
            for each, row in zip(some, rows.find(keys).tolist(), strict=True):
                if row >= 0 and left[row]:
                    left[row] = False
                    yield each


def encoder_inputs(item: Indexable, tokens: Tokens, prompt: str) -> Iterator[EncoderInput]:
    """Yield the encoder input of each passage of an article, with its key."""
    for passage in item.passages:
        text = passage_input(item.article.title, passage.text, tokens, prompt)
        yield EncoderInput(input_key(text), text)


def _told(snapshot: Snapshot, since: int, progress: Progress | None) -> Iterator[Indexable]:
    if progress is None:
        yield from snapshot.since(since)
        return
    total = len(snapshot.changed(since)) if since else snapshot.articles
    for done, item in enumerate(snapshot.since(since)):
        if done % _TOLD == 0:
            progress(Step("lexical", done, total))
        yield item
    progress(Step("lexical", total, total))
