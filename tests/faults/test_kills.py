"""SIGKILL at random moments; ``benchmarks/kills.py`` does the same a thousand times."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.embedding.model import Model
from tests.faults.kills import KINDS, Killer

KILLS = 50


@pytest.mark.usefixtures("background")
def test_kills_lose_nothing_that_was_acknowledged(tmp_path: Path, model: Model) -> None:
    killer = Killer(tmp_path, model, seed=11)
    while killer.tally.kills < KILLS:
        killer.kill()
    killer.finish()
    assert killer.tally.failures == []
    assert min(killer.tally.kinds.values()) >= KILLS // len(KINDS)
