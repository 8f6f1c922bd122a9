"""``morgue export``."""

from __future__ import annotations

import json
import signal
from pathlib import Path

import jsonschema
import pytest

from tests.tui.cli.test_commands import ROOT, SCHEMAS, child
from tui.__main__ import run

__all__ = ["ROOT"]


def test_an_export_is_told_in_words_and_as_an_object(
    seed_archive: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["--archive", str(seed_archive), "export", "--to-chroma", str(tmp_path / "words")]) == 0
    told = capsys.readouterr().err
    first, *others = told.splitlines()
    assert "collection 'passages'" in first
    assert "\n".join([*others, "```"]) in (ROOT / "docs" / "commands" / "export.md").read_text("utf-8")
    assert run(["--archive", str(seed_archive), "export", "--to-chroma", str(tmp_path / "object"), "--json"]) == 0
    made = json.loads(capsys.readouterr().out)
    jsonschema.validate(made, json.loads((SCHEMAS / "export.json").read_text("utf-8")))
    assert (made["path"], made["dimension"]) == (str(tmp_path / "object"), 384)
    assert (tmp_path / "words" / "chroma.sqlite3").is_file()


def test_wrong_places_are_refused_and_a_target_is_needed(
    seed_archive: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    assert run(["--archive", str(seed_archive), "export", "--to-chroma", str(tmp_path)]) == 2
    assert "not empty" in capsys.readouterr().err
    assert run(["--archive", str(seed_archive), "export"]) == 2
    assert "--to-chroma" in capsys.readouterr().err


def test_a_signal_ends_an_export_and_leaves_nothing(seed_archive: Path, tmp_path: Path) -> None:
    process = child("--archive", seed_archive, "export", "--to-chroma", tmp_path / "chroma")
    while process.poll() is None and not any(tmp_path.glob(".chroma.*.part")):
        pass
    process.send_signal(signal.SIGTERM)
    _, told = process.communicate(timeout=120)
    if process.returncode != 0:  # it may have been written just before
        assert process.returncode == 143
        assert "nothing was written" in told
        assert list(tmp_path.iterdir()) == []
