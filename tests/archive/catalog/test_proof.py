"""Nothing of a catalog is given, and nothing is written again, that does not hold what was written."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from archive import Archive, Article, Damaged, word_rule
from archive.catalog.reading import Quotation, Withheld
from archive.catalog.schema import FORMER_PASSAGES, PARTS, VERSIONS, digest_of
from archive.core.errors import Action, ArchiveError
from tests.archive.conftest import World

SUM = "The harbour cost 128 million crowns, said the council. The river towns will get their money in spring."
ONE = "(SELECT id FROM articles WHERE path = 'sum.txt')"
MANY = 40

pytestmark = pytest.mark.leaves_damage


@pytest.fixture
def told(tmp_path: Path) -> Iterator[World]:
    """Three articles, one of which names a sum."""
    (tmp_path / "news").mkdir()
    made = World(tmp_path / "news", tmp_path / "archive", Archive.create(tmp_path / "archive"))
    yield _filled(made)
    made.close()


def _filled(world: World) -> World:
    world.write("sum.txt", SUM)
    world.tell("monday.txt", "Monday")
    world.tell("friday.txt", "Friday")
    world.add()
    return world


@pytest.fixture
def one(told: World) -> Article:
    """The article that names a sum."""
    return told.articles()["sum.txt"]


def meddle(world: World, *statements: str) -> None:
    """Change rows behind Morgue's back; their digests stay."""
    with closing(sqlite3.connect(world.archive.root / "catalog.sqlite")) as connection:
        for statement in statements:
            assert connection.execute(statement).rowcount != 0
        connection.commit()


def rows(world: World) -> list[tuple[object, ...]]:
    """Return all rows but those of files, which are only remembered to save reading."""
    with closing(sqlite3.connect(world.archive.root / "catalog.sqlite")) as connection:
        names = ("articles", "versions", "passages", "places", "parts", "derivations", "sources")
        return [row for name in names for row in connection.execute(f"SELECT * FROM {name} ORDER BY 1, 2, 3")]


def flip_sum(world: World) -> None:
    """Change one digit of the text that names a sum."""
    meddle(world, f"UPDATE versions SET text = replace(text, '128', '928') WHERE article = {ONE}")


READINGS: dict[str, Callable[[Archive, Article], object]] = {
    "version": lambda archive, one: archive.version(one.id, one.version),
    "versions": lambda archive, one: archive.versions(one.id),
    "passages": lambda archive, one: archive.passages(one.id, one.version),
    "texts of passages": lambda archive, one: archive.passage_texts([(one.id, one.version, 0, 9)]),
    "snapshot": lambda archive, one: snapshot_of(archive),
}


def snapshot_of(archive: Archive) -> list[object]:
    with archive.snapshot() as snapshot:
        return list(snapshot)


@pytest.mark.parametrize("reading", READINGS)
def test_a_text_that_is_not_what_was_written_is_never_given(told: World, one: Article, reading: str) -> None:
    flip_sum(told)
    with pytest.raises(Damaged) as caught:
        READINGS[reading](told.archive, one)
    assert caught.value.remedy is not None
    assert caught.value.remedy.action == Action.REPAIR
    assert "928 million" not in caught.value.message


def test_a_text_under_a_fresh_digest_of_its_row_is_not_given_either(told: World, one: Article) -> None:
    flip_sum(told)
    with closing(sqlite3.connect(told.archive.root / "catalog.sqlite")) as connection:
        row = connection.execute(f"{VERSIONS.everything} WHERE article = ?", (one.id,)).fetchone()
        connection.execute(
            "UPDATE versions SET digest_of_row = ? WHERE article = ?", (digest_of(tuple(row[:-1])), one.id)
        )
        connection.commit()
    for reading in READINGS.values():
        with pytest.raises(Damaged, match="does not hold what was written"):
            reading(told.archive, one)


def test_words_that_are_no_text_are_not_put_into_the_message(told: World, one: Article) -> None:
    meddle(told, f"UPDATE versions SET text = CAST(x'39323820ff' AS TEXT) WHERE article = {ONE}")
    for reading in READINGS.values():
        with pytest.raises(Damaged) as caught:
            reading(told.archive, one)
        assert "928 million" not in caught.value.message


def test_only_the_damaged_of_several_quotations_is_withheld(told: World, one: Article) -> None:
    flip_sum(told)
    others = [other for other in told.archive.articles() if other.id != one.id]
    gone = (one.id, "0" * 64, 0, 5)
    places = [(each.id, each.version, 0, 13) for each in (others[0], one, others[1])]
    first, second, third, fourth = told.archive.quotations([*places, gone])
    assert first == third == Quotation("The ministers", None)
    assert second is Withheld.DAMAGED
    assert fourth is Withheld.GONE


def test_a_text_that_was_proved_is_given_again_as_it_was(told: World, one: Article) -> None:
    place = (one.id, one.version, 0, 36)
    (before,) = told.archive.quotations([place])
    flip_sum(told)
    assert told.archive.quotations([place]) == [before]


def test_a_text_that_was_proved_and_is_purged_is_given_no_more(told: World, one: Article) -> None:
    place = (one.id, one.version, 0, 36)
    told.archive.quotations([place])
    with Archive.open(told.archive.root) as other:
        other.purge(one.id)
    assert told.archive.quotations([place]) == [Withheld.GONE]


def test_many_large_texts_are_quoted_although_few_are_kept(told: World) -> None:
    for number in range(MANY):
        told.write(f"long-{number}.txt", f"Report {number}. " + "The council met again. " * 20_000)
    told.add()
    places = [(each.id, each.version, 0, 9) for each in told.archive.articles() if "long" in each.path]
    assert len(places) == MANY
    for _ in range(2):
        assert all(found.startswith("Report") for found in told.archive.passage_texts(places) if found is not None)
        assert None not in told.archive.passage_texts(places)


FACTS = {
    "title": f"UPDATE articles SET title = title || '!' WHERE id = {ONE}",
    "date": f"UPDATE articles SET published = '1999-01-01' WHERE id = {ONE}",
    "outlet": f"UPDATE articles SET outlet = 'Another' WHERE id = {ONE}",
    "file": f"UPDATE articles SET path = 'other.txt' WHERE id = {ONE}",
    "removal": f"UPDATE articles SET removed = '2026' WHERE id = {ONE}",
    "source": f"UPDATE articles SET source = 'none' WHERE id = {ONE}",
    "root": "UPDATE sources SET root = root || 'x'",
    "hidden span": f"UPDATE versions SET hidden = '[[0,9]]' WHERE article = {ONE}",
    "offset": f"UPDATE passages SET start = start + 1 WHERE article = {ONE}",
}


@pytest.mark.parametrize("fact", FACTS)
def test_no_fact_that_is_not_what_was_written_is_indexed(told: World, fact: str) -> None:
    meddle(told, FACTS[fact])
    with pytest.raises(Damaged):
        snapshot_of(told.archive)


@pytest.mark.parametrize("fact", [fact for fact in FACTS if fact not in ("hidden span", "offset")])
def test_no_fact_that_is_not_what_was_written_is_told(told: World, one: Article, fact: str) -> None:
    meddle(told, FACTS[fact])
    with pytest.raises(ArchiveError):
        told.archive.article(one.id)
    with suppress(Damaged):
        assert one not in list(told.archive.articles()), "it is another article or none"


def test_a_passage_that_is_missing_between_others_is_noticed(told: World) -> None:
    told.write("long.txt", "The council met again and talked about the harbour. " * 90)
    told.add()
    meddle(told, "DELETE FROM passages WHERE number = 1")
    with pytest.raises(Damaged, match="lacks passages"):
        snapshot_of(told.archive)


def test_where_a_passage_was_before_is_proved(told: World, one: Article) -> None:
    with told.archive._catalog.transaction() as writing:
        writing.put(FORMER_PASSAGES, "f" * 16, one.id, one.version, 0, 11)
    assert told.archive.passage("f" * 16).text == "The harbour"
    meddle(told, "UPDATE former_passages SET stop = 20")
    with pytest.raises(Damaged):
        told.archive.follow("f" * 16)


def test_the_page_a_quotation_is_on_is_proved(told: World, one: Article) -> None:
    with told.archive._catalog.transaction() as writing:
        for start, label in ((0, "1"), (12, "2"), (30, "3")):
            writing.put(PARTS, one.id, one.version, start, "page", label)
    place = (one.id, one.version, 17, 28)
    (found,) = told.archive.quotations([place])
    assert isinstance(found, Quotation)
    assert found.part is not None
    assert found.part.label == "2"
    meddle(told, "UPDATE parts SET start = 18 WHERE label = '2'")
    assert told.archive.quotations([place]) == [Withheld.DAMAGED]
    with pytest.raises(Damaged):
        told.archive.parts_at([place])


WRITINGS: dict[str, Callable[[World, Article], object]] = {
    "remove": lambda told, one: told.archive.remove(one.id),
    "move": lambda told, one: (told.folder / "sum.txt").rename(told.folder / "moved.txt") and told.update(),
    "vanish": lambda told, one: (told.folder / "sum.txt").rename(told.folder.parent / "sum.txt") and told.update(),
    "change": lambda told, one: told.write("sum.txt", SUM + " More came.") and told.update(),
    "cut": lambda told, one: told.archive.recut(word_rule(30)),
}
SPOILT = ("title", "date", "outlet")


@pytest.mark.parametrize("fact", SPOILT)
@pytest.mark.parametrize("writing", WRITINGS)
def test_what_is_not_what_was_written_is_not_written_again(told: World, one: Article, writing: str, fact: str) -> None:
    meddle(told, FACTS[fact])
    with suppress(Damaged):
        WRITINGS[writing](told, one)
    assert any("A row of articles does not hold" in said for said in told.archive.check()), "it was made to look whole"


@pytest.mark.parametrize("writing", ["change", "cut"])
def test_a_text_that_is_not_what_was_written_is_not_cut_again(told: World, one: Article, writing: str) -> None:
    flip_sum(told)
    with suppress(Damaged):
        WRITINGS[writing](told, one)
    assert any("A row of versions does not hold" in said for said in told.archive.check())
    with pytest.raises(Damaged):
        told.archive.version(one.id, one.version)
