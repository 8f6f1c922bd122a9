"""Flipping single bits of an archive: whatever is shown afterwards is what was written, or it is told that it is not.

A specimen archive is copied, one bit of one of its files is flipped, and everything of it is asked for: answers,
articles, texts, passages, sources, at last ``verify``. What comes back is compared with what the specimen held.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from archive import Archive
from archive.catalog.schema import TABLES
from archive.core.article import Article, Passage, Source, Version
from archive.core.errors import ArchiveError
from archive.folder.layout import Layout
from archive.folder.settings import Settings
from archive.folder.settings import load as load_settings
from index import Answer, Mode, Searcher, build, verify
from index.embedding.model import Model
from index.generations.generation import read_current
from tests.archives import copied_archive
from tests.index.world import CheapEncoder, World

QUESTIONS: Final = ("council road", '"the harbour"', "outlet:courier pipeline", "after:2022-01-05 verdict", "report")
PATTERNS: Final = {
    "catalog": ("catalog.sqlite",),
    "its log": ("catalog.sqlite-wal",),
    "its log's index": ("catalog.sqlite-shm",),
    "columns": ("generations/*/columns/*",),
    "words": ("generations/*/lexical/**/*",),
    "slots, manifest": ("generations/*/*.*",),
    "vectors": ("vectors/**/*.*",),
    "settings": ("morgue.toml",),
    "CURRENT": ("CURRENT",),
}
OF_LOG: Final = ("its log", "its log's index")
DERIVED: Final = ("columns", "words", "slots, manifest", "vectors")
_WORDS: Final = ("council", "harbour", "pipeline", "verdict", "orchard", "road", "gas", "mayor", "river", "budget")
_FLIP: Final = """
import os, sys
file, at, bit = os.open(sys.argv[1], os.O_RDWR), int(sys.argv[2]), int(sys.argv[3])
(byte,) = os.pread(file, 1, at)
os.pwrite(file, bytes([byte ^ 1 << bit]), at)
"""


@dataclass(frozen=True, slots=True)
class Flip:
    """One bit of a file: its path in the archive, the byte, the bit of that byte."""

    path: str
    byte: int
    bit: int

    def do(self, root: Path, *, keeping_time: bool = False) -> None:
        """Flip it in place, in an archive that is closed; with the time kept it is as if the disk had rotted."""
        path = root / self.path
        status = path.stat()
        with path.open("r+b") as file:
            file.seek(self.byte)
            (byte,) = file.read(1)
            file.seek(self.byte)
            file.write(bytes([byte ^ 1 << self.bit]))
        if keeping_time:
            os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))

    def do_apart(self, root: Path) -> None:
        """Flip it in an archive that is open here: who closes a file gives up the locks that SQLite holds on it."""
        arguments = (str(root / self.path), str(self.byte), str(self.bit))
        subprocess.run([sys.executable, "-S", "-c", _FLIP, *arguments], check=True)


@dataclass(slots=True)
class Outcome:
    """What came of a flip.

    Attributes:
        wrong: what was given and had never been written, in sentences.
        told: what was refused or said to be missing.
        different: questions by words that were answered otherwise, and nothing was said.
        crashed: errors that are none of ours.
        found: whether ``verify`` found something.
        changed: whether the file says something else than before.
    """

    flip: Flip
    wrong: list[str] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    different: list[str] = field(default_factory=list)
    crashed: list[str] = field(default_factory=list)
    found: bool = False
    changed: bool = True

    @property
    def missed(self) -> bool:
        """Tell whether the file says something else and ``verify`` calls the archive whole."""
        return self.changed and not self.found


class Specimen:
    """An archive, closed, and everything that was ever written into it: what is shown may be older, if that is told.

    Args:
        folder: to make it in.
        model: whose inputs are embedded, by a cheap stand-in.
        engine: of its word index.
    """

    def __init__(self, folder: Path, model: Model, engine: str = "tantivy") -> None:
        self.model = model
        self.written: set[Article] = set()
        self.versions: dict[tuple[str, str], Version] = {}
        self.passages: set[Passage] = set()
        folder.mkdir(parents=True)
        world = World(folder, model)
        world.set('engine = "auto"', f'engine = "{engine}"')
        _write(world.folder, range(24))
        world.add()
        world.build()
        with Archive.open(world.root) as reading:
            reading.sources()  # keeps SQLite's log, which goes with its last reader
            self._remember(reading)
            _write(world.folder, range(20, 28))
            world.add()
            world.build()
            self._remember(reading)
            world.remove(min(article.id for article in reading.articles()))
            world.build()
            self.open = copied_archive(world.root, folder / "open")
        self.closed = world.root
        self._learn()

    def _learn(self) -> None:
        with Searcher.open(self.closed, encoder=CheapEncoder(self.model)) as searcher:
            archive = searcher.archive
            self.settings: Settings = archive.settings
            self.sources: tuple[Source, ...] = archive.sources()
            self.articles = tuple(article.id for article in archive.articles())
            self._remember(archive)
            self.found = {question: _ids(searcher.search(question, 100, Mode.LEXICAL)) for question in QUESTIONS}
        self.rows = catalog_rows(self.closed)
        self.current = read_current(Layout(self.closed))

    def _remember(self, archive: Archive) -> None:
        """Add what the archive holds now to what was ever written into it."""
        for article in archive.articles():
            self.written.add(article)
            for version in archive.versions(article.id):
                self.versions[version.article_id, version.digest] = version
                self.passages.update(archive.passages(version.article_id, version.digest))

    def flips(self, kind: str, rng: random.Random) -> Iterator[Flip]:
        """Yield seeded flips of a kind of file, one file after the other, without end."""
        root = self.open if kind in OF_LOG else self.closed
        paths = sorted({path for pattern in PATTERNS[kind] for path in root.glob(pattern) if path.is_file()})
        sizes = {path.relative_to(root).as_posix(): path.stat().st_size for path in paths if path.stat().st_size}
        assert sizes, f"nothing is there of {kind}"
        while True:
            for path in rng.sample(sorted(sizes), len(sizes)):
                yield Flip(path, rng.randrange(sizes[path]), rng.randrange(8))

    def tried(self, kind: str, flip: Flip, folder: Path, *, rotting: bool, rebuild: bool) -> Outcome:
        """Flip a bit of a copy and look at everything.

        Args:
            kind: of the file.
            flip: to do.
            folder: for the copy, which is removed afterwards.
            rotting: whether size and time of the file stay and its hash was remembered before.
            rebuild: whether a rebuild is tried as well, and what it made is looked at.
        """
        # tantivy's watcher, as it starts, may set its lock while the copy is removed
        with TemporaryDirectory(dir=folder, ignore_cleanup_errors=True) as parent:
            root = shutil.copytree(self.open if kind in OF_LOG else self.closed, Path(parent) / "copy")
            outcome = Outcome(flip)
            if kind == "its log's index":
                with Archive.open(root) as reading:  # who comes first makes the index of the log anew
                    reading.sources()
                    flip.do_apart(root)
                    self._look(root, outcome)
            else:
                if rotting:
                    Searcher.open(root, encoder=CheapEncoder(self.model)).close()
                flip.do(root, keeping_time=rotting)
                self._look(root, outcome)
            outcome.changed = self._is_changed(kind, root)
            outcome.found = self._verify(root, outcome)
            if rebuild:  # which takes the catalog as it is from then on, and writes into it
                self._rebuild(root, outcome)
        return outcome

    def _look(self, root: Path, outcome: Outcome) -> None:
        _try(outcome, lambda: self._look_by_searching(root, outcome))
        _try(outcome, lambda: self._look_into_catalog(root, outcome))

    def _look_by_searching(self, root: Path, outcome: Outcome) -> None:
        with Searcher.open(root, encoder=CheapEncoder(self.model)) as searcher:
            for number, question in enumerate(QUESTIONS):
                for mode in Mode if not number else (Mode.LEXICAL,):
                    _try(outcome, lambda q=question, m=mode: self._ask(searcher, q, m, outcome))  # type: ignore[misc]
            for article in self.articles:
                _try(outcome, lambda a=article: self._read(searcher, a, outcome))  # type: ignore[misc]

    def _ask(self, searcher: Searcher, question: str, mode: Mode, outcome: Outcome) -> None:
        answer = searcher.search(question, 100, mode)
        outcome.told += answer.degraded
        for hit in answer:
            self._compare_passage(hit.article, hit.passage, outcome)
            for copy in searcher.folded(answer, hit) if hit.copies else ():
                self._compare_passage(copy.article, copy.passage, outcome)
        if mode == Mode.LEXICAL and not answer.degraded and _ids(answer) != self.found[question]:
            outcome.different.append(question)

    def _read(self, searcher: Searcher, article: str, outcome: Outcome) -> None:
        view = searcher.view(article)
        self._compare(view.article in self.written, f"the article {view.article}", outcome)
        for passage in view.passages:
            self._compare_passage(view.article, passage, outcome)
        for version in (view.version, *searcher.archive.versions(article)):
            known = self.versions.get((version.article_id, version.digest))
            self._compare(version == known, f"the version {version}", outcome)

    def _look_into_catalog(self, root: Path, outcome: Outcome) -> None:
        with Archive.open(root) as archive:
            _try(outcome, lambda: self._compare(set(archive.sources()) <= set(self.sources), "the sources", outcome))
            for article in archive.articles():
                self._compare(article in self.written, f"the article {article}", outcome)

    def _rebuild(self, root: Path, outcome: Outcome) -> None:
        def rebuilt() -> None:
            with Archive.open(root) as archive:
                build(archive, rebuild=True, encoder=CheapEncoder)
            self._look(root, outcome)

        told, different = bool(outcome.told), list(outcome.different)
        _try(outcome, rebuilt)
        if told:  # what was lost, and an index of what is left was asked for
            outcome.different = different

    def _verify(self, root: Path, outcome: Outcome) -> bool:
        try:
            with Archive.open(root) as archive:
                return not verify(archive).whole
        except ArchiveError:
            return True
        except Exception as error:
            outcome.crashed.append(f"verify: {error!r}")
            return True

    def _is_changed(self, kind: str, root: Path) -> bool:
        if kind == "settings":
            with suppress(ArchiveError):
                return load_settings(root / "morgue.toml") != self.settings
        if kind == "CURRENT":
            return read_current(Layout(root)) != self.current
        return kind in DERIVED or kind == "settings" or catalog_rows(root) != self.rows

    def _compare_passage(self, article: Article, passage: Passage, outcome: Outcome) -> None:
        self._compare(article in self.written, f"the article {article}", outcome)
        self._compare(passage in self.passages, f"the passage {passage}", outcome)

    def _compare(self, same: bool, what: str, outcome: Outcome) -> None:
        if not same:
            outcome.wrong.append(what)


def catalog_rows(root: Path) -> dict[str, list[str]] | None:
    """Return the rows of every table as SQLite gives them, None where it cannot."""
    try:
        with closing(sqlite3.connect(root / "catalog.sqlite")) as connection:
            connection.text_factory = bytes
            return {table.name: sorted(map(repr, connection.execute(table.everything))) for table in TABLES}
    except (sqlite3.Error, UnicodeDecodeError):  # the second where a bit of a column's name or of a message is flipped
        return None


def _try(outcome: Outcome, work: Callable[[], None]) -> None:
    """Do something that may be refused in a sentence; anything else that ends it is a crash."""
    try:
        work()
    except ArchiveError as error:
        outcome.told.append(error.message)
    except Exception as error:
        outcome.crashed.append(repr(error))


def _ids(answer: Answer) -> list[str]:
    return [hit.passage.id for hit in answer]


def _write(folder: Path, numbers: Iterable[int]) -> None:
    """Write made-up news: a file of records with all metadata, each second one with residue, some the same text."""
    rng, records = random.Random(min(numbers)), []
    for number in numbers:
        words = [" ".join(rng.sample(_WORDS, 6)) for _ in range(12)]
        said = " ".join(f"The {one} of town {number} cost {rng.randrange(10**6)} crowns." for one in words)
        text = "The harbour was closed, the council said on the road to the river." if number % 8 == 0 else said
        residue = "\n\nLeave a Reply\nYour email address will not be published. Required fields: *\n"
        records.append(
            {
                "id": f"r{number}",
                "title": f"Report {number}: {words[0]}",
                "text": text + (residue if number % 2 else ""),
                "outlet": ("Larnholm Courier", "Vestria Daily")[number % 2],
                "author": f"Reporter {number % 5}",
                "date": f"2022-01-{1 + number % 27:02d}",
                "url": f"https://news.example/{number}",
                "lang": "en",
            }
        )
    lines = "".join(f"{json.dumps(record)}\n" for record in records)
    (folder / f"news-{min(numbers)}.jsonl").write_text(lines, "utf-8")
