"""The quick encoder of queries: the exported model on onnxruntime, without torch or transformers."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from archive.core.errors import Action, ArchiveError, Damaged, Remedy
from archive.core.system_limits import MISTAKES, limit_of
from archive.folder.user_folder import cache_folder
from index.embedding.model import Model, ModelEncoder
from index.embedding.room import is_for_want_of_room
from index.embedding.tokenizer import truncating_tokenizer
from index.runtime.memo import remembered_sha256

if TYPE_CHECKING:
    from index.contracts.engines import Floats, Ordinals

GRAPH: Final = "encoder.onnx"
WEIGHTS: Final = "encoder.bin"
NOTE: Final = "made.json"
OUTPUT: Final = "unit_vector"
_FORMAT: Final = 1  # of the note that an export leaves
_TOKENS: Final = 2_048  # of a batch, padding counted


@dataclass(frozen=True, slots=True)
class Made:
    """What an export left: sha256 (hex) of each file by name."""

    files: dict[str, str]

    def to_bytes(self) -> bytes:
        """Serialise."""
        return json.dumps({"format": _FORMAT, "files": self.files}).encode()

    @classmethod
    def read(cls, folder: Path) -> Made | None:
        """Return what a folder's note says, None when there is none that can be read."""
        try:
            note = json.loads((folder / NOTE).read_text("utf-8"))
        except (OSError, ValueError):
            return None
        match note:
            case {"format": 1, "files": dict(files)}:
                return cls({str(name): str(digest) for name, digest in files.items()})
        return None


def encoder_folder(model: Model) -> Path:
    """Return where the exported encoder of a model lies, or would lie, in the user's cache."""
    return cache_folder() / "encoders" / model.fingerprint[:32]


def exported(model: Model) -> Path | None:
    """Return the folder of the model's exported encoder, None when there is none or it is damaged."""
    folder = encoder_folder(model)
    note = Made.read(folder)
    if note is None or set(note.files) != {GRAPH, WEIGHTS}:
        return None
    try:
        whole = all(remembered_sha256(folder / name) == digest for name, digest in note.files.items())
    except OSError:
        return None
    return folder if whole else None


class Unfit(ArchiveError):
    """onnxruntime is broken, or of another version than this program was written for."""

    code = "onnxruntime-unfit"


class OnnxEncoder(ModelEncoder):
    """Encodes on onnxruntime. Safe to share between threads.

    One thread by default: a second one makes a single query a quarter faster on an idle machine and several times
    slower on a busy one.

    Args:
        model: whose encoder was exported.
        folder: of the exported encoder; by default the one in the user's cache.
        threads: for one run.

    Attributes:
        cut: inputs so far that were longer than the model takes and lost their end.
        session: onnxruntime's, which takes token ids.

    Raises:
        Damaged: there is no exported encoder, or it cannot be loaded.
        ArchiveError: there is not enough memory for it.
        Unfit: onnxruntime cannot be used, whatever the encoder is.
    """

    def __init__(self, model: Model, folder: Path | None = None, threads: int = 1) -> None:
        super().__init__(model)
        self.cut = 0
        self._tokenizer, self._padding = truncating_tokenizer(model.path, model.max_tokens)
        self.session = _session(folder or encoder_folder(model), threads)
        self._names = [argument.name for argument in self.session.get_inputs()]

    def encode(self, texts: Sequence[str]) -> Floats:
        """Return unit vectors, shape ``(len(texts), dimension)``. Prompts are the caller's to put in front."""
        vectors = np.empty((len(texts), self.dimension), np.float32)
        encodings = self._tokenizer.encode_batch(list(texts))
        self.cut += sum(bool(encoding.overflowing) for encoding in encodings)
        lengths = np.array([len(encoding.ids) for encoding in encodings], np.int64)
        order = np.argsort(lengths, kind="stable")
        for rows in _batches(order, lengths[order]):
            vectors[rows] = self._run([encodings[row] for row in rows])
        return vectors

    def _run(self, encodings: Sequence[Any]) -> Floats:
        shape = len(encodings), max(len(encoding.ids) for encoding in encodings)
        ids = np.full(shape, self._padding, np.int64)
        mask = np.zeros(shape, np.int64)
        for row, encoding in enumerate(encodings):
            ids[row, : len(encoding.ids)] = encoding.ids
            mask[row, : len(encoding.ids)] = 1
        inputs = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros(shape, np.int64)}
        vectors: Floats = self.session.run([OUTPUT], {name: inputs[name] for name in self._names})[0]
        return vectors


def _batches(order: Ordinals, lengths: Ordinals) -> Iterator[Ordinals]:
    """Yield places in batches of like cost: as many as have room beside the longest of them."""
    start = 0
    while start < len(order):
        padded = lengths[start:] * np.arange(1, len(order) - start + 1)
        end = start + max(1, int(np.searchsorted(padded, _TOKENS, side="right")))
        yield order[start:end]
        start = end


def _session(folder: Path, threads: int) -> Any:  # noqa: ANN401 - onnxruntime ships no types
    try:
        import onnxruntime

        onnxruntime.disable_telemetry_events()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 4  # its errors are raised; printed as well, they would stand between answers
        return onnxruntime.InferenceSession(folder / GRAPH, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime's errors share no base of their own
        if limit_of(error) is None and isinstance(error, MISTAKES):
            what = f"onnxruntime cannot be used here ({type(error).__name__}: {error})."
            raise Unfit(what, remedy=Remedy(Action.UPGRADE)) from error
        if is_for_want_of_room(error):
            what = f"There is not enough room to load the encoder of questions ({error}); free some memory."
            raise ArchiveError(what) from error
        raise Damaged(f"The exported encoder in {folder} cannot be loaded: {error}") from error
