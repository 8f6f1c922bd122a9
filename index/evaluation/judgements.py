"""Judgements of one's own archive, in the files that ``evaluate`` reads: which articles answer which question."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from hashlib import sha256
from pathlib import Path

from archive import Archive
from archive.core.errors import UnknownId, UsageError
from archive.folder.files import write_atomic
from index.evaluation.measures import DOCUMENTS, QRELS, QUERIES, qrels, queries


def judge(folder: Path, question: str, identifiers: Sequence[str], gain: int, archive: Archive) -> int:
    """Note how well articles or passages answer a question; earlier judgements of the same are replaced.

    Args:
        folder: made if it does not exist.
        question: as it is typed.
        identifiers: of articles or passages of the archive.
        gain: 0 for no answer.
        archive: that has them.

    Returns:
        How many judgements of the question there are.

    Raises:
        UnknownId: one of them is not in the archive; nothing is written.
        UsageError: the folder is a collection with documents of its own, or its files cannot be read or written.
    """
    if (folder / DOCUMENTS).exists():
        raise UsageError(f"{folder} is a collection with documents of its own.")
    if not question.strip():
        raise UsageError("There is no question.")
    for identifier in identifiers:
        _check(identifier, archive)
    asked = dict(queries(folder / QUERIES)) if (folder / QUERIES).exists() else {}
    judged = {(qrel.query_id, qrel.doc_id): qrel.relevance for qrel in qrels(folder / QRELS)} if asked else {}
    names = {text: query for query, text in asked.items()}
    query = names.get(question) or sha256(question.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    asked[query] = question
    judged |= {(query, identifier): gain for identifier in identifiers}
    lines = [json.dumps({"id": name, "text": text}, ensure_ascii=False) for name, text in asked.items()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_atomic(
            folder / QRELS, _table(f"{name}\t{document}\t{value}" for (name, document), value in judged.items())
        )
        write_atomic(folder / QUERIES, _table(lines))
    except OSError as error:
        raise UsageError(f"{folder} cannot be written: {error.strerror or error}.") from error
    return sum(name == query for name, _ in judged)


def _check(identifier: str, archive: Archive) -> None:
    try:
        archive.article(identifier)
    except UnknownId:
        archive.passage(identifier)


def _table(lines: Iterable[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode("utf-8", "surrogatepass")
