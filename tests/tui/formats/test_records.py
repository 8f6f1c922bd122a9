"""What a person is told of records of JSON: how each field is read, and what could not be read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.tui.cli.test_commands import morgue, validated

PROSE = (
    "The lighthouse at Orne was lit again on Tuesday after eleven years, and the keeper's daughter threw the switch."
)


@pytest.fixture
def news(tmp_path: Path) -> Path:
    folder = tmp_path / "news"
    folder.mkdir()
    known = [{"id": n, "maintext": f"{PROSE} {n}", "date": "04/03/2022", "tags": ["sea"]} for n in range(3)]
    (folder / "known.json").write_text(json.dumps(known, indent=1), "utf-8")
    own = {"head": {"headline": "Orne lit again"}, "words": [{"w": f"{PROSE} It will stay lit."}]}
    (folder / "own.jsonl").write_text(json.dumps(own), "utf-8")
    return folder


def test_a_preview_prints_each_field_and_a_section_for_the_settings(
    tmp_path: Path, news: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert morgue("--archive", tmp_path / "archive", "add", "--preview", news) == 0
    printed = capsys.readouterr().out
    assert f"fields   {news}/known.json: 3 records looked at\n" in printed
    assert "\n         date      no date that can be read  04/03/2022\n" in printed
    assert '\n         tags      is not read               ["sea"]\n' in printed
    assert f"fields   {news}/own.jsonl: 1 record looked at, 1 without a text that is found\n" in printed
    assert '\n           [records.own]\n           text = "words[].w"\n           title = "head.headline"\n' in printed
    assert "(record 1): The record on line 1 has no text; its fields are head.headline, words[].w." in printed


def test_a_preview_as_json_has_the_fields(tmp_path: Path, news: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert morgue("--archive", tmp_path / "archive", "add", "--preview", "--json", news) == 0
    printed = validated("preview", capsys.readouterr().out)
    known, own = printed["records"]
    assert [(one["path"], one["read_as"], one["unreadable_as"]) for one in known["fields"]] == [
        ("id", "id", None),
        ("maintext", "text", None),
        ("date", None, "published"),
        ("tags", None, None),
    ]
    assert (own["without_text"], own["proposal"].splitlines()[0]) == (1, "[records.own]")
    assert len(printed["articles"]) == 3


def test_a_preview_reads_as_the_settings_of_the_archive_say(
    tmp_path: Path, news: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    archive = tmp_path / "archive"
    assert morgue("--archive", archive, "add", "--no-index", news) == 3
    assert "such as “04/03/2022”, which cannot be read as the date." in (told := capsys.readouterr()).out + told.err
    with (archive / "morgue.toml").open("a") as settings:
        settings.write('\n[records.own]\ntext = "words[].w"\ntitle = "head.headline"\n')
    assert morgue("--archive", archive, "add", "--preview", news / "own.jsonl") == 0
    assert "article  Orne lit again\n" in capsys.readouterr().out
    assert morgue("--archive", archive, "update", "--json") == 0
    assert validated("report", capsys.readouterr().out)["articles"]["added"] == 1


def test_what_could_not_be_read_is_told_once(tmp_path: Path, news: Path, capsys: pytest.CaptureFixture[str]) -> None:
    added = ("--archive", tmp_path / "archive", "add", "--no-index", "--json", news)
    assert morgue(*added) == 3
    path = str(news / "known.json")
    assert validated("report", capsys.readouterr().out)["unread"] == [
        {"path": path, "field": "date", "role": "published", "records": 3, "example": "04/03/2022"}
    ]
    assert morgue(*added) == 0
    assert "unread" not in validated("report", capsys.readouterr().out)
