"""Which archive is meant, what it gives, and the names of the package."""

from __future__ import annotations

import inspect
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import archive as package
from archive import (
    Archive,
    Draft,
    Refusal,
    UnknownId,
    find,
)
from archive.folder.paths import outermost

if TYPE_CHECKING:
    from tests.archive.conftest import World

ROOT = Path(__file__).resolve().parents[2]
posix = pytest.mark.skipif(os.name != "posix", reason="needs a POSIX file system")


def started(code: str, *arguments: object) -> subprocess.Popen[str]:
    """Start Python on some code; its arguments are in ``sys.argv[1:]``."""
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.Popen(command, cwd=ROOT, text=True, stdout=subprocess.PIPE, stdin=subprocess.PIPE)


def wait_for(what: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.01)


def test_a_named_archive_goes_before_all_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Archive.create(tmp_path / "here").close()
    monkeypatch.setenv("MORGUE_ARCHIVE", str(tmp_path / "variable"))
    assert find(tmp_path / "named", tmp_path / "here") == tmp_path / "named"
    assert find(cwd=tmp_path / "here") == tmp_path / "variable"


def test_the_nearest_archive_upward_is_found(tmp_path: Path) -> None:
    Archive.create(tmp_path / "here").close()
    inner = tmp_path / "here" / "vectors" / "deep"
    inner.mkdir()
    (inner / "morgue.toml").write_text("[index]\n")
    assert find(cwd=inner) == tmp_path / "here"


@posix
def test_without_any_archive_it_lies_in_the_users_data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("HOME", str(tmp_path))
    found = find(cwd=tmp_path)
    assert found.is_relative_to(tmp_path)
    assert not found.exists()


def test_passages_are_pieces_of_their_version(world: World) -> None:
    world.write("a.txt", " ".join(f"Sentence {number} speaks of the river towns." for number in range(80)))
    world.add()
    (one,) = world.archive.articles()
    version = world.archive.version(one.id, one.version)
    passages = world.archive.passages(one.id, one.version)
    assert len(passages) > 1
    for passage in passages:
        assert version.text[passage.start : passage.end] == passage.text
        assert world.archive.passage(passage.id) == passage
        place = (one.id, one.version, passage.start, passage.end)
        assert world.archive.passage_texts([place])[0] == passage.text


def test_offsets_are_code_points_also_beyond_the_first_plane(world: World) -> None:
    world.write("a.txt", "Ääkköset 🏛️🏛️ puhuivat. 市長は明日話す。")
    world.add()
    (one,) = world.archive.articles()
    text = world.archive.version(one.id, one.version).text
    for start in range(len(text)):
        assert world.archive.passage_texts([(one.id, one.version, start, start + 3)])[0] == text[start : start + 3]


def test_a_passage_of_a_version_that_is_not_there_is_none(world: World) -> None:
    assert world.archive.passage_texts([("0" * 16, "0" * 64, 0, 5)])[0] is None


def test_many_pieces_come_in_the_order_they_were_asked_for(world: World) -> None:
    world.write("a.txt", "Sentences about the river towns, one after the other.")
    world.add()
    (one,) = world.archive.articles()
    text = world.archive.version(one.id, one.version).text
    starts = [number * 7 % len(text) for number in range(1_203)]
    places = [(one.id, one.version if at % 5 else "0" * 64, start, start + 4) for at, start in enumerate(starts)]
    expected = [text[start : start + 4] if at % 5 else None for at, start in enumerate(starts)]
    assert world.archive.passage_texts(places) == expected
    assert world.archive.passage_texts([]) == []


def test_a_passage_of_both_an_old_and_the_current_version_is_given_as_current(world: World) -> None:
    def told(what: str) -> str:
        return " ".join(f"Sentence {number} speaks of the {what} towns." for number in range(40))

    world.write("a.txt", f"{told('river')} {told('mountain')}")
    world.add()
    one = world.articles()["a.txt"]
    old = world.archive.passages(one.id, one.version)
    world.write("a.txt", f"{told('river')} {told('harbour')}")
    world.update()
    current = world.articles()["a.txt"].version
    assert current != one.version
    assert world.archive.passage(old[0].id).version == current
    assert world.archive.passage(old[-1].id) == old[-1]


def test_a_snapshot_gives_all_articles_of_one_state_in_order(world: World) -> None:
    for number in range(5):
        world.tell(f"{number}.txt", str(number))
    world.add()
    with world.archive.snapshot() as snapshot:
        world.archive.remove(world.ids()["0.txt"])
        world.tell("1.txt", "changed")
        world.update()
        items = list(snapshot)
        assert (snapshot.articles, snapshot.passages) == (5, 5) == (len(items), sum(len(one.passages) for one in items))
        assert [one.article.id for one in items] == sorted(one.article.id for one in items)
        assert all(one.version.digest == one.article.version == one.passages[0].version for one in items)
        assert not any("changed" in one.version.text for one in items)
        assert world.archive.behind(snapshot.change) == 2
    with world.archive.snapshot() as later:
        assert (later.articles, world.archive.behind(later.change)) == (4, 0)


def test_every_change_of_an_article_is_counted(world: World) -> None:
    path = world.tell("a.txt", "Monday")
    seen = [0]

    def changed() -> bool:
        with world.archive.snapshot() as snapshot:
            seen.append(snapshot.change)
        return seen[-1] > seen[-2] and world.archive.behind(seen[-2]) == 1

    world.add()
    assert changed()
    world.update()
    assert not changed()
    world.tell("a.txt", "Tuesday")
    world.update()
    assert changed()
    path.rename(world.folder / "b.txt")
    world.update()
    assert changed()
    article = world.ids()["b.txt"]
    world.archive.remove(article)
    assert changed()
    world.archive.restore(article)
    assert changed()
    (world.folder / "b.txt").unlink()
    world.update()
    assert changed()


def test_threads_read_while_another_writes(world: World) -> None:
    world.lines("a.jsonl", *({"id": str(number), "text": f"This is text {number}."} for number in range(60)))
    failed: list[Exception] = []
    done = threading.Event()

    def reading() -> None:
        try:
            while not done.is_set():
                for one in world.archive.articles():
                    text = world.archive.passage_texts([(one.id, one.version, 0, 7)])[0]
                    assert text == "This is"
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=reading) for _ in range(3)]
    for thread in threads:
        thread.start()
    world.add()
    done.set()
    for thread in threads:
        thread.join()
    assert failed == []
    assert len(world.ids()) == 60


def test_unknown_identifiers_are_told(world: World) -> None:
    world.tell("a.txt", "Monday")
    world.add()
    known = world.ids()["a.txt"]
    for name in ("nothing", "", "\udcff", "\0", "'; DROP TABLE meta"):
        for ask in (
            world.archive.article,
            world.archive.versions,
            world.archive.passage,
            world.archive.remove,
            world.archive.restore,
        ):
            with pytest.raises(UnknownId):
                ask(name)
        with pytest.raises(UnknownId):
            world.archive.version(known, name)
    with pytest.raises(UnknownId):
        world.archive.restore(known)
    world.archive.remove(known)
    with pytest.raises(UnknownId):
        world.archive.remove(known)
    with pytest.raises(UnknownId):
        world.archive.article(known)


def test_a_preview_writes_nothing(world: World) -> None:
    world.tell("a.txt", "Monday")
    world.write("b.txt", "")
    draft, refusal = world.archive.preview([world.folder])
    assert isinstance(draft, Draft)
    assert isinstance(refusal, Refusal)
    assert (world.archive.sources(), world.ids(), world.archive.refusals()) == ((), {}, ())


def test_paths_are_taken_once_and_without_what_lies_inside_others() -> None:
    given = [Path(path) for path in ("/a/b", "/a/bc", "/a/b/c", "/a/x/../b", "/z", "/a/b/")]
    assert outermost(given) == (Path("/a/b"), Path("/a/bc"), Path("/z"))


def test_every_public_name_is_there_and_documented() -> None:
    assert list(package.__all__) == sorted(package.__all__)
    for name in package.__all__:
        public = getattr(package, name)
        assert public is package.Progress or inspect.getdoc(public), name
