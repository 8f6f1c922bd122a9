"""Encoding passages the quickest way there is on this machine; the first batches tell which it is."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from contextlib import suppress
from enum import StrEnum
from importlib.metadata import version
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING, Final

from archive.core.cores import usable_cores
from archive.core.errors import ArchiveError
from index.embedding import onnx
from index.embedding.model import Model, ModelEncoder
from index.embedding.onnx import OnnxEncoder
from index.runtime.memo import recall, remember

if TYPE_CHECKING:
    from pathlib import Path

    from index.contracts.engines import Floats
    from index.embedding.torch import TorchEncoder

FEW: Final = 256  # inputs done by the export alone, which loads in a tenth of a second; chosen, not measured
_ROUNDS: Final = 3  # batches of each way, so that a median means something; chosen, not measured


class Way(StrEnum):
    """What runs the model."""

    TORCH = "torch"
    ONNX = "onnxruntime"


class Quickest(ModelEncoder):
    """Encodes with sentence-transformers or with the exported encoder.

    Both give the same vectors: an export that is kept agrees on every probe (cosine above 0.9999). It loads in a tenth
    of a second, so it does the first few inputs, often all of them. Where more come, torch is loaded and both take
    turns for some batches; the quicker goes on, and is remembered in the user's cache.

    Args:
        model: to run.
        threads: of the processor that may be used; None for all.
    """

    def __init__(self, model: Model, threads: int | None = None) -> None:
        super().__init__(model)
        self._threads = threads
        self._torch: TorchEncoder | None = None
        self._onnx: OnnxEncoder | None = None
        self._exports = True
        self._done = self._cut = 0
        self._chosen = _remembered(model, threads)
        self._seconds: dict[Way, list[float]] = {way: [] for way in Way}

    @property
    def cut(self) -> int:
        """Return how many inputs so far were longer than the model takes and lost their end."""
        return self._cut + sum(encoder.cut for encoder in (self._torch, self._onnx) if encoder is not None)

    def encode(self, texts: Sequence[str]) -> Floats:
        """Return unit vectors, shape ``(len(texts), dimension)``. Prompts are the caller's to put in front.

        Raises:
            ArchiveError: the model cannot be loaded.
        """
        exported = self._exported()
        way = Way.TORCH if exported is None else self._way()
        encoder = exported if exported is not None and way == Way.ONNX else self._loaded()
        began = perf_counter()
        vectors = encoder.encode(texts)
        if exported is not None and self._chosen is None and self._done >= FEW:
            self._learn(way, (perf_counter() - began) / max(1, sum(map(len, texts))))
        self._done += len(texts)
        return vectors

    def _way(self) -> Way:
        if self._done < FEW:
            return Way.ONNX
        return self._chosen or min(Way, key=lambda way: len(self._seconds[way]))

    def _learn(self, way: Way, seconds: float) -> None:
        self._seconds[way].append(seconds)
        if all(len(each) >= _ROUNDS for each in self._seconds.values()):
            self._chosen = min(Way, key=lambda candidate: median(self._seconds[candidate]))
            _remember(self.model, self._threads, self._chosen)
            if self._chosen == Way.ONNX and self._torch is not None:
                self._cut += self._torch.cut
                self._torch = None  # it takes 400 MB, and a run that watches lives long

    def _loaded(self) -> TorchEncoder:
        from index.embedding.torch import TorchEncoder

        self._torch = self._torch or TorchEncoder(self.model, self._threads)
        return self._torch

    def _exported(self) -> OnnxEncoder | None:
        """Return the exported encoder, making it if there is none; None where that cannot be."""
        if self._onnx is None and self._exports:
            from index.embedding.export import export

            self._exports = False
            with suppress(ArchiveError):  # an export that was killed, say; torch may do, or says what is wrong
                export(self.model)
                self._onnx = OnnxEncoder(self.model, threads=self._threads or usable_cores())
        return self._onnx


def _place(model: Model) -> Path:
    return onnx.encoder_folder(model).with_suffix(".quickest")


def _circumstances(threads: int | None) -> list[object]:
    """Return what the choice depends on."""
    machine = (platform.node(), platform.machine(), os.cpu_count(), threads)
    return [*machine, version("torch"), version("onnxruntime")]


def _remembered(model: Model, threads: int | None) -> Way | None:
    way = recall(_place(model), {"for": _circumstances(threads)}).get("way")
    return Way(way) if way in set(Way) else None


def _remember(model: Model, threads: int | None, way: Way) -> None:
    remember(_place(model), {"for": _circumstances(threads)}, {"way": way})
