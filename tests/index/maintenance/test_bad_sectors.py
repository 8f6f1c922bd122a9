"""A catalog on a disk that does not give back a sector is told, saved and replaced, with hard links or without."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from archive import Archive
from index import verify
from index.embedding.model import Model
from index.maintenance.backup import backup_catalog
from tests.archives import copied_archive
from tests.index.world import World

pytestmark = pytest.mark.usefixtures("background")
ROOT = Path(__file__).resolve().parents[3]

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
def whole(tmp_path_factory: pytest.TempPathFactory, model: Model) -> World:
    """An archive with a word index of many files."""
    world = World(tmp_path_factory.mktemp("whole"), model)
    world.set('engine = "auto"', 'engine = "tantivy"')
    world.put_many(30)
    world.add()
    world.build()
    return world


def copied(whole: World, folder: Path) -> World:
    folder.mkdir(exist_ok=True)
    copied_archive(whole.root, folder / "archive")
    shutil.copytree(whole.folder, folder / "news")
    return World.known(folder, whole.model)


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
    bad = {"LD_PRELOAD": str(shim), "BAD_INODE": str(inode), "BAD_PLACE": str(place)}
    if not links:
        bad["NO_LINKS"] = ""
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
    (words,) = sorted(world.root.glob("generations/000001/lexical/**/*.json"))[:1]
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
