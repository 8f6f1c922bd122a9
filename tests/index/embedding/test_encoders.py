from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from archive.core.errors import Damaged
from index.embedding.export import export
from index.embedding.export_probes import PROBES
from index.embedding.exporters import LEAST_COSINE
from index.embedding.model import Model
from index.embedding.onnx import GRAPH, WEIGHTS, OnnxEncoder, exported
from index.embedding.torch import TorchEncoder

OFFLINE = """
import os, sys
def guard(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo"):
        raise RuntimeError(f"touched the network: {event} {arguments}")
sys.addaudithook(guard)
os.environ.pop("HF_HUB_OFFLINE", None), os.environ.pop("TRANSFORMERS_OFFLINE", None)
from index.embedding import query_encoder
from index.embedding.model import locate
told = []
encoder = query_encoder(locate(), told.append)
print(type(encoder).__name__, len(told), round(float((encoder.encode(["harbour"])[0] ** 2).sum()), 4))
"""
LIGHT = """
import sys
from index.embedding import query_encoder
from index.embedding.model import locate
query_encoder(locate()).encode(["harbour"])
print(*sys.modules)
"""


def python(code: str) -> str:
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stderr
    assert not found.stderr, found.stderr
    return found.stdout


def test_both_encoders_give_the_same_unit_vectors(torch_encoder: TorchEncoder, onnx_encoder: OnnxEncoder) -> None:
    expected, found = torch_encoder.encode(PROBES), onnx_encoder.encode(PROBES)
    assert found.shape == expected.shape == (len(PROBES), 384)
    assert found.dtype == expected.dtype == np.float32
    assert (found * expected).sum(axis=1).min() > LEAST_COSINE
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1, atol=1e-5)
    np.testing.assert_allclose(np.linalg.norm(expected, axis=1), 1, atol=1e-5)


def test_bulk_encoding_is_what_sentence_transformers_gives(torch_encoder: TorchEncoder) -> None:
    texts = [f"{probe} {number}" for number in range(4) for probe in PROBES[3:14]]
    theirs = torch_encoder.transformer.encode(texts, normalize_embeddings=True, show_progress_bar=False)
    np.testing.assert_allclose(torch_encoder.encode(texts), theirs, atol=1e-6)


def test_nothing_to_encode_gives_no_vectors(torch_encoder: TorchEncoder, onnx_encoder: OnnxEncoder) -> None:
    assert torch_encoder.encode([]).shape == onnx_encoder.encode([]).shape == (0, 384)


def test_inputs_over_the_limit_are_counted(torch_encoder: TorchEncoder, onnx_encoder: OnnxEncoder) -> None:
    for encoder in (torch_encoder, onnx_encoder):
        before = encoder.cut
        encoder.encode(["word " * 254, "short", "word " * 255])
        assert encoder.cut == before + 1


def test_meaning_is_closer_than_wording(onnx_encoder: OnnxEncoder) -> None:
    asked, near, far = onnx_encoder.encode(["threats of sanctions", "a warning of economic penalties", "a cake recipe"])
    assert asked @ near > asked @ far + 0.2


def test_a_question_needs_neither_torch_nor_transformers(onnx_encoder: OnnxEncoder) -> None:
    loaded = python(LIGHT).split()
    assert "onnxruntime" in loaded
    assert not {"torch", "transformers", "sentence_transformers", "huggingface_hub"} & set(loaded)


def test_a_first_export_touches_no_network_and_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MORGUE_CACHE", str(tmp_path))
    assert python(OFFLINE).split() == ["OnnxEncoder", "1", "1.0"]
    assert python(OFFLINE).split() == ["OnnxEncoder", "0", "1.0"]


def test_a_truncated_export_is_made_again(model: Model, private_cache: Path) -> None:
    for name in (GRAPH, WEIGHTS):
        with (private_cache / name).open("r+b") as file:
            file.truncate((private_cache / name).stat().st_size // 2)
        assert exported(model) is None
    assert export(model) == private_cache
    assert exported(model) == private_cache
    assert OnnxEncoder(model).encode(["harbour"]).shape == (1, 384)


def test_one_flipped_bit_in_an_export_is_found(model: Model, private_cache: Path) -> None:
    with (private_cache / WEIGHTS).open("r+b") as file:
        file.seek(1000)
        byte = file.read(1)[0]
        file.seek(1000)
        file.write(bytes([byte ^ 1]))
    assert exported(model) is None


def test_an_encoder_that_was_never_exported_is_damaged(model: Model, tmp_path: Path) -> None:
    with pytest.raises(Damaged, match="cannot be loaded"):
        OnnxEncoder(model, tmp_path)
