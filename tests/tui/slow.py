"""The command with a cheap encoder that takes its time, in small batches; for tests of what stops and what goes on.

python -m tests.tui.slow SECONDS ARGUMENT...
"""

from __future__ import annotations

import os
import sys

import index.indexing.vectors.embed_missing
from index.embedding.model import Model
from tests.index.world import CheapEncoder
from tui.__main__ import run
from tui.cli.resources import Encoders

_seconds = 0.0


class SlowEncoders(Encoders):
    def __call__(self, model: Model) -> CheapEncoder:
        print(f"encoder: niceness {os.nice(0)}, threads {self.threads}", file=sys.stderr, flush=True)
        return CheapEncoder(model, _seconds)


def prepare(seconds: float) -> None:
    """Let the command encode so from now on, with so many seconds for each few passages."""
    global _seconds
    _seconds = seconds
    index.indexing.vectors.embed_missing.BATCH = 4  # type: ignore[misc]
    index.indexing.vectors.embed_missing._WINDOW = 4  # type: ignore[misc]
    Encoders.__call__ = SlowEncoders.__call__  # type: ignore[method-assign,assignment]


if __name__ == "__main__":
    prepare(float(sys.argv[1]))
    sys.exit(run(sys.argv[2:], alone=True))
