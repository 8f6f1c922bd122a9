from __future__ import annotations

import pickle
import subprocess
import sys
from errno import EIO
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from archive.core.errors import Damaged
from archive.folder.files import faults
from index.ann.candidates import Expanded
from index.ann.chroma import ChromaIndex, Records, Untrusted, build
from index.ann.chroma_check import Probing
from index.ann.private_copy import PrivateCopy, sweep
from index.ann.trust import folder_hash, is_trusted, record_trust
from index.contracts.engines import Floats
from index.vectors.exact import ExactIndex
from index.vectors.sharing import PassagesByVector
from index.vectors.store import VectorStore

DIMENSION = 24
PASSAGES = 2_300  # two parts on disk, the rest in Chroma's write-ahead log


@pytest.fixture(autouse=True)
def private_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MORGUE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("MORGUE_STATE", str(tmp_path / "state"))


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with vectors (``store``), the slots of 2,300 passages (``slots.npy``) and their index (``chroma``)."""
    root = tmp_path_factory.mktemp("world")
    rng = np.random.default_rng(3)
    centres = rng.standard_normal((40, DIMENSION))
    vectors = unit(centres[rng.integers(0, 40, PASSAGES)] + 0.4 * rng.standard_normal((PASSAGES, DIMENSION)))
    keys = rng.integers(0, 256, (PASSAGES, 32), np.uint8)
    with VectorStore(root / "store", DIMENSION) as store:
        store.append(keys, vectors)
        np.save(root / "slots.npy", store.lookup(keys))
    assert build(root / "chroma", [recorded(vectors[:900]), recorded(vectors[900:], 900)]) == PASSAGES
    return root


def recorded(vectors: Floats, first: int = 0) -> Records:
    """Return vectors as records, their slots beginning with ``first``, with a word and a number beside each."""
    ids = tuple(str(first + number) for number in range(len(vectors)))
    return Records(ids, vectors, tuple(f"text {one}" for one in ids), tuple({"start": int(one)} for one in ids))


def unit(vectors: NDArray[np.float64]) -> Floats:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


@pytest.fixture
def exact(world: Path) -> ExactIndex:
    return ExactIndex(VectorStore.open(world / "store", DIMENSION), np.load(world / "slots.npy"))


def queries(exact: ExactIndex) -> Floats:
    """Twenty unit vectors, each between two passages."""
    found = exact.vectors(np.arange(20)) + 0.1 * exact.vectors(np.arange(20, 40))
    return np.asarray(found / np.linalg.norm(found, axis=1, keepdims=True), np.float32)


def read_back(world: Path, folder: Path) -> tuple[str, ...]:
    slots = world / "slots.npy"
    return Probing(folder, world / "store", DIMENSION, slots).answer(len(np.load(slots))).problems


def damaged_copy(world: Path, tmp_path: Path, name: str) -> tuple[Path, Path]:
    """Return a writable copy of the index and the file of it with the given name."""
    import shutil

    folder = Path(shutil.copytree(world / "chroma", tmp_path / "damaged"))
    (path,) = folder.rglob(name)
    return folder, path


def test_candidates_agree_with_exact_scores(world: Path, exact: ExactIndex) -> None:
    record_trust(folder_hash(world / "chroma"))
    index = ChromaIndex(world / "chroma")
    shared = 0
    for query in queries(exact):
        expected, found = exact.nearest(query, 10), index.nearest(query, 200)
        assert len(found.ordinals) == 200
        np.testing.assert_allclose(found.scores, exact.scores(query, found.ordinals), atol=1e-4)
        shared += len(np.intersect1d(found.ordinals, expected.ordinals))
    index.close()
    assert shared > 190


def test_every_passage_is_found_by_its_own_vector_beside_hundreds_that_are_equal(tmp_path: Path) -> None:
    others, equal = 1_200, 400
    vectors = unit(np.random.default_rng(11).standard_normal((others + 1, 384)))
    slots = np.concatenate([np.full(equal, others), np.arange(others)])  # of equal inputs one vector is stored
    by_vector = PassagesByVector(slots)
    build(tmp_path / "chroma", [recorded(vectors)])
    record_trust(folder_hash(tmp_path / "chroma"))
    index = Expanded(ChromaIndex(tmp_path / "chroma"), by_vector)
    lost = [
        passage
        for passage in range(equal, len(slots))
        if passage not in index.nearest(vectors[slots[passage]], 200).ordinals
    ]
    copies = index.nearest(vectors[others], 1)
    index.close()
    assert lost == []
    assert copies.ordinals[:equal].tolist() == list(range(equal))
    np.testing.assert_allclose(copies.scores[:equal], 1, atol=1e-5)


@pytest.mark.parametrize("sizes", [(1,), (60,), (1_000, 300)])
def test_the_whole_graph_is_written_so_that_what_was_measured_of_it_holds(
    sizes: tuple[int, ...], tmp_path: Path
) -> None:
    vectors = unit(np.random.default_rng(12).standard_normal((sum(sizes), 384)))
    firsts = np.cumsum((0, *sizes[:-1])).tolist()
    batches = zip(firsts, sizes, strict=True)
    build(tmp_path / "chroma", [recorded(vectors[first : first + size], first) for first, size in batches])
    (labels,) = (tmp_path / "chroma").rglob("index_metadata.pickle")  # of the vectors in the graph on disk
    assert len(pickle.loads(labels.read_bytes())["id_to_label"]) == sum(sizes)


def test_asking_for_more_than_there_is_gives_what_there_is(world: Path, exact: ExactIndex) -> None:
    record_trust(folder_hash(world / "chroma"))
    index = ChromaIndex(world / "chroma")
    assert len(index) == PASSAGES
    assert len(index.nearest(queries(exact)[0], 10 * PASSAGES).ordinals) > 0.9 * PASSAGES
    assert len(index.nearest(queries(exact)[0], 0).ordinals) == 0
    index.close()


def test_using_an_index_leaves_its_folder_identical_and_no_copy_behind(
    world: Path, exact: ExactIndex, tmp_path: Path
) -> None:
    before = folder_hash(world / "chroma")
    record_trust(before)
    index = ChromaIndex(world / "chroma")
    index.nearest(queries(exact)[0], 20)
    index.close()
    assert folder_hash(world / "chroma") == before
    assert list((tmp_path / "cache" / "chroma").iterdir()) == []


def test_an_index_made_elsewhere_is_not_opened(world: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.ann.chroma._client", lambda _: pytest.fail("opened"))
    with pytest.raises(Untrusted, match="not made here"):
        ChromaIndex(world / "chroma")
    assert list((tmp_path / "cache" / "chroma").iterdir()) == []


def test_an_index_that_was_altered_is_no_longer_trusted(world: Path, tmp_path: Path) -> None:
    record_trust(folder_hash(world / "chroma"))
    folder, path = damaged_copy(world, tmp_path, "data_level0.bin")
    assert is_trusted(folder_hash(folder))
    raw = bytearray(path.read_bytes())
    raw[100] ^= 1
    path.write_bytes(raw)
    assert not is_trusted(folder_hash(folder))
    with pytest.raises(Untrusted):
        ChromaIndex(folder)


def test_a_link_in_an_index_is_not_followed(world: Path, tmp_path: Path) -> None:
    folder, path = damaged_copy(world, tmp_path, "length.bin")
    path.unlink()
    path.symlink_to("/etc/hostname")
    with pytest.raises(Damaged, match="does not belong"):
        ChromaIndex(folder)


def test_a_whole_index_reads_back_and_stays_as_it_is(world: Path) -> None:
    before = folder_hash(world / "chroma")
    slots = world / "slots.npy"
    verdict = Probing(world / "chroma", world / "store", DIMENSION, slots).answer(PASSAGES)
    assert verdict.problems == ()
    assert verdict.figures["recall"] >= 0.99
    assert min(verdict.figures[name] for name in ("chroma_ms", "coded_ms")) > 0
    assert folder_hash(world / "chroma") == before


def test_a_wider_search_finds_more_of_the_nearest(world: Path) -> None:
    slots = world / "slots.npy"
    narrow, wide = (
        Probing(world / "chroma", world / "store", DIMENSION, slots, ef=ef).answer(PASSAGES) for ef in (100, 800)
    )
    assert (narrow.figures["ef_search"], wide.figures["ef_search"]) == (100, 800)
    assert narrow.figures["recall"] < wide.figures["recall"]
    assert narrow.figures["complete"] < wide.figures["complete"] <= wide.figures["questions"] == 50
    assert wide.figures["vectors"] == PASSAGES


def test_a_small_index_is_searched_as_wide_as_it_takes_to_miss_nothing(world: Path) -> None:
    measured = Probing(world / "chroma", world / "store", DIMENSION, world / "slots.npy").answer(PASSAGES).figures
    assert measured["complete"] == measured["questions"] or measured["chroma_ms"] > 3


def test_recall_is_that_of_questions_about_other_things_where_it_is_less(world: Path, tmp_path: Path) -> None:
    strange = np.random.default_rng(8).standard_normal((20, DIMENSION), dtype=np.float32)
    np.save(tmp_path / "questions.npy", strange / np.linalg.norm(strange, axis=1, keepdims=True))
    given = (world / "chroma", world / "store", DIMENSION, world / "slots.npy")
    own, both = (
        Probing(*given, ef=100, questions=asked).answer(PASSAGES).figures
        for asked in (None, tmp_path / "questions.npy")
    )
    assert both["recall"] < own["recall"]


@pytest.mark.parametrize("name", ["index_metadata.pickle", "chroma.sqlite3"])
def test_an_index_that_lost_a_file_does_not_read_back(world: Path, tmp_path: Path, name: str) -> None:
    folder, path = damaged_copy(world, tmp_path, name)
    path.unlink()
    assert read_back(world, folder)


def test_flipped_bits_in_vectors_do_not_read_back(world: Path, tmp_path: Path) -> None:
    folder, path = damaged_copy(world, tmp_path, "data_level0.bin")
    raw = bytearray(path.read_bytes())
    for at in range(len(raw) // 2, len(raw) // 2 + 4000, 7):
        raw[at] ^= 0x40
    path.write_bytes(raw)
    assert read_back(world, folder)


def test_a_crash_of_the_reader_is_a_plain_result(world: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "crash" / "chromadb"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("import os\ndef PersistentClient(**_):\n    os.kill(os.getpid(), 11)\n")
    (package / "config.py").write_text("Settings = dict\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "crash"))
    (problem,) = read_back(world, world / "chroma")
    assert "SIGSEGV" in problem
    assert sweep() == 1


def test_copies_of_dead_processes_are_removed_and_those_of_living_ones_stay(world: Path, tmp_path: Path) -> None:
    mine = PrivateCopy(world / "chroma")
    code = (
        "import os, sys; from pathlib import Path; from index.ann.private_copy import PrivateCopy;"
        "PrivateCopy(Path(sys.argv[1])); os._exit(9)"
    )
    assert subprocess.run([sys.executable, "-c", code, str(world / "chroma")], check=False).returncode == 9
    assert sum(path.is_dir() for path in (tmp_path / "cache" / "chroma").iterdir()) == 2
    assert sweep() == 1
    assert folder_hash(mine.folder) == mine.digest == folder_hash(world / "chroma")
    mine.close()


@pytest.mark.parametrize("operation", ["mkdir", "copy", "remove"])
def test_a_copy_that_fails_at_any_operation_is_swept_by_the_next(world: Path, tmp_path: Path, operation: str) -> None:
    def failing(passed: str, path: Path) -> None:
        if passed == operation and path.is_relative_to(tmp_path / "cache" / "chroma"):
            raise OSError(EIO, "Input/output error")

    with faults(failing), pytest.raises(OSError, match="Input/output"):
        PrivateCopy(world / "chroma").close()
    PrivateCopy(world / "chroma").close()
    assert [path for path in (tmp_path / "cache" / "chroma").iterdir() if path.is_dir()] == []


def test_exact_scoring_does_not_import_chroma() -> None:
    code = "import sys; import index.ann.chroma, index.ann.chroma_check, index.vectors.exact; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert "index.ann.chroma" in loaded
    assert "chromadb" not in loaded
