"""Making the Chroma index that a generation lacks: after it serves, beside all that stays as it is."""

from __future__ import annotations

import json
import subprocess
import sys
from errno import ENOSPC
from pathlib import Path

import pytest

from archive import Archive, Step
from archive.core.errors import Action, Advice, Remedy
from archive.folder.files import faults
from index import Searcher, status, verify
from index import build as build_index
from index.ann import choice
from index.ann.choice import Proposer, is_worth_keeping
from index.ann.measured import Measured
from index.contracts.arrays import load
from index.embedding.model import Model
from index.generations.generation import manifest_in_use, read_current
from index.generations.manifest import Manifest, from_bytes, to_bytes
from index.indexing.purge import purge
from index.indexing.vectors.chroma_step import make_lacking_index
from index.maintenance.gc import gc
from index.vectors.store import segments_named
from tests.index.world import CheapEncoder, World

pytestmark = pytest.mark.usefixtures("background")
ROOT = Path(__file__).parents[3]
KILLED = """
import os, sys
from pathlib import Path
from archive import Archive
from index import build
from tests.index.world import CheapEncoder
def tell(step):
    if step.phase == "vectors" and step.done:
        os._exit(9)
with Archive.open(Path(sys.argv[1])) as archive:
    build(archive, encoder=CheapEncoder, progress=tell)
"""


def manifest_of(world: World) -> Manifest:
    with Archive.open(world.root) as archive:
        manifest = manifest_in_use(archive.layout)
    assert manifest is not None
    return manifest


def measured_of(world: World) -> Measured:
    measured = manifest_of(world).vectors.measured
    assert measured is not None
    return measured


@pytest.fixture
def world(tmp_path: Path, model: Model) -> World:
    """Twelve numbered articles, indexed without Chroma."""
    made = World(tmp_path, model)
    made.put_many(12)
    made.add()
    made.build()
    return made


@pytest.fixture
def asking(world: World) -> World:
    """An indexed archive whose next build is to make a Chroma index."""
    world.set('vectors = "exact"', 'vectors = "chroma"')
    return world


def test_small_archives_try_chroma_by_default_and_keep_what_is_worth_it(world: World) -> None:
    world.set('vectors = "exact"', 'vectors = "auto"')
    report = world.build()
    manifest, measured = manifest_of(world), measured_of(world)
    assert (measured.vectors, measured.passages, measured.questions) == (12, 12, 62)
    is_kept = is_worth_keeping("auto", measured, 12)
    assert (manifest.vectors.base, bool(report.notes)) == ((12, False) if is_kept else (0, True))
    assert (world.root / "generations" / "000002" / "chroma").exists() is is_kept
    with Archive.open(world.root) as archive:
        assert ("Chroma is not asked" in status(archive).meaning) is not is_kept
        assert verify(archive).problems == ()
    assert not world.build().built


def test_the_generation_serves_before_its_chroma_index_is_made(asking: World) -> None:
    asking.put("new", "Harbour news\n\nDivers looked at the harbour wall.\n")
    asking.add()
    seen = list[tuple[int, list[str]]]()

    def tell(step: Step) -> None:
        if step.phase == "vectors":
            with Archive.open(asking.root) as archive:
                current = read_current(archive.layout)
            assert current is not None
            seen.append((current.number, asking.found("harbour")))

    with Archive.open(asking.root) as archive:
        report = build_index(archive, encoder=CheapEncoder, progress=tell)
    assert seen[0] == (2, ["Harbour news"])
    assert report.generation == 3
    assert [path.name for path in (asking.root / "generations").iterdir()] == ["000003"]


def test_a_generation_with_chroma_shares_all_other_files_with_the_one_before(asking: World) -> None:
    with Searcher.open(asking.root):  # holds it, so that it stays
        asking.build()
        first, second = (asking.root / "generations" / name for name in ("000001", "000002"))
        files = [path.relative_to(first) for path in first.rglob("*.*") if path.name != "manifest.json"]
        assert files
        assert all((first / name).samefile(second / name) for name in files)
        assert (second / "chroma").is_dir()


def test_stopping_while_chroma_is_made_leaves_the_new_index_in_use(asking: World) -> None:
    asking.put("new", "Harbour news\n\nDivers looked at the harbour wall.\n")
    asking.add()

    def tell(step: Step) -> None:
        if step.phase == "vectors":
            raise KeyboardInterrupt

    with Archive.open(asking.root) as archive, pytest.raises(KeyboardInterrupt):
        build_index(archive, encoder=CheapEncoder, progress=tell)
    assert asking.found("harbour") == ["Harbour news"]
    assert list((asking.root / "tmp").glob("generation-*")) == []
    assert manifest_of(asking).vectors.measured is None
    with Archive.open(asking.root) as archive:
        assert "not made yet" in status(archive).meaning
    report = asking.build()
    assert (report.generation, report.embedded, report.built) == (3, 0, True)
    assert manifest_of(asking).vectors.base == 13


def test_a_build_killed_while_chroma_is_made_is_made_up_for_by_the_next(asking: World) -> None:
    done = subprocess.run([sys.executable, "-c", KILLED, str(asking.root)], cwd=ROOT, check=False)
    assert done.returncode == 9
    assert list((asking.root / "tmp").glob("generation-*"))
    assert manifest_of(asking).number == 1
    with Archive.open(asking.root) as archive:
        assert verify(archive).problems == ()
    assert asking.build().generation == 2
    assert list((asking.root / "tmp").glob("generation-*")) == []
    assert manifest_of(asking).vectors.base == 12


def test_a_fault_in_chroma_is_told_and_the_index_stays(
    asking: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "crash" / "chromadb"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("import os\ndef PersistentClient(**_):\n    os.kill(os.getpid(), 11)\n")
    (package / "config.py").write_text("Settings = dict\n")
    with monkeypatch.context() as patched:
        patched.setenv("PYTHONPATH", str(tmp_path / "crash"))
        asking.put("new", "Harbour news\n\nDivers looked at the harbour wall.\n")
        asking.add()
        (note,) = asking.build().notes
    assert "SIGSEGV" in note
    assert "without it" in note
    assert asking.found("harbour") == ["Harbour news"]
    assert list((asking.root / "tmp").glob("generation-*")) == []
    assert asking.build().notes == ()
    assert manifest_of(asking).vectors.base == 13


@pytest.mark.parametrize("operation", ["mkdir", "link", "replace"])
def test_a_full_disk_while_chroma_is_made_is_told_and_the_index_stays(asking: World, operation: str) -> None:
    tmp, settings = asking.root / "tmp", asking.root / "morgue.toml"
    settings.write_text(settings.read_text("utf-8").replace('vectors = "chroma"', "chroma = true"), "utf-8")

    def full(passed: str, path: Path) -> None:
        if passed == operation and (path.is_relative_to(tmp / "generation-000002") or path.name == "CURRENT"):
            raise OSError(ENOSPC, "No space left on device")

    with faults(full):
        report = asking.build()
    assert "No space left on device" in report.notes[0]
    assert (report.generation, report.built) == (1, False)
    assert list(tmp.glob("generation-*")) == []
    assert asking.found("town 7")[0] == "Report 7"
    assert 'vectors = "chroma"' in settings.read_text("utf-8"), "what comes after is done all the same"


@pytest.mark.leaves_damage
@pytest.mark.parametrize("damaged", ["slots.npy", "columns/*.npy", "lexical/*"])
@pytest.mark.parametrize("kind", ["changed", "gone"])
def test_no_index_is_made_of_a_damaged_generation(asking: World, damaged: str, kind: str) -> None:
    path = next(one for one in sorted((asking.root / "generations" / "000001").glob(damaged)) if one.stat().st_size)
    if kind == "gone":
        path.unlink()
    else:
        content = path.read_bytes()
        path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    with Archive.open(asking.root) as archive:
        step = make_lacking_index(archive, asking.model, lambda: CheapEncoder(asking.model), None)
    assert isinstance(step.note, Advice)
    assert path.name in step.note.message
    assert step.note.remedy == Remedy(Action.REBUILD)
    assert manifest_of(asking).number == 1


def test_where_nobody_can_record_who_made_an_index_none_is_made(
    asking: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    told = list[Step]()
    with monkeypatch.context() as patched, Archive.open(asking.root) as archive:
        patched.setenv("MORGUE_STATE", str(tmp_path / "file" / "state"))
        (note,) = build_index(archive, encoder=CheapEncoder, progress=told.append).notes
    assert "Not a directory" in note
    assert [step for step in told if step.phase == "vectors"] == [], "it is known before the work"
    assert asking.build().generation == 2


def test_a_setting_that_asks_for_more_makes_an_index_that_was_not_worth_keeping(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.set('vectors = "exact"', 'vectors = "auto"')
    with monkeypatch.context() as patched:
        patched.setattr(choice, "MOST_SLOWER_MS", -1_000.0)
        assert "ms a question" in world.build().notes[0]
        assert (manifest_of(world).vectors.base, measured_of(world).passages) == (0, 12)
        assert not world.build().built, "what was measured is not measured again"
    world.set('vectors = "auto"', 'vectors = "chroma"')
    assert world.build().built
    assert manifest_of(world).vectors.base == 12


def test_exact_drops_the_index_and_nothing_else(asking: World) -> None:
    asking.build()
    asking.set('vectors = "chroma"', 'vectors = "exact"')
    report = asking.build()
    assert (report.generation, report.embedded, report.reused) == (3, 0, 12)
    assert not (asking.root / "generations" / "000003" / "chroma").exists()
    with Archive.open(asking.root) as archive:
        assert "the settings say so" in status(archive).meaning


def test_few_later_passages_share_the_index_and_what_was_measured(
    asking: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(choice, "LEAST_RECALL", 0.0)  # a graph of few made-up vectors may miss one
    asking.put_many(60)
    asking.add()
    asking.build()
    before = measured_of(asking)
    asking.put("new", "Harbour news\n\nDivers looked at the harbour wall.\n")
    asking.add()
    number = asking.build().generation
    assert measured_of(asking) == before
    assert manifest_of(asking).vectors.base == 60
    assert asking.build().generation == number


def test_vectors_that_a_shared_index_names_stay_where_they_are(asking: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choice, "LEAST_RECALL", 0.0)
    asking.put_many(60)
    asking.add()
    asking.build()
    for name in ("one", "two", "three"):
        asking.put(name, f"Harbour news\n\nDivers looked at wall {name}.\n")
        asking.add()
        asking.build()
    with Archive.open(asking.root) as archive:
        gc(archive)
        assert verify(archive).whole
    assert manifest_of(asking).vectors.base == 60
    slots = load(asking.root / "generations" / f"{manifest_of(asking).number:06d}" / "slots.npy")
    assert segments_named(slots[:60]) != segments_named(slots)


def test_a_searcher_does_as_status_says_where_tombstones_make_more_rows_than_passages(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(choice, "SMALL", 12)
    monkeypatch.setattr(choice, "MOST_SLOWER_MS", 1_000.0)
    world.put("a003", "Report 3\n\nNothing about any town.\n")
    world.add()
    world.build()
    world.set('vectors = "exact"', 'vectors = "auto"')
    world.build()
    with Archive.open(world.root) as archive:
        assert "asks Chroma" in status(archive).meaning
    with Searcher.open(world.root, encoder=CheapEncoder(world.model)) as searcher:
        assert searcher._parts.columns.passages == 13
        searcher.warm()
        assert searcher.search("council").plan == "chroma, scored exactly"


def test_equal_passages_are_found_all_of_them_where_chroma_knows_their_vector_once(world: World) -> None:
    world.set('vectors = "exact"', 'vectors = "chroma"')
    for number in range(150):
        world.put(f"copy{number:03d}", "Harbour news\n\nDivers looked at the harbour wall.\n")
    world.add()
    world.build()
    assert (measured_of(world).vectors, measured_of(world).passages) == (13, 162)
    with Searcher.open(world.root, encoder=CheapEncoder(world.model)) as searcher:
        exact = searcher.search("divers at the harbour wall", k=10, nearest=True)
        copies = searcher.copies(exact, exact.hits[0])
        searcher.warm(Proposer.CHROMA)
        proposed = searcher.search("divers at the harbour wall", k=10, nearest=True)
        assert proposed.plan.startswith("chroma")
        assert [(hit.passage.id, hit.score, hit.copies) for hit in proposed] == [
            (hit.passage.id, hit.score, hit.copies) for hit in exact
        ]
    assert len(copies) == 149


def test_an_index_of_passages_as_earlier_builds_made_it_is_not_asked_and_is_made_anew(asking: World) -> None:
    asking.build()
    path = asking.root / "generations" / "000002" / "manifest.json"
    data = json.loads(path.read_bytes())
    for name in ("questions", "complete", "vectors", "passages"):
        del data["vectors"]["measured"][name]
    earlier = from_bytes(json.dumps(data).encode(), path)
    assert (earlier.vectors.base, earlier.vectors.measured) == (0, None)
    assert from_bytes(to_bytes(earlier), path) == earlier


def test_an_index_that_was_made_elsewhere_is_made_anew(
    asking: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asking.build()
    assert not asking.build().built
    monkeypatch.setenv("MORGUE_STATE", str(tmp_path / "another machine"))
    with Archive.open(asking.root) as archive:
        assert "was not made here, the next update" in status(archive).meaning
    report = asking.build()
    assert (report.generation, report.embedded, report.built) == (3, 0, True)
    with Searcher.open(asking.root, encoder=CheapEncoder(asking.model)) as searcher:
        searcher.warm(Proposer.CHROMA)
        answer = searcher.search("council")
        assert (answer.plan, answer.degraded) == ("chroma, scored exactly", ())
    assert not asking.build().built


def holding(world: World, pattern: str) -> list[Path]:
    """Return the files of an archive that hold a word."""
    return [path for path in world.root.glob(pattern) if path.is_file() and b"Quillfeather" in path.read_bytes()]


def test_nothing_of_what_was_purged_is_left_in_chroma(asking: World) -> None:
    asking.put("secret", "Quillfeather\n\nThe Quillfeather dossier named a witness.\n")
    asking.add()
    asking.build()
    assert holding(asking, "generations/*/chroma/**/*"), "Chroma holds the texts"
    with Archive.open(asking.root) as archive:
        (article,) = (one for one in archive.articles() if one.title == "Quillfeather")
        assert purge(archive, article.id, encoder=CheapEncoder).whole
    assert holding(asking, "**/*") == []
    assert manifest_of(asking).vectors.base == 12
