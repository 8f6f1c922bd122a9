"""A generation's own columns: what an answer needs to know of each passage and article, memory-mapped.

Passages and articles are numbered by *ordinals*, their row in these columns. Numbers are ``.npy`` arrays; texts are
one UTF-8 blob with an array of ends, so that opening reads nothing and looking up one row reads only that row.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import BinaryIO, Final

import numpy as np
from numpy.typing import NDArray

from archive.core.article import Article, Indexable, Passage
from archive.core.errors import Action, Damaged, Remedy
from archive.core.system_limits import tell_apart
from archive.folder.files import create, make_dir
from index.contracts.arrays import NUMBERS, load, save
from index.contracts.engines import Ordinals

TEXTS: Final = ("title", "outlet", "author", "url", "published", "published_from", "language", "path", "record")
_ABSENT: Final = b"\x00"
_WORD: Final = 8  # bytes of the numbers that texts are compared as
_BLOCK: Final = 1 << 14  # rows at a time; chosen, not measured: their texts fit a cache
_STORED: Final = {"alive": "live_passages", "standing": "live_articles"}
"""Columns whose files keep the names that earlier builds gave them."""


@dataclass(frozen=True, slots=True)
class TextColumn:
    """Strings or None by row; a lone NUL byte stands for None."""

    blob: NDArray[np.uint8]
    ends: NDArray[np.int64]

    def __getitem__(self, row: int) -> str | None:
        # through memoryviews: numpy's own numbers and slices cost several times as much, nine times an article
        ends, blob = self.ends.data, self.blob.data
        raw = bytes(blob[ends[row - 1] if row else 0 : ends[row]])
        return None if raw == _ABSENT else raw.decode("utf-8")

    def words(self, rows: NDArray[np.integer]) -> NDArray[np.uint64]:
        """Return the strings of rows as numbers that sort as they do, shape ``(words, len(rows))``; None as empty."""
        starts = np.where(rows, self.ends[rows - 1], 0)
        lengths = self.ends[rows] - starts
        width = -(-int(lengths.max(initial=1)) // _WORD) * _WORD
        offsets, texts = np.arange(width), np.zeros((len(rows), width), np.uint8)
        for first in range(0, len(rows) if len(self.blob) else 0, _BLOCK):
            some = slice(first, first + _BLOCK)
            read = self.blob[np.minimum(starts[some, None] + offsets, len(self.blob) - 1)]
            texts[some] = np.where(offsets < lengths[some, None], read, 0)
        return as_words(texts.view(f"S{width}")[:, 0])


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of one generation.

    Attributes:
        article_of: article ordinal of each passage, ascending.
        starts, ends: offsets of each passage in its ``Version.text``.
        passage_ids: 16 ASCII digits each.
        copies_of: equal for passages whose words are the same.
        live_passages: False for a passage that a later generation has tombstoned.
        article_ids: 16 ASCII digits each.
        versions: sha256 of each article's current text, 32 bytes each.
        first_passages: ordinal of each article's first passage, and one more entry for the end.
        gone: whether the article's file has vanished.
        live_articles: False for an article that a later generation has tombstoned, with its passages.
        texts: text columns by name, by article ordinal.
    """

    article_of: NDArray[np.int32]
    starts: NDArray[np.int32]
    ends: NDArray[np.int32]
    passage_ids: NDArray[np.bytes_]
    copies_of: NDArray[np.int64]
    live_passages: NDArray[np.bool_]
    article_ids: NDArray[np.bytes_]
    versions: NDArray[np.bytes_]
    first_passages: NDArray[np.int64]
    gone: NDArray[np.bool_]
    live_articles: NDArray[np.bool_]
    texts: dict[str, TextColumn]

    @property
    def passages(self) -> int:
        """Return how many passages there are, tombstoned ones with them."""
        return len(self.article_of)

    @property
    def articles(self) -> int:
        """Return how many articles there are, tombstoned ones with them."""
        return len(self.article_ids)

    def article(self, ordinal: int) -> Article:
        """Return the article as it was when the generation was built."""
        text = {name: self.texts[name][ordinal] for name in TEXTS}
        return Article(
            id=self.article_id(ordinal),
            version=self.version(ordinal),
            title=text["title"] or "",
            outlet=text["outlet"],
            author=text["author"],
            url=text["url"],
            published=text["published"],
            published_from=text["published_from"],
            language=text["language"],
            path=text["path"] or "",
            record=text["record"],
            gone=bool(self.gone[ordinal]),
        )

    def article_id(self, ordinal: int) -> str:
        """Return the identifier of an article."""
        raw: bytes = self.article_ids[ordinal]
        return raw.decode("ascii")

    def version(self, ordinal: int) -> str:
        """Return the digest of the article's text in this generation."""
        raw: bytes = self.versions[ordinal]
        return raw.ljust(32, b"\x00").hex()

    def passage_id(self, ordinal: int) -> str:
        """Return the identifier of a passage."""
        raw: bytes = self.passage_ids[ordinal]
        return raw.decode("ascii")

    def place(self, ordinal: int) -> tuple[str, str, int, int]:
        """Return where a passage is: its article, version, start and end."""
        of = int(self.article_of[ordinal])
        return self.article_id(of), self.version(of), int(self.starts[ordinal]), int(self.ends[ordinal])

    def passages_of(self, articles: Ordinals) -> Ordinals:
        """Return the ordinals of all passages of the given articles, ascending."""
        starts, stops = self.first_passages[articles], self.first_passages[articles + 1]
        lengths = stops - starts
        if not len(articles):
            return np.empty(0, np.int64)
        offsets = np.repeat(starts - np.concatenate(([0], np.cumsum(lengths)[:-1])), lengths)
        passages: Ordinals = np.sort(np.arange(int(lengths.sum()), dtype=np.int64) + offsets)
        return passages

    def articles_of(self, passages: Ordinals) -> list[int]:
        """Return the ordinals of the articles of the given passages, each once, in the order of the passages."""
        return list(dict.fromkeys(self.article_of[passages].tolist()))

    def languages(self) -> tuple[str, ...]:
        """Return the distinct languages of the articles, sorted."""
        column = self.texts["language"]
        return tuple(sorted({code for row in range(self.articles) if (code := column[row]) is not None}))


def copy_key(folded: str) -> int:
    """Return a number that is equal for texts of the same folded words, joined by spaces."""
    raw = folded.replace(" ", "\x1f").encode("utf-8", "replace")
    return int.from_bytes(blake2b(raw, digest_size=8).digest(), "little", signed=True)


def as_words(texts: NDArray[np.bytes_]) -> NDArray[np.uint64]:
    """Return texts of whole words of eight bytes as numbers that sort as they do, shape ``(words, len(texts))``."""
    raw = np.ascontiguousarray(texts).view(np.uint8).reshape(len(texts), texts.itemsize)
    return np.ascontiguousarray(raw.view(">u8").astype(np.uint64).T)


class _TextWriter:
    """Streams one text column to disk."""

    def __init__(self, folder: Path, name: str) -> None:
        self._ends = array("q")
        self._file: BinaryIO = create(folder / f"{name}.utf8")
        self._path = folder / f"{name}.ends.npy"
        self._at = 0

    def take_over(self, column: TextColumn) -> None:
        self._at = self._file.write(column.blob.data)
        self._ends.frombytes(column.ends.tobytes())

    def add(self, value: str | None) -> None:
        raw = _ABSENT if value is None else value.encode("utf-8", "replace")
        self._at += self._file.write(raw)
        self._ends.append(self._at)

    def finish(self) -> None:
        self._file.close()
        save(self._path, np.frombuffer(self._ends, np.int64) if self._ends else np.empty(0, np.int64))


class ColumnsWriter:
    """Writes the columns of a new generation, one article after the other."""

    def __init__(self, folder: Path) -> None:
        make_dir(folder)
        self._folder = folder
        self._texts = {name: _TextWriter(folder, name) for name in TEXTS}
        self._numbers = {name: array("i") for name in ("article_of", "starts", "ends")}
        self._copies, self._first, self._gone = array("q"), array("q", [0]), array("b")
        self._passage_ids, self._article_ids, self._versions = bytearray(), bytearray(), bytearray()
        self._live_passages, self._live_articles = array("b"), array("b")

    def take_over(self, columns: Columns, tombstoned: Ordinals) -> None:
        """Begin with the rows of an older generation, under the same ordinals; before any ``add``.

        Args:
            columns: of that generation.
            tombstoned: articles that are out of date, with all their passages.
        """
        for name, writer in self._texts.items():
            writer.take_over(columns.texts[name])
        for name, values in self._numbers.items():
            values.frombytes(getattr(columns, name).tobytes())
        self._copies.frombytes(columns.copies_of.tobytes())
        self._first.frombytes(columns.first_passages[1:].tobytes())
        self._gone.frombytes(columns.gone.tobytes())
        self._passage_ids += columns.passage_ids.tobytes()
        self._article_ids += columns.article_ids.tobytes()
        self._versions += columns.versions.tobytes()
        self._live_passages.frombytes(_without(columns.live_passages, columns.passages_of(tombstoned)).tobytes())
        self._live_articles.frombytes(_without(columns.live_articles, tombstoned).tobytes())

    def add(self, item: Indexable, copies: Sequence[int]) -> None:
        """Append an article with its passages and the ``copy_key`` of each."""
        ordinal = len(self._gone)
        self._add_article(item.article)
        for passage, copy in zip(item.passages, copies, strict=True):
            self._add_passage(ordinal, passage, copy)
        self._first.append(len(self._copies))

    def finish(self) -> None:
        """Write what is held in memory; the folder is complete afterwards."""
        for writer in self._texts.values():
            writer.finish()
        for name, values in self._numbers.items():
            self._save(name, np.array(values, np.int32))
        self._save("copies_of", np.array(self._copies, np.int64))
        self._save("first_passages", np.array(self._first, np.int64))
        self._save("gone", np.array(self._gone, np.bool_))
        self._save("alive", np.array(self._live_passages, np.bool_))
        self._save("standing", np.array(self._live_articles, np.bool_))
        self._save("passage_ids", np.frombuffer(bytes(self._passage_ids), "S16"))
        self._save("article_ids", np.frombuffer(bytes(self._article_ids), "S16"))
        self._save("versions", np.frombuffer(bytes(self._versions), "S32"))

    def _add_article(self, article: Article) -> None:
        for name, writer in self._texts.items():
            writer.add(getattr(article, name))
        self._gone.append(article.gone)
        self._live_articles.append(True)
        self._article_ids += article.id.encode("ascii")
        self._versions += bytes.fromhex(article.version)

    def _add_passage(self, ordinal: int, passage: Passage, copy: int) -> None:
        for name, value in zip(self._numbers, (ordinal, passage.start, passage.end), strict=True):
            self._numbers[name].append(value)
        self._copies.append(copy)
        self._live_passages.append(True)
        self._passage_ids += passage.id.encode("ascii")

    def _save(self, name: str, values: NDArray[np.generic]) -> None:
        save(self._folder / f"{name}.npy", values)


def _without(flags: NDArray[np.bool_], ordinals: Ordinals) -> NDArray[np.bool_]:
    left = flags.copy()
    left[ordinals] = False
    return left


def open_columns(folder: Path) -> Columns:
    """Map the columns of a finished generation.

    Raises:
        Damaged: a file is missing or damaged, or the columns disagree in length.
        OSError: the system refuses them.
    """
    try:
        arrays = {_STORED.get(path.stem, path.stem): load(path, kinds=NUMBERS + "S") for path in _arrays(folder)}
        texts = {name: TextColumn(_blob(folder / f"{name}.utf8"), arrays.pop(f"{name}.ends")) for name in TEXTS}
        columns = Columns(**arrays, texts=texts)
        _agree(columns, folder)
    except (OSError, ValueError, TypeError, KeyError) as error:
        tell_apart(error, Damaged(f"The columns in {folder} cannot be read: {error}", remedy=Remedy(Action.REBUILD)))
    return columns


def _arrays(folder: Path) -> Iterator[Path]:
    return iter(sorted(folder.glob("*.npy")))


def _blob(path: Path) -> NDArray[np.uint8]:
    return np.asarray(np.memmap(path, np.uint8, mode="r")) if path.stat().st_size else np.empty(0, np.uint8)


def _agree(columns: Columns, folder: Path) -> None:
    by_passage = (columns.starts, columns.ends, columns.passage_ids, columns.copies_of, columns.live_passages)
    by_article = (
        columns.versions,
        columns.gone,
        columns.live_articles,
        *(text.ends for text in columns.texts.values()),
    )
    whole = all(len(values) == columns.passages for values in by_passage)
    whole &= all(len(values) == columns.articles for values in by_article)
    whole &= len(columns.first_passages) == columns.articles + 1
    whole = whole and int(columns.first_passages[-1]) == columns.passages
    whole &= all(int(text.ends[-1]) == len(text.blob) for text in columns.texts.values() if columns.articles)
    if not whole:
        raise Damaged(f"The columns in {folder} do not agree in length.", remedy=Remedy(Action.REBUILD))
