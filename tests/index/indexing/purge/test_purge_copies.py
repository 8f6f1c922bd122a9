"""What other copies of a purged article there are: other sources, copies of the catalog, backups."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from archive import Archive
from archive.catalog.database import Catalog
from archive.catalog.schema import META
from index import Mode, passage_rule
from index.maintenance.repair import repair
from tests.index.indexing.accused import (
    SECRETS,
    SENTENCE,
    TITLE,
    URL,
    article_id,
    backup,
    found_in,
    problems,
    purged,
    updated,
)
from tests.index.world import CheapEncoder, World

pytestmark = pytest.mark.usefixtures("background")


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


def test_copies_of_the_catalog_stay_usable_and_unreadable_ones_go(plain: World) -> None:
    kept, cut = backup(plain), backup(plain, "cut.sqlite")
    cut.write_bytes(cut.read_bytes()[:5000])
    (plain.root / "backups" / ".half.sqlite.part").write_bytes(SENTENCE.encode())
    (plain.root / "backups" / "notes.txt").write_text("mine", "utf-8")
    report = purged(plain, article_id(plain))
    copies = report.catalog.copies
    assert (copies.rewritten, copies.removed) == ((kept,), (cut,))
    assert [path.name for path in copies.strange] == ["notes.txt"]
    assert not report.whole
    assert problems(plain) == [("purged", "backups/notes.txt")]
    (plain.root / "backups" / "notes.txt").unlink()
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


def test_a_damaged_catalog_that_a_repair_kept_goes(plain: World) -> None:
    with closing(sqlite3.connect(plain.root / "catalog.sqlite")) as connection, connection:
        connection.execute("UPDATE articles SET title = 'Report 9' WHERE title = 'Report 0'")
    assert repair(plain.root, encoder=CheapEncoder).whole
    (kept,) = (plain.root / "backups").iterdir()
    assert "backups/" + kept.name in found_in(plain.root, SENTENCE)
    report = purged(plain, article_id(plain))
    assert report.catalog.copies.removed == (kept,)
    assert report.whole
    assert found_in(plain.root, *SECRETS) == set()
    assert problems(plain) == []


def test_verify_names_a_damaged_catalog_that_earlier_builds_left_behind_a_purge(plain: World) -> None:
    whole = backup(plain)
    one = article_id(plain)
    held = whole.read_bytes()
    purged(plain, one)
    kept = plain.root / "backups" / "damaged-20260101T000000Z.catalog"
    for content in (held, held[:5000]):
        kept.write_bytes(content)
        assert problems(plain) == [("purged", f"backups/{kept.name}")]
    assert purged(plain, one).catalog.copies.removed == (kept,)
    assert problems(plain) == []


def test_a_database_that_morgue_did_not_make_is_named_and_stays(plain: World) -> None:
    mine = plain.root / "old" / "catalog.bak"
    mine.parent.mkdir()
    mine.write_bytes(backup(plain).read_bytes())
    (plain.root / "README").write_text("mine", "utf-8")
    report = purged(plain, article_id(plain))
    assert (report.catalog.copies.strange, report.whole) == ((mine,), False)
    assert problems(plain) == [("purged", "old/catalog.bak")]
    assert found_in(plain.root, *SECRETS) == {"old/catalog.bak"}
    mending = repair(plain.root, encoder=CheapEncoder)
    assert (mending.repaired, [problem.file for problem in mending.problems]) == ((), ["old/catalog.bak"])
    mine.unlink()
    assert problems(plain) == []


@pytest.mark.parametrize("folder", ["vectors", "generations/kept"])
def test_a_database_among_the_files_of_the_index_is_named(plain: World, folder: str) -> None:
    mine = plain.root / folder / "mine.sqlite"
    mine.parent.mkdir(parents=True, exist_ok=True)
    mine.write_bytes(backup(plain).read_bytes())
    report = purged(plain, article_id(plain))
    assert (report.catalog.copies.strange, report.whole) == ((mine,), False)
    assert problems(plain) == [("purged", f"{folder}/mine.sqlite")]
    mine.unlink()
    assert problems(plain) == []


def test_what_a_link_leads_to_elsewhere_is_not_the_archives(plain: World, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "mine.sqlite").write_bytes(backup(plain).read_bytes())
    (plain.root / "linked").symlink_to(tmp_path / "elsewhere")
    assert purged(plain, article_id(plain)).whole
    assert problems(plain) == []


def test_a_database_that_went_with_the_vectors_is_not_named(plain: World) -> None:
    mine = plain.root / "vectors" / "kept" / "mine.sqlite"
    mine.parent.mkdir()
    mine.write_bytes(backup(plain).read_bytes())
    assert purged(plain, article_id(plain)).whole
    assert found_in(plain.root, *SECRETS) == set()


def test_backups_elsewhere_are_named(plain: World) -> None:
    with Catalog(plain.root / "catalog.sqlite") as catalog, catalog.transaction() as writing:
        writing.put(META, "backup /mnt/disk/morgue", "2026-01-01T00:00:00Z")
    assert purged(plain, article_id(plain)).catalog.elsewhere == ("/mnt/disk/morgue",)
