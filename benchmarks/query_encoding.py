"""Encoding one question against what onnxruntime alone takes for the same token ids: one session, one thread, in turn.

Usage: python benchmarks/query_encoding.py [ROUNDS]
"""

from __future__ import annotations

import os
from functools import partial
from typing import Any

import numpy as np
from measure import QUESTIONS, arguments, middle, show, timed

from index.embedding.model import locate
from index.embedding.onnx import OUTPUT, OnnxEncoder
from index.embedding.tokenizer import truncating_tokenizer


def main(rounds: int) -> None:
    """Print the median of both in milliseconds and their ratio."""
    model = locate(None)
    encoder = OnnxEncoder(model)
    session = encoder.session
    tokenizer, _ = truncating_tokenizer(model.path, model.max_tokens)
    given = [_inputs(session, tokenizer.encode(question).ids) for question in QUESTIONS]
    times: dict[str, list[float]] = {"onnxruntime alone": [], "Morgue, from the text": []}
    for turn in range(rounds + 1):
        for question, inputs in zip(QUESTIONS, given, strict=True):
            ways = [partial(session.run, [OUTPUT], inputs), partial(encoder.encode, [question])]
            works = list(zip(times, ways, strict=True))
            for name, work in works[:: 1 if turn % 2 else -1]:
                times[name].append(timed(work))
    alone, ours = (middle(each[len(QUESTIONS) :]) for each in times.values())
    rows = [("onnxruntime alone", f"{1000 * alone:.3f}"), ("Morgue, from the text", f"{1000 * ours:.3f}")]
    title = f"{len(QUESTIONS)} questions, {rounds} rounds in turn; load {os.getloadavg()[0]:.1f}"
    show(title, ("", "ms"), [*rows, ("ratio", f"{ours / alone:.3f}")])


def _inputs(session: Any, ids: list[int]) -> dict[str, Any]:  # noqa: ANN401
    row = np.array([ids], np.int64)
    values = {"input_ids": row, "attention_mask": np.ones_like(row), "token_type_ids": np.zeros_like(row)}
    return {one.name: values[one.name] for one in session.get_inputs()}


if __name__ == "__main__":
    given = arguments(0)
    main(int(given[0]) if given else 20)
