"""``morgue judge`` and ``morgue eval`` without a folder."""

from __future__ import annotations

from pathlib import Path

import pytest

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


def test_judgements_without_a_folder_are_in_the_archive_and_measured(
    news: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    archive = ("--archive", news.parent / "archive")
    assert morgue(*archive, "eval", "--json") == 2
    capsys.readouterr()
    assert morgue(*archive, "search", "tram line", "--json", "-q") == 0
    hit = validated("search", capsys.readouterr().out)["hits"][0]
    assert morgue(*archive, "judge", "tram line", hit["passage_id"], hit["article_id"], "--gain", 2) == 0
    assert "2 judged answers to this question in the archive." in capsys.readouterr().err
    assert morgue(*archive, "eval", "--json") == 0
    found = validated("eval", capsys.readouterr().out)
    assert (found["queries"], found["documents"]) == (1, 1)
    assert found["modes"]["lexical"]["ndcg@10"] == 1
    for wrong in (("tram line", "nowhere"), ("tram line", "0123456789abcdef"), (news / "tram.txt", "tram", "a", "b")):
        assert morgue(*archive, "judge", *wrong) == 2
    folder = tmp_path / "judged"
    assert morgue(*archive, "judge", folder, "tram line", hit["article_id"]) == 0
    assert (folder / "qrels.tsv").is_file()
    assert morgue(*archive, "eval", folder, "--json") == 0


def test_a_mistyped_identifier_makes_no_folder_that_is_named_after_the_question(
    news: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    archive = ("--archive", news.parent / "archive")
    assert morgue(*archive, "search", "tram line", "--json", "-q") == 0
    one = validated("search", capsys.readouterr().out)["hits"][0]["article_id"]
    for wrong in (one[:-1], f"{one}0", one.upper().replace("A", "G"), f"{one[:8]}x{one[9:]}"):
        assert morgue(*archive, "judge", "tram line", wrong, one) == 2
        assert wrong in capsys.readouterr().err
    assert not (tmp_path / "tram line").exists()
    assert morgue(*archive, "judge", "judged", "tram", one) == 0
    assert (tmp_path / "judged").is_dir()
