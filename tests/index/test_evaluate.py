from __future__ import annotations

import json
from math import log2
from pathlib import Path

import pytest

from archive.errors import UsageError
from index import Mode
from index.evaluate import Evaluation, evaluate

DOCUMENTS = {
    "zep": "The zeppelin landed on the square.",
    "apple": "Apple, apple, apple: the harvest of apples was good.",
    "mixed": "An apple lay on the desk of the judge while lawyers argued for hours about a bridge, a fence and a goat.",
    "snow": "Heavy snow closed the mountain road between the two villages.",
    "bank": "The central bank raised its rate by half a point.",
    "form": "Leave a reply\nYour email address will not be published.",
}
QUERIES = {
    "q1": '-zeppelin "landed',
    "q2": "apple",
    "q3": "pilots airship crew",
    "q4": "the bank",
    "q5": "never judged",
}
JUDGED = (("q1", "zep", 1), ("q2", "mixed", 2), ("q2", "apple", 0), ("q3", "zep", 1), ("q4", "bank", 0))


def collection(folder: Path, header: str = "") -> Path:
    folder.mkdir()
    documents = [json.dumps({"id": one, "title": "", "text": text}) for one, text in DOCUMENTS.items()]
    (folder / "docs.jsonl").write_text("\n".join(documents) + "\n")
    (folder / "queries.jsonl").write_text("".join(json.dumps({"id": q, "text": t}) + "\n" for q, t in QUERIES.items()))
    (folder / "qrels.tsv").write_text(header + "".join(f"{q}\t{d}\t{gain}\n" for q, d, gain in JUDGED))
    return folder


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Evaluation:
    return evaluate(collection(tmp_path_factory.mktemp("judged") / "collection"))


def test_queries_without_a_positive_judgement_do_not_count(measured: Evaluation) -> None:
    assert (measured.queries, measured.documents) == (3, 6)


def test_words_alone_have_the_figures_worked_out_by_hand(measured: Evaluation) -> None:
    lexical = next(one for one in measured.modes if one.mode == Mode.LEXICAL)
    # q1 first, q2 second with linear gain, q3 has no word in common with anything
    assert lexical.ndcg10 == pytest.approx((1 + 1 / log2(3) + 0) / 3)
    assert lexical.recall100 == pytest.approx(2 / 3)
    assert lexical.mrr10 == pytest.approx((1 + 1 / 2 + 0) / 3)


def test_by_meaning_every_document_is_ranked(measured: Evaluation) -> None:
    assert [one.mode for one in measured.modes] == list(Mode)
    for one in measured.modes:
        if one.mode != Mode.LEXICAL:
            assert one.recall100 == 1
            assert 0.5 < one.mrr10 <= 1


@pytest.mark.parametrize("name", ["docs.jsonl", "queries.jsonl", "qrels.tsv"])
def test_a_missing_file_is_told(name: str, tmp_path: Path) -> None:
    folder = collection(tmp_path / "collection")
    (folder / name).unlink()
    with pytest.raises(UsageError, match=name):
        evaluate(folder)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("queries.jsonl", "no json\n"),
        ("queries.jsonl", '{"text": "without id"}\n'),
        ("queries.jsonl", "[1]\n"),
        ("queries.jsonl", b"\xff\xfe\x00"),
        ("qrels.tsv", "1\n"),
        ("qrels.tsv", b"q1\tzep\t\xff\n"),
        ("qrels.tsv", ""),
    ],
)
def test_a_file_of_another_kind_is_told(name: str, content: str | bytes, tmp_path: Path) -> None:
    folder = collection(tmp_path / "collection")
    (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(UsageError, match=name):
        evaluate(folder)
