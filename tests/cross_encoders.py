"""Cross-encoders made on the spot: tiny, with seeded random weights, saved as a real one is."""

from __future__ import annotations

from pathlib import Path
from string import ascii_lowercase, digits
from typing import Any

SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")


def make(folder: Path, *, labels: int = 1, weight: float | None = None) -> Path:
    """Save a BERT of one layer that gives ``labels`` figures for a pair; ``weight`` fills its last layer."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification

    torch.manual_seed(7)
    tokens = _tokenizer()
    sizes: dict[str, Any] = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2}
    more: dict[str, Any] = {"intermediate_size": 16, "max_position_embeddings": 256, "num_labels": labels}
    config = BertConfig(vocab_size=len(tokens), initializer_range=0.5, **sizes, **more)
    model: Any = BertForSequenceClassification(config)
    if weight is not None:
        torch.nn.init.constant_(model.classifier.weight, weight)
    model.save_pretrained(folder, safe_serialization=True)
    tokens.save_pretrained(folder)
    return folder


def _tokenizer() -> Any:
    """Return a WordPiece tokenizer of letters and digits."""
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
    from transformers import PreTrainedTokenizerFast

    pieces = [*SPECIAL, *ascii_lowercase, *digits, *(f"##{letter}" for letter in ascii_lowercase + digits)]
    vocabulary = {piece: at for at, piece in enumerate(pieces)}
    whole = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
    whole.normalizer = normalizers.BertNormalizer()
    whole.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    whole.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", vocabulary["[CLS]"]), ("[SEP]", vocabulary["[SEP]"])],
    )
    fast: Any = PreTrainedTokenizerFast
    return fast(
        tokenizer_object=whole, model_max_length=256, pad_token="[PAD]", unk_token="[UNK]", cls_token="[CLS]",
        sep_token="[SEP]", mask_token="[MASK]", model_input_names=["input_ids", "token_type_ids", "attention_mask"],
    )  # fmt: skip
