"""Damage of every kind, at seeded places: found by verify or harmless, mended by repair, never a crash."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext, suppress
from pathlib import Path

import pytest

from archive import Archive
from archive.catalog.database import Catalog
from archive.core.errors import ArchiveError, Damaged
from index import Mode, Searcher, verify
from index.embedding.model import Model
from index.maintenance.backup import backup_catalog
from index.maintenance.repair import RepairReport, repair
from tests.archives import copied_archive
from tests.index.world import CheapEncoder, World

pytestmark = pytest.mark.usefixtures("background")
ROOT = Path(__file__).resolve().parents[2]
SHARE = 14
CATALOG_TURNS = 10
DERIVED = ("generations/*/columns/*", "generations/*/lexical/**/*", "generations/*/*.*", "vectors/**/*.*", "CURRENT")
CHROMA = ("generations/*/chroma/**/*",)
CHROMA_TURNS = 3


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory, model: Model) -> World:
    """An archive with a word index of many files, once grown, and a copy of its catalog."""
    world = World(tmp_path_factory.mktemp("whole"), model)
    world.set('engine = "auto"', 'engine = "tantivy"')
    world.put_many(30)
    world.add()
    world.build()
    world.put("a003", "Report 3\n\nThe council of town 3 met again.\n")
    world.add()
    world.build()
    return world


@pytest.fixture
def with_chroma(whole: World, tmp_path: Path) -> World:
    """The same archive with a Chroma index."""
    world = copied(whole, tmp_path / "with-chroma")
    world.set('vectors = "exact"', 'vectors = "chroma"')
    world.build()
    return world


def copied(whole: World, folder: Path) -> World:
    folder.mkdir(exist_ok=True)
    copied_archive(whole.root, folder / "archive")
    shutil.copytree(whole.folder, folder / "news")
    return World.known(folder, whole.model)


def deleted(path: Path, rng: random.Random) -> None:
    path.unlink()


def truncated(path: Path, rng: random.Random) -> None:
    raw = path.read_bytes()
    path.write_bytes(raw[: rng.randrange(len(raw))])


def flipped(path: Path, rng: random.Random) -> None:
    raw = bytearray(path.read_bytes())
    for _ in range(3):
        raw[rng.randrange(len(raw))] ^= 1 << rng.randrange(8)
    path.write_bytes(raw)


KINDS = (deleted, truncated, flipped)


def derived(root: Path, patterns: Sequence[str]) -> list[Path]:
    """Return the files that can be made again, one name after the other."""
    found = {path for pattern in patterns for path in root.glob(pattern) if path.is_file()}
    return sorted(path for path in found if path.stat().st_size)


def repaired(world: World) -> RepairReport:
    return repair(world.root, encoder=CheapEncoder)


def answer(world: World) -> list[str]:
    with Searcher.open(world.root) as searcher:
        return [hit.passage.id for hit in searcher.search("council of town 7", k=50, mode=Mode.LEXICAL)]


def searched(world: World) -> None:
    """Search in whatever state the archive is: an answer or a plain error, never anything else."""
    with suppress(ArchiveError), Searcher.open(world.root) as searcher:
        searcher.search("council", mode=Mode.LEXICAL, k=3)


def turns(count: int, seed: int) -> Iterator[tuple[Callable[[Path, random.Random], None], random.Random]]:
    rng = random.Random(seed)
    for turn in range(count):
        yield KINDS[turn % len(KINDS)], rng


def damage_derived(
    whole: World, folder: Path, count: int, seed: int, patterns: Sequence[str] = DERIVED, least: int = 30
) -> None:
    expected = answer(whole)
    relative = [path.relative_to(whole.root) for path in derived(whole.root, patterns)]
    assert len(relative) > least
    for turn, (damage, rng) in enumerate(turns(count, seed)):
        world = copied(whole, folder / str(turn))
        path = world.root / rng.choice(relative)
        before = path.read_bytes()
        damage(path, rng)
        changed = not path.exists() or path.read_bytes() != before
        searched(world)
        with Archive.open(world.root) as archive:
            assert verify(archive).whole != changed, f"{damage.__name__} {path}"
        report = repaired(world)
        assert report.whole, (damage.__name__, path, report)
        assert bool(report.repaired) == changed
        assert answer(world) == expected
        shutil.rmtree(folder / str(turn))


def damage_catalog(whole: World, folder: Path, count: int, seed: int, *, copy: bool) -> None:
    with Archive.open(whole.root) as archive:
        expected = sorted(article.title for article in archive.articles())
    for turn, (damage, rng) in enumerate(turns(count, seed)):
        world = copied(whole, folder / f"{copy}-{turn}")
        if copy:
            with Archive.open(world.root) as archive:
                backup_catalog(archive)
        path = world.root / "catalog.sqlite"
        damage(path, rng)
        searched(world)
        report = None
        with suppress(Damaged) if not copy else nullcontext():
            report = repaired(world)
        if report is None:
            continue
        with Archive.open(world.root) as archive:
            assert verify(archive).problems == ()
            titles = sorted(article.title for article in archive.articles())
        # the sources lie in another place than the catalog says, so only what was saved is there
        assert len(titles) + len(report.lost) == len(expected)
        if copy:
            assert titles == expected, report
            assert report.whole
        shutil.rmtree(folder / f"{copy}-{turn}")


def test_damage_of_derived_files_is_found_and_mended(whole: World, tmp_path: Path) -> None:
    damage_derived(whole, tmp_path, SHARE, seed=3)


def test_damage_of_chroma_is_found_and_mended(with_chroma: World, tmp_path: Path) -> None:
    damage_derived(with_chroma, tmp_path, CHROMA_TURNS, 4, CHROMA, 3)


@pytest.mark.slow
def test_much_damage_of_chroma_is_found_and_mended(with_chroma: World, tmp_path: Path) -> None:
    damage_derived(with_chroma, tmp_path, 30, 14, CHROMA, 3)


def test_a_damaged_catalog_is_mended_from_a_copy(whole: World, tmp_path: Path) -> None:
    damage_catalog(whole, tmp_path, CATALOG_TURNS, seed=5, copy=True)


@pytest.mark.leaves_damage
def test_a_damaged_catalog_without_a_copy_gives_what_is_sound(whole: World, tmp_path: Path) -> None:
    damage_catalog(whole, tmp_path, CATALOG_TURNS, seed=7, copy=False)


@pytest.mark.slow
@pytest.mark.leaves_damage
def test_much_damage_is_found_and_mended(whole: World, tmp_path: Path) -> None:
    damage_derived(whole, tmp_path / "derived", 300, seed=13)
    damage_catalog(whole, tmp_path, 100, seed=15, copy=True)
    damage_catalog(whole, tmp_path, 100, seed=17, copy=False)


def test_a_whole_archive_needs_nothing(whole: World, tmp_path: Path) -> None:
    assert repaired(copied(whole, tmp_path)) == RepairReport((), (), ())


@pytest.mark.parametrize("left", ["a generation", "the catalog"])
def test_lost_settings_are_made_anew(left: str, whole: World, tmp_path: Path) -> None:
    world = copied(whole, tmp_path)
    if left == "the catalog":
        shutil.rmtree(world.root / "generations")
    with Archive.open(world.root) as archive:
        known = archive.id
    (world.root / "morgue.toml").unlink()
    report = repaired(world)
    assert report.whole
    assert "settings" in report.repaired[0]
    with Archive.open(world.root) as archive:
        assert archive.id == known


def test_an_archive_whose_identifier_is_lost_gets_one_of_its_own(whole: World, tmp_path: Path) -> None:
    identifiers = set()
    for name in ("first", "second"):
        world = copied(whole, tmp_path / name)
        (world.root / "morgue.toml").unlink()
        shutil.rmtree(world.root / "generations")
        with Catalog(world.root / "catalog.sqlite") as catalog, catalog.transaction() as writing:
            writing.delete("DELETE FROM meta WHERE name = 'archive'")
        report = repaired(world)
        with Archive.open(world.root) as archive:
            identifiers.add(archive.id)
            assert any(archive.id in sentence for sentence in report.repaired)
        assert report.problems == ()
    assert len(identifiers) == 2
    assert "0" * 16 not in identifiers


def test_what_only_the_sources_hold_is_read_again(tmp_path: Path, model: Model) -> None:
    world = World(tmp_path, model)
    world.put_many(5)
    world.add()
    world.build()
    with Archive.open(world.root) as archive:
        kept = backup_catalog(archive).path
    world.put("later", "A later report\n\nThe harbour was closed.\n")
    world.add()
    world.build()
    assert kept.exists()
    (world.root / "catalog.sqlite").write_bytes(b"nothing of a catalog")
    report = repaired(world)
    assert report.whole
    assert len(world.found("council")) == 5
    assert world.found("harbour") == ["A later report"]


@pytest.mark.leaves_damage
def test_a_catalog_without_any_copy_is_said_to_be_lost(whole: World, tmp_path: Path) -> None:
    world = copied(whole, tmp_path)
    (world.root / "catalog.sqlite").write_bytes(b"")
    with pytest.raises(Damaged, match="no copy"):
        repaired(world)
    assert (world.root / "generations" / "000002").is_dir()


SHIM = """
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

static int bad(int handle, off_t at, size_t count) {
    struct stat found;
    if (fstat(handle, &found) || found.st_ino != strtoull(getenv("BAD_INODE"), 0, 10)) return 0;
    off_t place = strtoll(getenv("BAD_PLACE"), 0, 10);
    return at < place + 512 && place < at + (off_t)count;
}

#define READING(name) \\
    ssize_t name(int handle, void *buffer, size_t count, off_t at) { \\
        static ssize_t (*next)(int, void *, size_t, off_t); \\
        if (!next) next = dlsym(RTLD_NEXT, #name); \\
        if (bad(handle, at, count)) { errno = EIO; return -1; } \\
        return next(handle, buffer, count, at); \\
    }

READING(pread)
READING(pread64)

ssize_t read(int handle, void *buffer, size_t count) {
    static ssize_t (*next)(int, void *, size_t);
    if (!next) next = dlsym(RTLD_NEXT, "read");
    int kept = errno;
    off_t at = lseek(handle, 0, SEEK_CUR);
    errno = kept;
    if (at >= 0 && bad(handle, at, count)) { errno = EIO; return -1; }
    return next(handle, buffer, count);
}

#define SENDING(name) \\
    ssize_t name(int to, int from, off_t *at, size_t count) { \\
        static ssize_t (*next)(int, int, off_t *, size_t); \\
        if (!next) next = dlsym(RTLD_NEXT, #name); \\
        if (bad(from, at ? *at : lseek(from, 0, SEEK_CUR), count)) { errno = EIO; return -1; } \\
        return next(to, from, at, count); \\
    }

SENDING(sendfile)
SENDING(sendfile64)

int link(const char *old, const char *new) {
    static int (*next)(const char *, const char *);
    if (!next) next = dlsym(RTLD_NEXT, "link");
    if (getenv("NO_LINKS")) { errno = EPERM; return -1; }
    return next(old, new);
}

int linkat(int from, const char *old, int to, const char *new, int flags) {
    static int (*next)(int, const char *, int, const char *, int);
    if (!next) next = dlsym(RTLD_NEXT, "linkat");
    if (getenv("NO_LINKS")) { errno = EPERM; return -1; }
    return next(from, old, to, new, flags);
}
"""


@pytest.fixture(scope="module")
def shim(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library by which one sector of one file cannot be read in any process; skips where none can be made."""
    compiler, folder = shutil.which("cc"), tmp_path_factory.mktemp("shim")
    if sys.platform != "linux" or compiler is None:
        pytest.skip("needs Linux and a compiler of C")
    (folder / "shim.c").write_text(SHIM)
    command = [compiler, "-shared", "-fPIC", "-o", str(folder / "shim.so"), str(folder / "shim.c"), "-ldl"]
    subprocess.run(command, check=True, capture_output=True)
    return folder / "shim.so"


def on_bad_sector(
    shim: Path, world: World, place: int, *arguments: str, links: bool = True
) -> subprocess.CompletedProcess[str]:
    """Run a command while a sector of the catalog that is there now cannot be read, with second names or without."""
    inode = (world.root / "catalog.sqlite").stat().st_ino
    bad = {
        "LD_PRELOAD": str(shim),
        "BAD_INODE": str(inode),
        "BAD_PLACE": str(place),
        **({} if links else {"NO_LINKS": ""}),
    }
    return subprocess.run(
        [sys.executable, "-m", "tui.__main__", "--archive", str(world.root), *arguments],
        env={**os.environ, **bad}, capture_output=True, text=True, cwd=ROOT, check=False, timeout=500,
    )  # fmt: skip


def place_of(world: World, where: str) -> int:
    """Return where in the catalog's file something lies, in bytes."""
    return 0 if where == "the first page" else (world.root / "catalog.sqlite").read_bytes().index(b"The council of")


WHERE = pytest.mark.parametrize("where", ["the first page", "a text"])


@WHERE
@pytest.mark.parametrize("links", [True, False], ids=["links", "no links"])
def test_a_catalog_on_a_bad_sector_is_saved_and_replaced(
    where: str, links: bool, whole: World, tmp_path: Path, shim: Path
) -> None:
    world = copied(whole, tmp_path)
    with Archive.open(world.root) as archive:
        copy = backup_catalog(archive).path.name
        expected = {article.id for article in archive.articles()}
    place = place_of(world, where)
    for command in (("repair",), ("restore", copy)):
        turn = copied(world, tmp_path / command[0])
        inode = (turn.root / "catalog.sqlite").stat().st_ino
        done = on_bad_sector(shim, turn, place, *command, links=links)
        assert done.returncode == 0, done.stdout + done.stderr
        assert inode in {path.stat().st_ino for path in turn.root.glob("backups/*.catalog")}, "the file itself is kept"
        with Archive.open(turn.root) as archive:
            assert {article.id for article in archive.articles()} == expected
            assert verify(archive).whole


@WHERE
def test_a_catalog_on_a_bad_sector_is_told(where: str, whole: World, tmp_path: Path, shim: Path) -> None:
    world = copied(whole, tmp_path)
    place = place_of(world, where)
    told = on_bad_sector(shim, world, place, "search", "council")
    if place:
        assert "does not hold what was written and is not quoted" in told.stderr  # SQLite calls it damaged by itself
    else:
        assert told.returncode == 70
        assert "Input/output error" in told.stderr


@pytest.mark.leaves_damage
@WHERE
def test_what_needs_no_catalog_is_verified_beside_one_on_a_bad_sector(
    where: str, whole: World, tmp_path: Path, shim: Path
) -> None:
    world = copied(whole, tmp_path)
    (words,) = sorted(world.root.glob("generations/000002/lexical/**/*.json"))[:1]
    words.write_bytes(words.read_bytes() + b" ")
    place = place_of(world, where)
    told = on_bad_sector(shim, world, place, "verify", "--json")
    assert told.returncode == 5, told.stderr
    report = json.loads(told.stdout)
    problems = [(problem["code"], problem["what"]) for problem in report["problems"]]
    assert any(code == "catalog" and not what.startswith("Not checked:") for code, what in problems)
    assert any(code == "lexical" and words.name in what for code, what in problems), "found after the catalog"
    assert report["checked"]["vectors"] > 0
    not_checked = {what for _, what in problems if what.startswith("Not checked:")}
    assert "Not checked: whether the index says what the catalog says." in not_checked
    assert len(not_checked) == (1 if place else 3)
