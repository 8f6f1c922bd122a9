from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from index.contracts.engines import Floats
from index.embedding import fastest, onnx
from index.embedding.fastest import Quickest, Way
from index.embedding.model import Model
from index.embedding.onnx import OnnxEncoder
from index.embedding.refusals import Refusal, Why, note_refusal
from index.embedding.torch import TorchEncoder

TEXTS = [f"Ship number {number} left the harbour{' at night' * (number % 7)}." for number in range(16)]


@pytest.fixture
def ways(monkeypatch: pytest.MonkeyPatch) -> list[Way]:
    """Which way each batch went, with a trial after two batches of sixteen."""
    taken: list[Way] = []

    def noted(way: Way, encode: object) -> object:
        def call(self: object, texts: list[str]) -> Floats:
            taken.append(way)
            found: Floats = encode(self, texts)  # type: ignore[operator]
            return found

        return call

    monkeypatch.setattr(fastest, "FEW", 32)
    monkeypatch.setattr(OnnxEncoder, "encode", noted(Way.ONNX, OnnxEncoder.encode))
    monkeypatch.setattr(TorchEncoder, "encode", noted(Way.TORCH, TorchEncoder.encode))
    return taken


@pytest.fixture
def unmeasured(model: Model, onnx_encoder: OnnxEncoder) -> Iterator[Path]:
    """Where the choice is remembered; nothing is there yet."""
    del onnx_encoder
    place = fastest._place(model)
    held = place.read_bytes() if place.exists() else None
    place.unlink(missing_ok=True)
    yield place
    place.unlink(missing_ok=True)
    if held is not None:
        place.write_bytes(held)


def test_few_inputs_never_load_torch(model: Model, unmeasured: Path, ways: list[Way]) -> None:
    encoder = Quickest(model, threads=1)
    encoder.encode(TEXTS)
    encoder.encode(TEXTS)
    assert ways == [Way.ONNX, Way.ONNX]
    assert not unmeasured.exists()


def test_many_inputs_are_a_trial_whose_winner_goes_on_and_is_remembered(
    model: Model, unmeasured: Path, ways: list[Way]
) -> None:
    encoder = Quickest(model, threads=1)
    for _ in range(10):
        encoder.encode(TEXTS)
    assert ways[:2] == [Way.ONNX, Way.ONNX]
    assert sorted(ways[2:8]) == [Way.ONNX] * 3 + [Way.TORCH] * 3
    chosen = Way(json.loads(unmeasured.read_text())["way"])
    assert ways[8:] == [chosen, chosen]
    ways.clear()
    again = Quickest(model, threads=1)
    for _ in range(3):
        again.encode(TEXTS)
    assert ways == [Way.ONNX, Way.ONNX, chosen]


def test_another_number_of_threads_is_measured_anew(model: Model, unmeasured: Path, ways: list[Way]) -> None:
    fastest._remember(model, 1, Way.TORCH)
    other = Quickest(model, threads=2)
    for _ in range(4):
        other.encode(TEXTS)
    assert sorted(ways[2:]) == [Way.ONNX, Way.TORCH]


@pytest.mark.parametrize("held", ["", "{", "[]", '{"way": "abacus", "for": []}', '{"way": 1}'])
def test_what_cannot_be_read_is_measured_again(model: Model, unmeasured: Path, held: str) -> None:
    unmeasured.write_text(held)
    assert fastest._remembered(model, 1) is None


def test_both_ways_give_the_vectors_of_sentence_transformers(
    model: Model, unmeasured: Path, ways: list[Way], torch_encoder: TorchEncoder
) -> None:
    expected = torch_encoder.encode(TEXTS)
    ways.clear()
    encoder = Quickest(model, threads=1)
    for _ in range(8):
        np.testing.assert_allclose(encoder.encode(TEXTS), expected, atol=1e-5)
    assert set(ways) == set(Way)
    assert encoder.fingerprint == torch_encoder.fingerprint
    assert encoder.dimension == 384


def test_a_model_that_cannot_be_exported_goes_through_torch(
    model: Model, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, ways: list[Way]
) -> None:
    monkeypatch.setenv("MORGUE_CACHE", str(tmp_path / "cache"))
    note_refusal(onnx.encoder_folder(model).with_suffix(".refused"), Refusal(Why.DIFFERS, "It gives other vectors."))
    encoder = Quickest(model, threads=1)
    assert encoder.encode(TEXTS).shape == (16, 384)
    assert ways == [Way.TORCH]
    assert onnx.exported(model) is None


def test_an_export_that_was_killed_does_not_keep_torch_from_encoding(
    model: Model, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, ways: list[Way]
) -> None:
    monkeypatch.setenv("MORGUE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr("index.embedding.exporters.__name__", "tests.index.embedding.killed")
    for _ in range(2):  # as it happens, and as it is remembered
        assert Quickest(model, threads=1).encode(TEXTS).shape == (16, 384)
    assert ways == [Way.TORCH, Way.TORCH]
    assert onnx.encoder_folder(model).with_suffix(".refused").exists()


def test_inputs_that_were_cut_are_counted(model: Model, unmeasured: Path) -> None:
    encoder = Quickest(model, threads=1)
    encoder.encode(["harbour " * 1000, "harbour"])
    assert encoder.cut == 1
