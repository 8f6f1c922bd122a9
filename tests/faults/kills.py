"""Killing writers at random moments: a child works, the parent kills it and looks at what is left.

Children have everything imported when they begin, so that a kill meets work and not imports. A child writes
a line whenever it acknowledges something; what it acknowledged must be there afterwards.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import shutil
import signal
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from time import perf_counter
from unittest.mock import patch

from archive import Archive
from archive.core.errors import ArchiveError, NoIndex
from archive.core.progress import Step
from index import Growing, Mode, Searcher, build, passage_rule, verify
from index.embedding.model import Model
from index.indexing import builder, growing
from index.indexing.vectors import covering, embed_missing
from index.vectors import epochs
from index.vectors.store import VectorStore
from tests.faults.work import count_keys, forked
from tests.index.world import CheapEncoder, World

KINDS = ("update", "rebuild", "reembed", "grow")
FRESH_AFTER = 40


@dataclass(slots=True)
class Tally:
    """What became of the kills so far; every failure is told in a sentence."""

    kills: int = 0
    ended_first: int = 0
    failures: list[str] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)


class Killer:
    """Works on one archive after the other in children, and kills them.

    Args:
        folder: to make archives in.
        model: whose inputs are embedded, by a cheap stand-in.
        seed: of every choice.
        tally: to go on with.
    """

    def __init__(self, folder: Path, model: Model, seed: int, tally: Tally | None = None) -> None:
        self._folder = folder
        self._model = model
        self._rng = random.Random(seed)
        self._took = dict.fromkeys(KINDS, 2.0)
        self._turn = 0
        self._world = self._fresh()
        self.tally = tally or Tally()

    def kill(self) -> None:
        """Let a child work, kill it at a random moment, check what is left."""
        if self._turn % FRESH_AFTER == FRESH_AFTER - 1:
            self._world = self._fresh()
        self._turn += 1
        kind = min(KINDS, key=lambda kind: (self.tally.kinds[kind], self._rng.random()))
        if kind == "update":
            self._edit()
        if kind == "grow":
            for number in self._rng.sample(range(60, 160), 25):
                self._write(self._world, number)
        before = self._durable()
        killed, acknowledged = self._run(kind)
        self.tally.kills += killed
        self.tally.ended_first += not killed
        self.tally.kinds[kind] += killed
        wrong = self._wrong(before, acknowledged)
        self.tally.failures += [f"kill {self.tally.kills} of {kind}: {what}" for what in wrong]

    def finish(self) -> None:
        """Let the work come to its end and prove that everything is whole."""
        self._work("update", lambda step: None)
        with Archive.open(self._world.root) as archive:
            self.tally.failures += [problem.what for problem in verify(archive).problems]

    def _fresh(self) -> World:
        root = self._folder / f"world-{self._turn}"
        root.mkdir()
        world = World(root, self._model)
        world.set('engine = "auto"', f'engine = "{self._rng.choice(("tantivy", "rank-bm25"))}"')
        for number in range(30):
            self._write(world, number)
        if self._turn:
            shutil.rmtree(self._world.root.parent)
        return world

    def _edit(self) -> None:
        """Change, add and remove some articles."""
        for number in self._rng.sample(range(60), 6):
            path = self._world.folder / f"a{number:03d}.txt"
            if path.exists() and self._rng.random() < 0.2:
                path.unlink()
            else:
                self._write(self._world, number)

    def _write(self, world: World, number: int) -> None:
        world.put(f"a{number:03d}", f"Report {number}\n\nThe council met on road {self._rng.randrange(10**9)}.\n")

    def _run(self, kind: str) -> tuple[bool, Counter[str]]:
        ours, theirs = multiprocessing.Pipe(duplex=False)
        began = perf_counter()
        child = forked(self._child, kind, theirs)
        theirs.close()
        child.join(self._rng.uniform(0, 1.1 * self._took[kind]))
        killed = child.is_alive()
        if killed and child.pid is not None:
            os.kill(child.pid, signal.SIGKILL)
        child.join()
        if not killed:
            self._took[kind] = perf_counter() - began
        elif child.exitcode != -signal.SIGKILL:
            killed = False
        if child.exitcode not in (0, -signal.SIGKILL):
            self.tally.failures.append(f"{kind} ended with {child.exitcode}")
        return killed, _received(ours)

    def _child(self, kind: str, said: Connection) -> None:
        def tell(step: Step) -> None:
            if step.phase in ("embedding", "reading"):
                said.send((step.phase, step.done))

        small = ((embed_missing, "BATCH"), (builder, "FEW"), (covering, "_FIRST"), (growing, "_FIRST"))
        with ExitStack() as patched:
            for where, name in small:
                patched.enter_context(patch.object(where, name, 4))
            self._work(kind, tell, said.send)
        said.close()

    def _work(self, kind: str, tell: Callable[[Step], None], say: Callable[[object], None] = lambda told: None) -> None:
        with Archive.open(self._world.root) as archive:
            if kind == "grow":
                with archive.writing():
                    work = Growing(archive, CheapEncoder)
                    archive.add([self._world.folder], passage_rule(archive.settings), work.while_reading(tell))
                    say(("articles", sum(1 for _ in archive.articles())))
                    work.finish(tell)
                return
            if kind == "update":
                archive.add([self._world.folder], passage_rule(archive.settings), tell)
                say(("articles", sum(1 for _ in archive.articles())))
            build(archive, progress=tell, rebuild=kind != "update", reembed=kind == "reembed", encoder=CheapEncoder)

    def _durable(self) -> int:
        folder, model = self._world.root / "vectors", self._model
        found = epochs.epochs(folder, model.fingerprint)
        stores = (epochs.epoch_folder(folder, model.fingerprint, one) for one in found)
        return sum(count_keys(VectorStore.open(one, model.dimension)) for one in stores)

    def _wrong(self, before: int, acknowledged: Counter[str]) -> list[str]:
        """Return what was lost, in sentences."""
        try:
            with Archive.open(self._world.root) as archive:
                articles = sum(1 for _ in archive.articles())
                damage = list(archive.check())
            found = self._durable()
            self._search(articles)
        except (ArchiveError, OSError) as error:
            return [f"it does not open: {error}"]
        lost = [f"{damage[0]}"] if damage else []
        if articles < acknowledged["articles"]:
            lost.append(f"{acknowledged['articles'] - articles} acknowledged articles were lost")
        if found < before + acknowledged["embedding"]:
            lost.append(f"{before + acknowledged['embedding'] - found} acknowledged vectors were lost")
        return lost

    def _search(self, articles: int) -> None:
        try:
            with Searcher.open(self._world.root, encoder=CheapEncoder(self._model)) as searcher:
                assert articles
                searcher.search("council road", mode=Mode.HYBRID)
                searcher.search("council road", mode=Mode.LEXICAL)
                searcher.search("council", mode=Mode.LEXICAL, k=5)
        except NoIndex:
            return


def _received(ours: Connection) -> Counter[str]:
    """Return the largest number of each kind that a child acknowledged."""
    most: Counter[str] = Counter()
    while True:
        try:
            if not ours.poll():
                return most
            kind, number = ours.recv()
        except (EOFError, OSError):
            return most
        most[kind] = max(most[kind], number)
