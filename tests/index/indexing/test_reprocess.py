"""Better rules reach an archive that exists: what is found, what is embedded, and what was judged."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from archive import Archive, Draft, Outdated, Refusal, Span
from archive.catalog.schema import NOTEBOOK
from archive.cleaning import boilerplate
from archive.readers import READERS, Limits, Reader, plain, titles
from index import BuildReport, Searcher, build, passage_rule, verify
from index.embedding.model import Model
from index.evaluation.judgements import judge
from index.evaluation.measures import evaluate_archive
from tests.index.world import CheapEncoder, World

pytestmark = pytest.mark.usefixtures("background")
RESIDUE = "Brought to you by the gazette of the river towns"
LATER_TABLES = ("parts", "derivations", "former_passages")


@pytest.fixture
def world(tmp_path: Path, model: Model) -> World:
    """Articles with residue that no rule hides yet, as they were kept before derivations were recorded."""
    made = World(tmp_path, model)
    for number in range(30):
        residue = f"\n\n{RESIDUE}\n" if number < 4 else "\n"
        made.put(f"a{number:02}", f"Report {number}\n\nThe council of town {number} met on road {number * 7}.{residue}")
    made.add()
    made.build()
    with closing(sqlite3.connect(made.root / "catalog.sqlite")) as connection, connection:
        for table in (*LATER_TABLES, "version_numbers", *(table.name for table in NOTEBOOK)):
            connection.execute(f"DROP TABLE {table}")
        connection.execute("DELETE FROM meta WHERE name = 'rules'")
        connection.execute("PRAGMA user_version = 2")
    return made


def hide_residue(monkeypatch: pytest.MonkeyPatch) -> None:
    before = boilerplate.hidden_spans

    def hide(text: str, title: str = "", given: Sequence[Span] = ()) -> tuple[Span, ...]:
        start = text.find(RESIDUE)
        return (*before(text, title, given), *([Span(start, start + len(RESIDUE))] if start >= 0 else []))

    monkeypatch.setattr(boilerplate, "hidden_spans", hide)
    monkeypatch.setattr(boilerplate, "CLEANING_VERSION", boilerplate.CLEANING_VERSION + 1)


def shout_titles(monkeypatch: pytest.MonkeyPatch) -> None:
    before = titles.text_title

    def loud(text: str, name: str = "") -> titles.Title:
        title = before(text, name)
        return replace(title, text=title.text.upper())

    monkeypatch.setattr(plain, "text_title", loud)
    monkeypatch.setattr(titles, "TITLES_VERSION", titles.TITLES_VERSION + 1)


def newer_reader() -> tuple[Reader, ...]:
    """Give the readers, a newer one of plain text reading town 3 as city 3."""
    (text,) = (reader for reader in READERS if reader.name == "text")

    def read(path: Path, limits: Limits) -> Iterator[Draft | Refusal]:
        for item in text.read(path, limits):
            yield replace(item, text=item.text.replace("town 3 ", "city 3 ")) if isinstance(item, Draft) else item

    newer = replace(text, version=text.version + 1, read=read)
    return tuple(newer if reader is text else reader for reader in READERS)


def yes(outdated: Outdated) -> bool:
    return outdated.is_much


def update(world: World, readers: Sequence[Reader] = READERS) -> tuple[int, BuildReport]:
    """Update and build; return how many articles were made anew, and what was built."""
    world.encoder = CheapEncoder(world.model)
    with Archive.open(world.root, readers=readers) as archive:
        report = archive.update(passage_rule(archive.settings), jobs=1, confirm=yes)
        return report.reprocessed, build(archive, encoder=lambda _: world.encoder)


def held(root: Path, readers: Sequence[Reader] = READERS) -> dict[str, tuple[object, ...]]:
    with Archive.open(root, readers=readers) as archive:
        facts: dict[str, tuple[object, ...]] = {}
        for one in archive.articles():
            version = archive.version(one.id, one.version)
            passages = [passage.text for passage in archive.passages(one.id, one.version)]
            facts[Path(one.path).name] = (one.title, one.language, version.text, version.hidden, passages)
        return facts


def afresh(world: World, folder: Path, model: Model, readers: Sequence[Reader]) -> dict[str, tuple[object, ...]]:
    """Give what an archive holds that is made of the same files now."""
    folder.mkdir()
    made = World(folder, model)
    with Archive.open(made.root, readers=readers) as archive:
        archive.add([world.folder], passage_rule(archive.settings), jobs=1)
    return held(made.root, readers)


def test_an_old_archive_becomes_what_a_fresh_one_is(
    world: World, tmp_path: Path, model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    shout_titles(monkeypatch)
    hide_residue(monkeypatch)
    readers = newer_reader()
    assert update(world, readers)[0] == 30
    assert held(world.root, readers) == afresh(world, tmp_path / "fresh", model, readers)
    assert world.found("Report")[0].startswith("REPORT")
    again, built = update(world, readers)
    assert (again, built.built, world.encoder.encoded) == (0, False, [])
    with Archive.open(world.root) as archive:
        assert verify(archive).whole


def test_only_passages_that_changed_are_embedded(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    hide_residue(monkeypatch)
    reprocessed, built = update(world)
    assert (reprocessed, built.embedded, built.reused, len(world.encoder.encoded)) == (4, 4, 26, 4)
    assert all(RESIDUE not in text for text in world.encoder.encoded)
    assert world.found("+gazette") == []


def test_judgements_still_point_at_their_words(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "judged"
    with Searcher.open(world.root) as searcher:
        hits = [next(iter(searcher.search(f'"town {number}"', k=1))) for number in (1, 3, 9)]
        for hit in hits:
            judge(folder, f"met on road {hit.article.title}", [hit.passage.id], 1, searcher.archive)
    written = (folder / "qrels.tsv").read_bytes()
    hide_residue(monkeypatch)
    readers = newer_reader()
    update(world, readers)
    assert (folder / "qrels.tsv").read_bytes() == written
    with Searcher.open(world.root) as searcher:
        for hit in hits:
            assert searcher.archive.passage(hit.passage.id).text == hit.passage.text
            followed = searcher.archive.follow(hit.passage.id)
            is_read_otherwise = "town 3 " in hit.passage.text
            assert followed.is_current
            assert (followed.passage.version != hit.passage.version) == is_read_otherwise
            assert followed.passage.text == hit.passage.text.replace("town 3 ", "city 3 ")
        evaluation = evaluate_archive(folder, searcher)
    assert (evaluation.documents, evaluation.left_behind) == (3, 0)
