"""``morgue clips``."""

from __future__ import annotations

import csv
import io
import json
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from archive import Archive
from tests.tui.cli.test_commands import morgue, validated

Fresh = Callable[[], Path]
QUESTION = "sanctions threats"


@pytest.fixture
def root(fresh_archive: Fresh) -> Path:
    """A private archive of the sample articles."""
    return fresh_archive()


def passages(root: Path) -> list[tuple[str, str]]:
    """Return identifier and text of the first passage of each article."""
    with Archive.open(root) as archive:
        first = [archive.passages(one.id, one.version)[0] for one in archive.articles()]
    return [(passage.id, passage.text) for passage in first]


def printed(root: Path, capsys: pytest.CaptureFixture[str], *arguments: object) -> dict[str, Any]:
    capsys.readouterr()
    assert morgue("--archive", root, "clips", *arguments, "--json") in (0, 1)
    return validated("clips", capsys.readouterr().out)


def test_clips_are_marked_listed_noted_removed_and_brought_back(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    archive = ("--archive", root, "clips")
    assert morgue(*archive) == 1
    (one, text), (other, _), *_ = passages(root)
    made = printed(root, capsys, "add", one, "--question", QUESTION, "--note", "call them")["clips"][0]
    assert (made["text"], made["standing"], made["question"]) == (text, "current", QUESTION)
    assert morgue(*archive, "add", other) == 0
    assert "Undo: morgue clips remove" in capsys.readouterr().err
    listed = printed(root, capsys)["clips"]
    assert [clip["question"] for clip in listed] == [QUESTION, ""]
    assert [clip["clip_id"] for clip in printed(root, capsys, "--question", QUESTION)["clips"]] == [made["clip_id"]]
    assert printed(root, capsys, "note", made["clip_id"], "other")["clips"][0]["note"] == "other"
    assert printed(root, capsys, "remove", made["clip_id"]) == {"schema": 1, "clips": [], "removed": 1}
    assert len(printed(root, capsys)["clips"]) == 1
    assert len(printed(root, capsys, "undo")["clips"]) == 1
    assert len(printed(root, capsys)["clips"]) == 2
    assert morgue(*archive, "undo") == 1
    assert morgue(*archive, "remove", "nothing") == 2
    assert "nothing" in capsys.readouterr().err


def test_words_of_a_passage_or_an_article_are_marked(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (one, text), *_ = passages(root)
    words = " ".join(text.split()[2:9])
    clip = printed(root, capsys, "add", one, "--words", words)["clips"][0]
    assert clip["text"].split() == words.split()
    whole = printed(root, capsys, "add", clip["article_id"], "--words", words)["clips"][0]
    assert whole["text"].split() == words.split()
    archive = ("--archive", root, "clips")
    assert morgue(*archive, "add", one, "--words", "words that stand nowhere in it") == 2
    assert "do not stand there" in capsys.readouterr().err
    assert morgue(*archive, "add", clip["article_id"]) == 2
    assert "--words" in capsys.readouterr().err


def test_clips_are_written_as_text_markdown_and_csv(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (one, text), *_ = passages(root)
    clip = printed(root, capsys, "add", one, "--question", "*gas*", "--note", "=1+1\nsecond")["clips"][0]
    archive = ("--archive", root, "clips")
    assert morgue(*archive) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "*gas*"
    assert f"    │ {text.splitlines()[0].strip()}" in lines
    assert {"    note: =1+1", "    note: second"} <= set(lines)
    assert any(clip["clip_id"] in line for line in lines)
    assert morgue(*archive, "--format", "markdown") == 0
    document = capsys.readouterr().out
    assert "## \\*gas\\*" in document
    assert f"version {clip['version'][:12]}" in document
    assert "Note: =1+1" in document
    assert morgue(*archive, "--format", "csv") == 0
    (row,) = csv.DictReader(io.StringIO(capsys.readouterr().out))
    assert (row["quotation"], row["note"], row["clip_id"]) == (text, "'=1+1\nsecond", clip["clip_id"])
    assert morgue(*archive, "--format", "json") == 0
    assert json.loads(capsys.readouterr().out)["clips"] == [clip]


def test_a_purge_tells_of_clips_and_their_notes_stay(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (one, text), *_ = passages(root)
    clip = printed(root, capsys, "add", one, "--note", "mine")["clips"][0]
    assert morgue("--archive", root, "remove", clip["article_id"], "--purge", "--yes", "--json") == 0
    assert validated("remove", capsys.readouterr().out)["purge"]["clips"] == 1
    (left,) = printed(root, capsys)["clips"]
    assert (left["note"], left["text"], left["article_id"], left["standing"]) == ("mine", None, None, "purged")
    for shape in ("text", "markdown", "csv"):
        assert morgue("--archive", root, "clips", "--format", shape) == 0
        told = capsys.readouterr()
        assert "mine" in told.out
        assert "purged" in told.out
        assert text.split("\n")[0] not in told.out
        assert "Without their words" in told.err


def test_where_the_archive_may_only_be_read_it_is_said_where_a_clip_lies(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MORGUE_STATE", str(tmp_path / "state"))
    (one, _), *_ = passages(root)
    before = (root / "catalog.sqlite").read_bytes()
    allowed = os.access

    def access(path: str | Path, how: int) -> bool:
        return not (how == os.W_OK and Path(path).is_relative_to(root)) and allowed(path, how)

    monkeypatch.setattr(os, "access", access)
    assert morgue("--archive", root, "clips", "add", one) == 0
    assert "your own folder" in capsys.readouterr().err
    assert len(printed(root, capsys)["clips"]) == 1
    assert (root / "catalog.sqlite").read_bytes() == before


@pytest.mark.parametrize("given", [["--format", "csv"], ["--question", QUESTION], ["-q"]])
def test_options_before_a_command_that_does_not_obey_them_are_refused(
    root: Path, given: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert morgue("--archive", root, "clips", *given, "undo") == 2
    assert "goes behind undo" in capsys.readouterr().err


@pytest.mark.leaves_damage
def test_a_clip_that_is_not_as_it_was_written_is_told_and_the_others_are_listed(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (one, text), (other, _), *_ = passages(root)
    printed(root, capsys, "add", one)
    bad = printed(root, capsys, "add", other)["clips"][0]["clip_id"]
    with closing(sqlite3.connect(root / "catalog.sqlite")) as catalog, catalog:
        catalog.execute("UPDATE clips SET note = 'forged' WHERE id = ?", (bad,))
    assert morgue("--archive", root, "clips", "--json") == 5
    told = capsys.readouterr()
    assert [clip["text"] for clip in validated("clips", told.out)["clips"]] == [text]
    assert bad in told.err
