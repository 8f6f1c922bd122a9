"""Telling what is installed, missing or odd: each thing is looked at by itself, so that none hides another."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from index.installation import machine
from index.installation.finding import Finding, State, guarded
from index.installation.versions import packages

if TYPE_CHECKING:
    from archive import Archive
    from archive.folder.settings import Settings
    from index.embedding.model import Model


def diagnose(named: Path | None = None) -> Iterator[Finding]:
    """Look at everything that Morgue needs, one thing after the other.

    The network is not touched, and nothing but notes of hashes in the cache is written that stays. Takes some ten
    seconds, since every package is imported, in a process of its own.

    Args:
        named: the archive to open as well; None is the one that a command would take, if there is any.
    """
    probes: tuple[tuple[str, str, Callable[[], Iterable[Finding]]], ...] = (
        ("python", "Python", machine.python),
        ("package", "packages", packages),
        ("model", "model", model),
        ("folder", "cache", machine.cache),
        ("folder", "state", machine.state),
        ("folder", "temporary files", machine.temporary),
        ("sqlite", "SQLite", machine.sqlite),
        ("terminal", "terminal", machine.terminal),
        ("archive", "archive", lambda: archive(named)),
    )
    for topic, name, probe in probes:
        yield from guarded(topic, name, probe)


def model(settings: Settings | None = None) -> Iterator[Finding]:
    """Tell of the model that settings name, by default the bundled one, and of the encoder made of it."""
    from index.embedding.model import locate

    found = locate(settings)
    yield Finding("model", found.name, State.OK, f"{found.path}, {found.dimension} numbers a vector")
    yield from guarded("model", "encoder", lambda: _encoder(found))


def _encoder(made_of: Model) -> Iterator[Finding]:
    from index.embedding.onnx import encoder_folder, exported

    folder = encoder_folder(made_of)
    if exported(made_of) is not None:
        yield Finding("model", "encoder", State.OK, f"{folder}, exported for quick questions")
    elif folder.exists():
        yield Finding("model", "encoder", State.ODD, f"{folder} is damaged; the next question makes it anew")
    else:
        yield Finding("model", "encoder", State.OK, f"{folder} (not made yet; the first question makes it, once)")


def archive(named: Path | None = None) -> Iterator[Finding]:
    """Tell whether an archive opens, with its index, and of its own model; None is the one a command would take."""
    from archive import Archive, find
    from archive.folder.discovery import VARIABLE, is_archive

    root = find(named)
    if not is_archive(root):
        meant = named is not None or VARIABLE in os.environ
        yield Finding("archive", "archive", State.MISSING if meant else State.OK, f"There is none at {root}.")
        return
    with Archive.open(root) as opened:
        with opened.snapshot() as snapshot:
            yield Finding("archive", "archive", State.OK, f"{root} opens; articles: {snapshot.articles}")
        yield from machine.folder("archive's folder", root, readable_is_enough=True)
        yield from guarded("archive", "index", lambda: _index(opened))
        if opened.settings.model:
            yield from guarded("model", opened.settings.model, lambda: model(opened.settings))


def _index(opened: Archive) -> Iterator[Finding]:
    from archive.core.errors import Action, NoIndex, Remedy
    from index.generations.checksums import memory_of
    from index.generations.generation import open_current

    try:
        generation = open_current(opened.layout)
    except NoIndex as error:
        yield Finding("archive", "index", State.OK, error.message)
        return
    with generation:
        generation.check(memory_of(opened.id, generation.number))
    state = State.ODD if generation.notes or generation.bad else State.OK
    yield Finding("archive", "index", state, f"Generation {generation.number} opens.")
    for note in generation.notes:
        yield Finding("archive", "index", State.ODD, note.message, note.remedy)
    for wrong in generation.bad.values():
        yield Finding("archive", "index", State.ODD, f"{wrong}.", Remedy(Action.REBUILD))
