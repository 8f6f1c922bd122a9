"""No folder and no module grows beyond what somebody reads at one sitting."""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CODE = ("archive", "index", "tui", "tests", "benchmarks", "docs")
MOST_MODULES, MOST_LINES = 14, 400
ONE_EACH = {"tui/cli/commands": "command", "archive/readers": "reader", "benchmarks": "benchmark"}
"""Folders of one module a command, a reader or a benchmark, which may hold as many as there are."""
FORKING = Path("archive/core/forking.py")
LOCKED = ("threading", "multiprocessing", "_thread")
LOCKS = {"Lock", "RLock", "Condition", "Semaphore", "BoundedSemaphore", "Barrier", "allocate_lock"}


def modules() -> list[Path]:
    found = [path.relative_to(ROOT) for folder in CODE for path in sorted((ROOT / folder).rglob("*.py"))]
    assert len(found) > 100
    return found


def test_no_folder_holds_more_modules_than_a_reader_takes_in() -> None:
    counts = Counter(path.parent.as_posix() for path in modules() if path.name != "__init__.py")
    assert {folder: count for folder, count in counts.items() if count > MOST_MODULES and folder not in ONE_EACH} == {}
    assert set(ONE_EACH) <= set(counts)


def test_no_module_is_longer_than_a_reader_takes_in() -> None:
    lines = {path.as_posix(): (ROOT / path).read_text("utf-8").count("\n") for path in modules()}
    assert {path: count for path, count in lines.items() if count > MOST_LINES} == {}


def test_every_lock_is_open_in_a_forked_process() -> None:
    """One of ``threading`` that another thread held when the process was forked is never given back there."""
    places = [path for path in modules() if path.parts[0] in ("archive", "index", "tui")]
    shut = {path.as_posix() for path in places if path != FORKING and _plain_locks((ROOT / path).read_text("utf-8"))}
    assert shut == set()
    assert _plain_locks((ROOT / FORKING).read_text("utf-8")) == {"Lock", "RLock", "Condition"}


def _plain_locks(code: str) -> set[str]:
    """Return which locks of ``threading`` or ``multiprocessing`` a module makes or imports."""
    names = set[str]()
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.ImportFrom) and node.module in LOCKED:
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in LOCKED:
            names.add(node.attr)
    return names & LOCKS
