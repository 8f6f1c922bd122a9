from __future__ import annotations

from pathlib import Path

import pytest

from tests.installation import run


@pytest.mark.wheel
def test_the_wheel_runs_from_a_folder_that_holds_folders_of_our_names(installed: Path, tmp_path: Path) -> None:
    here = tmp_path / "work"
    for name in ("archive", "index", "tui"):
        (here / name).mkdir(parents=True)
        (here / name / "data.txt").write_text("Not a package.\n", "utf-8")
    articles = here / "articles"
    articles.mkdir()
    (articles / "mill.txt").write_text("Paper mill reopens\n\nThe paper mill reopened after two years.\n", "utf-8")
    morgue = installed / "morgue"
    run(morgue, "--archive", here / "my-archive", "add", articles, cwd=here)
    assert "paper mill reopened" in run(morgue, "--archive", here / "my-archive", "search", "paper mill", cwd=here)
    files = run(installed / "python", "-c", "import archive, index, tui; print(archive.__file__)", cwd=tmp_path)
    assert "site-packages" in files
    listed = run(installed / "python", "-m", "pip", "show", "-f", "morgue", cwd=tmp_path)
    for needed in (
        "archive/py.typed",
        "index/py.typed",
        "tui/py.typed",
        "index/ranking/background.txt",
        "tui/app/app.tcss",
        "tui/schemas/search.json",
    ):
        assert needed in listed
