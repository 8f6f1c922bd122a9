from __future__ import annotations

import subprocess
import sys
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def run(*arguments: object, cwd: Path) -> str:
    done = subprocess.run([str(one) for one in arguments], capture_output=True, text=True, cwd=cwd, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.wheel
def test_the_wheel_runs_from_a_folder_that_holds_folders_of_our_names(tmp_path: Path) -> None:
    run(sys.executable, "-m", "build", "--wheel", "--outdir", tmp_path / "dist", ROOT, cwd=tmp_path)
    (wheel,) = (tmp_path / "dist").glob("morgue-*.whl")
    venv.create(tmp_path / "env", with_pip=True)
    pip = (tmp_path / "env" / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    constraints = ROOT / "constraints.txt"
    (torch,) = (line for line in constraints.read_text("utf-8").splitlines() if line.startswith("torch=="))
    run(*pip, torch, cwd=tmp_path)
    run(*pip, "--constraint", constraints, wheel, cwd=tmp_path)

    here = tmp_path / "work"
    for name in ("archive", "index", "tui"):
        (here / name).mkdir(parents=True)
        (here / name / "data.txt").write_text("Not a package.\n", "utf-8")
    articles = here / "articles"
    articles.mkdir()
    (articles / "mill.txt").write_text("Paper mill reopens\n\nThe paper mill reopened after two years.\n", "utf-8")
    morgue = tmp_path / "env" / "bin" / "morgue"
    run(morgue, "--archive", here / "my-archive", "add", articles, cwd=here)
    assert "paper mill reopened" in run(morgue, "--archive", here / "my-archive", "search", "paper mill", cwd=here)
    files = run(
        tmp_path / "env" / "bin" / "python", "-c", "import archive, index, tui; print(archive.__file__)", cwd=tmp_path
    )
    assert "site-packages" in files
    listed = run(tmp_path / "env" / "bin" / "python", "-m", "pip", "show", "-f", "morgue", cwd=tmp_path)
    for needed in (
        "archive/py.typed",
        "index/py.typed",
        "tui/py.typed",
        "index/ranking/background.txt",
        "tui/app/app.tcss",
        "tui/schemas/search.json",
    ):
        assert needed in listed
