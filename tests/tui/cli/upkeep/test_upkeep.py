"""``morgue backup`` and ``morgue gc``."""

from __future__ import annotations

import json
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


def test_backup_prints_one_object(
    fresh_archive: Callable[[], Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = str(fresh_archive())
    assert run(["--archive", root, "backup", str(tmp_path / "copy"), "--json"]) == 0
    assert validated("backup", capsys.readouterr().out)["path"] == str(tmp_path / "copy")
    assert run(["--archive", root, "backup", "--json"]) == 0
    assert Path(str(validated("backup", capsys.readouterr().out)["path"])).parent.name == "backups"
    assert run(["--archive", str(tmp_path / "copy"), "search", "sanctions threats", "--json"]) == 0
    assert validated("search", capsys.readouterr().out)["hits"]
    assert run(["--archive", root, "backup", str(tmp_path / "copy")]) == 2
    assert "exists" in capsys.readouterr().err


def test_gc_tells_what_would_go(fresh_archive: Callable[[], Path], capsys: pytest.CaptureFixture[str]) -> None:
    root = fresh_archive()
    left = root / "tmp" / "generation-000009"
    left.mkdir()
    (left / "some").write_bytes(b"x" * 100)
    assert run(["--archive", str(root), "gc", "--dry-run", "--json"]) == 0
    told = validated("gc", capsys.readouterr().out)
    assert (told["dry_run"], told["bytes"], left.exists()) == (True, 100, True)
    assert run(["--archive", str(root), "gc"]) == 0
    assert "Freed 0.0 MB" in capsys.readouterr().err
    assert not left.exists()
