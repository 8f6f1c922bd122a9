from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from archive.folder.settings import Settings
from index.embedding.export import export
from index.embedding.export_probes import PROBES
from index.embedding.exporters import LEAST_COSINE
from index.embedding.model import Model, locate
from index.embedding.onnx import OnnxEncoder
from index.embedding.torch import TorchEncoder
from tests.index.embedding.tiny_models import made


@pytest.fixture(scope="module", params=["bert", "roberta"])
def tiny(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, model: Model) -> Model:
    """A model named by its folder."""
    folder = made(tmp_path_factory.mktemp("tiny"), model, request.param)
    return locate(Settings(id="a", model=str(folder)))


pytestmark = pytest.mark.filterwarnings("ignore:Importing from 'sentence_transformers.models':DeprecationWarning")


def test_it_is_described_as_it_is(tiny: Model) -> None:
    assert (tiny.dimension, tiny.max_tokens) == (12, 60)
    assert (tiny.query_prompt, tiny.passage_prompt) == ("ask: ", "text: ")


def test_its_export_agrees_with_sentence_transformers(
    tiny: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MORGUE_CACHE", str(tmp_path))
    bulk = TorchEncoder(tiny)
    quick = OnnxEncoder(tiny, export(tiny))
    expected = bulk.encode(PROBES)
    assert expected.shape == (len(PROBES), 12)
    assert (quick.encode(PROBES) * expected).sum(axis=1).min() > LEAST_COSINE


def test_no_prompt_is_added_behind_the_callers_back(tiny: Model) -> None:
    encoder = TorchEncoder(tiny)
    plain = encoder.transformer.encode(["harbour"], prompt="", normalize_embeddings=True)
    prompted = encoder.transformer.encode(["harbour"], normalize_embeddings=True)
    np.testing.assert_allclose(encoder.encode(["harbour"]), plain, atol=1e-6)
    np.testing.assert_allclose(encoder.encode([tiny.passage_prompt + "harbour"]), prompted, atol=1e-5)
    assert not np.allclose(plain, prompted, atol=1e-3)


def test_settings_of_the_tokenizer_matter_to_the_fingerprint(tiny: Model) -> None:
    path = tiny.path / "tokenizer_config.json"
    before = path.read_text("utf-8")
    try:
        path.write_text(json.dumps({**json.loads(before), "extra": 1}), "utf-8")
        assert locate(Settings(id="a", model=str(tiny.path))).fingerprint != tiny.fingerprint
    finally:
        path.write_text(before, "utf-8")


def test_encoders_serve_many_threads_at_once(torch_encoder: TorchEncoder, onnx_encoder: OnnxEncoder) -> None:
    texts = [f"{'berth ' * number} closed" for number in range(24)]
    for encoder in (torch_encoder, onnx_encoder):
        expected = np.concatenate([encoder.encode([text]) for text in texts])
        with ThreadPoolExecutor(8) as pool:
            found = np.concatenate(list(pool.map(lambda text, of=encoder: of.encode([text]), texts)))
        np.testing.assert_allclose(found, expected, atol=1e-5)
