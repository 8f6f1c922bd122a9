"""What the encoder is given for a passage, and the room that leaves for the passage.

Passages are packed so that prompt, title and passage fit the model (``rule``). Inputs that do not fit all the same,
packed for another model, are cut by the encoders, and each encoder counts what it cut: nothing is cut in silence.
"""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from archive.text.searched import searched
from index.contracts.recipe import RECIPE, shape_name
from index.embedding.tokenizer import Tokens
from index.runtime.memo import remembered_sha256

if TYPE_CHECKING:
    from archive.text.chunking import Rule
    from index.embedding.model import Model

TITLE_TOKENS: Final = RECIPE.vectors.title_tokens


def passage_input(title: str, text: str, tokens: Tokens, prompt: str) -> str:
    """Return the encoder's input for a passage: prompt, the title's first 32 tokens, the passage with whole words."""
    head, text = _head(tokens, title), searched(text).text
    return f"{prompt}{head}{RECIPE.vectors.separator}{text}" if head else f"{prompt}{text}"


def input_key(text: str) -> bytes:
    """Return the key of an encoder input: its sha256, 32 bytes."""
    return sha256(text.encode("utf-8", "surrogatepass")).digest()


def passage_limit(model: Model) -> int:
    """Return the most tokens a passage may have, so that prompt, title and special tokens fit as well."""
    numbers, tokens = RECIPE.vectors, Tokens(model)
    (prompt,) = tokens.count([model.passage_prompt])
    return max(numbers.fewest_tokens, tokens.limit - prompt - numbers.title_tokens - numbers.spare_tokens)


def rule(model: Model) -> Rule:
    """Return how passages are packed for a model: its tokens, its limit."""
    from archive.text.chunking import Rule

    words = RECIPE.passages.fewest_words, RECIPE.passages.most_words
    return Rule(name=rule_name(model), count=Tokens(model).count, limit=passage_limit(model), target_words=words)


def rule_name(model: Model) -> str:
    """Return the name of the model's rule; another name means other passages."""
    tokenizer = remembered_sha256(model.path / "tokenizer.json")
    return f"{shape_name(RECIPE.passages)}, tokenizer {tokenizer[:16]}, {passage_limit(model)} tokens"


@lru_cache(maxsize=4096)
def _head(tokens: Tokens, title: str) -> str:
    return tokens.clip(" ".join(title.split()), TITLE_TOKENS)
