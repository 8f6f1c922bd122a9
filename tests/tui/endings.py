"""The command with streams that end in every way, each time in a process of its own; with cheap encoders and trials.

python -m tests.tui.endings < CASES > CODES

CASES is a list in JSON of ``[ending, argument, ...]``, CODES a list of ``[exit code, bytes of stdout, all of stderr]``.
What a command loads is loaded once, before the processes are forked, and none of it has begun a thread by then; the
tokenizer is told to begin none.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from index.embedding.model import Model
from index.installation import versions
from tests.index.world import CheapEncoder
from tui.__main__ import main, run
from tui.cli.group import _COMMANDS
from tui.cli.resources import Encoders

PLAIN = "plain"
# both streams; what each of them becomes
ENDINGS = {
    PLAIN: ("file", "file"),
    "| true": ("gone", "file"),
    "2>&1 | true": ("gone", "gone"),
    "| head -1": ("head", "file"),
    "2>&1 | head -1": ("head", "head"),
    ">&-": ("closed", "file"),
    "2>&-": ("file", "closed"),
    ">&- 2>&-": ("closed", "closed"),
    ">/dev/full": ("full", "file"),
    "2>/dev/full": ("file", "full"),
    ">/dev/full 2>&1": ("full", "full"),
}


class CheapEncoders(Encoders):
    def __call__(self, model: Model) -> CheapEncoder:
        return CheapEncoder(model)


def none_broken(modules: Sequence[str]) -> dict[str, str]:
    """Import nothing; the tests of the doctor import every package."""
    del modules
    return {}


def outcome(ending: str, arguments: Sequence[str], folder: Path) -> tuple[int, int, str]:
    """Run the command in a child; return its exit code, how much it wrote to stdout, and its stderr, if files."""
    files = [folder / "stdout", folder / "stderr"]
    for file in files:
        file.write_bytes(b"")
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        for number, kind, file in zip((1, 2), ENDINGS[ending], files, strict=True):
            _become(number, kind, file, writing)
        os.close(writing)
        sys.stdout, sys.stderr = _opened(1, "w"), _opened(2, "w")
        sys.argv = ["morgue", *arguments]
        main()
    os.close(writing)
    if "head" in ENDINGS[ending]:
        while (letter := os.read(reading, 1)) not in (b"\n", b""):
            pass
        del letter
    os.close(reading)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status), files[0].stat().st_size, files[1].read_text("utf-8")


def _become(number: int, kind: str, file: Path, writing: int) -> None:
    if kind == "closed":
        os.close(number)
        return
    if kind == "gone":
        unread, target = os.pipe()
        os.close(unread)
    elif kind == "head":
        target = os.dup(writing)
    else:
        target = os.open("/dev/full" if kind == "full" else file, os.O_WRONLY)
    os.dup2(target, number)
    os.close(target)


def _opened(number: int, mode: str) -> io.TextIOWrapper | None:
    """Open a stream as the interpreter does at its beginning: none where there is no such file."""
    try:
        os.fstat(number)
    except OSError:
        return None
    raw = io.FileIO(number, mode, closefd=False)
    return io.TextIOWrapper(io.BufferedWriter(raw), "utf-8", "backslashreplace", line_buffering=number == 2)


def _load(root: str) -> None:
    """Load what commands load, by using some of them."""
    for name in _COMMANDS:
        import_module(f"tui.cli.commands.{name}")
    out, sys.stdout = sys.stdout, io.StringIO()
    for arguments in (["status"], ["verify"], ["search", "--mode", "lexical", "council"]):
        run(["--archive", root, *arguments])
    sys.stdout = out


if __name__ == "__main__":
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    versions.import_errors = none_broken  # type: ignore[attr-defined,assignment]
    Encoders.__call__ = CheapEncoders.__call__  # type: ignore[method-assign,assignment]
    cases = json.load(sys.stdin)
    _load(sys.argv[1])
    work = Path(tempfile.mkdtemp())  # no context: a child ends as the interpreter does, and would leave it too
    outcomes = [outcome(ending, arguments, work) for ending, *arguments in cases]
    shutil.rmtree(work)
    json.dump(outcomes, sys.stdout)
