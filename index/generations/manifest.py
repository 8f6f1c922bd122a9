"""What a generation says of itself: how it was built, and the size and hash of every file in it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from archive.core.errors import Action, Damaged, NewerArchive, Remedy
from index.ann.measured import Measured
from index.contracts.recipe import FORMAT_5, RecipeHashes

NAME: Final = "manifest.json"
FORMAT: Final = 9  # vectors of 8 were floats, 7 had one of every passage, 6 no token; they are otherwise the same
_BEFORE_RECIPES: Final = 5  # as 6, without recipes


@dataclass(frozen=True, slots=True)
class FileRecord:
    """One file of a generation: path relative to its folder (with ``/``), bytes, sha256 (hex)."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Vectors:
    """Which vectors a generation uses.

    Attributes:
        fingerprint: of the model that made them.
        epoch: which set of vectors of that model.
        dimension: length of a vector.
        chroma: whether a Chroma index was made of them and measured, be it kept or not.
        base: of how many passages, from the first on, the Chroma index in ``chroma/`` holds the vectors; later ordinals
            are the delta, scored exactly. 0 when there is none.
        measured: of the index that was made, None when none was.
        covered: how many of the passages that can be found have a vector; None where all have.
    """

    fingerprint: str
    epoch: int
    dimension: int
    chroma: bool
    base: int
    measured: Measured | None
    covered: int | None = None


@dataclass(frozen=True, slots=True)
class Scale:
    """Where one mode's confidence turns, from questions that are off topic: see ``index.ranking.confidence``.

    Below ``weak`` the archive holds nothing like the question; from ``strong`` on it clearly does. A passage without a
    match is near in meaning from a cosine of ``near`` on.
    """

    weak: float
    strong: float
    near: float


@dataclass(frozen=True, slots=True)
class Manifest:
    """Everything needed to open a generation and to tell whether it is whole and current.

    Attributes:
        format: always this program's, whatever was read.
        change: the catalog's change number it was built from.
        token: the name that this state of the catalog got; empty in generations of earlier builds.
        engine: name of the lexical engine.
        analysis: fingerprint of the text analysis.
        rule: name of the rule by which passages were cut.
        recipe: hashes of the numbers it was made by.
        passages: how many passages can be found, likewise ``articles``; rows that were tombstoned do not count.
        scales: confidence scale by mode.
    """

    format: int
    archive: str
    number: int
    built: str
    change: int
    token: str
    articles: int
    passages: int
    engine: str
    analysis: str
    rule: str
    recipe: RecipeHashes
    languages: tuple[str, ...]
    vectors: Vectors
    scales: dict[str, Scale]
    files: tuple[FileRecord, ...]


def to_bytes(manifest: Manifest) -> bytes:
    """Serialise, stable to the byte."""
    return json.dumps(asdict(manifest), ensure_ascii=False, indent=1, sort_keys=True).encode("utf-8") + b"\n"


def digest(raw: bytes) -> str:
    """Return the sha256 by which ``CURRENT`` names a manifest."""
    return sha256(raw).hexdigest()


def from_bytes(raw: bytes, where: Path) -> Manifest:
    """Parse a manifest; one of an earlier format is returned as this program would write it.

    Raises:
        Damaged: it is not one.
        NewerArchive: a newer Morgue wrote it.
    """
    try:
        data: dict[str, Any] = json.loads(raw)
        if data["format"] > FORMAT:
            raise NewerArchive(f"{where} was written by a newer Morgue.", remedy=Remedy(Action.UPGRADE))
        if data["format"] < _BEFORE_RECIPES:
            raise Damaged(f"{where} was written by an older Morgue.", remedy=Remedy(Action.REBUILD))
        return Manifest(
            **{
                **data,
                "format": FORMAT,
                "token": data.get("token", ""),
                "recipe": _recipe(data),
                "languages": tuple(data["languages"]),
                "vectors": _vectors(data["vectors"]),
                "scales": {mode: Scale(**scale) for mode, scale in data["scales"].items()},
                "files": tuple(FileRecord(**record) for record in data["files"]),
            }
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Damaged(f"{where} is not a manifest: {error}", remedy=Remedy(Action.REBUILD)) from error


def _recipe(data: dict[str, Any]) -> RecipeHashes:
    return FORMAT_5.hashes if data["format"] == _BEFORE_RECIPES else RecipeHashes(**data["recipe"])


def _vectors(data: dict[str, Any]) -> Vectors:
    measured = data["measured"]
    if measured is None or "vectors" not in measured:
        # without a count of vectors its entries are passages, as earlier builds made them; nobody asks it any more
        return Vectors(**{**data, "chroma": False, "base": 0, "measured": None})
    return Vectors(**{**data, "measured": Measured(**measured)})
