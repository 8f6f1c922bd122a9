"""Models that are not the bundled one, made here: tiny, with random weights, yet real."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from index.embedding.model import Model


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
