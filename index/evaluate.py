"""Retrieval measures of each mode over a judged collection, by the ranking that ``search`` uses.

A collection is a folder with ``docs.jsonl`` (``id``, ``title``, ``text``), ``queries.jsonl`` (``id``, ``text``) and
``qrels.tsv`` (query, document, gain). Texts and queries are plain words: no cleaning, no query syntax, no folding of
copies, no cut for confidence. Documents rank by their best passage.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import ir_measures
from ir_measures import RR, Qrel, R, ScoredDoc, nDCG

from archive import Archive
from archive.errors import UsageError
from archive.progress import Progress
from index import passage_rule
from index.answer import Mode
from index.build import build
from index.reading import literal
from index.searcher import Searcher

DEPTH: Final = 1000
_MEASURES: Final = (nDCG @ 10, R @ 100, RR @ 10)


@dataclass(frozen=True, slots=True)
class ModeResult:
    """Means over the judged queries of one mode, each in [0, 1]."""

    mode: Mode
    ndcg10: float
    recall100: float
    mrr10: float


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What ``evaluate`` found."""

    modes: tuple[ModeResult, ...]
    queries: int
    documents: int


def evaluate(folder: Path, progress: Progress | None = None) -> Evaluation:
    """Index a judged collection in a temporary archive and measure each mode.

    nDCG@10 has linear gain as trec_eval has it; every figure is a mean over the queries with a positive judgement, an
    empty answer counting 0.

    Raises:
        UsageError: a file is missing or holds something else.
    """
    qrels = list(_qrels(folder / "qrels.tsv"))
    positive = {qrel.query_id for qrel in qrels if qrel.relevance > 0}
    asked = {query: text for query, text in _queries(folder / "queries.jsonl") if query in positive}
    if not asked:
        raise UsageError(f"{folder / 'qrels.tsv'} holds no positive judgement of a query in queries.jsonl.")
    with TemporaryDirectory(prefix="morgue-eval-") as temporary, Archive.create(Path(temporary) / "archive") as archive:
        documents = archive.add_plain(folder / "docs.jsonl", passage_rule(archive.settings), progress)
        build(archive, progress=progress)
        with Searcher.open(archive.root) as searcher:
            modes = tuple(_measure(searcher, mode, asked, qrels) for mode in Mode)
    return Evaluation(modes, len(asked), documents)


def _measure(searcher: Searcher, mode: Mode, asked: dict[str, str], qrels: list[Qrel]) -> ModeResult:
    run = [
        ScoredDoc(query, document, float(-rank))
        for query, text in asked.items()
        for rank, document in enumerate(searcher.records(literal(text), mode, DEPTH))
    ]
    judged = [qrel for qrel in qrels if qrel.query_id in asked]
    found = ir_measures.calc_aggregate(_MEASURES, judged, run)
    return ModeResult(mode, *(float(found[measure]) for measure in _MEASURES))


def _queries(path: Path) -> Iterator[tuple[str, str]]:
    """Yield the identifier and the text of each query."""
    try:
        with path.open(encoding="utf-8") as lines:
            for line in lines:
                if line.strip():
                    one = json.loads(line)
                    yield str(one["id"]), str(one["text"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UsageError(f"{path} cannot be read as JSON Lines with id and text: {error!r}") from error


def _qrels(path: Path) -> Iterator[Qrel]:
    """Yield the judgements; the first line may name the columns."""
    try:
        with path.open(encoding="utf-8", newline="") as lines:
            for number, row in enumerate(csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)):
                if row and (number or row[-1].strip().lstrip("-").isdigit()):
                    yield Qrel(row[0], row[-2], int(row[-1]))
    except (OSError, IndexError, ValueError) as error:
        raise UsageError(f"{path} cannot be read as judgements: {error}") from error
