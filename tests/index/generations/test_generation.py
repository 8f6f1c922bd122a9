from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from archive.core.errors import Action, Damaged, NewerArchive, NoIndex, Remedy
from archive.folder.layout import Layout
from index.contracts.recipe import RECIPE
from index.generations import manifest as manifests
from index.generations.checksums import records
from index.generations.generation import Current, collect, numbers, open_current, read_current, write_current
from index.generations.manifest import Manifest, Vectors

HOLD = """
import sys
from pathlib import Path
from archive.folder.layout import Layout
from index.generations.generation import open_current
with open_current(Layout(Path(sys.argv[1]))) as generation:
    print(generation.number, flush=True)
    sys.stdin.read()
"""


def generation(layout: Layout, number: int, *, use: bool = True) -> None:
    """Make a finished generation of one file."""
    folder = layout.generation(number)
    (folder / "columns").mkdir(parents=True)
    (folder / "columns" / "some.npy").write_bytes(b"content")
    vectors = Vectors("f" * 64, 1, 4, chroma=False, base=0, measured=None)
    raw = manifests.to_bytes(
        Manifest(
            manifests.FORMAT,
            "id",
            number,
            "2022",
            1,
            "",
            1,
            1,
            "rank-bm25",
            "a",
            "r",
            RECIPE.hashes,
            ("en",),
            vectors,
            {},
            records(folder),
        )
    )
    (folder / manifests.NAME).write_bytes(raw)
    if use:
        write_current(layout, Current(number, manifests.digest(raw)))


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    made = Layout(tmp_path / "archive")
    for folder in (made.generations, made.tmp):
        folder.mkdir(parents=True)
    return made


@contextmanager
def held_elsewhere(layout: Layout) -> Iterator[int]:
    """Hold the generation in use in another process; gives its number."""
    child = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(layout.root)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    try:
        yield int(child.stdout.readline())
    finally:
        child.communicate(timeout=60)


def test_the_generation_that_current_names_is_opened(layout: Layout) -> None:
    generation(layout, 1)
    generation(layout, 2)
    with open_current(layout) as held:
        assert (held.number, held.notes) == (2, ())
    write_current(layout, Current(1, manifests.digest((layout.generation(1) / manifests.NAME).read_bytes())))
    with open_current(layout) as held:
        assert (held.number, held.notes) == (1, ())


def test_without_generations_there_is_no_index(layout: Layout) -> None:
    with pytest.raises(NoIndex) as told:
        open_current(layout)
    assert told.value.remedy == Remedy(Action.UPDATE)


@pytest.mark.parametrize("content", [None, b"", b"000002", b"two abc", b"\xff\xfe", b"\x00" * 70])
def test_without_a_readable_current_the_newest_generation_answers_with_a_note(
    layout: Layout, content: bytes | None
) -> None:
    generation(layout, 1)
    generation(layout, 2)
    layout.current.unlink()
    if content is not None:
        layout.current.write_bytes(content)
    with open_current(layout) as held:
        assert held.number == 2
        assert "CURRENT" in held.notes[0]
        assert "index.build(archive, rebuild=True)" in held.notes[0]


def test_a_current_that_points_nowhere_is_told(layout: Layout) -> None:
    generation(layout, 3)
    write_current(layout, Current(9, "0" * 64))
    with open_current(layout) as held:
        assert held.number == 3
        assert "000009" in held.notes[0]


def test_a_current_that_points_nowhere_without_another_is_damage(layout: Layout) -> None:
    write_current(layout, Current(9, "0" * 64))
    with pytest.raises(Damaged) as told:
        open_current(layout)
    assert told.value.remedy == Remedy(Action.REBUILD)


def test_a_changed_manifest_is_told(layout: Layout) -> None:
    generation(layout, 1)
    path = layout.generation(1) / manifests.NAME
    path.write_bytes(path.read_bytes().replace(b'"engine": "rank-bm25"', b'"engine": "tantivy"'))
    with open_current(layout) as held:
        assert "manifest" in held.notes[0]


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"format": 1}', b"\xff", b'{"format": "x"}', b"null"])
def test_a_broken_manifest_makes_an_older_generation_answer(layout: Layout, content: bytes) -> None:
    generation(layout, 1)
    generation(layout, 2)
    (layout.generation(2) / manifests.NAME).write_bytes(content)
    with open_current(layout) as held:
        assert held.number == 1
        assert "000002" in held.notes[0]
    (layout.generation(1) / manifests.NAME).write_bytes(content)
    with pytest.raises(Damaged):
        open_current(layout)


def test_a_manifest_of_a_newer_program_is_refused(layout: Layout) -> None:
    raw = b'{"format": 99}'
    with pytest.raises(NewerArchive):
        manifests.from_bytes(raw, layout.root)


def test_a_manifest_is_read_back_as_it_was_written(layout: Layout) -> None:
    generation(layout, 7)
    raw = (layout.generation(7) / manifests.NAME).read_bytes()
    assert manifests.to_bytes(manifests.from_bytes(raw, layout.root)) == raw


def test_a_generation_that_says_another_number_is_not_taken(layout: Layout) -> None:
    generation(layout, 1)
    layout.generation(1).rename(layout.generation(2))
    with pytest.raises(Damaged, match="000001"):
        open_current(layout)


def test_files_that_differ_from_the_manifest_are_found(layout: Layout) -> None:
    generation(layout, 1)
    (layout.generation(1) / "columns" / "some.npy").write_bytes(b"CONTENT")
    with open_current(layout) as held, pytest.raises(Damaged, match=r"some\.npy"):
        held.check(None)


def test_old_generations_are_collected_and_the_one_in_use_is_kept(layout: Layout) -> None:
    for number in (1, 2, 3):
        generation(layout, number)
    assert set(collect(layout, keep=3)) == {1, 2}
    assert numbers(layout) == (3,)
    assert list(layout.tmp.iterdir()) == []


def test_a_generation_held_by_another_process_is_collected_once_it_lets_go(layout: Layout) -> None:
    generation(layout, 1)
    with held_elsewhere(layout) as number:
        assert number == 1
        generation(layout, 2)
        assert collect(layout, keep=2) == ()
        assert numbers(layout) == (2, 1)
    assert collect(layout, keep=2) == (1,)
    assert numbers(layout) == (2,)


def test_many_readers_hold_one_generation(layout: Layout) -> None:
    generation(layout, 1)
    with open_current(layout), open_current(layout):
        generation(layout, 2)
        assert collect(layout, keep=2) == ()
    assert collect(layout, keep=2) == (1,)


def test_only_folders_named_by_six_digits_are_generations(layout: Layout) -> None:
    generation(layout, 4)
    (layout.generations / "junk").mkdir()
    (layout.generations / "0000005").mkdir()
    assert numbers(layout) == (4,)


def test_a_folder_without_a_manifest_is_nobodys(layout: Layout) -> None:
    generation(layout, 2)
    layout.generation(1).mkdir()
    assert collect(layout, keep=2) == (1,)


def test_current_is_read_back(layout: Layout) -> None:
    write_current(layout, Current(12, "a" * 64))
    assert read_current(layout) == Current(12, "a" * 64)
