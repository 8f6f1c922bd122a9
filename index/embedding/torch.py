"""Bulk encoding through sentence-transformers; only this module and ``index.search.rerank`` import it."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from archive.core.errors import ArchiveError
from archive.core.forking import Lock
from archive.core.system_limits import in_words, limit_of
from index.embedding.model import Model, ModelEncoder
from index.embedding.tokenizer import Tokens

if TYPE_CHECKING:
    from index.contracts.engines import Floats

_BATCH: Final = 32  # texts; the default of sentence-transformers


class TorchEncoder(ModelEncoder):
    """Encodes with sentence-transformers, on the device that torch finds. Threads that share it take turns.

    Args:
        model: to run.
        threads: of the processor that torch may use; None leaves torch's choice.

    Attributes:
        cut: inputs so far that were longer than the model takes and lost their end.

    Raises:
        ArchiveError: the model cannot be loaded.
    """

    def __init__(self, model: Model, threads: int | None = None) -> None:
        super().__init__(model)
        self.cut = 0
        self._tokens = Tokens(model)
        self.transformer = load_model(model)
        self._lock = Lock()  # the tokenizer inside is set anew at every call
        if threads is not None:
            import torch

            torch.set_num_threads(threads)

    def encode(self, texts: Sequence[str]) -> Floats:
        """Return unit vectors, shape ``(len(texts), dimension)``; sorted by length inside, so that little is padding.

        Prompts are the caller's to put in front.
        """
        if not texts:
            return np.empty((0, self.dimension), np.float32)
        self.cut += sum(count > self._tokens.limit for count in self._tokens.count(texts))
        # an empty prompt, given, keeps the model's default prompt away
        with self._lock:
            vectors = self.transformer.encode(
                list(texts), prompt="", batch_size=_BATCH, normalize_embeddings=True, show_progress_bar=False
            )
        return np.ascontiguousarray(vectors, np.float32)


def load_model(model: Model) -> Any:  # noqa: ANN401 - sentence-transformers is imported lazily and untyped here
    """Load a model from its folder: no network, safetensors only, no code from the model.

    Raises:
        ArchiveError: it cannot be loaded.
    """
    try:
        with quiet():
            from sentence_transformers import SentenceTransformer

            loaded = SentenceTransformer(
                str(model.path),
                local_files_only=True,
                trust_remote_code=False,
                model_kwargs={"use_safetensors": True},
            )
    except Exception as error:  # the loaders raise whatever the files, or a broken installation, provoke
        limit = limit_of(error)
        why = error if limit is None else f"{in_words(limit)}."  # Python's own of memory says nothing
        raise ArchiveError(f"The model {model.name} in {model.path} cannot be loaded: {why}") from error
    loaded.max_seq_length = model.max_tokens
    return loaded.eval()


@contextmanager
def quiet() -> Iterator[None]:
    """Keep the libraries' progress bars, warnings and chatter off the terminal."""
    from transformers.utils import logging

    chatter: Any = logging
    bars, level = chatter.is_progress_bar_enabled(), chatter.get_verbosity()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        chatter.disable_progress_bar()
        chatter.set_verbosity_error()
        try:
            yield
        finally:
            chatter.set_verbosity(level)
            if bars:
                chatter.enable_progress_bar()
