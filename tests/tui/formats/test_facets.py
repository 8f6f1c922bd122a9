"""``--sort`` and ``--facets`` of ``morgue search``: what a person reads, what a script gets, what is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from index.embedding.model import Model
from tests.index.search.counting.counted_news import make
from tui.__main__ import run
from tui.cli.commands.search import FACETS

SCHEMAS = Path(__file__).resolve().parents[3] / "tui" / "schemas"


@pytest.fixture(scope="module")
def news(tmp_path_factory: pytest.TempPathFactory, model: Model) -> Path:
    """A built archive of articles of many outlets and days; for reading only."""
    return make(tmp_path_factory.mktemp("sorted"), model, 60)


def printed(archive: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert run(["--archive", str(archive), "search", "--quiet", "--mode", "lexical", *arguments]) == 0
    return capsys.readouterr().out


def validated(name: str, text: str) -> dict[str, Any]:
    value: dict[str, Any] = json.loads(text)
    jsonschema.validate(value, json.loads((SCHEMAS / f"{name}.json").read_text("utf-8")))
    return value


def test_facets_are_one_object_each_and_narrow_to_what_they_count(
    news: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = validated("search", printed(news, capsys, "gas", "--json", "--facets", ",".join(FACETS)))
    assert set(answer["facets"]) == set(FACETS)
    assert "order" not in answer
    for facet in answer["facets"].values():
        values = [*facet["values"], *filter(None, [facet["unknown"]])]
        assert sum(value["articles"] for value in values) == answer["totals"]["articles"]
        assert facet["distinct"] == len(facet["values"])
        for value in values[:3]:
            question = f"gas {value['query']}"
            narrowed = validated("search", printed(news, capsys, question, "--json", "--sort", "newest"))
            assert narrowed["totals"]["articles"] == value["articles"]


def test_rows_are_sorted_by_date_and_the_order_is_told(news: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answers = {
        order: validated("search", printed(news, capsys, "gas", "--json", "--sort", order, "-k", "50"))
        for order in ("newest", "oldest")
    }
    for order, answer in answers.items():
        dates = [hit["published"] for hit in answer["hits"] if hit["published"]]
        assert answer["order"] == order
        assert len(dates) > 1
        assert dates == sorted(dates, reverse=order == "newest")
    assert answers["newest"]["totals"] == answers["oldest"]["totals"]


def test_each_question_of_a_file_has_its_own_facets(
    news: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "questions.txt").write_text("sanctions\ndate:none\n", "utf-8")
    asking = ("--queries", str(tmp_path / "questions.txt"), "--facets", "year", "--sort", "oldest", "--json")
    first, second = validated("searches", printed(news, capsys, *asking))["answers"]
    assert first["totals"]["basis"] == "words"
    assert second["totals"]["basis"] == "conditions"
    assert second["facets"]["year"]["values"] == []
    assert second["facets"]["year"]["unknown"]["articles"] == second["totals"]["undated"]


def test_a_person_reads_counts_with_what_narrows_to_them(news: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = printed(news, capsys, "gas", "-k", "1", "--facets", "month,lang").splitlines()
    (total,) = [line for line in lines if line.startswith("Match by words: ")]
    assert " articles, " in total
    assert lines.index("By month") < lines.index("By lang")
    assert any(line.endswith("  lang:en") for line in lines)
    assert any("  date:20" in line for line in lines[lines.index("By month") :])


@pytest.mark.parametrize(
    "arguments", [("--facets", "colour"), ("--facets", "lang", "--format", "csv"), ("--sort", "length")]
)
def test_what_cannot_be_counted_or_sorted_by_is_refused(
    news: Path, arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["--archive", str(news), "search", "gas", *arguments]) == 2
    assert capsys.readouterr().err
