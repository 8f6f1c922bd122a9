"""What tests of retrieval share: the bundled model, loaded once."""

from __future__ import annotations

import pytest

from index.embedding.model import Model, locate
from index.embedding.onnx import OnnxEncoder
from index.embedding.torch import TorchEncoder


@pytest.fixture(scope="session")
def model() -> Model:
    """The model that comes with the program."""
    return locate()


@pytest.fixture(scope="session")
def torch_encoder(model: Model) -> TorchEncoder:
    """The model through sentence-transformers; loading it takes seconds."""
    return TorchEncoder(model)


@pytest.fixture(scope="session")
def onnx_encoder(model: Model) -> OnnxEncoder:
    """The exported encoder; the export is kept between runs in the tests' cache."""
    from index.embedding.export import export

    return OnnxEncoder(model, export(model))
