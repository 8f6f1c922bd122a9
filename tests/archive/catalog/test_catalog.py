"""The catalog as a file: damage is found and told, writing is whole or not at all, old schemas are brought up."""

from __future__ import annotations

import errno
import gc
import os
import random
import sqlite3
import stat
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from archive import Archive, ArchiveError, Busy, Damaged, NewerArchive, word_rule
from archive.catalog import connection as connections
from archive.catalog.database import Catalog
from archive.catalog.migrations import MIGRATIONS
from archive.catalog.schema import FORMER_PASSAGES, META, PARTS, TABLES
from tests.archives import copied_archive

posix = pytest.mark.skipif(os.name != "posix", reason="needs a POSIX file system")
NOBODY = 65534
FORMER = "0123456789abcdef"


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of some articles, closed; for copying."""
    root = tmp_path_factory.mktemp("filled")
    (root / "news").mkdir()
    for number in range(30):
        text = f"The council met on day {number}. " + "The river towns will get their money in spring. " * 40
        (root / "news" / f"{number}.txt").write_text(text)
    (root / "news" / "empty.txt").touch()
    with Archive.create(root / "archive") as archive:
        archive.add([root / "news"], word_rule())
        key = next((one.id, one.version) for one in archive.articles())
    with Catalog(root / "archive" / "catalog.sqlite") as catalog, catalog.transaction() as writing:
        writing.put(FORMER_PASSAGES, FORMER, *key, 0, 9)
        writing.put(PARTS, *key, 0, "page", "1")
    return root / "archive"


@pytest.fixture
def copy(filled: Path, tmp_path: Path) -> Path:
    """A copy of that archive to damage."""
    return copied_archive(filled, tmp_path / "archive")


def meddle(archive: Path, statement: str, *values: object) -> None:
    """Change a catalog behind Morgue's back."""
    with closing(sqlite3.connect(archive / "catalog.sqlite")) as connection:
        assert connection.execute(statement, values).rowcount != 0
        connection.commit()


def read_everything(root: Path) -> None:
    """Use every way of reading an archive."""
    with Archive.open(root) as archive:
        archive.sources(), archive.refusals(), archive.behind(0)
        for one in archive.articles():
            archive.versions(one.id)
            for passage in archive.passages(one.id, one.version):
                archive.follow(passage.id)
                archive.passage_texts([(one.id, one.version, passage.start, passage.end)])[0]
                archive.parts_at([(one.id, one.version, passage.start, passage.end)])
            archive.parts(one.id, one.version)
        archive.follow(FORMER)
        with archive.snapshot() as snapshot:
            list(snapshot)


# Damage that lies in rows.


def test_a_whole_catalog_has_no_problems(copy: Path) -> None:
    with Archive.open(copy) as archive:
        assert list(archive.check()) == []


@pytest.mark.leaves_damage
@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE versions SET text = text || '.' WHERE rowid = 1", "A row of versions does not hold"),
        ("UPDATE versions SET hidden = '[[0,5]]' WHERE rowid = 1", "A row of versions does not hold"),
        ("UPDATE articles SET title = 'Other' WHERE id = (SELECT min(id) FROM articles)", "A row of articles"),
        ("UPDATE passages SET stop = stop + 1 WHERE number = 0", "A row of passages"),
        ("UPDATE places SET gone = 'x' WHERE path = '1.txt'", "A row of places"),
        ("UPDATE files SET size = size + 1 WHERE path = '1.txt'", "A row of files"),
        ("UPDATE sources SET root = '/elsewhere'", "A row of sources"),
        ("UPDATE refusals SET reason = 'none'", "A row of refusals"),
        ("UPDATE meta SET value = '7' WHERE name = 'change'", "A row of meta"),
        ("UPDATE versions SET text = CAST(x'ff41' AS TEXT) WHERE rowid = 1", "A row of versions"),
        ("DELETE FROM versions WHERE rowid = 1", "has lost its current version"),
        ("DELETE FROM sources", "has lost its source"),
        ("DELETE FROM articles WHERE id = (SELECT min(id) FROM articles)", "has lost its article"),
    ],
)
def test_every_row_that_was_changed_or_lost_is_found(copy: Path, statement: str, said: str) -> None:
    meddle(copy, statement)
    with Archive.open(copy) as archive:
        found = list(archive.check())
    assert found
    assert any(said in one for one in found), found


@pytest.mark.leaves_damage
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE versions SET text = CAST(x'ff41' AS TEXT)",
        "UPDATE versions SET hidden = 'no list'",
        "UPDATE versions SET hidden = '[[0]]'",
        "UPDATE versions SET hidden = x'00'",
        "UPDATE versions SET hidden = NULL",
        "UPDATE versions SET text = NULL",
        "UPDATE passages SET start = 'a'",
        "UPDATE former_passages SET start = 'a'",
        "UPDATE former_passages SET stop = NULL",
        "UPDATE parts SET start = 'a'",
        "UPDATE articles SET path = NULL",
        "UPDATE meta SET value = 'many' WHERE name = 'change'",
        "DROP TABLE passages",
        "ALTER TABLE articles DROP COLUMN title",
    ],
)
def test_rows_that_cannot_be_understood_are_told_as_damage(copy: Path, statement: str) -> None:
    meddle(copy, statement)
    with pytest.raises(Damaged):
        read_everything(copy)


def test_every_table_is_digested(copy: Path) -> None:
    with closing(sqlite3.connect(copy / "catalog.sqlite")) as connection:
        names = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    assert names == {table.name for table in TABLES}


# Damage that lies in the file.


def test_a_missing_catalog_says_what_to_do(copy: Path) -> None:
    (copy / "catalog.sqlite").unlink()
    with pytest.raises(Damaged, match="missing") as caught:
        Archive.open(copy)
    assert "Put a copy of it back" in caught.value.message
    assert caught.value.remedy is not None


@pytest.mark.leaves_damage
@pytest.mark.parametrize(
    "content",
    [b"", b"x", b"SQLite format 3\0", b"\0" * 8192, random.Random(1).randbytes(20_000)],
    ids=["empty", "one byte", "magic only", "zeroes", "noise"],
)
def test_a_file_that_is_no_catalog_is_damage(copy: Path, content: bytes) -> None:
    (copy / "catalog.sqlite").write_bytes(content)
    with pytest.raises(Damaged, match=r"catalog\.sqlite"):
        Archive.open(copy)


@pytest.mark.leaves_damage
def test_somebody_elses_database_is_no_catalog(copy: Path) -> None:
    path = copy / "catalog.sqlite"
    path.unlink()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE meta (name, value)")
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(Damaged, match="not a catalog of Morgue"):
        Archive.open(copy)


@pytest.mark.leaves_damage
def test_a_catalog_cut_short_anywhere_is_found(copy: Path) -> None:
    path = copy / "catalog.sqlite"
    whole = path.read_bytes()
    for part in (0.1, 0.3, 0.5, 0.7, 0.9, 0.99):
        path.write_bytes(whole[: int(len(whole) * part)])
        with pytest.raises(Damaged):
            _check_and_read(copy)


@pytest.mark.leaves_damage
def test_no_flipped_bit_is_missed_or_ends_in_anything_but_a_plain_error(copy: Path) -> None:
    path, rng = copy / "catalog.sqlite", random.Random(20)
    whole = path.read_bytes()
    size, pages = _used_pages(path)
    for _ in range(60):
        flipped = bytearray(whole)
        at = rng.choice(pages) + rng.randrange(size)
        flipped[at] ^= 1 << rng.randrange(8)
        path.write_bytes(flipped)
        try:
            read_everything(copy)
        except ArchiveError:
            continue
        with Archive.open(copy) as archive:
            problems = list(archive.check())
        assert problems or _same_rows(bytes(flipped), whole, path), at


def _check_and_read(root: Path) -> None:
    with Archive.open(root) as archive:
        problems = list(archive.check())
    if problems:
        raise Damaged(problems[0])
    read_everything(root)


def _used_pages(path: Path) -> tuple[int, list[int]]:
    """Return the size of a page, and where each begins."""
    with closing(sqlite3.connect(path)) as connection:
        (size,), (count,) = (connection.execute(f"PRAGMA {name}").fetchone() for name in ("page_size", "page_count"))
    return size, [number * size for number in range(count)]


def _same_rows(flipped: bytes, whole: bytes, path: Path) -> bool:
    """Tell whether a flip fell on bytes that hold nothing: every row reads as before."""
    dumps = []
    for content in (flipped, whole):
        path.write_bytes(content)
        with closing(sqlite3.connect(path)) as connection:
            dumps.append([connection.execute(table.everything).fetchall() for table in TABLES])
    return dumps[0] == dumps[1]


# Newer, older, in between.


@pytest.mark.leaves_damage
def test_a_newer_archive_is_refused(copy: Path) -> None:
    meddle(copy, f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    with pytest.raises(NewerArchive, match="newer Morgue"):
        Archive.open(copy)


def m002_notes(connection: sqlite3.Connection) -> None:
    connection.execute("CREATE TABLE notes (text)")


def m003_broken(connection: sqlite3.Connection) -> None:
    connection.execute("CREATE TABLE more (text)")
    connection.execute("CREATE TABLE notes (text)")


@pytest.mark.leaves_damage
def test_an_older_catalog_is_copied_before_it_is_brought_up(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Catalog(copy / "catalog.sqlite") as before:
        expected = before.rows("SELECT id FROM articles")
    monkeypatch.setattr(connections, "MIGRATIONS", (*MIGRATIONS, m002_notes))
    with Catalog(copy / "catalog.sqlite") as held, held.transaction() as writing:
        assert writing.row("SELECT count(*) FROM notes") == (0,)
    (backup,) = (copy / "backups").iterdir()
    assert backup.name == f"catalog-version-{len(MIGRATIONS)}.sqlite"
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600 or os.name != "posix"
    monkeypatch.undo()
    with Catalog(backup) as old:
        assert old.rows("SELECT id FROM articles") == expected
    with pytest.raises(NewerArchive):
        Catalog(copy / "catalog.sqlite")


@pytest.mark.leaves_damage
def test_a_migration_that_fails_leaves_the_last_whole_one(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "MIGRATIONS", (*MIGRATIONS, m002_notes, m003_broken))
    with Catalog(copy / "catalog.sqlite") as held:
        for _ in range(2):
            with pytest.raises(Damaged, match="already exists"), held.transaction():
                pass
        assert held.row("PRAGMA user_version") == (len(MIGRATIONS) + 1,)
        assert held.row("SELECT count(*) FROM sqlite_schema WHERE name = 'more'") == (0,)
    assert len(list((copy / "backups").iterdir())) == 2


# Writing.


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    with Catalog.create(tmp_path / "catalog.sqlite") as made:
        yield made


@posix
def test_the_files_of_a_catalog_are_for_their_owner_only(catalog: Catalog) -> None:
    with catalog.transaction() as writing:
        writing.put(META, "a", "1")
    files = list(catalog.path.parent.iterdir())
    assert len(files) == 3
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}


def test_what_was_committed_is_synced(catalog: Catalog) -> None:
    with catalog.transaction() as writing:
        assert writing.row("PRAGMA synchronous") == (2,)
        assert writing.row("PRAGMA journal_mode") == ("wal",)


@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError])
def test_a_transaction_that_is_broken_off_leaves_nothing(catalog: Catalog, error: type[BaseException]) -> None:
    with pytest.raises(error), catalog.transaction() as writing:  # noqa: PT012
        writing.put(META, "a", "1")
        raise error
    assert catalog.meta("a") is None
    with catalog.transaction() as writing:
        writing.put(META, "a", "2")
    assert catalog.meta("a") == "2"


def test_a_snapshot_stays_as_it_was(catalog: Catalog) -> None:
    with catalog.snapshot() as before:
        with catalog.transaction() as writing:
            writing.next_change()
        assert before.row("SELECT count(*) FROM meta") == (0,)
    assert catalog.change == 1


def test_a_full_disk_is_not_called_damage(catalog: Catalog) -> None:
    with pytest.raises(OSError, match="full") as caught, catalog.transaction() as writing:  # noqa: PT012
        writing.row("PRAGMA max_page_count = 1")
        writing.put(META, "long", "x" * 1_000_000)
    assert (caught.value.errno, caught.value.filename) == (errno.ENOSPC, str(catalog.path))
    assert catalog.meta("long") is None


def test_another_program_that_holds_the_catalog_is_told(catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "BUSY_MS", 20)
    with closing(sqlite3.connect(catalog.path)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Busy, match="holds"), catalog.transaction():
            pass


def test_threads_read_on_connections_of_their_own_that_go_with_them(catalog: Catalog) -> None:
    seen: list[int] = []
    threads = [threading.Thread(target=lambda: seen.append(catalog.change)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [0] * 8
    del threads, thread
    gc.collect()  # a connection and its cache of statements hold each other
    assert len(catalog._opened) == 0


def test_a_backup_is_whole_and_can_be_opened(copy: Path, tmp_path: Path) -> None:
    with Catalog(copy / "catalog.sqlite") as held, held.transaction() as writing:
        writing.put(META, "late", "1")
        held.backup(tmp_path / "copy.sqlite")
    with Catalog(tmp_path / "copy.sqlite") as backup:
        assert list(backup.check()) == []
        assert len(backup.rows("SELECT id FROM articles")) == 30
        assert backup.meta("late") is None


# Read-only media.


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork, to give up root's rights in a child")
def test_an_archive_that_may_not_be_written_to_can_be_read(copy: Path, tmp_path: Path) -> None:
    for path in (copy, *copy.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    opened = [folder for folder in copy.parents if folder.stat().st_uid == os.getuid() and folder != Path("/")]
    modes = {folder: folder.stat().st_mode for folder in opened}
    try:
        for folder in opened:
            folder.chmod(modes[folder] | 0o055)
        assert _as_nobody(lambda: read_everything(copy)) == 0
    finally:
        for folder, mode in modes.items():
            folder.chmod(mode)
        for path in (copy, *copy.rglob("*")):
            path.chmod(0o700)
    assert sorted(path.name for path in copy.glob("catalog.sqlite*")) == ["catalog.sqlite"]


def _as_nobody(work: Callable[[], None]) -> int:
    if child := os.fork():
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    status = 1
    try:
        if os.getuid() == 0:
            os.setgroups([])
            os.setgid(NOBODY)
            os.setuid(NOBODY)
        work()
        status = 0
    finally:
        os._exit(status)
