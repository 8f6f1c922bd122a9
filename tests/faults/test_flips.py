"""Single bits flipped at seeded places; ``benchmarks/flips.py`` does the same two thousand times."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from index.embedding.model import Model
from tests.faults.flips import DERIVED, PATTERNS, Flip, Specimen

pytestmark = [pytest.mark.usefixtures("background"), pytest.mark.leaves_damage]
SHARE = {"catalog": 8, "columns": 4}
MANY = 100
HASHED_ONCE = ("words", "slots, manifest", "vectors")
"""A search trusts their size and time once their hash is known: what rots changes what is found, until ``verify``."""
ANY_VALUE = b"max_text = "
"""How the line of a setting begins of which any value may be a person's; there is nothing to compare it with."""


@pytest.fixture(scope="module")
def specimen(tmp_path_factory: pytest.TempPathFactory, model: Model) -> Specimen:
    return Specimen(tmp_path_factory.mktemp("specimen") / "made", model)


def line_at(specimen: Specimen, flip: Flip) -> bytes:
    """Return the line of a file of the specimen in which a flip lies, empty where the file is none of text."""
    if flip.path != "morgue.toml":
        return b""
    raw = (specimen.closed / flip.path).read_bytes()
    return raw[raw.rfind(b"\n", 0, flip.byte) + 1 :].partition(b"\n")[0]


def flip(specimen: Specimen, kind: str, count: int, seed: int, folder: Path) -> None:
    flips = specimen.flips(kind, random.Random(seed))
    for turn in range(count):
        rotting = kind in DERIVED and turn % 2 == 1
        outcome = specimen.tried(
            kind, next(flips), folder, rotting=rotting, rebuild=kind == "catalog" and turn % 8 == 7
        )
        assert (outcome.wrong, outcome.crashed) == ([], []), outcome.flip
        if kind == "columns":
            assert outcome.told, f"{outcome.flip} was not noticed at opening"
        if not (rotting and kind in HASHED_ONCE):
            assert not outcome.different, outcome.flip
        if outcome.missed:
            assert line_at(specimen, outcome.flip).startswith(ANY_VALUE), outcome.flip


@pytest.mark.parametrize("kind", PATTERNS)
def test_a_flipped_bit_is_never_shown(specimen: Specimen, tmp_path: Path, kind: str) -> None:
    flip(specimen, kind, SHARE.get(kind, 2), 31, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("kind", PATTERNS)
def test_many_flipped_bits_are_never_shown(specimen: Specimen, tmp_path: Path, kind: str) -> None:
    flip(specimen, kind, MANY, 37, tmp_path)
