"""Models that are not the bundled one, made here: tiny, with random weights, yet real."""

from __future__ import annotations

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from archive.folder.settings import Settings
from index.embedding.export import LEAST_COSINE, export
from index.embedding.export_probes import PROBES
from index.embedding.model import Model, locate
from index.embedding.onnx import OnnxEncoder
from index.embedding.torch import TorchEncoder


def made(folder: Path, bundled: Model, kind: str) -> Path:
    """Save a model of two layers, pooled by its first token, with a dense module behind, under the given family."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.models import Dense, Pooling, Transformer
    from transformers import BertConfig, BertModel, RobertaConfig, RobertaModel

    torch.manual_seed(3)
    sizes: dict[str, Any] = {
        "hidden_size": 32,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "intermediate_size": 48,
    }
    inner: Any
    if kind == "bert":
        inner = BertModel(BertConfig(vocab_size=30522, max_position_embeddings=64, **sizes))
    else:
        inner = RobertaModel(RobertaConfig(vocab_size=30522, max_position_embeddings=70, pad_token_id=0, **sizes))
    inner.save_pretrained(folder / "inner")
    for name in ("tokenizer.json", "tokenizer_config.json", "vocab.txt", "special_tokens_map.json"):
        shutil.copyfile(bundled.path / name, folder / "inner" / name)
    transformer = Transformer(str(folder / "inner"), max_seq_length=60)
    dense = Dense(32, 12)
    whole = SentenceTransformer(modules=[transformer, Pooling(32, pooling_mode="cls"), dense], device="cpu")
    whole.prompts, whole.default_prompt_name = {"query": "ask: ", "document": "text: "}, "document"
    whole.save(str(folder / "model"), safe_serialization=True)
    return folder / "model"


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
    quick = OnnxEncoder(tiny, export(tiny, bulk))
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
