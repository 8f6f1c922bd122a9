"""The life of an archive, as hypothesis makes it up, beside a model of plain dictionaries."""

from __future__ import annotations

import random
import shutil
from contextlib import suppress
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, invariant, precondition, rule
from hypothesis.stateful import run_state_machine_as_test as run_machine

from archive import Archive
from archive.core.errors import ArchiveError, NoIndex
from index import Mode, Searcher, verify
from index.embedding.model import Model
from index.maintenance.repair import repair
from tests.faults.work import DIED, dying, forked
from tests.index.world import CheapEncoder, World

pytestmark = pytest.mark.usefixtures("background")
WORDS = ("harbour", "council", "pipeline", "verdict", "orchard", "glacier")
_WORDS = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3)


class Life(RuleBasedStateMachine):
    """Files are made, changed, moved and lost; the archive follows, is killed, damaged and mended.

    The model of an article is its text. ``places`` says which article the catalog has for a path, ``texts`` what it
    has of each article, ``indexed`` what the last index had.
    """

    model: Model
    names = Bundle("names")

    @initialize()
    def begin(self) -> None:
        self.home = Path(mkdtemp())
        self.world = World(self.home, self.model)
        self.world.set('engine = "auto"', 'engine = "tantivy"')
        self.count = 0
        self.files: dict[str, str] = {}
        self.places: dict[str, int] = {}
        self.texts: dict[int, str] = {}
        self.removed: dict[int, str] = {}
        self.indexed: dict[int, str] = {}

    @rule(target=names, words=_WORDS)
    def write(self, words: list[str]) -> str:
        """Write a new file under a name that was never used."""
        self.count += 1
        name = f"n{self.count}"
        self._put(name, words)
        return name

    @rule(name=names, words=_WORDS)
    def edit(self, name: str, words: list[str]) -> None:
        self.count += 1
        self._put(name, words)

    @rule(target=names, name=consumes(names))
    def move(self, name: str) -> str:
        self.count += 1
        new = f"n{self.count}"
        self._path(name).rename(self._path(new))
        self.files[new] = self.files.pop(name)
        return new

    @rule(name=consumes(names))
    def delete(self, name: str) -> None:
        self._path(name).unlink()
        del self.files[name]

    @rule()
    def update(self) -> None:
        self._update()

    @rule()
    def rebuild(self) -> None:
        self.world.build(rebuild=True)
        self.indexed = self._held()

    @precondition(lambda self: self.texts)
    @rule(choice=st.randoms(use_true_random=False))
    def remove(self, choice: random.Random) -> None:
        """Take an article out; it is out of the index after the next build."""
        held = sorted(self._held())
        if held:
            one = choice.choice(held)
            self.removed[one] = self._identifier(one)
            self.world.remove(self.removed[one])

    @precondition(lambda self: self.removed)
    @rule()
    def restore(self) -> None:
        one, identifier = self.removed.popitem()
        with Archive.open(self.world.root) as archive:
            archive.restore(identifier)
        assert one in self.texts

    @rule(at=st.integers(1, 60))
    def kill(self, at: int) -> None:
        """End an update at one of its operations on files; search, verify, and update again."""
        child = forked(dying, self.world, "add", at)
        child.join()
        assert child.exitcode in (0, DIED)
        self._search_anything()
        with Archive.open(self.world.root) as archive:
            assert all(problem.remedy for problem in verify(archive).problems)
        self._update()

    @precondition(lambda self: self.indexed)
    @rule(choice=st.randoms(use_true_random=False))
    def damage(self, choice: random.Random) -> None:
        """Flip a bit of a file that can be made again, and repair."""
        patterns = ("generations/*/columns/*", "generations/*/lexical/**/*", "vectors/**/*.*", "CURRENT")
        found = sorted(path for one in patterns for path in self.world.root.glob(one) if path.is_file())
        path = choice.choice([path for path in found if path.stat().st_size])
        raw = bytearray(path.read_bytes())
        raw[choice.randrange(len(raw))] ^= 1 << choice.randrange(8)
        path.write_bytes(raw)
        with suppress(ArchiveError):
            self._search_anything()
        report = repair(self.world.root, encoder=CheapEncoder)
        assert report.whole, report
        assert report.repaired
        self.indexed = self._held()

    @rule(word=st.sampled_from(WORDS))
    def search(self, word: str) -> None:
        self._search(word)

    @rule()
    def check(self) -> None:
        with Archive.open(self.world.root) as archive:
            assert verify(archive).problems == ()
            assert len(list(archive.articles())) == len(self._held())

    @invariant()
    def no_leftovers(self) -> None:
        assert list((self.world.root / "tmp").glob("generation-*")) == []

    def teardown(self) -> None:
        if hasattr(self, "home"):
            shutil.rmtree(self.home)

    def _path(self, name: str) -> Path:
        return self.world.folder / f"{name}.txt"

    def _put(self, name: str, words: list[str]) -> None:
        self.files[name] = f"mark{self.count} is what the report of the day on {' '.join(words)} said to them all"
        self.world.put(name, f"Title of it all\n\n{self.files[name]}\n")

    def _update(self) -> None:
        """Follow the files: a path keeps its article, a moved text as well, whatever else is new."""
        self.world.add()
        self.world.build()
        lost = {self.texts[one]: path for path, one in self.places.items() if path not in self.files}
        for path, text in sorted(self.files.items()):
            if path not in self.places:
                known = lost.pop(text, None)
                self.places[path] = self.places.pop(known) if known else len(self.texts)
            self.texts[self.places[path]] = text
        self.indexed = self._held()
        for word in WORDS:
            self._search(word)

    def _held(self) -> dict[int, str]:
        return {one: text for one, text in self.texts.items() if one not in self.removed}

    def _identifier(self, one: int) -> str:
        with Archive.open(self.world.root) as archive, archive.snapshot() as snapshot:
            return next(item.article.id for item in snapshot if self.texts[one] in item.version.text)

    def _search(self, word: str) -> None:
        if not self.indexed:
            return
        with Searcher.open(self.world.root) as searcher:
            found = [hit.passage.text for hit in searcher.search(word, mode=Mode.LEXICAL, k=1000)]
        expected = [text for text in self.indexed.values() if word in text.split()]
        assert sorted(map(_mark, found)) == sorted(map(_mark, expected))

    def _search_anything(self) -> None:
        with suppress(NoIndex), Searcher.open(self.world.root) as searcher:
            searcher.search("harbour council", mode=Mode.LEXICAL)


def _mark(text: str) -> str:
    """Return the word that tells one text from all others."""
    return next(word for word in text.split() if word.startswith("mark"))


def live(model: Model, examples: int, steps: int) -> None:
    machine: Any = type("LifeOf", (Life,), {"model": model})
    usual = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        database=None,
        print_blob=True,
    )
    run_machine(machine, settings=usual)


def test_an_archive_lives_as_its_model_does(model: Model) -> None:
    live(model, examples=15, steps=25)


@pytest.mark.slow
def test_an_archive_lives_long(model: Model) -> None:
    live(model, examples=100, steps=30)
