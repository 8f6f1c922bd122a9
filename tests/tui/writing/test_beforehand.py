"""What is known before anything is written: what lies at a path, how a path goes on, what is in the way."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive import Archive
from archive.core.errors import UsageError
from tests.archives import empty_archive
from tui.writing.folders import Offer, archive_beside, completed, meant
from tui.writing.obstacles import obstacle
from tui.writing.survey import Survey, survey


def never() -> bool:
    return False


def seen(path: Path, archive: Path) -> Survey:
    *_, last = survey(path, archive, never)
    return last


def test_files_are_counted_by_kind_and_what_is_left_out_by_why(tmp_path: Path) -> None:
    news = tmp_path / "news"
    (news / "inner").mkdir(parents=True)
    for number in range(4):
        (news / f"{number}.txt").write_text("x" * 100)
    (news / "inner" / "a.jsonl").write_text("{}\n" * 10)
    (news / "page.HTML").write_text("<html>")
    (news / "b.pdf").write_bytes(b"%PDF")
    (news / "Makefile").write_text("")
    (news / ".hidden.txt").write_text("x")
    (news / "link.txt").symlink_to(news / "0.txt")
    empty_archive(news / "inner" / "other")
    found = seen(news, tmp_path / "archive")
    assert [(kind.name, kind.files, kind.size, kind.first) for kind in found.read] == [
        ("text", 4, 400, ("0.txt", "1.txt", "2.txt")),
        ("html", 1, 6, ("page.HTML",)),
        ("jsonl", 1, 30, ("a.jsonl",)),
    ]
    left = {kind.name: kind.first for kind in found.left}
    assert left["*.pdf"] == ("b.pdf",)
    assert left["no suffix"] == ("Makefile",)
    assert ("link.txt",) in left.values()
    assert ("other",) in left.values()
    assert (found.files, found.looked_at, found.whole) == (6, 10, True)


def test_what_is_counted_is_what_an_add_looks_at(tmp_path: Path) -> None:
    news = tmp_path / "news"
    news.mkdir()
    for number in range(7):
        (news / f"{number}.txt").write_text(f"Report\n\nThe council of town {number} met.\n")
    (news / "b.pdf").write_bytes(b"%PDF")
    found, files = seen(news, tmp_path / "archive"), list[int]()
    with Archive.open(empty_archive(tmp_path / "archive")) as archive:
        from index import passage_rule

        rule = passage_rule(archive.settings)
        archive.add([news], rule, lambda step: files.append(step.looked.files if step.looked is not None else -1))
    assert files[-1] == found.looked_at == 8


def test_the_kinds_that_are_left_out_are_bounded(tmp_path: Path) -> None:
    for number in range(40):
        (tmp_path / f"a.x{number}").write_text("")
    found = seen(tmp_path, tmp_path.parent / "archive")
    assert len(found.left) == 13
    assert sum(kind.files for kind in found.left) == 40


def test_a_path_that_cannot_be_added_is_told(tmp_path: Path) -> None:
    root = empty_archive(tmp_path / "archive")
    for path, words in ((tmp_path / "no", "There is no file or folder"), (root, "lies inside"), (tmp_path, "contains")):
        with pytest.raises(UsageError, match=words):
            seen(path, root)


def test_looking_ends_when_nobody_wants_to_know(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x")
    assert list(survey(tmp_path, tmp_path.parent / "archive", lambda: True)) == []


def test_a_path_is_completed_as_far_as_there_is_one_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("news", "newspapers", "old", ".hidden"):
        (tmp_path / name).mkdir()
    (tmp_path / "news.txt").write_text("")
    empty_archive(tmp_path / "old" / "morgue")
    text = f"{tmp_path}/"
    assert [offer.name for offer in completed(text).offers] == ["news/", "newspapers/", "old/"]
    assert completed(f"{text}n").text == f"{text}news"
    assert completed(f"{text}o").text == f"{text}old/"
    assert completed(f"{text}old/").offers == (Offer("morgue/", archive=True),)
    assert completed(f"{text}.h").text == f"{text}.hidden/"
    assert completed(f"{text}zz").text == f"{text}zz"
    assert [offer.name for offer in completed(f"{text}news", files=True).offers] == ["news.txt", "news/", "newspapers/"]
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    assert completed("~").text == "~/"
    assert completed("~/ol").text == "~/old/"
    assert completed("ol").text == "old/"
    assert completed("~nobody-of-this-name/x").offers == ()


def test_the_first_other_archive_in_the_same_folder_is_found(tmp_path: Path) -> None:
    roots = [empty_archive(tmp_path / name) for name in ("Beta", "alpha", "gamma")]
    (tmp_path / "a folder").mkdir()
    assert [archive_beside(root) for root in roots] == [tmp_path / "alpha", tmp_path / "Beta", tmp_path / "alpha"]
    alone = empty_archive(tmp_path / "a folder" / "alone")
    assert archive_beside(alone) is None
    assert archive_beside(tmp_path / "absent" / "one") is None


def test_a_path_is_meant_with_its_home_and_as_terminals_paste_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "my news").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    for typed in ("~/my news", "my news/", "'my news'", '"~/my news"', f"{tmp_path}/my\\ news ", "./my news"):
        assert meant(typed) == tmp_path / "my news", typed
    assert meant("not 'there") == tmp_path / "not 'there"


@given(st.text(max_size=30))
def test_whatever_is_typed_is_a_path_and_has_ways_on_or_none(typed: str) -> None:
    if "\0" in typed:
        return
    assert meant(typed).is_absolute()
    found = completed(typed)
    assert found.text.startswith(typed.lstrip()) or found.offers == ()


def test_what_is_in_the_way_of_writing_is_told_beforehand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = empty_archive(tmp_path / "archive")
    assert obstacle(root) is None
    assert obstacle(tmp_path / "new" / "one") is None
    (tmp_path / "file").write_text("")
    in_file = obstacle(tmp_path / "file")
    assert in_file is not None
    assert not in_file.passes
    with Archive.open(root) as archive, archive.writing():
        busy = obstacle(root)
    assert busy is not None
    assert busy.passes
    assert str(os.getpid()) in busy.words
    allowed: Any = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK and allowed(path, mode))
    locked = obstacle(root)
    assert locked is not None
    assert "may only be read" in locked.words
    assert not locked.passes
