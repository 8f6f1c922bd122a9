"""The archives whose screens are looked at."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.widgets import Input

from archive import Archive
from tests.tui.looks import gazette
from tests.tui.looks.gazette import NAME


@pytest.fixture(scope="module")
def newsstand(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder of three archives: one as it was made, one in which things are kept, one without articles."""
    folder = tmp_path_factory.mktemp("newsstand")
    root = gazette.gazette(folder)
    (folder / "kept").mkdir()
    shutil.copytree(root, folder / "kept" / NAME)
    Archive.create(folder / "new-archive").close()
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("MORGUE_STATE", str(folder / "state"))
        patched.delenv("MORGUE_HISTORY")
        gazette.keep(folder / "kept" / NAME)
        gazette.ask_before(root)
        yield folder


@pytest.fixture
def here(newsstand: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Be in the folder of archives, with a history of the test's own, at noon, with cursors that do not blink."""
    shutil.copytree(newsstand / "state", tmp_path / "state")
    monkeypatch.setenv("MORGUE_STATE", str(tmp_path / "state"))
    monkeypatch.chdir(newsstand)
    monkeypatch.setattr(Input, "_toggle_cursor", lambda _: None)
    with gazette.standing_still():
        yield newsstand
