from __future__ import annotations

import io
import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from archive import Archive, Draft, Refusal, word_rule
from archive.readers import READERS, Limits
from tests.archives import empty_archive
from tui.__main__ import run

SCHEMAS = Path(__file__).resolve().parents[3] / "tui" / "schemas"
QUESTION = "sanctions threats"
TEXT = READERS[0]
OLD, NEW, NEWEST = (f"text/{TEXT.version + later}" for later in range(3))
HARBOUR = "Harbour strike\n\nWorkers stopped on {day}.\nThe port is closed.\n"


def morgue(*arguments: object) -> int:
    return run([str(one) for one in arguments])


def validated(name: str, text: str) -> Any:
    (line,) = text.splitlines()
    value = json.loads(line)
    jsonschema.validate(value, json.loads((SCHEMAS / f"{name}.json").read_text("utf-8")))
    return value


@pytest.fixture
def edited(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> tuple[Path, str]:
    """An archive of one article that was edited after it was indexed, and its passage before that."""
    source, root = tmp_path / "harbour.txt", tmp_path / "archive"
    source.write_text(HARBOUR.format(day="Monday"), "utf-8")
    empty_archive(root)
    assert morgue("--archive", root, "add", source, "--quiet") == 0
    assert morgue("--archive", root, "search", "harbour", "--json") == 0
    passage = validated("search", capsys.readouterr().out)["hits"][0]["passage_id"]
    source.write_text(HARBOUR.format(day="Tuesday"), "utf-8")
    assert morgue("--archive", root, "add", source, "--no-index", "--quiet") == 0
    capsys.readouterr()
    return root, passage


def test_a_passage_is_shown_in_the_version_it_was_cut_from(
    edited: tuple[Path, str], capsys: pytest.CaptureFixture[str]
) -> None:
    root, passage = edited
    assert morgue("--archive", root, "show", passage) == 0
    out = capsys.readouterr().out
    assert "on Monday" in out
    assert "An earlier version" in out
    assert morgue("--archive", root, "show", passage, "--json") == 0
    shown = validated("show", capsys.readouterr().out)
    at = shown["passage"]
    assert at["passage_id"] == passage
    assert shown["text"][at["start"] : at["end"]].startswith("Harbour strike")


def test_the_difference_between_the_last_two_versions(
    edited: tuple[Path, str], capsys: pytest.CaptureFixture[str]
) -> None:
    root, passage = edited
    assert morgue("--archive", root, "show", passage, "--diff") == 0
    lines = capsys.readouterr().out.splitlines()
    assert "-Workers stopped on Monday." in lines
    assert "+Workers stopped on Tuesday." in lines
    assert morgue("--archive", root, "show", passage, "--diff", "--json") == 0
    assert validated("show", capsys.readouterr().out)["diff"] == lines
    assert morgue("--archive", root, "show", passage, "--versions") == 0
    assert [line.endswith("current") for line in capsys.readouterr().out.splitlines()] == [False, True]


@pytest.fixture
def reread(tmp_path: Path) -> tuple[Path, str]:
    """An archive of one article that a newer reader reads otherwise, and its passage before that."""
    source, root = tmp_path / "harbour.txt", tmp_path / "archive"
    source.write_text(HARBOUR.format(day="Monday"), "utf-8")
    with Archive.create(root) as archive:
        archive.add([source], word_rule(), jobs=1)
        (one,) = archive.articles()
        (passage,) = archive.passages(one.id, one.version)
    read_by(root, NEW, "Workers", "Dockers")
    return root, passage.id


def read_by(root: Path, label: str, old: str, new: str) -> None:
    """Update an archive by another version of the reader of plain text, which replaces a word of it."""

    def read(path: Path, limits: Limits) -> Iterator[Draft | Refusal]:
        for item in TEXT.read(path, limits):
            yield replace(item, text=item.text.replace(old, new)) if isinstance(item, Draft) else item

    reader = replace(TEXT, version=int(label.partition("/")[2]), read=read)
    with Archive.open(root, readers=(reader, *READERS[1:])) as archive:
        archive.update(word_rule(), jobs=1, confirm=lambda _: True)


def test_a_version_that_a_newer_reader_made_is_no_edit(
    reread: tuple[Path, str], capsys: pytest.CaptureFixture[str]
) -> None:
    root, passage = reread
    assert morgue("--archive", root, "show", passage, "--versions") == 0
    old, new = capsys.readouterr().out.splitlines()
    assert (old.split()[4:], new.split()[4:]) == ([OLD], [NEW, "re-read", "current"])
    assert morgue("--archive", root, "show", passage) == 0
    out = capsys.readouterr().out
    assert "An earlier version" in out
    assert f"the article is the same, and was read again by {NEW}." in out
    assert morgue("--archive", root, "show", passage, "--diff") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].endswith(f" re-read by {NEW}")
    assert "+Dockers stopped on Monday." in lines
    assert morgue("--archive", root, "show", passage, "--json") == 0
    versions = validated("show", capsys.readouterr().out)["versions"]
    assert [(one["reader"], one.get("re_read")) for one in versions] == [(OLD, None), (NEW, True)]


@pytest.mark.leaves_damage
def test_a_damaged_version_of_before_keeps_nothing_sound_from_being_shown(
    edited: tuple[Path, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root, passage = edited
    (tmp_path / "harbour.txt").write_text(HARBOUR.format(day="Friday"), "utf-8")
    assert morgue("--archive", root, "add", tmp_path / "harbour.txt", "--no-index", "--quiet") == 0
    with closing(sqlite3.connect(root / "catalog.sqlite")) as catalog, catalog:
        catalog.execute("UPDATE versions SET text = replace(text, 'Monday', 'Munday')")
    with Archive.open(root) as archive:
        (article,) = (one.id for one in archive.articles())
        first, second, _ = archive.version_digests(article)
    capsys.readouterr()
    assert morgue("--archive", root, "show", article) == 0
    shown = capsys.readouterr()
    assert "on Friday" in shown.out
    assert shown.err.startswith("degraded: Left out, since it is not as it was written: 1 version of the article")
    assert first[:12] in shown.err
    assert morgue("--archive", root, "show", article, "--json") == 0
    listed = validated("show", capsys.readouterr().out)
    assert listed["damaged_versions"] == [first]
    assert listed["versions"][0]["version"] == second
    assert morgue("--archive", root, "show", article, "--diff") == 0
    assert "+Workers stopped on Friday." in capsys.readouterr().out
    assert morgue("--archive", root, "show", passage) == 5
    with closing(sqlite3.connect(root / "catalog.sqlite")) as catalog, catalog:
        catalog.execute("UPDATE versions SET text = replace(text, 'Tuesday', 'Thursday')")
    assert morgue("--archive", root, "show", article) == 0
    assert morgue("--archive", root, "show", article, "--diff") == 5


def test_an_edit_after_that_is_one(reread: tuple[Path, str], capsys: pytest.CaptureFixture[str]) -> None:
    root, passage = reread
    (root.parent / "harbour.txt").write_text(HARBOUR.format(day="Tuesday"), "utf-8")
    read_by(root, NEW, "Workers", "Dockers")
    assert morgue("--archive", root, "show", passage) == 0
    assert "the article has changed since" in capsys.readouterr().out
    assert morgue("--archive", root, "show", passage, "--diff") == 0
    assert "re-read" not in capsys.readouterr().out.splitlines()[1]


def test_a_version_names_the_reader_that_read_it_last(
    reread: tuple[Path, str], capsys: pytest.CaptureFixture[str]
) -> None:
    root, passage = reread
    read_by(root, NEWEST, "Workers", "Dockers")
    assert morgue("--archive", root, "show", passage, "--json") == 0
    assert [one["reader"] for one in validated("show", capsys.readouterr().out)["versions"]] == [OLD, NEWEST]


def test_an_index_behind_the_catalog_is_told(edited: tuple[Path, str], capsys: pytest.CaptureFixture[str]) -> None:
    root, _ = edited
    assert morgue("--archive", root, "search", "harbour", "--json") == 0
    printed = capsys.readouterr()
    validated("search", printed.out)
    assert "Not indexed as they stand: 1 article; run: morgue update" in printed.err


@pytest.mark.parametrize("given", ["", "no-such-id"])
def test_an_unknown_identifier_exits_2(seed_archive: Path, given: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert morgue("--archive", seed_archive, "show", given, "--json") == 2
    assert validated("error", capsys.readouterr().out)["error"]["code"] == "unknown-id"


def test_a_beginning_of_several_identifiers_is_not_guessed_at(
    seed_archive: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Archive.open(seed_archive) as archive:
        known = [digit for digit in "0123456789abcdef" if len(archive.matching_ids(digit)) > 1]
        expected = archive.matching_ids(known[0])
    assert morgue("--archive", seed_archive, "show", known[0], "--json") == 2
    message = validated("error", capsys.readouterr().out)["error"]["message"]
    assert all(one in message for one in expected)


def test_a_preview_is_one_object_and_makes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "a.txt").write_text(HARBOUR.format(day="Monday") + "\nLeave a Comment\n", "utf-8")
    (tmp_path / "articles" / "b.txt").write_bytes(b"")
    given = ("--archive", tmp_path / "archive", "add", "--preview", tmp_path / "articles")
    assert morgue(*given, "--json") == 0
    seen = validated("preview", capsys.readouterr().out)
    assert [(one["title"], one["hidden"]) for one in seen["articles"]] == [("Harbour strike", 1)]
    assert [one["code"] for one in seen["refusals"]] == ["empty"]
    assert morgue(*given) == 0
    assert "article  Harbour strike" in capsys.readouterr().out
    assert not (tmp_path / "archive").exists()


@pytest.mark.parametrize("blank", ["", "  "])
def test_a_blank_question_is_wrong_usage(seed_archive: Path, blank: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert morgue("--archive", seed_archive, "search", blank, "--json") == 2
    assert validated("error", capsys.readouterr().out)["error"]["code"] == "usage"


def test_questions_may_come_from_another_system(
    seed_archive: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = io.BytesIO(b"\xef\xbb\xbf" + QUESTION.encode() + b"\r\nhow to bake sourdough bread\r\n")
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(raw))
    assert morgue("--archive", seed_archive, "search", "--queries", "-", "--json") == 0
    answers = validated("searches", capsys.readouterr().out)["answers"]
    assert [one["query"] for one in answers] == [QUESTION, "how to bake sourdough bread"]


@pytest.mark.parametrize("shape", ["md", "csv", "jsonl"])
def test_an_export_without_hits_says_so_beside_it(
    seed_archive: Path, shape: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert morgue("--archive", seed_archive, "search", "how to bake sourdough bread", "--format", shape) == 1
    assert "Nothing here resembles" in capsys.readouterr().err


def test_explaining_names_the_nearest_sentence(seed_archive: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert morgue("--archive", seed_archive, "search", QUESTION, "-k", 3, "--explain") == 0
    assert capsys.readouterr().out.count("nearest in meaning: “") == 3


def test_a_removal_tells_how_to_undo_it(fresh_archive: Callable[[], Path], capsys: pytest.CaptureFixture[str]) -> None:
    root = fresh_archive()
    assert morgue("--archive", root, "search", QUESTION, "-k", 1, "--json") == 0
    article = validated("search", capsys.readouterr().out)["hits"][0]["article_id"]
    assert morgue("--archive", root, "remove", article, "--no-index") == 0
    assert f"Removed 1 article. Undo: morgue remove {article} --undo" in capsys.readouterr().err


@pytest.mark.parametrize("command", [("search", QUESTION, "--mode", "lexical"), ("sources",), ("status",)])
def test_quiet_leaves_the_results_alone(
    fresh_archive: Callable[[], Path], tmp_path: Path, command: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    root = str(fresh_archive())
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "a.txt").write_text("Harbour\n\nThe harbour was closed on Monday.\n", "utf-8")
    assert run(["--archive", root, "add", str(tmp_path / "more"), "--no-index", "--quiet"]) == 0
    assert run(["--archive", root, *command, "--quiet"]) in (0, 1)
    printed = capsys.readouterr()
    assert printed.err == ""
    assert printed.out


def test_characters_that_were_not_read_as_written_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    news, root = tmp_path / "news", tmp_path / "archive"
    news.mkdir()
    (news / "sound.txt").write_text(HARBOUR.format(day="Monday"), "utf-8")
    (news / "broken.txt").write_bytes(
        "Café talks\n\nThe crews of the café “Nord” met at one – caf".encode() + b"\xff\xfe.\n"
    )
    assert morgue("--archive", root, "add", "--no-index", news) == 0
    assert "Characters not read as they were written: 2, in 1 article." in capsys.readouterr().err
    assert morgue("--archive", root, "add", "--no-index", news, "--json") == 0
    assert "damaged" not in validated("report", capsys.readouterr().out)
    (news / "broken.txt").rename(news / "again.txt")
    (news / "again.txt").write_bytes((news / "again.txt").read_bytes() + b"The \xff crews.\n")
    assert morgue("--archive", root, "update", "--json", "--quiet") == 0
    assert validated("report", capsys.readouterr().out)["damaged"] == {"articles": 1, "characters": 3}
    with Archive.open(root) as archive:
        article = next(one.id for one in archive.articles() if one.title.startswith("Café"))
    assert morgue("--archive", root, "show", article) == 0
    assert "(3 characters not read as written in the file.)" in capsys.readouterr().out
    assert morgue("--archive", root, "show", article, "--json") == 0
    assert validated("show", capsys.readouterr().out)["damage"] == 3
