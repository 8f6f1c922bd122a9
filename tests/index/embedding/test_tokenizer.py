from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from index.embedding.export_probes import PROBES
from index.embedding.model import Model, locate
from index.embedding.onnx import OnnxEncoder
from index.embedding.passage_input import TITLE_TOKENS, input_key, passage_input, passage_limit, rule
from index.embedding.tokenizer import Tokens
from index.embedding.torch import TorchEncoder

TEXTS = st.text(max_size=60)


def test_tokens_are_counted_as_the_model_counts_them(model: Model, torch_encoder: TorchEncoder) -> None:
    theirs = torch_encoder.transformer.tokenizer(list(PROBES), add_special_tokens=False)["input_ids"]
    assert Tokens(model).count(PROBES) == [len(ids) for ids in theirs]


def test_the_truncation_and_padding_of_the_tokenizer_file_do_not_apply(model: Model) -> None:
    assert Tokens(model).count(["word " * 600, "word", ""]) == [600, 1, 0]


@settings(max_examples=60, deadline=None)
@given(TEXTS, st.integers(0, 12))
def test_clipping_gives_a_beginning_that_fits(text: str, limit: int) -> None:
    tokens = Tokens(locate())
    clipped = tokens.clip(text, limit)
    assert text.startswith(clipped)
    assert tokens.count([clipped])[0] <= limit
    assert clipped == text or tokens.count([text])[0] > limit


def test_an_input_is_prompt_title_and_passage(model: Model) -> None:
    tokens = Tokens(model)
    assert passage_input(" Quay  wall\ncracked ", "Two berths closed.", tokens, "p: ") == (
        "p: Quay wall cracked\nTwo berths closed."
    )
    assert passage_input("", "Two berths closed.", tokens, "") == "Two berths closed."


def test_a_long_title_is_clipped(model: Model) -> None:
    tokens = Tokens(model)
    title = passage_input("word " * 100, "text", tokens, "").split("\n")[0]
    assert tokens.count([title]) == [TITLE_TOKENS]


def test_a_passage_at_the_limit_is_encoded_whole(model: Model, onnx_encoder: OnnxEncoder) -> None:
    tokens = Tokens(model)
    text = ("don't re-use unhelpfulness; " * 100).strip()
    passage = tokens.clip(text, passage_limit(model))
    assert tokens.count([passage]) == [passage_limit(model)]
    before = onnx_encoder.cut
    onnx_encoder.encode([passage_input("headline " * 60, passage, tokens, model.passage_prompt)])
    assert onnx_encoder.cut == before


def test_the_rule_counts_the_models_tokens_and_names_them(model: Model) -> None:
    found = rule(model)
    assert list(found.count(["one two three"])) == [3]
    assert found.limit == passage_limit(model) > 200
    assert str(found.limit) in found.name


def test_keys_differ_with_the_input() -> None:
    assert input_key("a") == input_key("a") != input_key("b")
    assert len(input_key("\ud800")) == 32
