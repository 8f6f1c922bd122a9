"""Retrieval measures of each mode over judged questions, by the ranking that ``search`` uses.

A collection is a folder with ``docs.jsonl`` (``id``, ``title``, ``text``), ``queries.jsonl`` (``id``, ``text``) and
``qrels.tsv`` (query, document, gain). Texts and queries are plain words: no cleaning, no query syntax, no folding of
copies, no cut for confidence. Documents rank by their best passage. A folder without ``docs.jsonl`` judges articles of
an archive, named by their identifier or that of one of their passages; its questions are read as they are typed. So are
those of the archive's notebook.

Modes are compared by a paired randomisation test: Smucker, Allan and Carterette, A comparison of statistical
significance tests for information retrieval evaluation (2007).
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import ir_measures
import numpy as np
from ir_measures import RR, Qrel, R, ScoredDoc, nDCG

from archive import Archive
from archive.core.errors import UnknownId, UsageError
from archive.core.progress import Progress
from index.contracts.engines import Floats
from index.contracts.options import Mode
from index.embedding.model import locate
from index.embedding.passage_input import rule
from index.indexing.build import build
from index.query.parser import literal, parse
from index.search.searcher import Searcher

DEPTH: Final = 1000  # documents of a ranking; as TREC runs have it, and ten times what recall is measured at
DOCUMENTS: Final = "docs.jsonl"
QUERIES: Final = "queries.jsonl"
QRELS: Final = "qrels.tsv"
_MEASURES: Final = (nDCG @ 10, R @ 100, RR @ 10)
_COMPARED: Final = ((Mode.HYBRID, Mode.LEXICAL), (Mode.HYBRID, Mode.SEMANTIC), (Mode.SEMANTIC, Mode.LEXICAL))
_RESAMPLES: Final = 9_999  # with the one observed, ten thousand: p to two digits
_SEED: Final = 20  # any: the same figures every time


@dataclass(frozen=True, slots=True)
class QueryResult:
    """The measures of one mode over one query, each in [0, 1]."""

    query: str
    text: str
    mode: Mode
    ndcg10: float
    recall100: float
    mrr10: float


@dataclass(frozen=True, slots=True)
class ModeResult:
    """Means over the judged queries of one mode, each in [0, 1]."""

    mode: Mode
    ndcg10: float
    recall100: float
    mrr10: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two modes over the same queries, by nDCG@10.

    Attributes:
        difference: mean of ``first`` less that of ``second``.
        p: how likely a difference as large is, in either direction, if the modes were exchangeable.
    """

    first: Mode
    second: Mode
    difference: float
    p: float


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What ``evaluate`` found; ``each`` has every query in every mode.

    Attributes:
        left_behind: judged passages whose words are not in the current text of their article; their judgements count
            for the article all the same.
    """

    modes: tuple[ModeResult, ...]
    comparisons: tuple[Comparison, ...]
    each: tuple[QueryResult, ...]
    queries: int
    documents: int
    left_behind: int = 0


def judges_an_archive(folder: Path) -> bool:
    """Tell whether a folder holds judgements of an archive's own articles, and no documents."""
    return (folder / QRELS).exists() and not (folder / DOCUMENTS).exists()


def evaluate(folder: Path, progress: Progress | None = None) -> Evaluation:
    """Index a judged collection in a temporary archive and measure each mode.

    nDCG@10 has linear gain as trec_eval has it; every figure is a mean over the queries with a positive judgement, an
    empty answer counting 0.

    Raises:
        UsageError: a file is missing or holds something else.
    """
    judged, asked = judgements(folder)
    with TemporaryDirectory(prefix="morgue-eval-") as temporary, Archive.create(Path(temporary) / "archive") as archive:
        documents = archive.add_plain(folder / DOCUMENTS, rule(locate(archive.settings)), progress)
        build(archive, progress=progress)
        with Searcher.open(archive.root) as searcher:
            return measure(asked, judged, documents, lambda text, mode: searcher.records(literal(text), mode, DEPTH))


def evaluate_archive(folder: Path, searcher: Searcher) -> Evaluation:
    """Measure each mode over judgements of the articles of an archive.

    Raises:
        UsageError: a file is missing or holds something else, or no article that it names is in the archive.
    """
    judged, asked = judgements(folder)
    return _evaluated(judged, asked, searcher, str(folder / QRELS))


def evaluate_notebook(searcher: Searcher) -> Evaluation:
    """Measure each mode over the judgements in the notebook of an archive.

    Raises:
        UsageError: there is no positive one, or no article that they name is in the archive.
    """
    kept = searcher.archive.notebook.judgements()
    judged = [Qrel(one.question, one.target, one.gain) for one in kept]
    asked = {one.question: one.question for one in kept if one.gain > 0}
    if not asked:
        raise UsageError(f"Nothing was judged to answer a question in {searcher.archive.root}.")
    return _evaluated(judged, asked, searcher, "the notebook")


def _evaluated(judged: Sequence[Qrel], asked: Mapping[str, str], searcher: Searcher, where: str) -> Evaluation:
    named = list(_of_articles(judged, searcher.archive))
    if not any(qrel.relevance > 0 for qrel in named):
        raise UsageError(f"No article that {where} names is in {searcher.archive.root}.")
    documents = len({qrel.doc_id for qrel in named})
    evaluation = measure(asked, named, documents, lambda text, mode: searcher.articles(parse(text), mode, DEPTH))
    return replace(evaluation, left_behind=_left_behind(judged, searcher.archive))


def _left_behind(judged: Iterable[Qrel], archive: Archive) -> int:
    """Count the judged passages whose words are not in the current text of their article."""
    return sum(not _is_current(passage_id, archive) for passage_id in {qrel.doc_id for qrel in judged})


def _is_current(passage_id: str, archive: Archive) -> bool:
    try:
        return archive.follow(passage_id).is_current
    except UnknownId:  # the judgement is of an article, or of nothing that is here
        return True


def judgements(folder: Path) -> tuple[list[Qrel], dict[str, str]]:
    """Return the judgements of a folder, and the text of each query that has a positive one.

    Raises:
        UsageError: a file is missing or holds something else.
    """
    judged = list(qrels(folder / QRELS))
    positive = {qrel.query_id for qrel in judged if qrel.relevance > 0}
    asked = {query: text for query, text in queries(folder / QUERIES) if query in positive}
    if not asked:
        raise UsageError(f"{folder / QRELS} holds no positive judgement of a query in {QUERIES}.")
    return judged, asked


def _of_articles(judged: Iterable[Qrel], archive: Archive) -> Iterator[Qrel]:
    """Yield the judgements of articles that are there; those of passages as judgements of their articles."""
    best: dict[tuple[str, str], int] = {}
    for qrel in judged:
        article = qrel.doc_id
        try:
            article = archive.passage(article).article_id
        except UnknownId:
            try:
                archive.article(article)
            except UnknownId:
                continue
        key = qrel.query_id, article
        best[key] = max(qrel.relevance, best.get(key, qrel.relevance))
    return (Qrel(query, article, gain) for (query, article), gain in best.items())


def measure(
    asked: Mapping[str, str],
    judged: Sequence[Qrel],
    documents: int,
    ranked: Callable[[str, Mode], Iterable[str]],
) -> Evaluation:
    """Measure a ranking.

    Args:
        asked: text of each query.
        judged: judgements of any queries.
        documents: how many there are.
        ranked: returns the identifiers of documents, best first, for a query's text in a mode.
    """
    each = [each_query(mode, asked, judged, ranked) for mode in Mode]
    modes = tuple(
        ModeResult(mode, *(float(mean) for mean in _figures(results).mean(axis=0)))
        for mode, results in zip(Mode, each, strict=True)
    )
    of_mode = dict(zip(Mode, each, strict=True))
    compared = tuple(_compared(first, second, of_mode) for first, second in _COMPARED)
    return Evaluation(modes, compared, tuple(result for results in each for result in results), len(asked), documents)


def each_query(
    mode: Mode, asked: Mapping[str, str], judged: Sequence[Qrel], ranked: Callable[[str, Mode], Iterable[str]]
) -> list[QueryResult]:
    """Measure one ranking, query by query; arguments as ``measure`` has them."""
    run = [
        ScoredDoc(query, document, float(-rank))
        for query, text in asked.items()
        for rank, document in enumerate(ranked(text, mode))
    ]
    values: dict[tuple[str, object], float] = {}
    for metric in ir_measures.iter_calc(_MEASURES, [qrel for qrel in judged if qrel.query_id in asked], run):
        values[metric.query_id, metric.measure] = float(metric.value)
    return [
        QueryResult(query, text, mode, *(values.get((query, measure), 0.0) for measure in _MEASURES))
        for query, text in asked.items()
    ]


def _figures(results: Sequence[QueryResult]) -> Floats:
    return np.array([(result.ndcg10, result.recall100, result.mrr10) for result in results])


def _compared(first: Mode, second: Mode, of_mode: Mapping[Mode, Sequence[QueryResult]]) -> Comparison:
    ours, others = (np.array([result.ndcg10 for result in of_mode[mode]]) for mode in (first, second))
    return Comparison(first, second, float((ours - others).mean()), p_value(ours, others))


def p_value(ours: Floats, others: Floats) -> float:
    """Return how likely a mean difference as large is, in either direction, were the rankings exchangeable.

    Of one query it is certain: exchanging the two changes only the sign of their difference.

    Args:
        ours: a measure of each query, shape ``(queries,)``.
        others: the same of another ranking, aligned.
    """
    from scipy.stats import permutation_test

    if len(ours) < 2 or not (ours != others).any():
        return 1.0
    tested = permutation_test(
        (ours, others),
        lambda a, b, axis: (a - b).mean(axis=axis),
        permutation_type="samples",
        vectorized=True,
        n_resamples=_RESAMPLES,
        rng=_SEED,
    )
    return float(tested.pvalue)


def queries(path: Path) -> Iterator[tuple[str, str]]:
    """Yield the identifier and the text of each query."""
    try:
        with path.open(encoding="utf-8") as lines:
            for line in lines:
                if line.strip():
                    query = json.loads(line)
                    yield str(query["id"]), str(query["text"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UsageError(f"{path} cannot be read as JSON Lines with id and text: {error!r}") from error


def qrels(path: Path) -> Iterator[Qrel]:
    """Yield the judgements; the first line may name the columns."""
    try:
        with path.open(encoding="utf-8", newline="") as lines:
            for number, row in enumerate(csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)):
                if row and (number or row[-1].strip().lstrip("-").isdigit()):
                    yield Qrel(row[0], row[-2], int(row[-1]))
    except (OSError, IndexError, ValueError) as error:
        raise UsageError(f"{path} cannot be read as judgements: {error}") from error
