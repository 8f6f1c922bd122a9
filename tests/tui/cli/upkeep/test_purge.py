from __future__ import annotations

import json
import os
import pty
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from archive import Archive
from index import Searcher
from tests.archives import copied_archive, empty_archive
from tui.__main__ import run

ROOT = Path(__file__).resolve().parents[4]
TITLE = "Quarry accusation"


def validated(text: str) -> dict[str, Any]:
    (line,) = text.splitlines()
    value: dict[str, Any] = json.loads(line)
    jsonschema.validate(value, json.loads((ROOT / "tui" / "schemas" / "remove.json").read_text("utf-8")))
    return value


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two articles without Chroma, added by the real command."""
    folder = tmp_path_factory.mktemp("purge")
    (folder / "articles").mkdir()
    (folder / "articles" / "tram.txt").write_text("Council votes on tram line\n\nThe council approved it.\n", "utf-8")
    (folder / "articles" / "quarry.txt").write_text(f"{TITLE}\n\nZebedee was never there.\n", "utf-8")
    empty_archive(folder / "archive")
    assert run(["--archive", str(folder / "archive"), "add", str(folder / "articles"), "--quiet"]) == 0
    return folder / "archive"


@pytest.fixture
def root(built: Path, tmp_path: Path) -> Path:
    return copied_archive(built, tmp_path / "archive")


def article_id(root: Path) -> str:
    with Archive.open(root) as archive:
        return next(one.id for one in archive.articles() if one.title == TITLE)


def remove(root: Path, *arguments: str) -> int:
    return run(["--archive", str(root), "remove", *arguments])


def held(root: Path) -> Iterator[Path]:
    return (path for path in root.rglob("*") if path.is_file() and b"Zebedee" in path.read_bytes())


def test_purging_prints_one_valid_object_and_erases(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one = article_id(root)
    assert remove(root, one, "--purge", "--yes", "--json") == 0
    report = validated(capsys.readouterr().out)
    assert (report["command"], report["articles"], report["purge"]["whole"]) == ("purge", [one], True)
    assert report["purge"]["vectors"] == {"kept": 1, "dropped": 1}
    assert list(held(root)) == []
    assert run(["--archive", str(root), "verify", "--json"]) == 0


@pytest.mark.parametrize("purge", [True, False])
def test_a_dry_run_tells_what_would_go_and_changes_nothing(
    root: Path, purge: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    one = article_id(root)
    more = ["--purge"] if purge else []
    assert remove(root, one, *more, "--dry-run", "--json") == 0
    report = validated(capsys.readouterr().out)
    assert (report["dry_run"], report["articles"], report["titles"]) == (True, [one], [TITLE])
    assert report.get("would_erase", {}).get("passages") == (1 if purge else None)
    assert remove(root, one, *more, "--dry-run") == 0
    told = capsys.readouterr().out
    assert TITLE in told
    assert ("It would erase for good: 1 version, 1 passage." in told) == purge
    assert article_id(root) == one


def test_what_a_purge_would_erase_is_what_it_erases(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one = article_id(root)
    with Archive.open(root) as archive:
        version = archive.article(one).version
        archive.notebook.add_clip(one, version, 20, 27, note="ask again", question="quarry")
        archive.notebook.star(one)
    assert remove(root, one, "--purge", "--dry-run", "--json") == 0
    foreseen = validated(capsys.readouterr().out)["would_erase"]
    assert remove(root, one, "--purge", "--yes", "--json") == 0
    erased = validated(capsys.readouterr().out)["purge"]
    assert (foreseen["clips"], foreseen["marks"], foreseen["own"]) == (1, 1, 2)
    assert {name: erased[name] for name in foreseen} == foreseen


def test_the_beginning_of_an_identifier_removes_and_brings_back_but_never_purges(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one = article_id(root)
    assert remove(root, one[:9], "--no-index") == 0
    assert remove(root, one[:9], "--undo", "--no-index") == 0
    capsys.readouterr()
    assert remove(root, one[:3]) == 2  # a slip may not take out a source; identifiers of passages are none of these
    assert f"{one[:3]!r} begins one identifier: {one}. Give more of it." in capsys.readouterr().err
    assert remove(root, one[:9], "--purge", "--yes") == 2
    assert f"What is purged is named whole: {one}." in capsys.readouterr().err
    assert article_id(root) == one


def test_removing_and_undoing_print_valid_objects(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one = article_id(root)
    for arguments, said in ([], "remove"), (["--undo"], "restore"):
        assert remove(root, one, *arguments, "--json", "--no-index") == 0
        assert validated(capsys.readouterr().out)["command"] == said


@pytest.mark.parametrize(
    "arguments",
    [["--purge", "--undo"], ["--undo", "--dry-run"], ["--purge", "--yes", "--no-index"], ["--yes"]],
)
def test_options_that_contradict_each_other_are_refused(root: Path, arguments: list[str]) -> None:
    assert remove(root, article_id(root), *arguments) == 2
    assert list(held(root))


def test_without_a_terminal_nothing_is_purged_unasked(root: Path) -> None:
    command = [sys.executable, "-m", "tui", "--archive", str(root), "remove", article_id(root), "--purge"]
    done = subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "--yes" in done.stderr
    assert list(held(root))


@pytest.mark.parametrize(("answer", "code"), [("n", 130), ("y", 0)])
def test_on_a_terminal_a_person_is_asked(root: Path, answer: str, code: int) -> None:
    keyboard, terminal = pty.openpty()
    command = [sys.executable, "-m", "tui", "--archive", str(root), "remove", article_id(root), "--purge"]
    child = subprocess.Popen(command, cwd=ROOT, stdin=terminal, stderr=subprocess.PIPE, text=True)
    os.write(keyboard, f"{answer}\n".encode())
    _, said = child.communicate(timeout=120)
    assert child.returncode == code
    assert TITLE in said
    assert bool(list(held(root))) == (answer == "n")


def test_a_held_generation_is_named_and_exits_4(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Searcher.open(root):
        assert remove(root, article_id(root), "--purge", "--yes") == 4
        assert "still reads generation 1" in capsys.readouterr().err
    assert run(["--archive", str(root), "update", "--quiet"]) == 0
    assert list(held(root)) == []


def test_what_is_not_erased_is_named_and_exits_5(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    strange = root / "backups" / "old" / "catalog.sqlite"
    strange.parent.mkdir(parents=True)
    strange.write_bytes(b"Zebedee")
    assert remove(root, article_id(root), "--purge", "--yes") == 5
    assert f"May still hold it: {strange}" in capsys.readouterr().err
    assert run(["--archive", str(root), "verify"]) == 5
    assert f"(backups/old/catalog.sqlite) run: rm {shlex.quote(str(strange))}" in capsys.readouterr().out
    strange.unlink()
    assert run(["--archive", str(root), "verify", "--quiet"]) == 0


def test_add_takes_in_again_what_was_purged(root: Path, built: Path, capsys: pytest.CaptureFixture[str]) -> None:
    articles = str(built.parent / "articles")
    one = article_id(root)
    assert remove(root, one, "--purge", "--yes", "--quiet") == 0
    assert run(["--archive", str(root), "add", articles, "--no-index"]) == 0
    told = capsys.readouterr().err
    assert "It was purged on" in told
    assert "To take it in again: morgue add --purged /" in told
    assert run(["--archive", str(root), "add", articles, "--purged", "--no-index", "--quiet"]) == 0
    assert article_id(root) == one
