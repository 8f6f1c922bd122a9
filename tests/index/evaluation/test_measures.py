from __future__ import annotations

import json
from math import log2
from pathlib import Path
from statistics import fmean

import pytest
from ir_measures import Qrel

from archive import Archive
from archive.core.errors import UnknownId, UsageError
from index import Mode, Searcher
from index.evaluation.judgements import judge
from index.evaluation.measures import Evaluation, evaluate, evaluate_archive, judges_an_archive, measure

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


def test_each_query_is_told_and_the_means_are_theirs(measured: Evaluation) -> None:
    assert [(one.mode, one.query) for one in measured.each] == [(m, q) for m in Mode for q in ("q1", "q2", "q3")]
    lexical = [one.ndcg10 for one in measured.each if one.mode == Mode.LEXICAL]
    assert lexical == pytest.approx([1, 1 / log2(3), 0])
    for mode in measured.modes:
        each = [one for one in measured.each if one.mode == mode.mode]
        for name in ("ndcg10", "recall100", "mrr10"):
            assert getattr(mode, name) == pytest.approx(fmean(getattr(one, name) for one in each))


def test_modes_are_compared_over_the_same_queries(measured: Evaluation) -> None:
    means = {one.mode: one.ndcg10 for one in measured.modes}
    pairs = [(one.first, one.second) for one in measured.comparisons]
    assert pairs == [(Mode.HYBRID, Mode.LEXICAL), (Mode.HYBRID, Mode.SEMANTIC), (Mode.SEMANTIC, Mode.LEXICAL)]
    for one in measured.comparisons:
        assert one.difference == pytest.approx(means[one.first] - means[one.second])
        assert 0.25 <= one.p <= 1  # three pairs: no fewer than 2 of 8 ways to exchange them are as extreme


def test_a_difference_in_every_query_is_significant() -> None:
    def ranked(text: str, mode: Mode) -> list[str]:
        return ["right"] if mode == Mode.HYBRID else ["wrong", "right"]

    asked = {f"q{number}": "" for number in range(12)}
    found = measure(asked, [Qrel(query, "right", 1) for query in asked], 2, ranked)
    (better, _, nothing) = found.comparisons
    assert (nothing.difference, nothing.p) == (0, 1)
    assert better.difference == pytest.approx(1 - 1 / log2(3))
    assert better.p == pytest.approx(2 / 2**12)


def test_a_difference_in_a_single_query_says_nothing() -> None:
    def ranked(text: str, mode: Mode) -> list[str]:
        return ["right"] if mode == Mode.HYBRID else ["wrong", "right"]

    (better, *_) = measure({"q": ""}, [Qrel("q", "right", 1)], 2, ranked).comparisons
    assert better.difference == pytest.approx(1 - 1 / log2(3))
    assert better.p == 1


def test_judgements_of_ones_own_archive_count(news_archive: Path, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    with Searcher.open(news_archive) as searcher:
        (gas, *_), (bread, *_) = (searcher.search(one).hits for one in ("pipeline runs dry", "rye bread"))
        assert judge(folder, "+compressor runs dry", [gas.article.id], 2, searcher.archive) == 1
        assert judge(folder, "rye bread", [bread.passage.id, gas.article.id], 0, searcher.archive) == 2
        assert judge(folder, "rye bread", [bread.passage.id], 1, searcher.archive) == 2
        assert judges_an_archive(folder)
        found = evaluate_archive(folder, searcher)
        with pytest.raises(UnknownId):
            judge(folder, "rye bread", ["0123456789abcdef"], 1, searcher.archive)
    assert (found.queries, found.documents) == (2, 2)
    assert {one.text: one.ndcg10 for one in found.each if one.mode == Mode.HYBRID} == {
        "+compressor runs dry": 1.0,
        "rye bread": 1.0,
    }


def test_judgements_of_another_archive_are_told(news_archive: Path, tmp_path: Path) -> None:
    (tmp_path / "queries.jsonl").write_text('{"id": "q", "text": "gas"}')
    (tmp_path / "qrels.tsv").write_text("q\t0123456789abcdef\t1\n")
    with Searcher.open(news_archive) as searcher, pytest.raises(UsageError, match=r"qrels\.tsv"):
        evaluate_archive(tmp_path, searcher)


def test_a_collection_with_documents_takes_no_judgements(news_archive: Path, tmp_path: Path) -> None:
    folder = collection(tmp_path / "collection")
    with Archive.open(news_archive) as archive:
        known = next(archive.articles()).id
        with pytest.raises(UsageError, match="documents of its own"):
            judge(folder, "gas", [known], 1, archive)
        with pytest.raises(UsageError, match="no question"):
            judge(tmp_path / "mine", " ", [known], 1, archive)


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
