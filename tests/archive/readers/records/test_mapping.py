"""What a person writes into the settings about fields that no tool is known to write, and what is proposed for them."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import pytest

from archive import Archive, Outdated, word_rule
from archive.archive import Archive as Opened
from archive.core.article import Draft, Refusal
from archive.core.errors import UsageError
from archive.core.record_fields import FieldsSeen
from archive.folder.record_mappings import FieldPath, RecordMapping, record_mappings
from archive.folder.settings import create, load, save
from archive.ingest.preview import preview
from archive.readers import READERS, Limits, mapped, read

ONE = "The reservoir of Halder fell to a third of its depth in August, the lowest since it was dug in 1931."
TWO = "Farmers below the dam were told to let their maize go."
OWN = {
    "meta": {"head": {"headline": "Reservoir falls"}, "day": "2022-08-30", "by.line": ["Edda Roth"]},
    "payload": {"parts": [{"kind": "p", "p": ONE}, {"kind": "p", "p": TWO}]},
    "weird": None,
}
SECTION = {
    "text": "payload.parts[].p",
    "title": "meta.head.headline",
    "date": "meta.day",
    "author": 'meta."by.line"',
}


def drafts(path: Path, section: dict[str, object]) -> list[Draft | Refusal]:
    return list(read(path, Limits(), mapped(READERS, record_mappings(section, "here"))))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "own.jsonl"
    path.write_text(json.dumps(OWN) + "\n", "utf-8")
    return path


def test_a_mapping_says_where_everything_is(file: Path) -> None:
    (found,) = drafts(file, {"halder": SECTION})
    assert isinstance(found, Draft)
    assert (found.title, found.text) == ("Reservoir falls", f"{ONE}\n\n{TWO}")
    assert (found.published, found.author) == ("2022-08-30", "Edda Roth")


def test_the_first_mapping_whose_text_is_there_counts(file: Path) -> None:
    other = {"text": "body.blocks[].words", "title": "nothing"}
    (found,) = drafts(file, {"other": other, "halder": SECTION, "last": {"text": "meta.day"}})
    assert isinstance(found, Draft)
    assert found.text == f"{ONE}\n\n{TWO}"


def test_a_mapping_may_be_for_some_files_alone(file: Path) -> None:
    assert isinstance(drafts(file, {"halder": {**SECTION, "files": "OWN*.jsonl"}})[0], Draft)
    assert isinstance(drafts(file, {"halder": {**SECTION, "files": "feed*"}})[0], Refusal)


def test_a_mapping_goes_before_the_names_that_are_known(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps({"title": "Short", "long_title": "Reservoir falls", "text": "teaser", "story": ONE}))
    (found,) = drafts(path, {"a": {"text": "story", "title": "long_title", "outlet": "none"}})
    assert isinstance(found, Draft)
    assert (found.title, found.text) == ("Reservoir falls", ONE)


@pytest.mark.parametrize(
    ("section", "says"),
    [
        ({"a": {"txet": "b"}}, "records.a.txet means nothing"),
        ({"a": {"text": ""}}, "records.a.text is ''"),
        ({"a": {"text": 7}}, "records.a.text is 7"),
        ({"a": {"text": "b..c"}}, "'b..c' is not a path"),
        ({"a": {"text": "b[0]"}}, "'b[0]' is not a path"),
        ({"a": {"text": ".".join("abcdefghijklmn")}}, "has 14 steps"),
        ({"a": {"files": "*"}}, "records.a names no field"),
        ({"a": "text"}, "records.a is not a section"),
        ("text", "records is not a section"),
    ],
)
def test_a_mapping_that_means_nothing_is_told(section: object, says: str) -> None:
    with pytest.raises(UsageError, match=r"^morgue\.toml: ") as told:
        record_mappings(section, "morgue.toml")
    assert says in str(told.value)


def test_mappings_come_back_as_they_were_saved(tmp_path: Path) -> None:
    path = tmp_path / "morgue.toml"
    made = create(path)
    with path.open("a") as file:
        file.write(
            '\n[records.halder]  # ours\ntext = "payload.parts[].p"\nlang = "meta.\\"x.y\\""\nfiles = "*.json"\n'
        )
    read_back = load(path)
    assert read_back.records == (
        RecordMapping(
            "halder",
            (("text", FieldPath.of("payload.parts[].p")), ("language", FieldPath.of('meta."x.y"'))),
            "*.json",
        ),
    )
    save(path, read_back)
    assert "# ours" in path.read_text("utf-8")
    assert load(path) == read_back
    save(path, made)
    assert load(path) == made


def opened(root: Path, section: str = "") -> Opened:
    if section:
        with (root / "morgue.toml").open("a") as file:
            file.write(section)
    return Archive.open(root)


def test_a_mapping_reaches_what_was_refused_and_what_was_read(tmp_path: Path) -> None:
    news = tmp_path / "news"
    news.mkdir()
    records = [OWN, {"id": "t", "text": f"Teaser: {TWO}", "full": f"{ONE} {TWO}"}]
    (news / "own.jsonl").write_text("\n".join(map(json.dumps, records)), "utf-8")
    (news / "other.txt").write_text(f"Other\n\n{ONE}\n")
    root = tmp_path / "archive"
    with Archive.create(root) as archive:
        assert len(archive.add([news], word_rule(), jobs=1).refusals) == 1
    lines = (f"{key} = {json.dumps(value)}" for key, value in SECTION.items())
    with opened(root, "\n[records.own]\n" + "\n".join(lines) + '\n[records.full]\ntext = "full"\n') as archive:
        assert archive.outdated() == Outdated(1, archive.outdated().passages, 2)
        report = archive.update(word_rule(), jobs=1, confirm=lambda _: True)
        assert (report.added, report.reprocessed, report.refusals) == (1, 1, ())
        texts = {archive.version(one.id, one.version).text for one in archive.articles()}
        assert {f"{ONE}\n\n{TWO}", f"{ONE} {TWO}"} < texts
        assert archive.outdated().articles == 0


def seen(path: Path) -> FieldsSeen:
    (fields,) = (one for one in preview([path], path.parent / "none") if isinstance(one, FieldsSeen))
    return fields


def test_a_preview_shows_each_field_and_how_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    records = [
        {"maintext": ONE, "headline": "Falls", "date": "04/03/2022", "source": {"id": None, "name": "Post"}, "n": 7}
    ]
    path.write_text("\n".join(map(json.dumps, [*records, {"maintext": TWO, "tags": ["dam", "maize"]}])), "utf-8")
    found = seen(path)
    assert [(one.path, one.records, one.role, one.unreadable) for one in found.fields] == [
        ("maintext", 2, "text", None),
        ("headline", 1, "title", None),
        ("date", 1, None, "published"),
        ("source.name", 1, "outlet", None),
        ("n", 1, None, None),
        ("tags", 1, None, None),
    ]
    assert (found.records, found.without_text, found.proposal) == (2, 0, None)
    assert found.fields[5].example == '["dam", "maize"]'


def test_what_a_preview_proposes_reads_the_records(file: Path) -> None:
    found = seen(file)
    assert found.without_text == 1
    assert found.proposal is not None
    proposed = tomllib.loads(found.proposal)["records"]
    assert proposed == {"own": {"text": "payload.parts[].p", "title": "meta.head.headline"}}
    (read_so,) = drafts(file, proposed)
    assert isinstance(read_so, Draft)
    assert (read_so.title, read_so.text) == ("Reservoir falls", f"{ONE}\n\n{TWO}")


def test_nothing_is_proposed_where_nothing_is_long_enough_for_a_text(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps([{"name": "x", "n": 1}, {"name": "y"}]), "utf-8")
    assert seen(path).proposal is None


def test_a_file_of_which_nothing_can_be_read_shows_no_fields(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text("{broken", "utf-8")
    assert [type(one) for one in preview([path], tmp_path / "none")] == [Refusal]
