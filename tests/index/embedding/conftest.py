"""Caches of one's own for tests of encoders."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from index.embedding.model import Model
from index.embedding.onnx import OnnxEncoder, encoder_folder


@pytest.fixture
def private_cache(model: Model, onnx_encoder: OnnxEncoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of one's own that holds the exported encoder; returns the encoder's folder."""
    del onnx_encoder
    made = encoder_folder(model)
    monkeypatch.setenv("MORGUE_CACHE", str(tmp_path / "cache"))
    return Path(shutil.copytree(made, encoder_folder(model)))
