"""The README's tour prints what the README says, line by line, for whoever has installed Morgue."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
HOME = "/home/you"  # stands in the README for the folder in which the tour runs
NEXT = "--- the next command ---"
SLOW = "Chroma is not asked"  # told where a busy machine measured it as slow


@dataclass(frozen=True, slots=True)
class Step:
    """A line to type, and what the README prints below it."""

    command: str
    printed: str


def steps(page: str) -> list[Step]:
    """Return the steps of the block of the README in which articles are added by ``morgue`` itself."""
    blocks = re.findall(r"^```console\n(.*?)^```", page, re.DOTALL | re.MULTILINE)
    (tour,) = (block for block in blocks if "\n$ morgue add" in block)
    parts = re.split(r"^\$ ", tour, flags=re.MULTILINE)
    assert not parts[0]
    return [Step(command, printed.strip("\n")) for command, _, printed in (part.partition("\n") for part in parts[1:])]


def outputs(commands: list[str], folder: Path, programs: Path) -> list[str]:
    """Type the commands one after the other into a shell that has only the given programs and the system's."""
    script = f"\necho '{NEXT}'\n".join(commands)
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("MORGUE_", "PYTHON", "XDG_"))},
        "HOME": str(folder.parent),
        "PATH": f"{programs}{os.pathsep}/usr/bin{os.pathsep}/bin",
    }
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return [part.strip("\n") for part in done.stdout.split(f"{NEXT}\n")]


def test_the_tour_has_steps_that_print_something() -> None:
    tour = steps((ROOT / "README.md").read_text("utf-8"))
    assert len([step for step in tour if step.printed and step.command.startswith("morgue ")]) >= 5


@pytest.mark.wheel
def test_the_tour_prints_what_the_readme_says(installed: Path, tmp_path: Path) -> None:
    checkout = tmp_path / "morgue"
    checkout.mkdir()
    shutil.copytree(ROOT / "seeds", checkout / "seeds")
    tour = steps((ROOT / "README.md").read_text("utf-8"))
    printed = outputs([step.command for step in tour], checkout, installed)
    assert len(printed) == len(tour)
    for step, given in zip(tour, printed, strict=True):
        lines = given.replace(str(tmp_path), HOME).splitlines()
        assert [line for line in lines if SLOW not in line] == step.printed.splitlines(), step.command
