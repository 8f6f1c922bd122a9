"""``morgue saved``."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from archive import Archive
from archive.core.errors import ArchiveError
from index.contracts.engines import Floats
from index.embedding.query_encoding import QueryEncoding
from index.maintenance.backup import backup_catalog
from tests.archives import built_archive, empty_archive
from tests.tui.cli.test_commands import morgue, validated

TRAM = "Council votes on tram line\n\nThe council approved the new tram line.\n"


@pytest.fixture
def news(tmp_path: Path) -> Path:
    """A folder of one article, beside its archive."""
    (tmp_path / "news").mkdir()
    (tmp_path / "news" / "tram.txt").write_text(TRAM, "utf-8")
    built_archive(empty_archive(tmp_path / "archive"), tmp_path / "news")
    return tmp_path / "news"


Asked = Callable[..., tuple[int, dict[str, Any]]]


@pytest.fixture
def saved(news: Path, capsys: pytest.CaptureFixture[str]) -> Asked:
    """Run ``morgue saved``; give its exit code and its object."""

    def ask(*arguments: object) -> tuple[int, dict[str, Any]]:
        capsys.readouterr()
        code = morgue("--archive", news.parent / "archive", "saved", *arguments, "--json")
        return code, validated("saved", capsys.readouterr().out)

    return ask


def test_news_is_told_once_by_exit_code_and_object(
    news: Path, saved: Asked, capsys: pytest.CaptureFixture[str]
) -> None:
    archive = ("--archive", news.parent / "archive")
    assert saved()[0] == 1
    assert saved("add", "+tram", "--mode", "lexical")[0] == 0
    code, held = saved("--new")
    assert (code, [one["new"] for one in held["saved"]]) == (1, [[]])
    (news / "later.txt").write_text("Tram derails\n\nA tram left its rails near the harbour.\n", "utf-8")
    assert morgue(*archive, "update", "--quiet") == 0
    code, held = saved("--new")
    assert (code, [one["title"] for one in held["saved"][0]["new"]]) == (0, ["Tram derails"])
    assert morgue(*archive, "saved", "--new") == 0
    assert "+tram: 1 new article" in capsys.readouterr().out
    assert saved("--new", "--seen")[0] == 0
    assert saved("--new")[0] == 1
    assert morgue(*archive, "saved") == 0
    assert "+tram  (lexical)" in capsys.readouterr().out


def test_all_is_new_of_a_question_that_is_saved_unseen_until_it_is_seen(saved: Asked) -> None:
    (one,) = saved("add", "tram line", "--mode", "lexical", "--unseen")[1]["saved"]
    assert saved("--new")[0] == 0
    assert saved("seen", one["saved_id"])[0] == 0
    assert saved("--new")[0] == 1
    assert saved("seen", "--all")[0] == 0


def test_saved_questions_are_removed_and_brought_back(
    news: Path, saved: Asked, capsys: pytest.CaptureFixture[str]
) -> None:
    (one,) = saved("add", "tram")[1]["saved"]
    assert saved("remove", one["saved_id"]) == (0, {"schema": 1, "saved": []})
    assert saved()[0] == 1
    assert saved("undo") == (0, {"schema": 1, "saved": [one]})
    archive = ("--archive", news.parent / "archive", "saved")
    assert morgue(*archive, "remove", "nothing") == 2
    assert morgue(*archive, "seen") == 2
    assert morgue(*archive, "--seen") == 2
    assert "--new" in capsys.readouterr().err


def test_what_was_answered_without_the_model_is_told_and_not_counted_as_seen(
    saved: Asked, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], news: Path
) -> None:
    assert saved("add", "tram line", "--unseen")[0] == 0

    def refuse(encoding: QueryEncoding, text: str, fingerprint: str) -> Floats:
        raise ArchiveError(f"The model is not there, for {fingerprint} and {text}, {encoding.ready}.")

    with monkeypatch.context() as without:
        without.setattr(QueryEncoding, "vector", refuse)
        code, told = saved("--new", "--seen")
        (missing,) = told["saved"][0]["degraded"]
        assert (code, "Only words were searched." in missing) == (0, True)
        assert morgue("--archive", news.parent / "archive", "saved", "--new", "--seen") == 0
        said = capsys.readouterr().err
        assert "degraded: The model is not there" in said
        assert "Not counted as seen" in said
    code, told = saved("--new", "--seen")
    assert (code, "degraded" in told["saved"][0]) == (0, False)
    assert saved("--new")[0] == 1


@pytest.mark.parametrize("given", [["--new"], ["--quiet"], ["--json"], ["--seen"]])
def test_options_before_a_command_that_does_not_obey_them_are_refused(
    news: Path, given: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert morgue("--archive", news.parent / "archive", "saved", *given, "add", "tram") == 2
    assert f"{given[0]} goes behind add" in "".join(capsys.readouterr())
    assert morgue("saved", "--archive", news.parent / "archive", "add", "tram") == 0


@pytest.mark.parametrize("out", ["/dev/full", "a closed pipe"])
def test_what_nobody_could_read_is_not_counted_as_seen(news: Path, saved: Asked, out: str) -> None:
    saved("add", "tram line", "--mode", "lexical", "--unseen")
    command = [sys.executable, "-m", "tui", "--archive", str(news.parent / "archive"), "saved", "--new", "--seen"]
    reading, writing = os.pipe()
    os.close(reading)
    target = writing if out == "a closed pipe" else os.open(out, os.O_WRONLY)
    try:
        done = subprocess.run(command, stdout=target, stderr=subprocess.PIPE, text=True, check=False)
    finally:
        os.close(target)
    assert "Not counted as seen, because nobody read it: tram line" in done.stderr
    assert saved("--new")[0] == 0


def test_what_is_missing_whatever_is_asked_is_told_also_where_nothing_is_new(news: Path, saved: Asked) -> None:
    root = news.parent / "archive"
    saved("add", "tram line", "--mode", "lexical")
    with Archive.open(root) as archive:
        copy = backup_catalog(archive).path
    (news / "later.txt").write_text("Tram derails\n\nA tram left its rails near the harbour.\n", "utf-8")
    assert morgue("--archive", root, "update", "--quiet") == 0
    shutil.copyfile(copy, root / "catalog.sqlite")
    for end in ("-wal", "-shm"):
        (root / f"catalog.sqlite{end}").unlink(missing_ok=True)
    code, held = saved("--new")
    assert code == 1
    assert held["saved"][0]["degraded"][0].startswith("The catalog is older than the index")
