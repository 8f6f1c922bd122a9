"""Single bits flipped at seeded places; ``benchmarks/flips.py`` does the same two thousand times."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from index.embedding.model import Model
from tests.faults.flips import DERIVED, PATTERNS, Specimen

pytestmark = [pytest.mark.usefixtures("background"), pytest.mark.leaves_damage]
SHARE = {"catalog": 8, "columns": 4}
MANY = 100


@pytest.fixture(scope="module")
def specimen(tmp_path_factory: pytest.TempPathFactory, model: Model) -> Specimen:
    return Specimen(tmp_path_factory.mktemp("specimen") / "made", model)


def flip(specimen: Specimen, kind: str, count: int, seed: int, folder: Path) -> None:
    flips = specimen.flips(kind, random.Random(seed))
    for turn in range(count):
        rotting = kind in DERIVED and turn % 2 == 1
        outcome = specimen.tried(
            kind, next(flips), folder, rotting=rotting, rebuild=kind == "catalog" and turn % 8 == 7
        )
        assert outcome.wrong == [], outcome.flip
        if kind == "columns":
            assert outcome.told, f"{outcome.flip} was not noticed at opening"
        if kind == "catalog":
            assert not outcome.different, outcome.flip
        if "log" not in kind and kind != "settings":
            assert not outcome.missed, outcome.flip
        if not rotting:
            assert outcome.crashed == [], outcome.flip


@pytest.mark.parametrize("kind", PATTERNS)
def test_a_flipped_bit_is_never_shown(specimen: Specimen, tmp_path: Path, kind: str) -> None:
    flip(specimen, kind, SHARE.get(kind, 2), 31, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("kind", PATTERNS)
def test_many_flipped_bits_are_never_shown(specimen: Specimen, tmp_path: Path, kind: str) -> None:
    flip(specimen, kind, MANY, 37, tmp_path)
