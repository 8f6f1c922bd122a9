"""Archives for tests of building, by a cheap encoder that stands in for the model: vectors of no use, all else real."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from time import sleep
from typing import Self
from zlib import crc32

import numpy as np

from archive import Archive
from archive.archive import Removal
from index import BuildReport, Mode, Searcher, lexical, passage_rule
from index import build as build_index
from index.contracts.engines import Floats, IndexedDocument, LexicalIndex, Table
from index.contracts.recipe import RECIPE
from index.embedding.model import Model
from index.generations.generation import open_current
from index.generations.open import Parts, open_parts
from index.indexing.vectors.embed_missing import FEW
from tests.archives import empty_archive


class CheapEncoder:
    """Unit vectors of word counts, quick and the same every time; remembers what it encoded."""

    def __init__(self, model: Model, delay: float = 0.0) -> None:
        self.fingerprint = model.fingerprint
        self.dimension = model.dimension
        self.encoded: list[str] = []
        self._delay = delay

    def encode(self, texts: Sequence[str]) -> Floats:
        sleep(self._delay)
        self.encoded += texts
        made = np.zeros((len(texts), self.dimension), np.float32)
        for row, text in zip(made, texts, strict=True):
            for word in text.split() or [""]:
                row[crc32(word.encode("utf-8", "replace")) % self.dimension] += 1
        return np.asarray(made / np.linalg.norm(made, axis=1, keepdims=True), np.float32)


SLOW = """
import sys, os
from pathlib import Path
from time import sleep
sys.path.insert(0, sys.argv[2])
import index.indexing.vectors.embed_missing
index.indexing.vectors.embed_missing.BATCH = 4
index.indexing.vectors.embed_missing._WINDOW = 4
index.indexing.vectors.embed_missing.FEW = int(sys.argv[4])
from tests.index.world import CheapEncoder
from archive import Archive
from index import build
with Archive.open(Path(sys.argv[1])) as archive:
    print("begun", flush=True)
    def tell(step):
        if step.phase == "embedding":
            print(step.done, flush=True)
    build(archive, encoder=lambda model: CheapEncoder(model, 0.3), progress=tell, **eval(sys.argv[3]))
"""


@contextmanager
def parts_in_use(root: Path) -> Iterator[Parts]:
    """Open the columns, words and vectors of an archive's newest generation, as a searcher does."""
    with (
        Archive.open(root) as archive,
        open_current(archive.layout) as generation,
        closing(open_parts(archive.layout, generation)) as parts,
    ):
        yield parts


class World:
    """An archive of numbered articles without Chroma, and the encoder of its last build."""

    def __init__(self, root: Path, model: Model) -> None:
        self._place(root, model)
        self.folder.mkdir()
        empty_archive(self.root)

    def _place(self, root: Path, model: Model) -> None:
        self.root = root / "archive"
        self.folder = root / "news"
        self.model = model
        self.encoder = CheapEncoder(model)

    @classmethod
    def known(cls, root: Path, model: Model) -> Self:
        """Return an archive that another process made."""
        made = cls.__new__(cls)
        made._place(root, model)
        return made

    def set(self, old: str, new: str) -> None:
        """Change a line of the settings."""
        settings = self.root / "morgue.toml"
        settings.write_text(settings.read_text("utf-8").replace(old, new), "utf-8")

    def put(self, name: str, text: str) -> None:
        (self.folder / f"{name}.txt").write_text(text, "utf-8")

    def put_many(self, count: int) -> None:
        for number in range(count):
            self.put(f"a{number:03d}", f"Report {number}\n\nThe council of town {number} met on road {number * 7}.\n")

    def add(self) -> None:
        with Archive.open(self.root) as archive:
            archive.add([self.folder], passage_rule(archive.settings))

    def build(
        self, *, rebuild: bool = False, reembed: bool = False, title_weight: int = RECIPE.words.title_weight
    ) -> BuildReport:
        self.encoder = CheapEncoder(self.model)
        with Archive.open(self.root) as archive:
            return build_index(
                archive,
                rebuild=rebuild,
                reembed=reembed,
                encoder=lambda _: self.encoder,
                title_weight=title_weight,
            )

    def remove(self, article: str) -> Removal:
        with Archive.open(self.root) as archive:
            return archive.remove(article)

    def found(self, query: str, mode: Mode = Mode.LEXICAL) -> list[str]:
        with Searcher.open(self.root) as searcher:
            return [hit.article.title for hit in searcher.search(query, mode=mode, nearest=True)]

    @property
    def current(self) -> bytes:
        return (self.root / "CURRENT").read_bytes()

    @contextmanager
    def slow_build(self, arguments: str = "{}", few: int = FEW) -> Iterator[subprocess.Popen[str]]:
        """Run a build that takes a while in a process of its own; of more than ``few`` vectors, words come first."""
        child = subprocess.Popen(
            [sys.executable, "-c", SLOW, str(self.root), str(Path(__file__).parents[2]), f"dict(**{arguments})",
             str(few)],
            stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert child.stdout is not None
        try:
            assert child.stdout.readline() == "begun\n"
            yield child
        finally:
            child.kill()
            child.wait()
            child.stdout.close()

    def killed_build(self, least: int, arguments: str = "{}", few: int = FEW) -> None:
        """Kill a build once it has embedded some passages."""
        with self.slow_build(arguments, few) as child:
            assert child.stdout is not None
            for line in child.stdout:
                if int(line) >= least:
                    break
            child.send_signal(signal.SIGKILL)
            assert child.wait() == -signal.SIGKILL


def indexed(folder: Path, documents: list[str]) -> LexicalIndex:
    """Write documents of one passage each with the engine of large archives, and open the index."""
    engine = lexical.engine(lexical.LARGE)
    writer = engine.writer(folder)
    for text in documents:
        for table in Table:
            writer.add(table, IndexedDocument(text, text))
    writer.finish()
    return engine.open(folder)
