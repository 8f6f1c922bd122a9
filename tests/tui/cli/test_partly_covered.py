"""What the command says of an archive whose vectors are still being made."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from archive import Archive
from index import build
from index.contracts.engines import Floats
from index.embedding.model import Model
from index.indexing import builder
from index.indexing.vectors import covering, embed_missing
from tests.index.world import CheapEncoder, World
from tui.__main__ import run

SCHEMAS = Path(__file__).resolve().parents[3] / "tui" / "schemas"


class Stopping(CheapEncoder):
    """An encoder that is stopped once it has made some vectors of passages."""

    def encode(self, texts: Sequence[str]) -> Floats:
        if len(self.encoded) >= 20:
            raise KeyboardInterrupt
        return super().encode(texts)


def validated(name: str, line: str) -> Any:
    value = json.loads(line)
    jsonschema.validate(value, json.loads((SCHEMAS / f"{name}.json").read_text("utf-8")))
    return value


@pytest.fixture
def root(tmp_path: Path, model: Model, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an archive of 40 passages of which 16 have a vector: four batches of 4, and a fifth that was not used."""
    for where, name, value in ((builder, "FEW", 2), (covering, "_FIRST", 8), (embed_missing, "BATCH", 4)):
        monkeypatch.setattr(where, name, value)
    world = World(tmp_path, model)
    world.put_many(40)
    world.add()
    with Archive.open(world.root) as archive, pytest.raises(KeyboardInterrupt):
        build(archive, encoder=lambda model: Stopping(model))
    return world.root


def test_answers_and_status_say_how_far_meaning_is_known(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["--archive", str(root), "search", "--json", "council of town"])
    answer = validated("search", capsys.readouterr().out)
    assert (answer["covered"], answer["total"]) == (16, 40)
    assert answer["degraded"] == [
        "Meaning is known of 16 of 40 passages so far; the others are found by words (semantic-partial)."
        " Run: morgue update"
    ]
    assert answer["confidence"] != "nothing"
    assert run(["--archive", str(root), "status", "--json"]) == 0
    state = validated("status", capsys.readouterr().out)
    assert (state["covered"], state["indexed_passages"]) == (16, 40)
    assert "Of 40 passages 16 have a vector" in state["meaning"]
    assert any("semantic-partial" in note for note in state["notes"])


def test_nothing_is_said_to_be_missing_of_an_answer_by_words(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--archive", str(root), "search", "--json", "--mode", "lexical", "council of town"]) == 0
    assert validated("search", capsys.readouterr().out)["degraded"] == []


def test_what_is_to_be_like_a_passage_without_a_vector_is_told_to_go_by_words(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["--archive", str(root), "search", "--explain", "--json", "-k", "40", "council of town"])
    hits = validated("search", capsys.readouterr().out)["hits"]
    without = next(hit["passage_id"] for hit in hits if hit["arithmetic"]["cosine"] is None)
    run(["--archive", str(root), "search", "--json", f"like:{without}"])
    assert any(
        "its meaning is not known so far" in note for note in validated("search", capsys.readouterr().out)["notes"]
    )


def test_the_sum_says_that_a_passage_has_no_vector(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["--archive", str(root), "search", "--explain", "-k", "40", "council of town"])
    out = capsys.readouterr().out
    assert "no vector yet)" in out
    assert "meaning: cosine" in out
    run(["--archive", str(root), "search", "--explain", "--json", "-k", "40", "council of town"])
    sums = [hit["arithmetic"] for hit in validated("search", capsys.readouterr().out)["hits"]]
    assert {each["cosine"] is None for each in sums} == {True, False}
