"""Texts to unit vectors: which model, its tokens, encoding passages in bulk and single queries.

``model`` locates and identifies a model, ``bundled`` the files of the usual one; ``tokenizer`` counts tokens.
``passage_input``: what is encoded of a passage. ``torch`` encodes through sentence-transformers, ``onnx`` the exported
model. ``export`` has ``exporters`` make that in another process, agreeing on ``export_probes``; ``refusals`` remembers
what could not be, and ``room`` tells what failed for want of memory or disk. ``fastest`` picks the quicker of both for
a build, ``query_encoding`` encodes questions and keeps recent vectors.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from archive.core.errors import Damaged

if TYPE_CHECKING:
    from index.contracts.engines import Encoder
    from index.embedding.model import Model

__all__ = ["query_encoder"]

_PREPARING: Final = "Preparing the encoder for quick queries; this happens once and takes up to a minute."
_SLOWLY: Final = "Questions go through sentence-transformers, which takes seconds to start."


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
    from index.embedding.onnx import OnnxEncoder, Unfit, exported
    from index.embedding.torch import TorchEncoder

    tell = on_export or _ignore
    unusable = False
    if exported(model) is not None:
        try:
            return OnnxEncoder(model)
        except Damaged as error:
            tell(error.message)
            unusable = True
        except Unfit as error:
            tell(f"{error} {_SLOWLY}")
            return TorchEncoder(model)
    return _exported_now(model, tell, anew=unusable)


def _exported_now(model: Model, tell: Callable[[str], None], *, anew: bool) -> Encoder:
    from index.embedding.export import NotExportable, export
    from index.embedding.onnx import OnnxEncoder
    from index.embedding.torch import TorchEncoder

    try:
        export(model, anew=anew, on_begin=lambda: tell(_PREPARING))
        return OnnxEncoder(model)
    except (NotExportable, Damaged) as error:
        tell(f"{error} {_SLOWLY}")
    return TorchEncoder(model)


def _ignore(message: str) -> None:
    del message
