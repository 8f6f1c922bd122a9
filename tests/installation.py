"""Morgue as a reader of the README installs it: from a wheel built of the checkout, in an environment of its own."""

from __future__ import annotations

import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def run(*arguments: object, cwd: Path) -> str:
    """Run a program that must succeed; return what it prints on stdout."""
    done = subprocess.run([str(one) for one in arguments], capture_output=True, text=True, cwd=cwd, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def install(folder: Path) -> Path:
    """Build the wheel and install it below a folder, torch first, as ``make`` does; return the folder of programs."""
    run(sys.executable, "-m", "build", "--wheel", "--outdir", folder / "dist", ROOT, cwd=folder)
    (wheel,) = (folder / "dist").glob("morgue-*.whl")
    venv.create(folder / "env", with_pip=True)
    programs = folder / "env" / "bin"
    pip = (programs / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    constraints = ROOT / "constraints.txt"
    (torch,) = (line for line in constraints.read_text("utf-8").splitlines() if line.startswith("torch=="))
    run(*pip, torch, cwd=folder)
    run(*pip, "--constraint", constraints, wheel, cwd=folder)
    return programs
