from __future__ import annotations

import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from archive import Span
from archive.cleaning import boilerplate
from index.embedding.model import Model
from tests.archives import empty_archive
from tests.index.world import CheapEncoder
from tui.__main__ import run
from tui.cli.resources import Encoders

ROOT = Path(__file__).resolve().parents[4]
SCHEMA = json.loads((ROOT / "tui" / "schemas" / "report.json").read_text("utf-8"))


class Place:
    """A folder of articles and an archive of it, with a cheap encoder."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.news = folder / "news"
        self.root = folder / "archive"
        self._capsys = capsys
        self.news.mkdir()
        for number in range(6):
            self.put(str(number), f"Report {number}\n\nThe council of town {number} met on road {number * 7}.\n")

    def put(self, name: str, text: str) -> None:
        (self.news / f"{name}.txt").write_text(text, "utf-8")

    def run(self, *arguments: object, status: int = 0) -> dict[str, Any]:
        assert run(["--archive", str(self.root), *map(str, arguments), "--json"]) == status
        report: dict[str, Any] = json.loads(self._capsys.readouterr().out)
        jsonschema.validate(report, SCHEMA)
        return report

    def make(self) -> None:
        empty_archive(self.root)
        self.run("add", self.news)

    def foretold(self, *arguments: object, status: int = 0) -> dict[str, Any]:
        """Run it dry, then wet; see that the archive did not change before it did, and that both say the same."""
        before = fingerprint(self.root)
        dry = self.run(*arguments, "--dry-run", status=status)
        assert fingerprint(self.root) == before
        assert dry.pop("dry_run") is True
        wet = self.run(*arguments, status=status)
        assert wet.pop("dry_run") is False
        for report in (dry, wet):
            del report["took_ms"], report["generation"]
        assert dry == wet
        return dry


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Place:
    def cheap(self: Encoders, model: Model) -> CheapEncoder:
        return CheapEncoder(model)

    monkeypatch.setenv("MORGUE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(Encoders, "__call__", cheap)
    return Place(tmp_path, capsys)


def fingerprint(root: Path) -> dict[str, str]:
    """Digest every file; SQLite's shared memory and empty log come and go when a catalog is read."""
    files = (path for path in sorted(root.rglob("*")) if path.is_file() and path.suffix != ".sqlite-shm")
    return {
        str(path): sha256(path.read_bytes()).hexdigest()
        for path in files
        if not path.name.endswith("-shm") and (not path.name.endswith("-wal") or path.stat().st_size)
    }


def test_a_first_add_is_foretold_and_makes_no_archive(place: Place) -> None:
    dry = place.run("add", place.news, "--dry-run")
    assert (dry["articles"]["added"], dry["passages"], dry["embedded"]) == (6, {"total": 6, "new": 6}, 6)
    assert not place.root.exists()


def test_what_an_update_finds_is_foretold_to_the_article(place: Place) -> None:
    place.make()
    place.put("0", "Report 0\n\nThe council of town 0 did not meet.\n")
    place.put("new", "Ferry late\n\nThe ferry was late again on Monday.\n")
    place.put("copy", "Report 1\n\nThe council of town 1 met on road 7.\n")
    (place.news / "2.txt").rename(place.news / "renamed.txt")
    (place.news / "3.txt").unlink()
    (place.news / "bad.bin").write_bytes(b"\0")
    dry = place.foretold("update", status=3)
    assert dry["articles"] == {"added": 2, "changed": 1, "unchanged": 3, "moved": 1, "missing": 1, "refused": 1}
    assert dry["passages"] == {"total": 8, "new": 3}
    assert dry["embedded"] == 2
    assert dry["refusals"][0]["path"] == str(place.news / "bad.bin")


def test_an_add_to_an_archive_is_foretold(place: Place, tmp_path: Path) -> None:
    place.make()
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "a.txt").write_text("Mill\n\nThe paper mill reopened after two years.\n", "utf-8")
    assert place.foretold("add", tmp_path / "more")["embedded"] == 1
    assert place.foretold("add", place.news, "--no-index")["articles"]["unchanged"] == 6


def test_a_rebuild_is_foretold_with_and_without_embedding_again(place: Place) -> None:
    place.make()
    assert place.foretold("rebuild")["embedded"] == 0
    assert place.foretold("rebuild", "--reembed")["embedded"] == 6


def test_an_update_without_news_is_foretold(place: Place) -> None:
    place.make()
    dry = place.foretold("update")
    assert (dry["passages"], dry["embedded"], dry["reused"]) == ({"total": 6, "new": 0}, 0, 6)


@pytest.fixture
def newer_cleaning(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Give what makes all articles outdated: a newer rule that hides the word before the number of each report."""

    def change() -> None:
        monkeypatch.setattr(boilerplate, "hidden_spans", lambda text, title="", given=(): (Span(0, len("Report")),))
        monkeypatch.setattr(boilerplate, "CLEANING_VERSION", boilerplate.CLEANING_VERSION + 1)

    return change


def test_what_waits_for_an_agreement_is_foretold_as_it_is_left_and_as_agreed(
    place: Place, newer_cleaning: Callable[[], None]
) -> None:
    place.make()
    newer_cleaning()
    dry = place.foretold("update")
    assert (dry["reprocessed"]["articles"], dry["reprocessed"]["waiting"]["articles"], dry["embedded"]) == (0, 6, 0)
    dry = place.foretold("update", "--yes")
    assert (dry["reprocessed"]["articles"], dry["reprocessed"]["waiting"]["articles"], dry["embedded"]) == (6, 0, 6)


def test_what_waits_for_an_agreement_is_told_by_a_dry_run_and_by_a_quiet_one(
    place: Place, newer_cleaning: Callable[[], None], capsys: pytest.CaptureFixture[str]
) -> None:
    place.make()
    newer_cleaning()
    line = "Made by older rules: 6 articles of 6 (6 passages). To process them again: morgue update --yes"
    for arguments in (["update", "--quiet"], ["update", "--quiet"], ["update", "--dry-run"]):
        assert run(["--archive", str(place.root), *arguments]) == 0
        out, err = capsys.readouterr()
        assert line in (out if "--dry-run" in arguments else err).splitlines()
    assert run(["--archive", str(place.root), "update", "--yes", "--quiet"]) == 0
    assert capsys.readouterr() == ("", "")


def test_a_dry_run_says_nothing_of_sources_it_does_not_read(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    place.make()
    assert run(["--archive", str(place.root), "rebuild", "--dry-run"]) == 0
    told = capsys.readouterr().out
    assert "To index: 6 passages" in told
    assert "Articles" not in told


def test_a_dry_run_needs_an_archive_for_all_but_add(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    for command in ("update", "rebuild"):
        assert run(["--archive", str(place.root), command, "--dry-run"]) == 2
        assert "is not a Morgue archive" in capsys.readouterr().err
    assert not place.root.exists()


def test_a_dry_run_of_what_would_be_refused_is_refused(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    place.make()
    assert run(["--archive", str(place.root), "add", str(place.root.parent), "--dry-run"]) == 2
    assert "contains the archive" in capsys.readouterr().err
    occupied = place.news / "not-an-archive"
    occupied.mkdir()
    (occupied / "x").touch()
    assert run(["--archive", str(occupied), "add", str(place.root.parent / "cache"), "--dry-run"]) == 2
    assert "is not empty and not an archive" in capsys.readouterr().err


def test_a_dry_run_speaks_in_sentences(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    place.make()
    place.put("new", "Ferry late\n\nThe ferry was late again on Monday.\n")
    assert run(["--archive", str(place.root), "update", "--dry-run"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "A dry run, nothing is written. It would go like this:",
        "Articles: 1 added, 6 unchanged.",
        "To index: 7 passages, 1 of them new; 1 to embed, 6 with a vector already.",
    ]
