"""tantivy: that a finished index is never touched, how it meets broken files, many segments, many threads."""

from __future__ import annotations

import ctypes
import os
import random
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import tantivy

from archive.core.errors import Action, Damaged, Remedy
from index.contracts.conditions import Field, Not, Phrase, Term
from index.contracts.engines import IndexedDocument, LexicalIndex, Scored, Table, Weighted
from index.contracts.recipe import FORMAT_5
from index.lexical.tantivy import TantivyEngine
from index.lexical.tantivy_table import NEIGHBOURS, READING_LOCK, TantivyTable

GAS = Term(Field.FOLDED, "gas")
READ = """
import sys
from pathlib import Path
from index import lexical
from index.contracts.conditions import Field, Term
from index.contracts.engines import Table
index = lexical.engine("tantivy").open(Path(sys.argv[1]))
print(index.matching(Table.PASSAGES, Term(Field.FOLDED, "gas")).tolist())
"""


def fill(folder: Path, engine: TantivyEngine) -> Path:
    writer = engine.writer(folder)
    for row in ("gas pipeline", "oil", "kyiv talks of gas", ""):
        for table in Table:
            writer.add(table, IndexedDocument(row, row))
    writer.finish()
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "index").mkdir()
    return fill(tmp_path / "index", TantivyEngine())


def state(folder: Path) -> dict[str, tuple[int, int, bytes]]:
    return {
        str(file.relative_to(folder)): (file.stat().st_ino, file.stat().st_mtime_ns, file.read_bytes())
        for file in folder.rglob("*")
        if file.is_file()
    }


def use(index: LexicalIndex) -> None:
    assert index.matching(Table.PASSAGES, Phrase(("gas", "pipeline"))).tolist() == [0]
    assert index.matching(Table.ARTICLES, Not(GAS)).tolist() == [1, 3]
    found = index.top(Table.ARTICLES, [Weighted(Term(Field.STEMMED, "gas"))], 5)
    assert found.ordinals.tolist() == [0, 2]


@pytest.mark.parametrize("locked", [True, False])
def test_opening_and_searching_changes_no_byte(folder: Path, locked: bool) -> None:
    if not locked:
        for lock in folder.rglob(READING_LOCK):
            lock.unlink()
    before = state(folder)
    index = TantivyEngine().open(folder)
    use(index)
    index.close()
    assert state(folder) == before


def test_no_folder_of_links_stays_behind(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for lock in folder.rglob(READING_LOCK):
        lock.unlink()
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    for _ in range(20):
        use(TantivyEngine().open(folder))
    assert list((tmp_path / "temporary").iterdir()) == []


def without_privileges() -> None:
    """Give up what lets root write to read-only files: in a child, before it runs."""
    for capability in (1, 2):
        ctypes.CDLL(None).prctl(24, capability, 0, 0, 0)


@pytest.mark.skipif(sys.platform != "linux", reason="needs Linux capabilities")
@pytest.mark.parametrize("locked", [True, False])
def test_a_read_only_folder_can_be_searched(folder: Path, locked: bool) -> None:
    if not locked:
        for lock in folder.rglob(READING_LOCK):
            lock.unlink()
    places = [folder, *folder.rglob("*")]
    for place in places:
        place.chmod(0o555 if place.is_dir() else 0o444)
    try:
        ran = subprocess.run(
            [sys.executable, "-c", READ, str(folder)],
            preexec_fn=without_privileges if os.geteuid() == 0 else None,
            capture_output=True,
            text=True,
            check=False,
        )
    finally:
        for place in places:
            place.chmod(0o755 if place.is_dir() else 0o644)
    assert (ran.stdout, ran.stderr) == ("[0, 2]\n", "")


@pytest.mark.parametrize("suffix", ["meta.json", "term", "idx", "pos", "fast", "fieldnorm", "store"])
@pytest.mark.parametrize("how", ["missing", "empty", "half"])
def test_a_broken_file_is_damage_with_a_way_out(folder: Path, suffix: str, how: str) -> None:
    file = next(file for file in (folder / "passages").iterdir() if file.name.endswith(suffix))
    whole = file.read_bytes()
    file.unlink()
    if how != "missing":
        file.write_bytes(whole[: len(whole) // 2] if how == "half" else b"")
    with pytest.raises(Damaged, match="word index") as caught:
        use(TantivyEngine().open(folder))
    assert caught.value.remedy == Remedy(Action.REBUILD)


def test_a_folder_without_an_index_is_damage(tmp_path: Path) -> None:
    with pytest.raises(Damaged):
        TantivyEngine().open(tmp_path / "nowhere")


def test_a_panic_of_tantivy_is_damage_and_an_interrupt_is_not(folder: Path) -> None:
    table = TantivyTable(folder / "passages")
    with pytest.raises(Damaged), table._guarded():
        table._searcher.search(table._query.all_query(), limit=0)
    with pytest.raises(KeyboardInterrupt), table._guarded():
        raise KeyboardInterrupt


def test_many_segments_answer_as_one_does(tmp_path: Path) -> None:
    chance = random.Random(3)
    rows = [" ".join(f"w{int(chance.paretovariate(0.7)) % 30_000}" for _ in range(300)) for _ in range(4_000)]
    indexes = []
    for heap in (15_000_000, 200_000_000):
        (tmp_path / str(heap)).mkdir()
        writer = TantivyEngine(heap).writer(tmp_path / str(heap))
        for row in rows:
            writer.add(Table.PASSAGES, IndexedDocument(row, row))
        writer.finish()
        indexes.append(TantivyEngine().open(tmp_path / str(heap)))
    several, one = indexes
    counts = [index._tables[Table.PASSAGES]._searcher.num_segments for index in indexes]  # type: ignore[attr-defined]
    assert counts[0] > 1 == counts[1]
    terms = [Weighted(Term(Field.STEMMED, f"w{at}")) for at in (1, 2, 5, 40)]
    best, same = (index.top(Table.PASSAGES, terms, 100) for index in indexes)
    np.testing.assert_array_equal(best.ordinals, same.ordinals)
    np.testing.assert_array_equal(best.scores, same.scores)
    phrase = Phrase(("w1", "w2"))
    np.testing.assert_array_equal(several.matching(Table.PASSAGES, phrase), one.matching(Table.PASSAGES, phrase))


@pytest.mark.parametrize(
    ("named", "rare"),
    [(1, False), (40, False), (3_000, False), (40, True)],
    ids=["a block or two", "some blocks", "more than one question names", "fewer hold the words"],
)
def test_documents_that_are_named_score_as_those_that_are_found(tmp_path: Path, named: int, rare: bool) -> None:
    chance = random.Random(4)
    rows = ["gas " * chance.randint(1, 9) + "oil " * chance.randint(0, 9) for _ in range(6_000)]
    for at in chance.sample(range(len(rows)), 150):
        rows[at] += "kyiv " * chance.randint(1, 3)
    (tmp_path / "old").mkdir()
    writer = TantivyEngine().writer(tmp_path / "old")
    for table in Table:
        for row in rows:
            writer.add(table, IndexedDocument(row, row))
    writer.finish()
    gone = np.array(sorted(chance.sample(range(len(rows)), 90)), np.int64)
    TantivyEngine().extend(tmp_path / "old", tmp_path / "grown", dict.fromkeys(Table, gone)).finish()
    words = ["kyiv"] if rare else ["gas", "oil"]
    terms = [Weighted(Term(Field.STEMMED, word), 1 / at) for at, word in enumerate(words, 1)]
    wanted = np.array(sorted({*chance.sample(range(len(rows)), named), int(gone[0])}), np.int64)
    for folder, tombstoned in (("old", []), ("grown", gone)):
        index = TantivyEngine().open(tmp_path / folder)
        every = index.top(Table.PASSAGES, terms, len(rows))
        expected = np.zeros(len(rows), np.float32)
        expected[every.ordinals] = every.scores
        np.testing.assert_array_equal(index.score(Table.PASSAGES, terms, wanted), expected[wanted])
        holding = [[word in rows[at] and at not in tombstoned for at in wanted] for word in words]
        held = index.held(Table.PASSAGES, [(one.term,) for one in terms], wanted)
        np.testing.assert_array_equal(held, holding)
        assert not expected[tombstoned].any()


def test_no_more_is_asked_for_than_there_is_whatever_a_damaged_file_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = TantivyEngine().writer(tmp_path)
    for number in range(300):
        writer.add(Table.PASSAGES, IndexedDocument("gas", f"gas w{number}"))
    writer.finish()
    for file in tmp_path.rglob(NEIGHBOURS):
        np.save(file, np.array(1 << 20))
    asked = list[int]()
    found = TantivyTable._found

    def noted(table: TantivyTable, query: tantivy.Query, most: int) -> Scored:
        asked.append(most)
        return found(table, query, most)

    monkeypatch.setattr(TantivyTable, "_found", noted)
    index = TantivyEngine().open(tmp_path)
    index.meeting(Table.PASSAGES, Term(Field.FOLDED, "gas"), np.arange(300))
    assert asked
    assert max(asked) <= 300
    index.close()


@pytest.mark.parametrize("block", [4, 8, 32])
def test_an_index_is_read_and_continued_by_the_blocks_it_was_written_in(tmp_path: Path, block: int) -> None:
    rows = [f"gas w{at % 7}" for at in range(600)]
    (tmp_path / "old").mkdir()
    writer = TantivyEngine(block=block).writer(tmp_path / "old")
    for table in Table:
        for row in rows:
            writer.add(table, IndexedDocument(row, row))
    writer.finish()
    if block == FORMAT_5.words.block:
        for file in tmp_path.rglob(NEIGHBOURS):
            file.unlink()  # as an index was written before it said so
    gone = np.array([3, 40, 599], np.int64)
    grown = TantivyEngine(block=16).extend(tmp_path / "old", tmp_path / "grown", dict.fromkeys(Table, gone))
    for table in Table:
        for row in rows[:50]:
            grown.add(table, IndexedDocument(row, row))
    grown.finish()
    for folder, texts, dead in (("old", rows, []), ("grown", rows + rows[:50], gone.tolist())):
        index = TantivyEngine(block=16).open(tmp_path / folder)
        few = np.arange(1, len(texts), 90)
        expected = [at not in dead and texts[at].endswith("w3") for at in few]
        assert (index.score(Table.PASSAGES, [Weighted(Term(Field.STEMMED, "w3"))], few) > 0).tolist() == expected
        assert index.meeting(Table.PASSAGES, Term(Field.FOLDED, "w3"), few).tolist() == expected
        assert not index.score(Table.PASSAGES, [Weighted(Term(Field.STEMMED, "gas"))], np.array(dead, np.int64)).any()
        index.close()


def test_threads_share_an_index(folder: Path) -> None:
    index = TantivyEngine().open(folder)
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda _: use(index), range(200))) == [None] * 200


def test_a_copy_can_be_continued_while_the_first_stays_as_it_is(folder: Path, tmp_path: Path) -> None:
    """What a later generation will do: link the segments, copy the metadata, commit there."""
    import tantivy

    before = state(folder)
    grown = tmp_path / "grown"
    shutil.copytree(folder, grown, copy_function=lambda here, there: os.link(here, there))
    for table in Table:
        for name in ("meta.json", ".managed.json", READING_LOCK):
            (grown / table / name).unlink()
            shutil.copy2(folder / table / name, grown / table / name)
        writer = tantivy.Index.open(str(grown / table)).writer(15_000_000, num_threads=1)
        document = tantivy.Document()
        document.add_unsigned("ordinal", 4)
        document.add_text("folded", "more gas")
        document.add_text("stemmed", "more gas")
        writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()
    assert TantivyEngine().open(grown).matching(Table.PASSAGES, GAS).tolist() == [0, 2, 4]
    assert state(folder) == before
