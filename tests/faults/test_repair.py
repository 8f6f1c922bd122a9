"""Damage of every kind, at seeded places: found by verify or harmless, mended by repair, never a crash."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext, suppress
from pathlib import Path

import pytest

from archive import Archive
from archive.catalog.database import Catalog
from archive.core.errors import ArchiveError, Busy, Damaged, NotAnArchive
from archive.folder.layout import Layout
from archive.folder.locking import writer_lock
from index import Mode, Searcher, verify
from index.embedding.model import Model
from index.maintenance.backup import backup_catalog
from index.maintenance.repair import RepairReport, repair
from tests.archives import copied_archive
from tests.index.world import CheapEncoder, World

pytestmark = pytest.mark.usefixtures("background")
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


def test_settings_that_cannot_be_read_are_kept_and_told_until_they_are(whole: World, tmp_path: Path) -> None:
    world = copied(whole, tmp_path)
    settings = world.root / "morgue.toml"
    settings.write_text("first[", "utf-8")
    with writer_lock(Layout(world.root)), pytest.raises(Busy):
        repaired(world)
    assert settings.read_text("utf-8") == "first["
    for lost in ("first[", "second["):
        settings.write_text(lost, "utf-8")
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr("index.maintenance.repair.drop_cut_short", _interrupted)
            with pytest.raises(KeyboardInterrupt):
                repaired(world)
        (world.root / f".morgue.toml.{len(lost)}").touch()
        kept = f"morgue.damaged-{1 if lost == 'first[' else 2}"
        report = repaired(world)
        assert report.whole
        assert report.repaired[0].endswith(f"by a repair that was cut short; as they were, they are kept as {kept}.")
        assert (world.root / kept).read_text("utf-8") == lost
        assert repaired(world) == RepairReport((), (), ())
    assert list(world.root.glob(".morgue.*")) == []
    settings.unlink()
    assert repaired(world).repaired[0].startswith("The settings were made anew: ")
    assert {path.name for path in world.root.glob("morgue.*")} == {
        "morgue.toml",
        "morgue.damaged-1",
        "morgue.damaged-2",
    }


def test_a_folder_that_holds_the_database_of_another_program_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "catalog.sqlite").write_bytes(b"SQLite format 3\0" + bytes(200))
    with pytest.raises(NotAnArchive):
        repair(tmp_path, encoder=CheapEncoder)
    assert [path.name for path in tmp_path.iterdir()] == ["catalog.sqlite"]


def _interrupted(layout: Layout) -> None:
    raise KeyboardInterrupt


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
