"""The archive as a whole: finding, making and opening one, its lock, what it gives, and life after a kill."""

from __future__ import annotations

import inspect
import json
import os
import signal
import sqlite3
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import archive as package
from archive import (
    Archive,
    Busy,
    Draft,
    NotAnArchive,
    Refusal,
    UnknownId,
    UsageError,
    find,
    word_rule,
)
from archive.catalog.database import Catalog
from archive.core.errors import Action, Remedy
from archive.folder.layout import Layout
from archive.folder.locking import network_file_system
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


# Which archive is meant.


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


# Making one.


@posix
def test_a_new_archive_is_for_its_owner_only(tmp_path: Path) -> None:
    with Archive.create(tmp_path / "a" / "archive") as made, made.writing():
        paths = [made.root, *made.root.rglob("*")]
        assert len(paths) > 7
        for path in paths:
            assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path


def test_making_an_archive_where_one_is_opens_it(tmp_path: Path) -> None:
    with Archive.create(tmp_path / "archive") as first, Archive.create(tmp_path / "archive") as second:
        assert first.id == second.id


def test_two_archives_have_different_ids(tmp_path: Path) -> None:
    with Archive.create(tmp_path / "a") as first, Archive.create(tmp_path / "b") as second:
        assert first.id != second.id


def test_a_folder_that_holds_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "one.txt").write_text("Dear all")
    with pytest.raises(UsageError, match="not empty"):
        Archive.create(tmp_path / "letters")
    with pytest.raises(UsageError, match="is a file"):
        Archive.create(tmp_path / "letters" / "one.txt")
    assert [path.name for path in (tmp_path / "letters").iterdir()] == ["one.txt"]


def test_a_catalog_without_its_settings_is_not_taken_for_an_empty_archive(world: World) -> None:
    world.tell("a.txt", "Monday")
    world.add()
    world.archive.layout.settings.unlink()
    with pytest.raises(UsageError, match="not empty"):
        Archive.create(world.archive.root)


def test_settings_without_an_id_are_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "morgue.toml").write_text("[index]\n")
    with pytest.raises(UsageError, match="not empty"):
        Archive.create(tmp_path)
    assert (tmp_path / "morgue.toml").read_text() == "[index]\n"


MAKE_HALF = """
import os, sys
from pathlib import Path
from archive import archive as module
steps = iter(range(int(sys.argv[2])))
for name in ("make_private_dir", "create"):
    def counted(*given, real=getattr(module, name)):
        if next(steps, None) is None:
            os._exit(9)
        return real(*given)
    setattr(module, name, counted)
module.Archive.create(Path(sys.argv[1])).close()
"""


def test_making_that_was_killed_at_any_step_is_taken_up_again(tmp_path: Path) -> None:
    for step in range(6):
        child = started(MAKE_HALF, tmp_path / f"{step}", step)
        child.communicate()
        assert child.returncode == (9 if step < 5 else 0)
        with Archive.create(tmp_path / f"{step}") as made:
            assert list(made.check()) == []


def test_processes_that_make_one_archive_at_once_get_the_same(tmp_path: Path) -> None:
    code = """
import sys, time
from archive import Archive, Busy
sys.stdin.readline()
while True:
    try:
        with Archive.create(sys.argv[1]) as made:
            print(made.id)
            break
    except Busy:
        time.sleep(0.01)
"""
    children = [started(code, tmp_path / "archive") for _ in range(3)]
    for child in children:
        assert child.stdin is not None
        child.stdin.write("\n")
        child.stdin.flush()
    answers = {child.communicate(timeout=120)[0].strip() for child in children}
    with Archive.open(tmp_path / "archive") as made:
        assert answers == {made.id}
        assert list(made.check()) == []


# Opening one.


def test_a_folder_that_is_no_archive_says_how_to_make_one(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "nothing"):
        with pytest.raises(NotAnArchive, match="not a Morgue archive") as caught:
            Archive.open(path)
        assert caught.value.remedy == Remedy(Action.CREATE)
    (tmp_path / "file").write_text("x")
    with pytest.raises(NotAnArchive, match="is a file"):
        Archive.open(tmp_path / "file")


def test_opening_an_archive_writes_no_file(world: World) -> None:
    root = world.archive.root
    world.archive.close()
    before = {path: path.stat().st_mtime_ns for path in root.rglob("*") if path.is_file()}
    with Archive.open(root) as opened:
        list(opened.articles())
    assert {path: path.stat().st_mtime_ns for path in root.rglob("*") if path.is_file()} == before


# The lock.


HOLD = """
import sys
from archive import Archive
with Archive.open(sys.argv[1]) as held, held.writing():
    print("held", flush=True)
    sys.stdin.readline()
"""


def test_a_second_writer_is_told_who_the_first_is_and_readers_are_not_disturbed(world: World) -> None:
    path = world.tell("a.txt", "Monday")
    world.add()
    holder = started(HOLD, world.archive.root)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    try:
        with pytest.raises(Busy, match=rf"process {holder.pid} on \S+, since 20"):
            world.add(path)
        assert len(world.ids()) == 1
    finally:
        holder.kill()
        holder.communicate()
    assert world.add(path).unchanged == 1


def test_a_writer_may_enter_again_and_only_its_last_leaving_lets_go(world: World) -> None:
    second = Archive.open(world.archive.root)
    with world.archive.writing():
        with world.archive.writing():
            pass
        with pytest.raises(Busy), second.writing():
            pass
    with second.writing():
        pass
    second.close()


def test_threads_of_one_archive_write_in_turn(world: World) -> None:
    files = [world.tell(f"{number}.txt", str(number)) for number in range(4)]
    threads = [threading.Thread(target=world.add, args=(path,)) for path in files]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(world.ids()) == 4


MOUNTS = """\
/dev/sda1 / ext4 rw 0 0
server:/home /home nfs4 rw 0 0
/dev/sdb1 /home/local ext4 rw 0 0
//nas/my\\040share /mnt/my\\040share cifs rw 0 0
me@host:/ /mnt/ssh fuse.sshfs rw 0 0
tmpfs /tmp tmpfs rw 0 0
"""


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/srv/archive", None),
        ("/home/me/archive", "nfs4"),
        ("/home", "nfs4"),
        ("/homely/archive", None),
        ("/home/local/archive", None),
        ("/mnt/my share/archive", "cifs"),
        ("/mnt/ssh/archive", "fuse.sshfs"),
        ("/tmp/archive", None),
    ],
)
def test_network_file_systems_are_known_by_their_mounts(path: str, kind: str | None) -> None:
    assert network_file_system(MOUNTS, path) == kind
    assert network_file_system("", path) is None


def test_an_archive_on_a_network_file_system_is_not_written_to(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    mounts = world.archive.root / "tmp" / "mounts"
    mounts.write_text(f"server:/x {world.archive.root.parent} nfs4 rw 0 0\n")
    monkeypatch.setattr("archive.folder.locking._MOUNTS", mounts)
    with pytest.raises(UsageError, match=r"network file system \(nfs4\)"), world.archive.writing():
        pass
    with pytest.raises(UsageError, match="network file system"):
        Archive.create(world.archive.root.parent / "other")
    assert not (world.archive.root.parent / "other").exists()
    assert world.ids() == {}


# What it gives.


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


# Killed.


ADD = """
import sys
from pathlib import Path
from archive import Archive, word_rule
with Archive.create(Path(sys.argv[1])) as made:
    made.add([Path(sys.argv[2])], word_rule())
"""
# Everything a catalog holds but when it was written, and the order in which articles changed.
WHAT_COUNTS = {
    "articles": "SELECT id, version, title, language, path, record, gone, removed FROM articles ORDER BY id",
    "versions": "SELECT article, digest, text, hidden, reader, raw_digest FROM versions ORDER BY article, digest",
    "passages": "SELECT article, version, number, id, start, stop FROM passages ORDER BY article, version, number",
    "places": "SELECT source, path, record, article, raw_digest, gone FROM places ORDER BY source, path, record",
    "files": "SELECT source, path, size, mtime_ns, digest, gone FROM files ORDER BY source, path",
    "refusals": "SELECT source, path, record, code FROM refusals ORDER BY source, path, record",
}


def held(root: Path) -> dict[str, list[tuple[object, ...]]]:
    with Catalog(Layout(root).catalog) as catalog:
        return {name: list(catalog.rows(statement)) for name, statement in WHAT_COUNTS.items()}


def committed(root: Path) -> int:
    """Count articles as another process sees them, 0 while there is no catalog yet."""
    try:
        with closing(sqlite3.connect(f"file:{Layout(root).catalog}?mode=ro", uri=True)) as connection:
            return int(connection.execute("SELECT count(*) FROM articles").fetchone()[0])
    except sqlite3.Error:
        return 0


@posix
@pytest.mark.parametrize("when", [1, 60, 140])
def test_an_add_that_was_killed_and_is_run_again_gives_what_a_fresh_one_gives(tmp_path: Path, when: int) -> None:
    news = tmp_path / "news"
    news.mkdir()
    for number in range(20):
        (news / f"{number:03}.txt").write_text(f"The council met on day {number}. The towns get money.")
    lines = [json.dumps({"id": str(number), "text": f"Record {number} tells of a flood."}) for number in range(180)]
    (news / "many.jsonl").write_text("\n".join([*lines, "{broken"]))
    (news / "z.txt").touch()
    child = started(ADD, tmp_path / "killed", news)
    wait_for(lambda: committed(tmp_path / "killed") >= when)
    child.send_signal(signal.SIGKILL)
    child.communicate()
    kept = committed(tmp_path / "killed")
    assert when <= kept < 200
    with Archive.open(tmp_path / "killed") as archive:
        assert list(archive.check()) == []
        report = archive.add([news], word_rule())
    assert (report.added, report.unchanged) == (200 - kept, kept)
    with Archive.create(tmp_path / "fresh") as archive:
        archive.add([news], word_rule())
    assert held(tmp_path / "killed") == held(tmp_path / "fresh")


# The package.


def test_every_public_name_is_there_and_documented() -> None:
    assert list(package.__all__) == sorted(package.__all__)
    for name in package.__all__:
        public = getattr(package, name)
        assert public is package.Progress or inspect.getdoc(public), name
