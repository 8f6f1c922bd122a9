"""Run the quick part of the suite in a new environment: of the lowest versions that are allowed, or of the newest.

``python tests/environments.py lowest``, or ``newest``; ``--help`` lists the rest. Takes some five minutes to install
and as long to test, and 2 GB while it lasts. torch is installed first, pinned: a looser one pulls gigabytes of GPU
packages. Where there is no build of torch for the processor alone, as for some versions of Python and some indexes of
packages, ``--without-torch`` puts an empty package in its place and leaves out the tests that need it; the encoder of
questions must then lie in the tests' cache, where a run with torch leaves it.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import mkdtemp
from zipfile import ZipFile

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ("mypy", "ruff", "types-")
"""Of the development tools, those that look at sources; what they say does not depend on what is installed."""
QUICK = (
    "tests/archive/readers",
    "tests/archive/text",
    "tests/archive/folder",
    "tests/index/analysis",
    "tests/index/ann",
    "tests/index/embedding",
    "tests/index/evaluation",
    "tests/index/installation",
    "tests/index/lexical",
    "tests/index/query",
    "tests/index/vectors",
    "tests/tui/app/test_keys.py",
    "tests/tui/cli/test_commands.py",
    "tests/tui/cli/test_export.py",
    "tests/test_layers.py",
    "tests/test_readme_tour.py",
)
"""What touches the packages: readers, engines, encoders, the terminal UI, the command, and a whole tour."""
NEED_TORCH = (
    "tests/index/embedding/test_encoders.py",
    "tests/index/embedding/test_export.py",
    "tests/index/embedding/test_fastest.py",
    "tests/index/embedding/test_other_models.py",
    "tests/index/embedding/test_tokenizer.py::test_tokens_are_counted_as_the_model_counts_them",
    "tests/index/installation/test_doctor.py::test_a_sound_installation_is_well",
    "tests/test_layers.py::test_a_reranker_loads_its_libraries_when_there_is_something_to_rerank",
)
"""Of those, what fails where torch is an empty package."""


def make(folder: Path, python: str, *, lowest: bool, with_torch: bool) -> Path:
    """Make the environment; return its interpreter."""
    run(python, "-m", "venv", folder)
    inside = folder / "bin" / "python"
    pip = (inside, "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    pins = ROOT / ("lowest.txt" if lowest else "constraints.txt")
    if not lowest:  # the lowest pip is the one that came with the interpreter; old ones read extras otherwise
        run(*pip, "--upgrade", "pip")
    torch = next(line for line in pins.read_text("utf-8").splitlines() if line.startswith("torch=="))
    run(*pip, torch if with_torch else empty_torch(folder, torch.partition("==")[2]))
    bounds = ("--only-binary", ":all:", "--constraint", pins) if lowest else ()
    run(*pip, *bounds, "--editable", f"{ROOT}[dev]")
    return inside


def empty_torch(folder: Path, version: str) -> Path:
    """Write a package that only claims to be torch, for what is to be installed beside it; return its wheel."""
    wheel, inner = folder / f"torch-{version}-py3-none-any.whl", f"torch-{version}.dist-info"
    with ZipFile(wheel, "w") as held:
        held.writestr(f"{inner}/METADATA", f"Metadata-Version: 2.1\nName: torch\nVersion: {version}\n")
        held.writestr(f"{inner}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        held.writestr(f"{inner}/RECORD", "".join(f"{inner}/{name},,\n" for name in ("METADATA", "WHEEL", "RECORD")))
    return wheel


def quick_part(inside: Path, *, with_torch: bool) -> int:
    """Run the tests; return pytest's exit code."""
    chosen = () if with_torch else tuple(f"--deselect={one}" for one in NEED_TORCH)
    options = ("-q", "-p", "no:cacheprovider", "--numprocesses", "logical", "--durations", "25")
    command = [inside, "-m", "pytest", *options, *chosen, *QUICK]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "HF_HUB_OFFLINE": "1", "CI": "1"}
    if with_torch:  # then these versions are to export the encoder
        environment["MORGUE_CACHE"] = str(inside.parent.parent / "cache")
    return subprocess.run([str(word) for word in command], cwd=ROOT, env=environment, check=False).returncode


def run(*command: object) -> None:
    """Run a program that must succeed."""
    subprocess.run([str(word) for word in command], check=True)


def main() -> int:
    """Make the environment, check it, test in it, and remove it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("kind", choices=("lowest", "newest"), help="which versions")
    parser.add_argument("--python", default=os.environ.get("PYTHON", sys.executable), help="the interpreter ($PYTHON)")
    parser.add_argument("--folder", type=Path, help="where to make it; then it is kept, and used again")
    parser.add_argument("--without-torch", action="store_true", help="an empty package in place of torch")
    options = parser.parse_args()
    folder = options.folder or Path(mkdtemp(prefix="morgue-environment-"))
    with_torch = not options.without_torch
    try:
        inside = folder.absolute() / "bin" / "python"
        mark, kind = folder.absolute() / "morgue-environment", f"{options.kind} {with_torch}"
        if not mark.is_file():
            make(folder.absolute(), options.python, lowest=options.kind == "lowest", with_torch=with_torch)
            mark.write_text(kind, "utf-8")  # last, so that what was made in part is made again
        elif mark.read_text("utf-8") != kind:
            parser.error(f"{folder} is an environment of another kind.")
        run(inside, "-m", "pip", "check")
        return quick_part(inside, with_torch=with_torch)
    finally:
        if options.folder is None:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
