"""Counting and clipping in the model's own tokens, without importing transformers."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from archive.core.errors import ArchiveError

if TYPE_CHECKING:
    from tokenizers import Tokenizer

    from index.embedding.model import Model


_THREADS: Final = "TOKENIZERS_PARALLELISM"
# Characters that are encoded together; a token of one character takes 200 bytes meanwhile. Chosen, not measured.
_CHARACTERS: Final = 50_000


class Truncating(NamedTuple):
    """A tokenizer that cuts at a model's limit, and the id its model is padded with."""

    tokenizer: Tokenizer
    padding: int


class Tokens:
    """The model's tokenizer, without special tokens, padding or truncation. Safe to share between threads.

    Attributes:
        special: how many special tokens the model puts around an input.
        limit: most tokens of an input without them.
    """

    def __init__(self, model: Model) -> None:
        self._model = model
        self._tokenizer = load_tokenizer(model.path)
        self.special = self._tokenizer.num_special_tokens_to_add(False)
        self.limit = model.max_tokens - self.special

    def __reduce__(self) -> tuple[type[Tokens], tuple[Model]]:
        """Travel to other processes as the name of the model; each reads its tokenizer once."""
        return Tokens, (self._model,)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Tokens) and (self._model.path, self.limit) == (other._model.path, other.limit)

    def __hash__(self) -> int:
        return hash((self._model.path, self.limit))

    def count(self, texts: Sequence[str]) -> list[int]:
        """Return how many tokens each text has, special ones not counted.

        What the tokenizer makes of a text takes a hundred times its room, so only the numbers of a batch are kept.
        """
        return [count for batch in batched(texts, _CHARACTERS) for count in self._counts(batch)]

    def _counts(self, texts: list[str]) -> list[int]:
        return [len(encoding) for encoding in self._tokenizer.encode_batch_fast(texts, add_special_tokens=False)]

    def clip(self, text: str, limit: int) -> str:
        """Return the longest beginning of ``text`` that ends with a token and has at most ``limit`` of them."""
        offsets = self._tokenizer.encode(text, add_special_tokens=False).offsets
        if len(offsets) <= limit:
            return text
        return text[: offsets[limit - 1][1]] if limit > 0 else ""


def batched(texts: Iterable[str], most: int) -> Iterator[list[str]]:
    """Yield texts in batches of at most so many characters; one that is longer is a batch of its own."""
    batch, size = list[str](), 0
    for text in texts:
        if batch and size + len(text) > most:
            yield batch
            batch, size = [], 0
        batch.append(text)
        size += len(text)
    if batch:
        yield batch


@lru_cache(maxsize=4)
def load_tokenizer(folder: Path) -> Tokenizer:
    """Return the tokenizer of a model folder, read once, without the padding and truncation its file asks for.

    Raises:
        ArchiveError: it cannot be read.
    """
    tokenizer = _read(folder)
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def truncating_tokenizer(folder: Path, limit: int) -> Truncating:
    """Return a tokenizer that cuts inputs at ``limit`` tokens, special ones included, and pads nothing.

    Raises:
        ArchiveError: it cannot be read.
    """
    tokenizer = _read(folder)
    padding = _padding_id(folder, tokenizer)
    tokenizer.no_padding()
    tokenizer.enable_truncation(limit)
    return Truncating(tokenizer, padding)


def _read(folder: Path) -> Tokenizer:
    # Its own threads are lost in a forked process, which then waits for them for ever. Counting is a few hundredths of
    # what adding and embedding take.
    os.environ.setdefault(_THREADS, "false")
    from tokenizers import Tokenizer

    path = folder / "tokenizer.json"
    try:
        return Tokenizer.from_str(path.read_text("utf-8"))
    except Exception as error:  # tokenizers raises plain Exception
        raise ArchiveError(f"{path} cannot be read: {error}") from error


def _padding_id(folder: Path, tokenizer: Tokenizer) -> int:
    """Return the id of the padding token; some models number positions by it."""
    try:
        named = json.loads((folder / "tokenizer_config.json").read_text("utf-8")).get("pad_token")
    except (OSError, ValueError, AttributeError):
        named = None
    token = named.get("content") if isinstance(named, dict) else named
    padding_id = tokenizer.token_to_id(token) if isinstance(token, str) else None
    return padding_id if padding_id is not None else int((tokenizer.padding or {}).get("pad_id", 0))


def _alone() -> None:
    """See to it that a forked process, which has no other thread, asks none of the tokenizer's either."""
    os.environ[_THREADS] = "false"


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_alone)
