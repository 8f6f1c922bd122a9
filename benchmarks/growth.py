"""What archives of several sizes cost, beside a plain script, txtai and LanceDB on the same passages and vectors.

Above 100,000 passages, exact scoring of every vector with words by tantivy takes the place of the script and of txtai.

Usage: python benchmarks/growth.py BASE FOLDER PYTHON SIZE...

BASE is an archive of real news that ``enlarged.py`` makes larger; FOLDER keeps the archives, so that a size that was
made is used again. PYTHON is an interpreter that has txtai and lancedb beside this project's packages ("" leaves both
out). Prints a table for each size and adds a line of JSON to FOLDER/growth.jsonl.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from enlarged import EXCHANGED, Exchange, enlarge, noised
from measure import QUESTIONS, arguments, middle, process, show

from archive import Archive
from index import Searcher
from index.contracts.engines import Floats, Ordinals
from index.generations.columns import open_columns
from index.generations.generation import COLUMNS, open_current
from index.generations.open import open_parts

HERE = Path(__file__).parent
ADDED = 100
SMALL = 100_000
_ROUNDS = 3


@dataclass(frozen=True, slots=True)
class System:
    """A script in ``peers/`` and the interpreter that runs it."""

    name: str
    script: str
    python: str

    def command(self, action: str, data: Path, work: Path) -> list[str]:
        """Return the command line of one of its processes."""
        return [self.python, str(HERE / "peers" / self.script), action, str(data), str(work)]


def export(root: Path, data: Path) -> None:
    """Write what the systems are given of an archive."""
    (data / "extra").mkdir(parents=True)
    with Archive.open(root) as archive, open_current(archive.layout) as generation:
        columns, parts = open_columns(generation.folder / COLUMNS), open_parts(archive.layout, generation)
        assert parts.vectors is not None
        alive = np.flatnonzero(columns.live_passages)
        of = columns.article_of[alive].tolist()
        places = [
            (columns.article_id(one), columns.version(one), int(columns.starts[at]), int(columns.ends[at]))
            for at, one in zip(alive.tolist(), of, strict=True)
        ]
        texts = [text or "" for text in archive.passage_texts(places)]
        days = np.array([int((columns.texts["published"][one] or "0001-01-01")[:10].replace("-", "")) for one in of])
        vectors = parts.vectors.vectors(alive)
        parts.close()
    _write(data, texts, vectors, days)
    rng, exchange = np.random.default_rng(5), Exchange(texts)
    chosen = rng.choice(len(texts), ADDED, replace=False)
    added = [f"{exchange(texts[at], rng)} {EXCHANGED}" for at in chosen]
    _write(data / "extra", added, noised(vectors[chosen], (5,)), days[chosen])
    with Searcher.open(root) as searcher:
        np.save(data / "questions.npy", np.array([searcher.encode(question) for question in QUESTIONS]))
    (data / "questions.json").write_text(json.dumps(QUESTIONS), "utf-8")


def _write(data: Path, texts: list[str], vectors: Floats, days: Ordinals) -> None:
    (data / "texts.json").write_text(json.dumps(texts), "utf-8")
    np.save(data / "vectors.npy", vectors)
    np.save(data / "days.npy", days)


def measured(system: System, data: Path, work: Path) -> dict[str, Any]:
    """Run one system through everything."""
    built = _run(system, "build", data, work)
    asked = _run(system, "ask", data, work)
    first = system.command("first", data, work)
    if system.script == "morgue.py":
        first = [system.python, "-m", "tui", "--archive", str(work), "search", QUESTIONS[0]]
    process(first)
    cold = middle([process(first).seconds for _ in range(_ROUNDS)])
    figures = {
        "build_s": built["seconds"],
        "disk_mb": _size(work),
        "cold_s": cold,
        "p50_ms": asked["all"]["p50"],
        "p95_ms": asked["all"]["p95"],
        "filtered_ms": asked["filtered"]["p50"],
        "resident_mb": asked["peak_mb"],
        "own_mb": asked["own_mb"],
    }
    if system.script == "morgue.py":
        lexical = [*first, "--mode", "lexical"]
        figures["cold_lexical_s"] = middle([process(lexical).seconds for _ in range(_ROUNDS)])
    return {**figures, "add_s": _run(system, "add", data, work)["seconds"]}


def _run(system: System, action: str, data: Path, work: Path) -> dict[str, Any]:
    done = subprocess.run(system.command(action, data, work), capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{system.name} {action} exited {done.returncode}: {done.stderr[-2000:]}")
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _size(folder: Path) -> float:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


def main(base: Path, folder: Path, python: str, sizes: list[int]) -> None:
    """Measure every system at every size, one after the other."""
    for size in sizes:
        systems = _systems(size, python)
        root, data = folder / f"{size}" / "archive", folder / f"{size}" / "data"
        if not root.exists():
            enlarge(base, root, size)
        if not data.exists():
            export(root, data)
        found = {}
        for system in systems:
            work = folder / f"{size}" / system.script.removesuffix(".py")
            shutil.rmtree(work, ignore_errors=True)
            if system.script == "morgue.py":
                shutil.copytree(root, work / "archive")
                work = work / "archive"
            else:
                work.mkdir()
            found[system.name] = measured(system, data, work)
            shutil.rmtree(folder / f"{size}" / system.script.removesuffix(".py"))
        load = os.getloadavg()[0]
        with (folder / "growth.jsonl").open("a", encoding="utf-8") as lines:
            lines.write(json.dumps({"passages": size, "load": load, "systems": found}) + "\n")
        _print(size, load, found)


def _systems(size: int, python: str) -> list[System]:
    plain = [System("script", "plain.py", sys.executable), *([System("txtai", "txt.py", python)] if python else [])]
    exact = [System("exact", "exact.py", sys.executable)]
    lance = [System("LanceDB", "lance.py", python)] if python else []
    return [System("Morgue", "morgue.py", sys.executable), *(plain if size <= SMALL else exact), *lance]


def _print(size: int, load: float, found: dict[str, dict[str, Any]]) -> None:
    names = [name for name in found["Morgue"] if all(name in each for each in found.values())]
    rows = [(system, *(f"{each[name]:,.2f}" for name in names)) for system, each in found.items()]
    mine = found["Morgue"]
    rows += [
        (f"Morgue / {system}", *(f"{mine[name] / each[name]:.3f}" for name in names))
        for system, each in found.items()
        if system != "Morgue"
    ]
    show(f"{size:,} passages; load {load:.1f}", ("", *names), rows)
    print(f"Morgue, a new process, words alone: {mine['cold_lexical_s']:.3f} s", flush=True)


if __name__ == "__main__":
    base, folder, python, *sizes = arguments(4)
    main(Path(base), Path(folder), python, [int(size) for size in sizes])
