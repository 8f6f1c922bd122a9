"""Making an exported encoder of a model and comparing it with sentence-transformers, in a process of its own.

    python -m index.embedding.exporters MODEL FOLDER

writes it into a folder. What torch takes is given back with the process, and where there is not enough for it, only
this process ends.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from archive.core.errors import ArchiveError
from archive.core.system_limits import in_words
from archive.folder.files import remove_tree, sha256_file, sync_tree, write_atomic
from index.embedding import onnx
from index.embedding.export_probes import PROBES
from index.embedding.model import Model
from index.embedding.room import is_for_want_of_room
from index.runtime.subprocess import ChildProcess, Verdict, main, tell

if TYPE_CHECKING:
    from index.embedding.torch import TorchEncoder

LEAST_COSINE: Final = 0.9999  # a faithful graph in float32 stays above it, a wrong pooling far below; chosen
_INPUTS: Final = ("input_ids", "attention_mask", "token_type_ids")
_DIFFERS: Final = "differs"
_WANTS_ROOM: Final = "room"


class Disagrees(ArchiveError):
    """An exported encoder gives other vectors than sentence-transformers."""

    code = "encoder-disagrees"


class Attempt:
    """An export in a process of its own.

    Args:
        model: to export.
        folder: an empty one.

    Attributes:
        loaded: whether the model could be loaded there at all.
        problem: why there is no encoder in ``folder``, None when there is.
        differs: whether vectors were compared, and differed; ``wants_room``: whether memory or disk were wanting.
    """

    def __init__(self, model: Model, folder: Path) -> None:
        self.loaded = False
        described = json.dumps({**asdict(model), "path": str(model.path)})
        try:
            verdict = ChildProcess(__name__, described, folder).answer(self._told)
        except OSError as error:  # which the system refused this process, or the other one
            verdict = Verdict((in_words(error),), {_WANTS_ROOM if is_for_want_of_room(error) else "refused": 1})
        self.problem = verdict.problems[0] if verdict.problems else None
        self.differs = _DIFFERS in verdict.figures
        # a process that ended without a word was ended by the system, or by a library that got no memory
        self.wants_room = _WANTS_ROOM in verdict.figures or not verdict.figures

    def _told(self, _: int) -> None:
        self.loaded = True


def make(encoder: TorchEncoder, work: Path) -> Verdict:
    """Use the first exporter whose graph agrees; tracing comes first because it takes 2 s where the other takes 20.

    Args:
        encoder: the model, loaded.
        work: an empty folder, in which the exported encoder is sealed.

    Returns:
        Without problems when there is one; else figures say whether vectors differed or room was wanting.
    """
    failures: list[Exception] = []
    for exporter in (_by_tracing, _by_capture):
        failure = _failure(exporter, encoder, work)
        if failure is None:
            _seal(work)
            return Verdict((), {"made": 1})
        failures.append(failure)
    figures = {_DIFFERS: any(isinstance(failure, Disagrees) for failure in failures)}
    figures[_WANTS_ROOM] = any(map(is_for_want_of_room, failures))
    told = "; ".join(f"{type(failure).__name__}: {failure}".splitlines()[0] for failure in failures)
    return Verdict((told,), {"tried": 1, **{name: 1 for name, is_so in figures.items() if is_so}})


def _failure(exporter: Callable[[Any, Path], None], encoder: TorchEncoder, work: Path) -> Exception | None:
    raw = work / "raw"
    try:
        raw.mkdir()
        with _silence():
            exporter(encoder.transformer, raw / onnx.GRAPH)
        _optimise(raw / onnx.GRAPH, work)
        _compare(encoder, work)
    except Exception as error:  # exporters raise whatever a model's code provokes
        return error
    finally:
        remove_tree(raw)
    return None


def _compare(encoder: TorchEncoder, folder: Path) -> None:
    exported = onnx.OnnxEncoder(encoder.model, folder)
    expected = encoder.encode(PROBES)
    for vectors in (exported.encode(PROBES), _singly(exported)):
        worst = float((vectors * expected).sum(axis=1).min())
        if not worst > LEAST_COSINE:  # also catches NaN
            raise Disagrees(f"it disagrees with sentence-transformers (cosine {worst:.6f})")


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


def _main(described: str, folder: str) -> Verdict:
    from index.embedding.torch import TorchEncoder

    known = json.loads(described)
    try:
        encoder = TorchEncoder(Model(**{**known, "path": Path(known["path"])}))
    except ArchiveError as error:
        return Verdict((error.message,), {_WANTS_ROOM if is_for_want_of_room(error) else "refused": 1})
    tell(1)
    return make(encoder, Path(folder))


if __name__ == "__main__":
    main(_main)
