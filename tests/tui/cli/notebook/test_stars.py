"""``morgue stars`` and ``morgue history``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from archive import Archive
from tests.tui.cli.test_commands import morgue, validated
from tui.session.history import History, Left

Fresh = Callable[[], Path]


@pytest.fixture
def root(fresh_archive: Fresh) -> Path:
    """A private archive of the sample articles."""
    return fresh_archive()


def printed(root: Path, capsys: pytest.CaptureFixture[str], name: str, *arguments: object) -> tuple[int, Any]:
    capsys.readouterr()
    code = morgue("--archive", root, name, *arguments, "--json")
    return code, validated(name, capsys.readouterr().out)


def test_starred_articles_are_listed_and_one_that_was_removed_says_so(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert printed(root, capsys, "stars") == (1, {"schema": 1, "stars": []})
    with Archive.open(root) as archive:
        one, other, *_ = archive.articles()
        for article in (other, one):
            archive.notebook.star(article.id)
        archive.remove(one.id)
    code, told = printed(root, capsys, "stars")
    assert code == 0
    assert [(star["article_id"], star["title"]) for star in told["stars"]] == [(other.id, other.title), (one.id, None)]
    assert morgue("--archive", root, "stars") == 0
    lines = capsys.readouterr().out
    assert other.title in lines
    assert f"{one.id}  no longer in the archive" in lines


def test_questions_are_listed_and_forgotten(
    root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MORGUE_STATE", str(tmp_path / "state"))
    monkeypatch.delenv("MORGUE_HISTORY")
    assert printed(root, capsys, "history") == (1, {"schema": 1, "questions": []})
    with Archive.open(root) as archive:
        history = History(archive.id)
    for text in ("sanctions\x1b[31m", "gas"):
        history.asked(text, "lexical", 3)
    history.leave(Left("gas", "lexical", "article"))
    code, told = printed(root, capsys, "history")
    assert (code, [one["question"] for one in told["questions"]]) == (0, ["gas", "sanctions\x1b[31m"])
    assert morgue("--archive", root, "history") == 0
    assert "\x1b" not in capsys.readouterr().out
    assert morgue("--archive", root, "history", "--clear") == 0
    assert "Forgotten." in capsys.readouterr().err
    assert (history.questions(), history.left()) == ((), None)
