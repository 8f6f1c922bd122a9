"""A takedown must hold: what was purged is nowhere in the archive folder, and does not come back by itself."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from copy import copy
from pathlib import Path

import pytest

from archive import Archive, Busy, IngestReport, UnknownId
from archive.catalog.database import Catalog
from archive.folder.files import faults
from archive.purge.purge import Stage
from index import Mode, Searcher, passage_rule, verify
from index import build as build_index
from index.embedding.model import Model
from index.indexing.purge import PurgeReport, purge
from index.vectors import epochs
from tests.index.world import CheapEncoder, World

pytestmark = pytest.mark.usefixtures("background")
SENTENCE = "Zebedee Quillfeather was never at the quarry"
TITLE = "Accusation at Marrowby quarry"
URL = "https://paper.example/marrowby-quarry-accusation"
SECRETS = (SENTENCE, TITLE, URL, "marrowby-quarry-accusation", "secret-dossier", "Quillfeather")


def accused(tmp_path: Path, model: Model) -> World:
    made = World(tmp_path, model)
    made.put_many(10)
    (made.folder / "secret-dossier.md").write_text(
        f"---\ntitle: {TITLE}\nurl: {URL}\n---\n{SENTENCE} on Monday.\n", "utf-8"
    )
    made.add()
    return made


@pytest.fixture
def unindexed(tmp_path: Path, model: Model) -> World:
    """Ten articles and one that will have to go."""
    return accused(tmp_path, model)


@pytest.fixture(params=["tantivy"])
def world(request: pytest.FixtureRequest, tmp_path: Path, model: Model) -> World:
    """Eleven articles and one that will have to go, indexed twice, with a copy of the catalog."""
    made = accused(tmp_path, model)
    made.set('engine = "auto"', f'engine = "{request.param}"')
    made.build()
    made.put("later", "Later\n\nThe ferry of town 3 was late.\n")
    made.add()
    made.build()
    backup(made)
    return made


@pytest.fixture
def plain(tmp_path: Path, model: Model) -> World:
    """Three articles, indexed."""
    made = World(tmp_path, model)
    made.put_many(2)
    made.put("secret-dossier", f"{TITLE}\n\n{SENTENCE} on Monday.\n")
    made.add()
    made.build()
    return made


def backup(world: World, name: str = "catalog-version-2.sqlite") -> Path:
    folder = world.root / "backups"
    folder.mkdir(exist_ok=True)
    with Catalog(world.root / "catalog.sqlite") as catalog:
        catalog.backup(folder / name)
    return folder / name


def article_id(world: World, title: str = TITLE) -> str:
    with Archive.open(world.root) as archive:
        return next(one.id for one in archive.articles() if one.title == title)


def purged(world: World, one: str) -> PurgeReport:
    with Archive.open(world.root) as archive:
        return purge(archive, one, encoder=CheapEncoder)


def added(world: World, *, again: bool = False) -> IngestReport:
    with Archive.open(world.root) as archive:
        found = archive.add([world.folder], passage_rule(archive.settings), purged=again)
        build_index(archive, encoder=CheapEncoder)
        return found


def updated(world: World) -> IngestReport:
    with Archive.open(world.root) as archive:
        return archive.update(passage_rule(archive.settings))


def problems(world: World) -> list[tuple[str, str]]:
    with Archive.open(world.root) as archive:
        return [(one.code, one.file) for one in verify(archive).problems]


def found_in(root: Path, *secrets: str) -> set[str]:
    """Search every byte of the archive folder, as text and as UTF-16."""
    wanted = [secret.encode(code) for secret in secrets for code in ("utf-8", "utf-16-le")]
    wanted += [one.lower() for one in wanted]
    files = [path for path in root.rglob("*") if path.is_file()]
    return {path.relative_to(root).as_posix() for path in files if any(one in path.read_bytes() for one in wanted)}


@pytest.mark.parametrize("world", ["rank-bm25", "tantivy"], indirect=True)
def test_nothing_of_a_purged_article_is_left_in_any_file(world: World) -> None:
    before = found_in(world.root, *SECRETS)
    assert {"catalog.sqlite", "backups/catalog-version-2.sqlite"} <= {name.removesuffix("-wal") for name in before}
    assert any(name.startswith("generations/") for name in before)
    report = purged(world, article_id(world))
    assert len(report.catalog.articles) == report.catalog.versions == 1
    assert report.whole
    assert found_in(world.root, *SECRETS) == set()
    assert problems(world) == []
    assert world.found("Quillfeather") == []
    assert world.found("town 7")[0] == "Report 7"
    assert set(world.found("ferry")) == {"Later"}


def test_a_purge_embeds_nothing_and_drops_one_vector(world: World) -> None:
    one = article_id(world)
    encoder: list[CheapEncoder] = []
    with Archive.open(world.root) as archive:

        def make(model: Model) -> CheapEncoder:
            encoder.append(CheapEncoder(model))
            return encoder[-1]

        report = purge(archive, one, encoder=make)
    assert [text for made in encoder for text in made.encoded] == []
    assert (report.index.kept, report.index.dropped) == (11, 1)
    assert [path.name for path in (world.root / "generations").iterdir()] == [f"{report.index.generation:06d}"]
    assert len(epochs.epochs(world.root / "vectors", world.model.fingerprint)) == 1


def test_nothing_of_a_purged_source_is_left(world: World, tmp_path: Path) -> None:
    with Archive.open(world.root) as archive:
        (source,) = archive.sources()
    report = purged(world, source.id)
    assert len(report.catalog.articles) == 12
    assert found_in(world.root, *SECRETS, str(world.folder), "council of town", "a003") == set()
    assert problems(world) == []
    with pytest.raises(UnknownId, match="was purged on"), Archive.open(world.root) as archive:
        archive.restore(source.id)


def test_what_was_purged_does_not_come_back_and_leaves_no_name(world: World) -> None:
    purged(world, article_id(world))
    for report in (updated(world), added(world)):
        assert (report.added, report.unchanged) == (0, 11)
        (refusal,) = report.refusals
        assert (refusal.code, Path(refusal.path).name) == ("purged", "secret-dossier.md")
        assert refusal.reason.startswith("It was purged on ")
        assert report.new_refusals == ()
    assert found_in(world.root, *SECRETS) == set()
    assert problems(world) == []


@pytest.mark.parametrize("change", ["touched", "edited", "moved", "same address"])
def test_it_does_not_come_back_in_another_guise(unindexed: World, change: str) -> None:
    world = unindexed
    with Archive.open(world.root) as archive:
        archive.purge(article_id(world))
    old = world.folder / "secret-dossier.md"
    text = old.read_text("utf-8")
    match change:
        case "touched":
            os.utime(old, ns=(1, 1))
        case "edited":
            old.write_text(text.replace("Monday", "Tuesday"), "utf-8")
        case "moved":
            old.rename(world.folder / "moved.md")
        case "same address":
            old.unlink()
            (world.folder / "new.md").write_text(f"---\nurl: {URL}\n---\nQuite other words.\n", "utf-8")
    report = updated(world)
    assert (report.added, [one.code for one in report.refusals]) == (0, ["purged"])
    assert found_in(world.root, *SECRETS) == set()


def test_it_comes_back_when_a_person_says_so(world: World) -> None:
    one = article_id(world)
    purged(world, one)
    assert added(world, again=True).added == 1
    assert article_id(world) == one
    assert world.found("Quillfeather") == [TITLE]
    assert problems(world) == []
    assert updated(world).refusals == ()


def test_a_purged_folder_is_refused_until_a_person_says_otherwise(plain: World) -> None:
    with Archive.open(plain.root) as archive:
        (source,) = archive.sources()
    purged(plain, source.id)
    report = added(plain)
    assert (report.added, {one.code for one in report.refusals}) == (0, {"purged"})
    report = added(plain, again=True)
    assert (report.added, report.refusals) == (3, ())
    assert problems(plain) == []


def test_articles_that_another_source_holds_stay(plain: World, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    lines = f'{{"id": "1", "url": "{URL}", "title": "{TITLE}", "text": "{SENTENCE}"}}\n'
    for folder in (plain.folder, other):
        (folder / "wire.jsonl").write_text(lines, "utf-8")
    with Archive.open(plain.root) as archive:
        rule = passage_rule(archive.settings)
        archive.add([plain.folder], rule)
        archive.add([other], rule)
        first = next(one for one in archive.sources() if one.root == str(plain.folder))
    report = purged(plain, first.id)
    assert len(report.catalog.articles) == 3
    assert plain.found("Quillfeather") == [TITLE]
    assert found_in(plain.root, str(plain.folder)) == set()
    assert problems(plain) == []


def test_a_copy_under_another_name_stays_and_is_told(plain: World) -> None:
    text = (plain.folder / "secret-dossier.txt").read_text("utf-8")
    plain.put("copy", text)
    plain.add()
    plain.build()
    with Archive.open(plain.root) as archive:
        first, second = (one for one in archive.articles() if one.title == TITLE)
    report = purged(plain, first.id)
    assert report.catalog.same == (second.id,)
    assert report.index.dropped == 0
    assert plain.found("Quillfeather") == [TITLE]
    assert problems(plain) == []
    os.utime(second.path, ns=(1, 1))
    assert [one.code for one in updated(plain).refusals] == ["purged"]
    assert plain.found("Quillfeather", Mode.LEXICAL) == [TITLE]


def test_lines_of_a_file_that_take_the_place_of_a_purged_one_are_taken(plain: World) -> None:
    def lines(*texts: str) -> None:
        made = "".join(f'{{"title": "{one}", "text": "{one} was seen in town."}}\n' for one in texts)
        (plain.folder / "lines.jsonl").write_text(made, "utf-8")

    lines("First", "Quillfeather", "Third")
    plain.add()
    plain.build()
    purged(plain, article_id(plain, "Quillfeather"))
    lines("First", "Fresh", "Quillfeather", "Third")
    report = updated(plain)
    assert (report.added, [one.record for one in report.refusals]) == (1, ["3"])
    plain.build()
    assert plain.found("Fresh") == ["Fresh"]
    assert "Third" in plain.found("seen in town")
    assert problems(plain) == []


def test_a_removed_article_can_be_purged(plain: World) -> None:
    one = article_id(plain)
    plain.remove(one)
    plain.build()
    assert found_in(plain.root, SENTENCE)
    purged(plain, one)
    assert found_in(plain.root, *SECRETS) == set()


def test_what_is_not_there_cannot_be_purged(plain: World) -> None:
    with pytest.raises(UnknownId, match="no article or source"):
        purged(plain, "nothing")


def test_purging_twice_does_nothing_more(plain: World) -> None:
    one = article_id(plain)
    purged(plain, one)
    assert purged(plain, one).catalog.articles == ()
    assert problems(plain) == []


class Killed(BaseException):
    """The process ends here."""


def purged_until(world: World, one: str, number: int | None = None) -> list[str]:
    """Purge up to the given operation on a file; return the operations passed."""
    passed: list[str] = []

    def fault(operation: str, path: Path) -> None:
        passed.append(operation)
        if len(passed) == number:
            raise Killed

    with suppress(Killed), faults(fault), Archive.open(world.root) as archive:
        purge(archive, one, encoder=CheapEncoder)
    return passed


def copied(world: World, root: Path) -> World:
    """Give a copy of an archive of the same folder."""
    made = copy(world)
    made.root = Path(shutil.copytree(world.root, root))
    return made


def test_a_purge_that_was_cut_short_is_seen_and_the_next_build_goes_on(plain: World, tmp_path: Path) -> None:
    one = article_id(plain)
    backup(plain)
    passed = purged_until(copied(plain, tmp_path / "whole"), one)
    named = {passed.index("scrub") + 1, passed.index("rewrite") + 1, len(passed) - 3}
    for number in sorted({*named, *range(len(named), len(passed), len(passed) // 7)}):
        world = copied(plain, tmp_path / f"cut-{number}")
        assert len(purged_until(world, one, number)) >= number
        with Archive.open(world.root) as archive:
            begun = archive.purging is not None
        assert begun == ("purged" in {code for code, _ in problems(world)})
        assert begun == (number > passed.index("scrub"))
        if not begun:
            assert article_id(world) == one
            continue
        assert updated(world).added == 0
        world.build()
        assert world.encoder.encoded == []
        assert found_in(world.root, *SECRETS) == set(), number
        assert len(epochs.epochs(world.root / "vectors", world.model.fingerprint)) == 1
        assert problems(world) == []


def test_a_generation_that_a_reader_holds_goes_when_it_is_closed(plain: World) -> None:
    one = article_id(plain)
    with Searcher.open(plain.root) as reader:
        report = purged(plain, one)
        assert (report.index.held, report.whole) == ((1,), False)
        assert ("purged", "generations/000001/columns") in problems(plain)
        answer = reader.search("council met", mode=Mode.LEXICAL)
        assert {hit.article.title for hit in answer} == {"Report 0", "Report 1"}
        assert SENTENCE not in "".join(hit.passage.text for hit in reader.search("Quillfeather", mode=Mode.LEXICAL))
        assert plain.found("Quillfeather") == []
        plain.build()
        assert ("purged", "generations/000001/columns") in problems(plain)
    plain.build()
    assert problems(plain) == []
    assert found_in(plain.root, *SECRETS) == set()


def test_a_reader_of_the_catalog_is_named_and_the_next_run_goes_on(
    plain: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("archive.catalog.connection.BUSY_MS", 50)
    one = article_id(plain)
    with Archive.open(plain.root) as other:
        reading = other.snapshot()
        reading.__enter__()
        with pytest.raises(Busy, match="log still holds"):
            purged(plain, one)
        assert other.purging == Stage.CATALOG
        reading.__exit__(None, None, None)
    plain.build()
    assert found_in(plain.root, *SECRETS) == set()
    assert problems(plain) == []


def test_copies_of_the_catalog_stay_usable_and_unreadable_ones_go(plain: World) -> None:
    kept, cut = backup(plain), backup(plain, "cut.sqlite")
    cut.write_bytes(cut.read_bytes()[:5000])
    (plain.root / "backups" / ".half.sqlite.part").write_bytes(SENTENCE.encode())
    (plain.root / "backups" / "notes.txt").write_text("mine", "utf-8")
    report = purged(plain, article_id(plain))
    copies = report.catalog.copies
    assert (copies.rewritten, copies.removed) == ((kept,), (cut,))
    assert [path.name for path in copies.strange] == ["notes.txt"]
    assert found_in(plain.root, *SECRETS) == set()
    with Catalog(kept) as catalog:
        assert catalog.row("SELECT count(*) FROM articles") == (2,)
        assert list(catalog.check()) == []
        assert catalog.row("SELECT count(*) FROM purged") != (0,)


def test_verify_finds_what_was_purged_in_a_copy_that_was_put_back(plain: World) -> None:
    held = backup(plain).read_bytes()
    one = article_id(plain)
    purged(plain, one)
    (plain.root / "backups" / "old.sqlite").write_bytes(held)
    assert problems(plain) == [("purged", "backups/old.sqlite")]
    purged(plain, one)
    assert problems(plain) == []
    assert found_in(plain.root, *SECRETS) == set()


def test_backups_elsewhere_are_named(plain: World) -> None:
    from archive.catalog.schema import META

    with Catalog(plain.root / "catalog.sqlite") as catalog, catalog.transaction() as writing:
        writing.put(META, "backup /mnt/disk/morgue", "2026-01-01T00:00:00Z")
    assert purged(plain, article_id(plain)).catalog.elsewhere == ("/mnt/disk/morgue",)


def test_vectors_of_an_unfinished_reembedding_are_kept_without_the_purged_one(plain: World) -> None:
    vectors, fingerprint = plain.root / "vectors", plain.model.fingerprint
    for number in range(8):
        plain.put(f"more{number}", f"More {number}\n\nThe bridge of town {number} was painted.\n")
    plain.add()
    plain.build()
    plain.killed_build(4, "{'reembed': True}")
    begun = epochs.pending(vectors, fingerprint)
    assert begun is not None
    purged(plain, article_id(plain))
    left = epochs.pending(vectors, fingerprint)
    assert left is not None
    assert left > begun
    assert len(epochs.epochs(vectors, fingerprint)) == 2
    assert plain.build(rebuild=True).embedded < 10
    assert problems(plain) == []
