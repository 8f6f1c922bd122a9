"""Building, by a cheap encoder that stands in for the model: the vectors are of no use, all else is real."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from time import monotonic
from types import ModuleType

import numpy as np
import pytest

from archive import Archive
from archive.core.errors import Action, Busy, Damaged, Remedy
from archive.core.progress import Step
from index import BuildReport, Mode, Searcher, status, verify
from index import build as build_index
from index.contracts.engines import Floats
from index.embedding.model import Model
from index.generations.generation import numbers, read_current
from index.indexing import builder
from index.indexing.finishing import seal
from index.indexing.finishing.validate import check
from index.indexing.vectors.embed_missing import BATCH
from tests.index.world import CheapEncoder, World

pytestmark = pytest.mark.usefixtures("background")


@pytest.fixture
def world(tmp_path: Path, model: Model) -> World:
    return World(tmp_path, model)


@pytest.fixture
def built(world: World) -> World:
    world.put_many(12)
    world.add()
    world.build()
    return world


def test_an_empty_archive_has_nothing_to_build(world: World) -> None:
    report = world.build()
    assert (report.built, report.generation) == (False, 0)
    assert report.notes


def test_the_first_build_embeds_every_passage(world: World) -> None:
    world.put_many(12)
    world.add()
    report = world.build()
    assert report == BuildReport(1, 12, 12, 12, 0, "rank-bm25", (), built=True)
    assert len(world.encoder.encoded) == 12
    assert world.found("town 7")[0] == "Report 7"


def test_a_second_build_does_nothing(built: World) -> None:
    before = built.current
    report = built.build()
    assert (report.built, report.generation, report.embedded) == (False, 1, 0)
    assert built.current == before


@pytest.mark.parametrize("left", [b"", None])
def test_a_build_that_ended_before_its_index_was_named_is_made_good(built: World, left: bytes | None) -> None:
    (built.root / "CURRENT").unlink()
    if left is not None:
        (built.root / "CURRENT").write_bytes(left)
    report = built.build()
    assert (report.built, report.generation, report.embedded) == (True, 2, 0)
    with Archive.open(built.root) as archive:
        assert verify(archive).problems == ()


def test_a_rebuild_makes_a_new_generation_and_embeds_nothing(built: World) -> None:
    report = built.build(rebuild=True)
    assert (report.built, report.generation, report.embedded, report.reused, report.new) == (True, 2, 0, 12, 0)
    assert built.encoder.encoded == []
    assert sorted(path.name for path in (built.root / "generations").iterdir()) == ["000002"]


def test_two_builds_of_one_state_write_the_same_bytes(built: World) -> None:
    def contents() -> dict[str, bytes]:
        (folder,) = (built.root / "generations").iterdir()
        return {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in folder.rglob("*")
            if path.is_file() and path.name != "manifest.json"
        }

    first = contents()
    built.build(rebuild=True)
    assert contents() == first


def test_an_edited_article_embeds_only_its_changed_passages(world: World) -> None:
    paragraphs = [
        " ".join(f"Sentence {at} of part {part} speaks of it plainly." for at in range(14)) for part in range(5)
    ]
    world.put("long", "A long report\n\n" + "\n\n".join(paragraphs))
    world.put_many(3)
    world.add()
    first = world.build()
    world.put("long", "A long report\n\n" + "\n\n".join([*paragraphs[:4], "The last part is about zeppelins now."]))
    world.add()
    report = world.build()
    assert first.embedded > 5
    assert 1 <= report.embedded <= 2
    assert len(world.encoder.encoded) == report.embedded
    assert all("zeppelins" in text or "part 3" in text for text in world.encoder.encoded)
    assert report.reused == report.passages - report.embedded
    assert world.found("zeppelins")[0] == "A long report"


def test_equal_inputs_share_a_vector(world: World) -> None:
    world.put("one", "Same title\n\nThe same words stand in both.\n")
    world.put("two", "Same title\n\nThe same words stand in both.\n")
    world.add()
    report = world.build()
    assert report.passages == 2
    assert len(world.encoder.encoded) == 1


def test_a_removed_article_leaves_the_index_at_the_next_build_and_comes_back_without_embedding(built: World) -> None:
    with Archive.open(built.root) as archive:
        (seven,) = [article.id for article in archive.articles() if article.title == "Report 7"]
    built.remove(seven)
    assert built.build().passages == 11
    assert "Report 7" not in built.found("town 7")
    with Archive.open(built.root) as archive:
        archive.restore(seven)
    report = built.build()
    assert (report.passages, report.embedded) == (12, 0)


def test_removing_everything_leaves_an_index_that_finds_nothing(built: World) -> None:
    with Archive.open(built.root) as archive:
        for article in list(archive.articles()):
            archive.remove(article.id)
    report = built.build()
    assert (report.built, report.passages) == (True, 0)
    for mode in Mode:
        assert built.found("town 7", mode) == []


def test_changing_the_engine_embeds_nothing_and_is_told(built: World) -> None:
    settings = built.root / "morgue.toml"
    settings.write_text(settings.read_text().replace('engine = "auto"', 'engine = "tantivy"'))
    before = built.found("town 7")
    report = built.build(rebuild=True)
    assert (report.engine, report.embedded) == ("tantivy", 0)
    assert "tantivy" in report.notes[0]
    assert built.found("town 7") == before


def test_progress_is_told_by_phase_and_never_goes_back(world: World) -> None:
    world.put_many(5)
    world.add()
    steps: list[Step] = []
    with Archive.open(world.root) as archive:
        build_index(archive, progress=steps.append, encoder=lambda _: world.encoder)
    assert list(dict.fromkeys(step.phase for step in steps)) == ["lexical", "embedding", "verifying"]
    embedding = [step.done for step in steps if step.phase == "embedding"]
    assert embedding == sorted(embedding)
    assert embedding[-1] == 5


@pytest.mark.skipif(os.name != "posix", reason="needs kill -9")
def test_a_build_killed_while_embedding_is_gone_on_with(world: World) -> None:
    world.put_many(12)
    world.add()
    world.build()
    for number in range(20):
        world.put(f"b{number}", f"Later {number}\n\nThe harbour {number} froze in the night of {number}.\n")
    world.add()
    before = world.current
    world.killed_build(least=8)
    assert world.current == before
    assert world.found("town 7")[0] == "Report 7"
    report = world.build()
    assert report.passages == 32
    assert 1 <= report.embedded <= 12
    assert report.embedded + report.reused == 32
    assert len(world.encoder.encoded) == report.embedded
    assert world.found("harbour froze")[0].startswith("Later")
    with Archive.open(world.root) as archive:
        assert verify(archive).whole


def test_a_second_writer_is_refused_while_the_first_builds(built: World) -> None:
    with built.slow_build("{'reembed': True}") as child:
        assert child.stdout is not None
        child.stdout.readline()
        with pytest.raises(Busy, match=str(child.pid)):
            built.build(rebuild=True)
        assert built.found("town 7")[0] == "Report 7"
    assert built.build(rebuild=True).built


def test_an_index_that_does_not_verify_leaves_the_old_one_in_use(built: World, monkeypatch: pytest.MonkeyPatch) -> None:
    before = built.current

    def spoil(folder: Path, engine: str, _: Path | None) -> Sequence[str]:
        path = folder / "lexical" / "vocabulary.json"
        path.write_bytes(path.read_bytes()[:-3])
        return check(folder, engine)

    monkeypatch.setattr(seal, "check", spoil)
    with pytest.raises(Damaged, match="did not verify") as told:
        built.build(rebuild=True)
    assert told.value.remedy == Remedy(Action.REBUILD)
    assert built.current == before
    assert built.found("town 7")[0] == "Report 7"
    monkeypatch.undo()
    assert built.build(rebuild=True).generation == 2


def test_leftovers_of_killed_builds_go_at_the_next_build(built: World) -> None:
    for name in ("generation-000002", "generation-000099", "collected-000001"):
        (built.root / "tmp" / name / "lexical").mkdir(parents=True)
    built.build(rebuild=True)
    assert [path.name for path in (built.root / "tmp").iterdir()] == []


def full_disk(*_: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize(
    ("module", "step"),
    [
        (builder, "read_articles"),
        (seal, "sync_tree"),
        (seal, "write_atomic"),
        (seal, "replace"),
        (seal, "write_current"),
    ],
)
def test_a_full_disk_leaves_the_index_in_use_as_it_was(
    built: World, monkeypatch: pytest.MonkeyPatch, module: ModuleType, step: str
) -> None:
    before = built.current
    monkeypatch.setattr(module, step, full_disk)
    with pytest.raises(OSError, match="space"):
        built.build(rebuild=True)
    assert built.current == before
    assert built.found("town 7")[0] == "Report 7"
    monkeypatch.undo()
    report = built.build(rebuild=True)
    assert report.embedded == 0
    assert len(list((built.root / "generations").iterdir())) == 1


def test_a_disk_that_fills_while_embedding_keeps_the_batches_that_were_durable(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.put_many(12)
    world.add()
    monkeypatch.setattr("index.indexing.vectors.embed_missing.BATCH", 4)

    class Full(CheapEncoder):
        def encode(self, texts: Sequence[str]) -> Floats:
            if len(self.encoded) >= 8:
                full_disk()
            return super().encode(texts)

    with Archive.open(world.root) as archive, pytest.raises(OSError, match="space"):
        build_index(archive, encoder=Full)
    monkeypatch.undo()
    assert read_current_number(world) is None
    assert world.build().embedded == 4


def read_current_number(world: World) -> int | None:
    with Archive.open(world.root) as archive:
        current = read_current(archive.layout)
    return current.number if current else None


def test_vectors_without_direction_are_refused_and_nothing_changes(built: World) -> None:
    class Broken(CheapEncoder):
        def encode(self, texts: Sequence[str]) -> Floats:
            return super().encode(texts) * np.float32(np.nan)

    before = built.current
    built.put("new", "Fresh news\n\nA zeppelin landed.\n")
    built.add()
    with Archive.open(built.root) as archive, pytest.raises(Exception, match="no direction"):
        build_index(archive, encoder=Broken)
    assert built.current == before
    assert built.build().embedded == 1


def test_damaged_vectors_are_made_again_and_only_those(built: World) -> None:
    (segment,) = (built.root / "vectors").rglob("*.i16")
    raw = bytearray(segment.read_bytes())
    raw[100] ^= 0xFF
    segment.write_bytes(bytes(raw))
    report = built.build(rebuild=True)
    assert 1 <= report.embedded <= BATCH
    with Archive.open(built.root) as archive:
        assert built.build(rebuild=True).embedded == 0
        assert status(archive).behind == 0


def test_generations_are_never_numbered_twice(built: World) -> None:
    seen = [read_current_number(built)]
    for _ in range(3):
        built.build(rebuild=True)
        seen.append(read_current_number(built))
    assert seen == [1, 2, 3, 4]
    with Archive.open(built.root) as archive:
        assert numbers(archive.layout) == (4,)


def test_status_tells_what_there_is_and_what_is_behind(built: World) -> None:
    built.put("new", "Fresh news\n\nA zeppelin landed.\n")
    built.add()
    with Archive.open(built.root) as archive:
        told = status(archive)
    assert (told.articles, told.passages, told.generation, told.indexed_passages, told.behind) == (13, 13, 1, 12, 1)
    assert told.engine == "rank-bm25"
    assert dict(told.sizes)["vectors"] > 12 * 384 * 2
    built.build()
    with Archive.open(built.root) as archive:
        assert status(archive).behind == 0


def test_a_build_and_a_search_need_no_network(world: World) -> None:
    world.put_many(3)
    script = """
import json, socket, sys
from pathlib import Path
def refuse(*_, **__):
    raise AssertionError("the network was touched")
socket.socket.connect = socket.create_connection = socket.getaddrinfo = refuse
sys.path.insert(0, sys.argv[3])
from test_build import CheapEncoder
from archive import Archive
from index import Searcher, build, passage_rule
with Archive.create(Path(sys.argv[1])) as archive:
    archive.add([Path(sys.argv[2])], passage_rule(archive.settings))
    build(archive, encoder=CheapEncoder)
with Searcher.open(sys.argv[1]) as searcher:
    print(json.dumps([hit.article.title for hit in searcher.search("town 2", nearest=True)]))
"""
    done = subprocess.run(
        [sys.executable, "-c", script, str(world.root.parent / "other"), str(world.folder), str(Path(__file__).parent)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1])[0] == "Report 2"


def test_a_chroma_index_is_part_of_a_build_unless_the_settings_say_no(news_archive: Path, built: World) -> None:
    assert list(news_archive.glob("generations/*/chroma/chroma.sqlite3"))
    assert not list(built.root.glob("generations/*/chroma"))


def test_a_build_waits_for_nobody_who_reads(built: World) -> None:
    with Searcher.open(built.root) as searcher:
        began = monotonic()
        report = built.build(rebuild=True)
        assert report.generation == 2
        assert monotonic() - began < 60
        assert searcher.search("town 7", mode=Mode.LEXICAL).generation == 1
        assert searcher.newer() == 2
