"""An archive answers by words before its vectors are made, and by meaning as far as they are."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from archive import Archive
from archive.core.errors import ArchiveError
from archive.core.progress import Step
from index import (
    Answer,
    BuildReport,
    Confidence,
    Growing,
    Mode,
    Searcher,
    build,
    export_to_chroma,
    passage_rule,
    status,
    verify,
)
from index.contracts.engines import Floats
from index.embedding.model import Model
from index.generations.generation import manifest_in_use
from index.indexing import builder, growing
from index.indexing.purge import purge
from index.indexing.vectors import covering
from tests.index.world import CheapEncoder, World, parts_in_use

pytestmark = pytest.mark.usefixtures("background")
QUESTIONS = ("town 7", "council road", "zeppelin", "report 31", '"the council of town"', "-council town")
FEW, FIRST = 2, 8


@dataclass(frozen=True, slots=True)
class Seen:
    """What an archive was like while vectors were made.

    Attributes:
        covered: of how many passages meaning was known, by the manifest; ``titles`` of their articles.
    """

    covered: int | None
    titles: frozenset[str]
    answers: dict[tuple[str, Mode], Answer]


class Watching(CheapEncoder):
    """An encoder that looks at the archive whenever passages are to be encoded and there is another index."""

    def __init__(self, model: Model, root: Path) -> None:
        super().__init__(model)
        self._model, self._root = model, root
        self.seen: list[Seen] = []

    def encode(self, texts: Sequence[str]) -> Floats:
        covered = in_use(self._root)
        if texts[0].startswith("Report") and covered not in [each.covered for each in self.seen]:
            self.seen.append(seen(self._root, self._model))
        return super().encode(texts)


def is_whole(root: Path) -> bool:
    with Archive.open(root) as archive:
        return not verify(archive).problems


def in_use(root: Path) -> int | None:
    """Return how many passages the index in use covers, None where all."""
    with Archive.open(root) as archive:
        manifest = manifest_in_use(archive.layout)
    assert manifest is not None
    return manifest.vectors.covered


def seen(root: Path, model: Model) -> Seen:
    with parts_in_use(root) as parts:
        passages = np.arange(parts.columns.passages) if parts.covered is None else parts.covered
        articles = parts.columns.articles_of(passages)
        titles = frozenset(parts.columns.texts["title"][article] or "" for article in articles)
    with Searcher.open(root, encoder=CheapEncoder(model)) as searcher:
        searcher.warm()
        asked = [(text, mode) for text in QUESTIONS for mode in Mode]
        answers = {(text, mode): searcher.search(text, k=50, mode=mode, nearest=True) for text, mode in asked}
    return Seen(in_use(root), titles, answers)


def ranked(answer: Answer) -> list[tuple[str, float]]:
    """Return titles and scores; equals by title, as articles of another source have other identifiers."""
    return sorted(((hit.article.title, round(hit.score, 5)) for hit in answer), key=lambda row: (-row[1], row[0]))


@pytest.fixture
def world(tmp_path: Path, model: Model, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(builder, "FEW", FEW)
    monkeypatch.setattr(covering, "_FIRST", FIRST)
    world = World(tmp_path, model)
    world.put_many(40)
    world.add()
    return world


def watched_build(world: World) -> tuple[Watching, BuildReport]:
    encoder = Watching(world.model, world.root)
    with Archive.open(world.root) as archive:
        return encoder, build(archive, encoder=lambda _: encoder)


def test_words_answer_first_and_meaning_covers_twice_as_many_each_time(world: World) -> None:
    encoder, report = watched_build(world)
    assert [each.covered for each in encoder.seen] == [0, 8, 16, 32]
    assert in_use(world.root) is None
    assert (report.passages, report.new, report.embedded) == (40, 40, 40)
    first = encoder.seen[0].answers["town 7", Mode.HYBRID]
    assert first.hits[0].article.title == "Report 7"
    assert (first.covered, first.total) == (0, 40)
    assert first.degraded[0].startswith("Meaning is known of 0 of 40 passages")
    last = seen(world.root, world.model).answers["town 7", Mode.HYBRID]
    assert (last.covered, last.total, last.degraded) == (None, None, ())
    assert is_whole(world.root)


def test_what_is_answered_meanwhile_is_what_an_index_of_the_covered_articles_answers(
    world: World, tmp_path: Path
) -> None:
    encoder, _ = watched_build(world)
    whole = seen(world.root, world.model)
    for number, each in enumerate(encoder.seen[1:]):
        (tmp_path / str(number)).mkdir()
        alone = World(tmp_path / str(number), world.model)
        for title in each.titles:
            alone.put(title.replace(" ", "-"), (world.folder / f"a{int(title.split()[1]):03d}.txt").read_text("utf-8"))
        alone.add()
        alone.build()
        covered = seen(alone.root, world.model)
        for text in QUESTIONS:
            assert ranked(each.answers[text, Mode.SEMANTIC]) == ranked(covered.answers[text, Mode.SEMANTIC]), text
            assert ranked(each.answers[text, Mode.LEXICAL]) == ranked(whole.answers[text, Mode.LEXICAL]), text
            hybrid = each.answers[text, Mode.HYBRID]
            assert {hit.article.title for hit in hybrid if hit.semantic} <= each.titles
            assert all(hit.lexical for hit in hybrid if not hit.semantic)


def test_an_index_made_step_by_step_answers_as_one_made_at_once(world: World, tmp_path: Path) -> None:
    watched_build(world)
    by_steps = seen(world.root, world.model)
    world.build(rebuild=True)
    at_once = seen(world.root, world.model)
    for key, answer in at_once.answers.items():
        assert ranked(by_steps.answers[key]) == ranked(answer)
        assert by_steps.answers[key].confidence_score == pytest.approx(answer.confidence_score)


def test_nothing_is_called_nothing_for_want_of_vectors(world: World) -> None:
    encoder, _ = watched_build(world)
    for each in encoder.seen:
        for text in ("council road", "report 31"):
            assert each.answers[text, Mode.HYBRID].confidence != Confidence.NOTHING
        assert each.answers["town 7", Mode.HYBRID].confidence == each.answers["town 7", Mode.LEXICAL].confidence


def test_what_neither_leg_finds_is_no_hit(world: World) -> None:
    world.put("other", "Report 77\n\nA zeppelin landed on the market square.\n")
    world.add()
    none_covered = list[Answer]()

    class Asking(Watching):
        def encode(self, texts: Sequence[str]) -> Floats:
            if texts[0].startswith("Report") and not none_covered:
                with Searcher.open(world.root, encoder=CheapEncoder(world.model)) as searcher:
                    none_covered.append(searcher.search("zeppelin", k=50))
            return super().encode(texts)

    with Archive.open(world.root) as archive:
        build(archive, encoder=lambda _: Asking(world.model, world.root))
    assert [hit.article.title for hit in none_covered[0]] == ["Report 77"]


def test_ranks_by_meaning_are_among_those_that_have_a_vector(world: World) -> None:
    encoder, _ = watched_build(world)
    for each in encoder.seen[1:]:
        legs = [hit.semantic for hit in each.answers["town 7", Mode.HYBRID] if hit.semantic is not None]
        better = [sum(other.score > leg.score for other in legs) for leg in legs]
        assert [leg.rank for leg in legs] == [1 + count for count in better]


def test_a_rebuild_makes_many_damaged_vectors_again(world: World) -> None:
    world.build()
    for path in (world.root / "vectors").rglob("*.i16"):
        raw = bytearray(path.read_bytes())
        raw[:: 4 * world.encoder.dimension] = bytes(byte ^ 1 for byte in raw[:: 4 * world.encoder.dimension])
        path.write_bytes(raw)
    assert not is_whole(world.root)
    report = world.build(rebuild=True)
    assert (report.embedded, report.reused) == (40, 0)
    assert is_whole(world.root)


def test_the_newest_articles_come_first(tmp_path: Path, model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(builder, "FEW", FEW)
    monkeypatch.setattr(covering, "_FIRST", 4)
    world = World(tmp_path, model)
    days = [9, 3, 7, 1, 5, 8, 2, 6, 4]
    for day in days:
        world.put(f"d{day}", f"---\ntitle: Report {day}\ndate: 2024-05-0{day}\n---\n\nThe council met on day {day}.\n")
    for path in world.folder.glob("*.txt"):
        path.rename(path.with_suffix(".md"))
    world.add()
    encoder, _ = watched_build(world)
    assert encoder.seen[1].titles == {f"Report {day}" for day in (9, 8, 7, 6)}


@pytest.mark.skipif(os.name != "posix", reason="needs kill -9")
def test_a_killed_run_loses_the_batch_in_hand_and_the_next_goes_on(world: World) -> None:
    world.killed_build(least=13, few=FEW)
    told = seen(world.root, world.model)
    assert told.covered is not None
    assert told.answers["town 7", Mode.HYBRID].hits
    with Archive.open(world.root) as archive:
        state = status(archive)
    assert state.covered == told.covered
    assert is_whole(world.root)
    steps = list[Step]()
    with Archive.open(world.root) as archive:
        report = build(archive, progress=steps.append, encoder=lambda _: world.encoder)
    assert report.built
    assert report.embedded <= 40 - 13
    assert report.embedded + report.reused == 40
    last = [step for step in steps if step.phase == "embedding"][-1]
    assert last.before > 0
    assert (last.done, told.covered + last.before + last.done) == (last.total, 40)
    assert in_use(world.root) is None
    assert is_whole(world.root)
    assert world.build().built is False


def test_vectors_are_counted_once_where_passages_share_them(world: World) -> None:
    for number in range(40):
        world.put(f"a{number:03d}", f"Report {number % 10}\n\nThe council of town {number % 10} met.\n")
    world.add()
    steps = list[Step]()
    with Archive.open(world.root) as archive:
        report = build(archive, progress=steps.append, encoder=lambda _: world.encoder)
    told = [step for step in steps if step.phase == "embedding"]
    assert (report.embedded, report.reused) == (10, 0)
    assert (told[-1].done, told[-1].total, told[-1].before) == (10, 10, 0)
    assert [step.done for step in told] == sorted(step.done for step in told)


def test_articles_that_come_to_a_partly_covered_index_are_covered_with_it(world: World) -> None:
    world.killed_build(least=13, few=FEW)
    world.put("a000", "Report 0\n\nThe council of town 0 met on another road.\n")  # changed
    world.put("new", "Report 99\n\nA zeppelin landed on the market square.\n")
    world.add()
    world.build()
    assert in_use(world.root) is None
    assert world.found("zeppelin", Mode.HYBRID)[0] == "Report 99"
    assert is_whole(world.root)


def test_a_purge_of_a_partly_covered_archive_leaves_nothing(world: World) -> None:
    world.put("secret", "Report 98\n\nThe wellingborough file names the informant.\n")
    world.add()
    world.killed_build(least=13, few=FEW)
    with Archive.open(world.root) as archive:
        with Searcher.open(world.root, encoder=CheapEncoder(world.model)) as searcher:
            article = searcher.search("wellingborough", mode=Mode.LEXICAL).hits[0].article.id
        report = purge(archive, article, encoder=lambda model: CheapEncoder(model))
        assert report.whole
    held = [path for path in world.root.rglob("*") if path.is_file() and b"wellingborough" in path.read_bytes()]
    assert held == []
    world.build()
    assert in_use(world.root) is None
    assert is_whole(world.root)


def test_an_export_of_a_partly_covered_index_is_refused(world: World, tmp_path: Path) -> None:
    world.killed_build(least=13, few=FEW)
    with Archive.open(world.root) as archive, pytest.raises(ArchiveError, match="semantic-partial"):
        export_to_chroma(archive, tmp_path / "chroma")
    assert not (tmp_path / "chroma").exists()


def test_what_was_read_can_be_searched_while_reading_goes_on(
    tmp_path: Path, model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(growing, "_FIRST", 10)
    world = World(tmp_path, model)
    world.put_many(50)
    found = list[tuple[int, int]]()

    def tell(step: Step) -> None:
        if step.phase == "reading" and (world.root / "CURRENT").exists():
            with Searcher.open(world.root, encoder=CheapEncoder(model)) as searcher:
                found.append((step.done, searcher.search("council", k=100, mode=Mode.LEXICAL).__len__()))

    with Archive.open(world.root) as archive, archive.writing():
        work = Growing(archive, lambda model: CheapEncoder(model))
        archive.add([world.folder], passage_rule(archive.settings), work.while_reading(tell))
        report = work.finish()
    assert (20, 10) in found
    assert (40, 20) in found
    assert max(count for _, count in found) >= 40
    assert (report.new, report.passages, report.embedded, report.built) == (50, 50, 50, True)
    assert is_whole(world.root)
