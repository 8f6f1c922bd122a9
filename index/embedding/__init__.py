"""Texts to unit vectors: which model, its tokens, encoding passages in bulk and single queries.

``model`` locates and identifies a model, ``bundled`` the files of the usual one; ``tokenizer`` counts tokens.
``passage_input``: what is encoded of a passage. ``torch`` encodes through sentence-transformers, ``onnx`` the exported
model, which ``export`` makes (agreeing on ``export_probes``); ``fastest`` picks the quicker of both for a build.
``query_encoding`` encodes questions and keeps recent vectors.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from archive.core.errors import Damaged

if TYPE_CHECKING:
    from index.contracts.engines import Encoder
    from index.embedding.model import Model

__all__ = ["query_encoder"]


def query_encoder(model: Model, on_export: Callable[[str], None] | None = None) -> Encoder:
    """Return the quickest encoder of queries that works here.

    The exported encoder is used when it is in the user's cache, else it is made, once. A model that cannot be
    exported is run through sentence-transformers, which takes seconds to start.

    Args:
        model: the model that made the vectors.
        on_export: told, in a sentence, of whatever takes long or goes the slow way.

    Raises:
        ArchiveError: the model cannot be loaded at all.
    """
    from index.embedding.onnx import OnnxEncoder, discard, exported

    tell = on_export or _ignore
    if exported(model) is not None:
        try:
            return OnnxEncoder(model)
        except Damaged as error:
            discard(model)
            tell(error.message)
    return _exported_now(model, tell)


def _exported_now(model: Model, tell: Callable[[str], None]) -> Encoder:
    from index.embedding.export import NotExportable, export
    from index.embedding.onnx import OnnxEncoder
    from index.embedding.torch import TorchEncoder

    tell("Preparing the encoder for quick queries; this happens once and takes up to a minute.")
    try:
        export(model)
        return OnnxEncoder(model)
    except (NotExportable, Damaged, OSError) as error:
        tell(f"{error} Queries go through sentence-transformers, which takes seconds to start.")
    return TorchEncoder(model)


def _ignore(message: str) -> None:
    del message
