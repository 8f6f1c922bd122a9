from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tests.test_offline import WITHOUT_NETWORK
from tui.__main__ import run

ROOT = Path(__file__).resolve().parents[3]
QUESTION = "sanctions threats"


def morgue(*arguments: object) -> int:
    return run([str(one) for one in arguments])


def validated(name: str, line: str) -> Any:
    value = json.loads(line)
    jsonschema.validate(value, json.loads((ROOT / "tui" / "schemas" / f"{name}.json").read_text("utf-8")))
    return value


@pytest.fixture(scope="module")
def reranking(seed_archive: Path, cross_encoder: Path) -> tuple[object, ...]:
    return "--archive", seed_archive, "search", "--rerank", cross_encoder


def test_the_answer_says_what_was_reranked_and_explains_it(
    reranking: tuple[object, ...],
    cross_encoder: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("index.search.rerank.RERANKED", 5)
    assert morgue(*reranking, QUESTION, "-k", 3) == 0
    out = capsys.readouterr().out
    assert f"(The first 5 were put in order by {cross_encoder}.)" in out
    assert out.count(" before reranking; reranker ") == 3
    assert "    reranker: " not in out
    assert morgue(*reranking, QUESTION, "-k", 3, "--explain") == 0
    assert capsys.readouterr().out.count("    reranker: ") == 3


def test_the_json_has_it_beside_what_it_had(
    reranking: tuple[object, ...],
    seed_archive: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("index.search.rerank.RERANKED", 8)
    assert morgue("--archive", seed_archive, "search", QUESTION, "-k", 60, "--nearest", "--json") == 0
    plain = {hit["passage_id"]: hit for hit in validated("search", capsys.readouterr().out)["hits"]}
    assert not any("reranked" in hit for hit in plain.values())
    assert morgue(*reranking, QUESTION, "-k", 60, "--nearest", "--json", "--explain", "--copies") == 0
    hits = validated("search", capsys.readouterr().out)["hits"]
    assert len(hits) > 8
    assert [hit["rank"] for hit in hits if "reranked" in hit] == list(range(1, 9))
    figures = [hit["reranked"]["score"] for hit in hits[:8]]
    assert figures == sorted(figures, reverse=True)
    for hit in hits:
        old = plain[hit["passage_id"]]
        assert hit.get("reranked", {"before": hit["rank"]})["before"] == old["rank"]
        assert {hit[name] == old[name] for name in ("score", "lexical", "semantic", "text")} == {True}


def test_each_line_and_each_of_many_questions_has_it(
    reranking: tuple[object, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert morgue(*reranking, QUESTION, "--format", "jsonl") == 0
    captured = capsys.readouterr()
    assert all("reranked" in validated("hit", line) for line in captured.out.splitlines())
    assert "were put in order by" in captured.err
    (tmp_path / "questions").write_text(f"{QUESTION}\nlang:en\n", "utf-8")
    assert morgue(*reranking, "--queries", tmp_path / "questions", "--json") == 0
    words, listing = validated("searches", capsys.readouterr().out)["answers"]
    assert all("reranked" in hit for hit in words["hits"])
    assert not any("reranked" in hit for hit in listing["hits"])
    assert "Nothing was reranked" in listing["notes"][-1]


def cut_off(*arguments: object) -> subprocess.CompletedProcess[str]:
    """Run the command with no network and without the variables that tell libraries so."""
    told = {"HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE"}
    return subprocess.run(
        [sys.executable, "-c", WITHOUT_NETWORK, *map(str, arguments)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        check=False,
        env={name: value for name, value in os.environ.items() if name not in told},
    )


def test_reranking_touches_no_network(reranking: tuple[object, ...]) -> None:
    done = cut_off(*reranking, QUESTION, "-k", 2)
    assert done.returncode == 0, done.stderr
    assert "before reranking" in done.stdout
    assert "Traceback" not in done.stderr


def test_a_model_that_is_not_here_is_an_error_and_nothing_is_fetched(seed_archive: Path) -> None:
    done = cut_off("--archive", seed_archive, "search", QUESTION, "--rerank", "nobody/nothing", "--json")
    assert done.returncode == 2, done.stderr
    error = validated("error", done.stdout)["error"]
    assert "is not on this machine" in error["message"]
    assert error["run"] == "hf download nobody/nothing"
    assert "Traceback" not in done.stderr


def test_a_model_of_another_kind_is_an_error(
    seed_archive: Path, model: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    assert morgue("--archive", seed_archive, "search", QUESTION, "--rerank", model.path) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "is not a cross-encoder" in captured.err
    assert "Traceback" not in captured.err
