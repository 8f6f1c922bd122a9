"""SIGKILL at random moments while things are kept and a build runs beside: what was reported as kept is there."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from archive import Archive
from index import build
from index.embedding.model import Model
from tests.faults.work import forked
from tests.index.world import CheapEncoder, World

ARTICLES = 12
LONGEST = 0.4  # seconds until a kill; of that many, a child keeps some dozens of things


def keep(root: Path, said: Connection, turn: int) -> None:
    """Keep one thing after the other; tell of each when it is kept, and of each that is taken out."""
    with Archive.open(root) as archive:
        places = [(one.id, one.version) for one in archive.articles()]
        notebook, number = archive.notebook, 0
        while True:
            article, version = places[number % len(places)]
            note = f"note {turn}.{number}"
            clip = notebook.add_clip(article, version, 0, 8, question=note, note=note)
            said.send(("clip", note, clip.id))
            if number % 3 == 0:
                said.send(("removing", note, clip.id))
                notebook.remove_clips([clip.id])
                said.send(("removed", note, clip.id))
            saved = notebook.save(f"question {turn}.{number}", seen=number)
            said.send(("saved", saved.question, saved.id))
            notebook.judge(f"question {turn}.{number}", [article], number)
            said.send(("judged", f"question {turn}.{number}", str(number)))
            notebook.star(article)
            said.send(("star", article, ""))
            number += 1


def rebuild(root: Path) -> None:
    while True:
        with Archive.open(root) as archive:
            build(archive, rebuild=True, encoder=CheapEncoder)


def received(ours: Connection) -> list[tuple[str, str, str]]:
    told: list[tuple[str, str, str]] = []
    while True:
        try:
            if not ours.poll():
                return told
            told.append(ours.recv())
        except (EOFError, OSError):
            return told


def lost(root: Path, told: list[tuple[str, str, str]]) -> list[str]:
    """Return what was reported and is not so, in sentences."""
    with Archive.open(root) as archive:
        notebook = archive.notebook
        clips = {clip.id: clip.note for clip in notebook.clips()}
        held = {
            "clip": set(clips.items()),
            "saved": {(saved.id, saved.question) for saved in notebook.saved()},
            "judged": {(str(one.gain), one.question) for one in notebook.judgements()},
            "star": {("", star.article_id) for star in notebook.stars()},
        }
        removed, removing = (
            {identifier for kind, _, identifier in told if kind == how} for how in ("removed", "removing")
        )
        wrong = [f"removed clip {one} is there" for one in removed & clips.keys()]
        wrong += [
            f"{kind} {name} is lost"
            for kind, name, identifier in told
            if kind in held and identifier not in removing and (identifier, name) not in held[kind]
        ]
        return [*wrong, *archive.check()]


def kept_through(world: World, kills: int, seed: int) -> tuple[int, list[str]]:
    """Kill whoever keeps things, again and again; return how many things were reported, and what was lost."""
    rng = random.Random(seed)
    told: list[tuple[str, str, str]] = []
    wrong: list[str] = []
    builder = forked(rebuild, world.root)
    try:
        for turn in range(kills):
            ours, theirs = multiprocessing.Pipe(duplex=False)
            child = forked(keep, world.root, theirs, turn)
            theirs.close()
            ours.poll(30)  # it has begun
            child.join(rng.uniform(0, LONGEST))
            assert child.pid is not None
            os.kill(child.pid, signal.SIGKILL)
            child.join()
            told += received(ours)
            wrong += lost(world.root, told)
            if not builder.is_alive():
                wrong.append(f"the build ended with {builder.exitcode}")
                break
    finally:
        builder.kill()
        builder.join()
    return len(told), wrong


@pytest.mark.usefixtures("background")
@pytest.mark.parametrize("kills", [12, pytest.param(200, marks=pytest.mark.slow)])
def test_nothing_is_lost_that_was_reported_as_kept(tmp_path: Path, model: Model, kills: int) -> None:
    world = World(tmp_path, model)
    world.put_many(ARTICLES)
    world.add()
    world.build()
    told, wrong = kept_through(world, kills, seed=16)
    assert wrong == []
    assert told > kills
    world.build()
