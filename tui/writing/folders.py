"""Paths as a person types them: what is meant, and which folders go on from there."""

from __future__ import annotations

import os
import shlex
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import Final

from archive.folder.discovery import is_archive

_MOST: Final = 200  # entries that are offered; chosen: nobody reads more
_LOOKED_AT: Final = 20_000  # entries of a folder that are looked at; chosen, not measured


@dataclass(frozen=True, slots=True)
class Offer:
    """A way to go on.

    Attributes:
        name: of a folder or file, with a ``/`` behind a folder's.
        archive: it is an archive.
    """

    name: str
    archive: bool = False


@dataclass(frozen=True, slots=True)
class Completion:
    """How what was typed may go on.

    Attributes:
        text: as far as there is one way only.
        offers: the ways from there, in order.
    """

    text: str
    offers: tuple[Offer, ...]


def meant(text: str) -> Path:
    """Return the absolute path that is meant, with ``~`` or as terminals paste it, quoted or with backslashes."""
    path = _expanded(text.strip())
    if not os.path.lexists(path):
        try:
            words = shlex.split(text)
        except ValueError:
            words = []
        if len(words) == 1 and os.path.lexists(_expanded(words[0])):
            path = _expanded(words[0])
    return Path(os.path.abspath(path))  # noqa: PTH100  (Path.absolute keeps "..")


def completed(text: str, *, files: bool = False) -> Completion:
    """Return how a path may go on; hidden names are offered to whoever typed their dot.

    Args:
        text: as typed.
        files: offer files, too.
    """
    text = text.lstrip()
    if text.startswith("~") and "/" not in text:
        return Completion(f"{text}/" if _expanded(text).is_dir() else text, ())
    stem, slash, begun = text.rpartition("/")
    offers = _offers(_expanded(f"{stem}{slash}"), begun, files=files)
    if not offers:
        return Completion(text, ())
    names = [offer.name for offer in offers]
    least, most = min(names), max(names)  # what these two share, all between them share
    same = takewhile(lambda pair: pair[0] == pair[1], zip(least, most, strict=False))
    return Completion(f"{stem}{slash}{''.join(letter for letter, _ in same)}", offers)


def archive_beside(root: Path) -> Path | None:
    """Return the first other archive in the folder of an archive, None where there is none."""
    offers = _offers(root.parent, "", files=False)
    beside = (root.parent / offer.name for offer in offers if offer.archive)
    return next((path for path in beside if path != root), None)


def _offers(folder: Path, begun: str, *, files: bool) -> tuple[Offer, ...]:
    found: list[Offer] = []
    try:
        with os.scandir(folder) as entries:
            for _, entry in zip(range(_LOOKED_AT), entries, strict=False):
                is_named = entry.name.startswith(begun) and (begun.startswith(".") or not entry.name.startswith("."))
                if is_named and (entry.is_dir() or files):
                    found.append(Offer(f"{entry.name}{'/' if entry.is_dir() else ''}"))
    except (OSError, ValueError):  # a name that no file has
        return ()
    first = sorted(found, key=lambda offer: offer.name.casefold())[:_MOST]
    return tuple(Offer(offer.name, is_archive(folder / offer.name)) for offer in first)


def _expanded(text: str) -> Path:
    try:
        return Path(text or ".").expanduser()
    except RuntimeError:  # no such user, or no home
        return Path(text)
