"""A disk that fills up in the middle of work: nothing is lost, and the work goes on once there is room."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.embedding.model import Model
from tests.faults.work import FAILED, command, environment, outlived, prepared
from tests.index.world import World

pytestmark = pytest.mark.usefixtures("background")
ARTICLES = 60
SHARES = (0.02, 0.3, 0.6, 0.9)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system in memory of 24 MB; skips where none may be mounted."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(folder)]
    if os.geteuid() or subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("needs the right to mount")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def used(folder: Path) -> int:
    status = os.statvfs(folder)
    return (status.f_blocks - status.f_bfree) * status.f_frsize


def fill(folder: Path, room: int) -> Path:
    """Leave only some bytes of room; return the file that takes the rest."""
    ballast = folder / "ballast"
    status = os.statvfs(folder)
    with ballast.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, status.f_bfree * status.f_frsize - room)
    return ballast


def worked(world: World, kind: str) -> tuple[int, str]:
    done = subprocess.run(command(world, kind), env=environment(), capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("kind", ["add", "change", "rebuild"])
def test_a_full_disk_loses_nothing(tmp_path: Path, small_disk: Path, model: Model, kind: str) -> None:
    before = used(small_disk)
    trial = prepared(small_disk / "trial", model, kind, ARTICLES)
    begun = used(small_disk)
    assert worked(trial, kind)[0] == 0
    need = used(small_disk) - begun
    subprocess.run(["rm", "-r", str(small_disk / "trial")], check=True)
    assert used(small_disk) <= before + 2**16
    failed = 0
    for share in SHARES:
        world = prepared(small_disk / f"at-{share}", model, kind, ARTICLES)
        ballast = fill(small_disk, int(share * need))
        code, said = worked(world, kind)
        assert code in (0, FAILED), f"{kind} with {share:.0%} of the room ended with {code}: {said[-2000:]}"
        failed += code == FAILED
        ballast.unlink()
        outlived(world, kind, ARTICLES)
        subprocess.run(["rm", "-r", str(small_disk / f"at-{share}")], check=True)
    assert failed >= 2
