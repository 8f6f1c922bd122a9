"""The folders of users."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.folder.discovery import VARIABLE, find


def test_the_folder_of_a_user_that_there_is_not_is_a_name_like_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert find(Path("~nobody-here/news")) == tmp_path / "~nobody-here" / "news"
    monkeypatch.setenv(VARIABLE, "~nobody-here/news")
    assert find() == tmp_path / "~nobody-here" / "news"
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert find(Path("~/news")) == tmp_path / "home" / "news"
