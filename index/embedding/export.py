"""Making the quick encoder of queries out of a sentence-transformers model, once, into the user's cache."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Any, Final

from archive.core.errors import ArchiveError
from archive.folder.files import make_private_dir, remove_tree, replace, sha256_file, sync_tree, write_atomic
from index.embedding import onnx
from index.embedding.export_probes import PROBES
from index.runtime.memo import recall, remember

if TYPE_CHECKING:
    from index.embedding.model import Model
    from index.embedding.torch import TorchEncoder

LEAST_COSINE: Final = 0.9999  # a faithful graph in float32 stays above it, a wrong pooling far below; chosen
_INPUTS: Final = ("input_ids", "attention_mask", "token_type_ids")
_REFUSED: Final = "refused.json"


class NotExportable(ArchiveError):
    """The model cannot be turned into an exported encoder that agrees with it."""

    code = "not-exportable"


def export(model: Model, encoder: TorchEncoder | None = None) -> Path:
    """Export a model's encoder into the user's cache, unless a whole one is there; return its folder.

    The graph takes token ids and gives pooled unit vectors. It is kept only if it agrees with sentence-transformers on
    every probe (cosine above 0.9999). A model that fails is remembered, and not tried again with the same torch.

    Args:
        model: to export.
        encoder: the model, if it is loaded already.

    Raises:
        NotExportable: no exporter makes a graph that agrees.
        ArchiveError: the model cannot be loaded.
        OSError: the cache cannot be written.
    """
    from filelock import FileLock

    place = onnx.encoder_folder(model)
    make_private_dir(place.parent)
    with FileLock(place.with_suffix(".lock")):
        if (folder := onnx.exported(model)) is not None:
            return folder
        _refuse_again(place.with_suffix(".refused"))
        return _make(model, encoder, place)


def _make(model: Model, encoder: TorchEncoder | None, place: Path) -> Path:
    from index.embedding.torch import TorchEncoder

    encoder = encoder or TorchEncoder(model)
    work = Path(mkdtemp(prefix="making-", dir=place.parent))
    try:
        _try_exporters(encoder, work, place.with_suffix(".refused"))
        _seal(work)
        remove_tree(place)
        replace(work, place)
    finally:
        remove_tree(work)
    return place


def _try_exporters(encoder: TorchEncoder, work: Path, refusal: Path) -> None:
    """Use the first exporter whose graph agrees; tracing comes first because it takes 2 s where the other takes 20."""
    failures = []
    for exporter in (_by_tracing, _by_capture):
        raw = work / "raw"
        raw.mkdir()
        try:
            with _silence():
                exporter(encoder.transformer, raw / onnx.GRAPH)
            _optimise(raw / onnx.GRAPH, work)
            _compare(encoder, work)
        except Exception as error:  # exporters raise whatever a model's code provokes; kept and told below
            failures.append(f"{type(error).__name__}: {error}".splitlines()[0])
        else:
            return
        finally:
            remove_tree(raw)
    reason = f"The model {encoder.model.name} cannot be exported ({'; '.join(failures)})."
    remember(refusal, {"torch": _torch_version()}, {"reason": reason})
    raise NotExportable(reason)


def _compare(encoder: TorchEncoder, folder: Path) -> None:
    exported = onnx.OnnxEncoder(encoder.model, folder)
    expected = encoder.encode(PROBES)
    for vectors in (exported.encode(PROBES), _singly(exported)):
        worst = float((vectors * expected).sum(axis=1).min())
        if not worst > LEAST_COSINE:  # also catches NaN
            raise NotExportable(f"it disagrees with sentence-transformers (cosine {worst:.6f})")


def _singly(exported: onnx.OnnxEncoder) -> Any:  # noqa: ANN401
    import numpy as np

    return np.concatenate([exported.encode([text]) for text in PROBES])


def _optimise(raw: Path, work: Path) -> None:
    """Fuse the graph and put its weights into a file of their own, which loads by mapping (0.05 s, not 0.3 s)."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    # beyond "extended", the graph would be tied to this processor
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    options.optimized_model_filepath = str(work / onnx.GRAPH)
    options.add_session_config_entry("session.optimized_model_external_initializers_file_name", onnx.WEIGHTS)
    options.add_session_config_entry("session.optimized_model_external_initializers_min_size_in_bytes", "1024")
    onnxruntime.InferenceSession(raw, options, providers=["CPUExecutionProvider"])


def _seal(work: Path) -> None:
    files = {name: sha256_file(work / name) for name in (onnx.GRAPH, onnx.WEIGHTS)}
    write_atomic(work / onnx.NOTE, onnx.Made(files).to_bytes())
    sync_tree(work)


def _refuse_again(refusal: Path) -> None:
    if reason := recall(refusal, {"torch": _torch_version()}).get("reason"):
        raise NotExportable(reason)


def _torch_version() -> str:
    from importlib.metadata import version

    return version("torch")


def _by_tracing(transformer: Any, target: Path) -> None:  # noqa: ANN401
    import torch

    graph, inputs = _graph(transformer)
    axes = {name: {0: "batch", 1: "tokens"} for name in inputs} | {onnx.OUTPUT: {0: "batch"}}
    with torch.no_grad():
        torch.onnx.export(
            graph,
            tuple(inputs.values()),
            str(target),
            input_names=list(inputs),
            output_names=[onnx.OUTPUT],
            dynamic_axes=axes,
            opset_version=17,
            dynamo=False,
        )


def _by_capture(transformer: Any, target: Path) -> None:  # noqa: ANN401
    import torch

    graph, inputs = _graph(transformer)
    axes = {
        0: torch.export.Dim("batch", min=1, max=4096),
        1: torch.export.Dim("tokens", min=2, max=_longest(transformer)),
    }
    with torch.no_grad():
        torch.onnx.export(
            graph,
            tuple(inputs.values()),
            str(target),
            input_names=list(inputs),
            output_names=[onnx.OUTPUT],
            dynamic_shapes=(tuple(axes for _ in inputs),),
            external_data=False,
            dynamo=True,
            verbose=False,
        )


def _longest(transformer: Any) -> int:  # noqa: ANN401
    return int(transformer.max_seq_length)


def _graph(transformer: Any) -> tuple[Any, dict[str, Any]]:  # noqa: ANN401
    """Wrap the model as a function of tensors alone, with an example of two inputs, one of them padded."""
    import torch

    tokenized = transformer.tokenizer(["a short text", "a somewhat longer text"], padding=True, return_tensors="pt")
    inputs = {name: tokenized[name].cpu() for name in _INPUTS if name in tokenized}

    class UnitVectors(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.inner = transformer.cpu()

        def forward(self, *tensors: torch.Tensor) -> torch.Tensor:
            pooled = self.inner(dict(zip(inputs, tensors, strict=True)))["sentence_embedding"]
            return torch.nn.functional.normalize(pooled, p=2, dim=1)

    return UnitVectors().eval(), inputs


@contextmanager
def _silence() -> Iterator[None]:
    from index.embedding.torch import quiet

    log = logging.getLogger("torch.onnx")
    before = log.level
    log.setLevel(logging.ERROR)
    try:
        with quiet():
            yield
    finally:
        log.setLevel(before)
