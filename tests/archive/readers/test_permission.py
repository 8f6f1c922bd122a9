"""What may not be read, seen by a process that is not root: root may read everything."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from archive.core.article import Draft, Refusal
from archive.ingest.walk import files
from archive.readers import Limits, read

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork, to give up root's rights in a child")
NOBODY = 65534


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that anybody may enter; pytest's own are closed to others."""
    root = Path(tempfile.mkdtemp())
    root.chmod(0o755)
    yield root
    for path in root.iterdir():
        path.chmod(0o700)
    shutil.rmtree(root)


def as_nobody(work: Callable[[], list[str]]) -> list[str]:
    """Run ``work`` in a child process without root's rights and give back its lines."""
    reading, writing = os.pipe()
    if child := os.fork():
        os.close(writing)
        with os.fdopen(reading) as pipe:
            lines = pipe.read().splitlines()
        assert os.waitpid(child, 0)[1] == 0
        return lines
    try:
        if os.geteuid() == 0:
            os.setgroups([])
            os.setgid(NOBODY)
            os.setuid(NOBODY)
        os.write(writing, "\n".join(work()).encode())
        os._exit(0)
    finally:
        os._exit(1)


def told(item: Path | Draft | Refusal) -> str:
    if isinstance(item, Refusal):
        return f"{Path(item.path).name} {item.code}: {item.reason}"
    return item.name if isinstance(item, Path) else item.title


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.jsonl", "a.html"])
def test_a_file_without_permission_is_a_refusal(folder: Path, name: str) -> None:
    (folder / name).write_text("text")
    (folder / name).chmod(0)
    lines = as_nobody(lambda: [told(item) for item in read(folder / name, Limits())])
    assert lines == [f"{name} unreadable: You are not allowed to read it."]


def test_a_folder_without_permission_is_a_refusal_and_the_rest_is_found(folder: Path) -> None:
    for name in ("open/a.txt", "shut/b.txt"):
        (folder / name).parent.mkdir()
        (folder / name).write_text("text")
    (folder / "z.txt").write_text("text")
    (folder / "shut").chmod(0)
    lines = as_nobody(lambda: [told(item) for item in files(folder)])
    assert lines == ["a.txt", "shut unreadable: It cannot be read: Permission denied.", "z.txt"]
