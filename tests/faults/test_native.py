"""Faults below Python: system calls of SQLite, tantivy, Chroma and NumPy fail while a process of ours works."""

from __future__ import annotations

import random
import re
import shutil
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from index.embedding.model import Model
from tests.faults.work import FAILED, WORK, command, environment, outlived, prepared
from tests.index.world import World

CALLS = ("pwrite64", "write", "fsync", "fdatasync", "ftruncate", "rename", "mkdir", "link", "unlink")
SHARE = 7


def strace(world: World, kind: str, inject: str = "") -> tuple[int, str]:
    """Do a piece of work under strace; return its exit status and the trace of the calls that are failed."""
    trace = world.folder.parent / "trace"
    options = ["-e", f"inject={inject}"] if inject else []
    begin = ["strace", "-f", "-qq", "-o", str(trace), "-e", f"trace={','.join(CALLS)}", *options]
    done = subprocess.run([*begin, *command(world, kind)], env=environment(), capture_output=True, text=True)
    return done.returncode, trace.read_text("utf-8", "replace") + done.stderr


@pytest.fixture(scope="module")
def traced(tmp_path_factory: pytest.TempPathFactory, model: Model, background: None) -> dict[str, Counter[str]]:
    """How often a thread of each piece of work makes each call; skips where processes cannot be traced."""
    if shutil.which("strace") is None or subprocess.run(["strace", "true"], capture_output=True).returncode:
        pytest.skip("needs strace and the right to trace")
    return {kind: calls(strace(world(tmp_path_factory.mktemp(kind) / "w", model, kind), kind)) for kind in WORK}


def world(folder: Path, model: Model, kind: str) -> World:
    """Return an archive that also keeps a Chroma index."""
    made = prepared(folder, model, kind)
    made.set('vectors = "exact"', 'vectors = "chroma"')
    return made


def calls(ended: tuple[int, str]) -> Counter[str]:
    code, trace = ended
    assert code == 0, trace[-2000:]
    by_thread = Counter(re.findall(r"^(\d+) +(\w+)\(", trace, re.MULTILINE))
    most: Counter[str] = Counter()
    for (_, call), count in by_thread.items():  # strace counts for each thread
        most[call] = max(most[call], count)
    return most


def fail_calls(traced: dict[str, Counter[str]], folder: Path, model: Model, count: int, seed: int) -> None:
    """Fail one call after the other, each in an archive of its own."""
    rng, met = random.Random(seed), 0
    for turn in range(count):
        kind, call, error = rng.choice(list(WORK)), CALLS[turn % len(CALLS)], rng.choice(("EIO", "ENOSPC"))
        if not traced[kind][call]:
            continue
        at = rng.randint(1, traced[kind][call])
        made = world(folder / str(turn), model, kind)
        code, trace = strace(made, kind, f"{call}:error={error}:when={at}+")
        told = f"{kind}: {error} from call {at} of {call} on"
        met += "(INJECTED)" in trace
        assert code in (0, FAILED), f"{told} ended with {code}: {trace[-2000:]}"
        made.set('vectors = "chroma"', 'vectors = "exact"')
        outlived(made, kind)
        shutil.rmtree(folder / str(turn))
    assert met > count // 3


def test_failing_system_calls_lose_nothing(traced: dict[str, Counter[str]], tmp_path: Path, model: Model) -> None:
    fail_calls(traced, tmp_path, model, SHARE, seed=5)


@pytest.mark.slow
def test_many_failing_system_calls_lose_nothing(traced: dict[str, Counter[str]], tmp_path: Path, model: Model) -> None:
    fail_calls(traced, tmp_path, model, 150, seed=6)
