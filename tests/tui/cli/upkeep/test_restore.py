"""``morgue restore``, and what the other commands say of a catalog that was put back by hand."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest

from tui.__main__ import run

SCHEMAS = Path(__file__).resolve().parents[4] / "tui" / "schemas"


def validated(name: str, text: str) -> dict[str, object]:
    value = json.loads(text)
    jsonschema.validate(value, json.loads((SCHEMAS / f"{name}.json").read_text("utf-8")))
    return dict(value)


@pytest.fixture
def older(fresh_archive: Callable[[], Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> tuple[Path, Path]:
    """An archive, and a copy of its catalog from before its newest article."""
    root = fresh_archive()
    assert run(["--archive", str(root), "backup", "--json"]) == 0
    copy = Path(str(validated("backup", capsys.readouterr().out)["path"]))
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "new.txt").write_text("Xylophone concert\n\nThe xylophone was played in the town hall.\n")
    assert run(["--archive", str(root), "add", str(tmp_path / "more"), "--quiet"]) == 0
    return root, copy


def test_restore_prints_one_object(older: tuple[Path, Path], capsys: pytest.CaptureFixture[str]) -> None:
    root, copy = older
    capsys.readouterr()
    assert run(["--archive", str(root), "restore", copy.name, "--json"]) == 0
    told = validated("restore", capsys.readouterr().out)
    assert (told["whole"], told["copy"], told["problems"]) == (True, str(copy), [])
    assert Path(str(told["kept"])).is_file()
    assert run(["--archive", str(root), "search", "xylophone", "--mode", "lexical"]) == 1
    assert run(["--archive", str(root), "restore", str(told["kept"])]) == 0
    assert "Everything is whole." in capsys.readouterr().out
    assert run(["--archive", str(root), "search", "xylophone", "--mode", "lexical"]) == 0


def test_restore_of_what_is_no_copy_says_which_there_are(
    older: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    root, copy = older
    capsys.readouterr()
    assert run(["--archive", str(root), "restore", "nothing.sqlite"]) == 2
    assert copy.name in capsys.readouterr().err


def test_a_catalog_that_was_put_back_by_hand_is_told_by_every_command(
    older: tuple[Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    root, copy = older
    shutil.copyfile(copy, root / "catalog.sqlite")
    capsys.readouterr()
    assert run(["--archive", str(root), "verify", "--json"]) == 5
    problems = validated("verify", capsys.readouterr().out)["problems"]
    assert isinstance(problems, list)
    assert [(one["code"], one["run"]) for one in problems] == [("generation", "morgue repair")]
    assert run(["--archive", str(root), "status"]) == 0
    assert "older than the index" in capsys.readouterr().out
    run(["--archive", str(root), "search", "sanctions threats"])
    assert "older than the index" in capsys.readouterr().err
    assert run(["--archive", str(root), "update", "--quiet"]) == 0
    assert run(["--archive", str(root), "verify"]) == 0


@pytest.mark.leaves_damage
@pytest.mark.parametrize("command", [["update", "--json"], ["rebuild", "--quiet"], ["update"]])
def test_what_an_older_catalog_lacks_is_said_whatever_else_is_not(
    older: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str], command: list[str]
) -> None:
    root, copy = older
    shutil.copyfile(copy, root / "catalog.sqlite")
    (tmp_path / "more" / "new.txt").unlink()
    run(["--archive", str(root), *command])
    assert "Not in the archive any more: " in capsys.readouterr().err


def test_a_file_of_another_kind_is_no_copy(
    older: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "notes.txt").write_text("notes", "utf-8")
    assert run(["--archive", str(older[0]), "restore", str(tmp_path / "notes.txt")]) == 2
    assert capsys.readouterr().err == f"morgue: {tmp_path / 'notes.txt'} is no copy of a catalog.\n"
