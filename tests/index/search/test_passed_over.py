"""A text that is not what was written is told of in place of being quoted; so is one that has left the catalog."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import jsonschema
import pytest

from archive import Archive
from archive.core.errors import Action, Advice, Damaged
from index import Answer, Confidence, Group, Mode, Searcher
from index.search.passed_over import PassedOver
from tests.archives import built_archive, empty_archive
from tui.__main__ import run
from tui.cli.exit_codes import DAMAGED, DONE, NOTHING_FOUND

pytestmark = pytest.mark.leaves_damage
SCHEMAS = Path(__file__).resolve().parents[3] / "tui" / "schemas"
FLIP = "UPDATE versions SET text = replace(text, 'cracks', 'cranks') WHERE text LIKE '%cracks%'"
LOSE = "DELETE FROM versions WHERE article IN (SELECT id FROM articles WHERE record IN ({}))"
FORMATS = ("text", "md", "csv", "jsonl")


@pytest.fixture
def root(light_copy: Callable[[], Path]) -> Path:
    return light_copy()


def meddle(root: Path, statement: str) -> None:
    with closing(sqlite3.connect(root / "catalog.sqlite")) as connection:
        assert connection.execute(statement).rowcount != 0
        connection.commit()


def flip(root: Path, *records: str) -> None:
    """Change a word of the text of some articles."""
    named = ", ".join(f"'{record}'" for record in records)
    meddle(root, f"{FLIP} AND article IN (SELECT id FROM articles WHERE record IN ({named}))")


def asked(root: Path, question: str = "harbour", mode: Mode = Mode.LEXICAL) -> Answer:
    with Searcher.open(root) as searcher:
        return searcher.search(question, k=20, mode=mode)


def advice(answer: Answer) -> list[tuple[str, Action | None]]:
    told = [sentence for sentence in answer.degraded if isinstance(sentence, Advice)]
    return [(one.message, one.remedy.action if one.remedy else None) for one in told]


def morgue(*arguments: object) -> int:
    return run([str(one) for one in arguments])


@pytest.mark.parametrize("mode", Mode)
def test_a_damaged_text_is_not_quoted_and_how_many_is_told(root: Path, mode: Mode) -> None:
    before = asked(root, mode=mode)
    flip(root, "b1")
    answer = asked(root, mode=mode)
    assert "b1" in {hit.article.record for hit in before}
    assert {hit.article.record for hit in answer} == {hit.article.record for hit in before} - {"b1"}
    assert [hit.rank for hit in answer] == list(range(1, len(answer) + 1))
    said = "The text of 1 article that answers does not hold what was written and is not quoted."
    assert advice(answer) == [(said, Action.REPAIR)]


def test_as_many_rows_as_asked_for_are_given_all_the_same(root: Path) -> None:
    flip(root, "a1", "a8")
    with Searcher.open(root) as searcher:
        answer = searcher.search("harbour breakwater", k=1, mode=Mode.LEXICAL)
        assert [hit.article.record for hit in answer] == ["b1"]
        assert searcher.search("gas", k=1, mode=Mode.LEXICAL).degraded == ()


def test_an_answer_of_which_no_text_is_left_is_an_error(root: Path) -> None:
    flip(root, "a1", "a8", "b1")
    with pytest.raises(Damaged, match=r"3 articles that answer|2 articles that answer") as caught:
        asked(root, "+breakwater")
    assert caught.value.remedy is not None
    assert caught.value.remedy.action == Action.REPAIR


def test_a_text_that_has_left_the_catalog_is_told_of(root: Path) -> None:
    meddle(root, LOSE.format("'b1'"))
    answer = asked(root)
    assert len(answer) > 0
    said = "The text of 1 article that answers is not in the catalog any more and cannot be quoted."
    assert advice(answer) == [(said, Action.UPDATE)]


def test_a_removed_article_is_not_quoted_before_the_next_update_either(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Searcher.open(root) as searcher:
        article = searcher.search("+breakwater", 1, Mode.LEXICAL).hits[0].article
    assert run(["--archive", str(root), "remove", article.id, "--no-index", "--quiet"]) == DONE
    with Searcher.open(root) as searcher:
        answer = searcher.search("+breakwater", 100, Mode.LEXICAL)
        assert article.id not in {hit.article.id for hit in answer}
    said = "The text of 1 article that answers was removed since the index was made and is not quoted."
    assert advice(answer) == [(said, Action.UPDATE)]
    capsys.readouterr()
    assert morgue("--archive", root, "search", "--mode", "lexical", "+breakwater", "--json") == DONE
    assert "was removed since the index was made" in json.loads(capsys.readouterr().out)["degraded"][0]


def test_the_copy_of_a_removed_article_is_quoted_in_its_place(tmp_path: Path) -> None:
    news = tmp_path / "news"
    news.mkdir()
    for name in ("one", "two", "three"):
        (news / f"{name}.txt").write_text("Ferries return\n\nThe ferries went back to sea on Monday.\n", "utf-8")
    root = empty_archive(tmp_path / "archive")
    built_archive(root, news)
    left = 3
    while left:
        with Searcher.open(root) as searcher, Archive.open(root) as archive:
            answer = searcher.search("+ferries", 10, Mode.LEXICAL)
            (shown,) = answer.hits
            assert shown.copies + 1 == left
            archive.remove(shown.article.id)
        left -= 1
    assert asked(root, "+ferries").hits == ()


def test_an_answer_that_has_left_the_catalog_is_none(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    meddle(root, LOSE.format("'a1', 'a8', 'b1'"))
    answer = asked(root, "+breakwater")
    assert answer.hits == ()
    assert answer.confidence == Confidence.NOTHING
    assert [action for _, action in advice(answer)] == [Action.UPDATE]
    assert morgue("--archive", root, "search", "--mode", "lexical", "+breakwater") == NOTHING_FOUND
    assert "not in the catalog any more and cannot be quoted. Run: morgue update" in capsys.readouterr().err


@pytest.mark.parametrize("shape", FORMATS)
def test_no_format_prints_a_damaged_text(root: Path, shape: str, capsys: pytest.CaptureFixture[str]) -> None:
    flip(root, "b1")
    assert morgue("--archive", root, "search", "--mode", "lexical", "harbour", "--format", shape) == DONE
    printed = capsys.readouterr()
    assert "inspectors found cracks" in printed.out
    assert "cranks" not in printed.out
    assert "1 article that answers does not hold what was written and is not quoted. Run: morgue repair" in printed.err


def test_the_json_tells_of_it(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    flip(root, "b1")
    assert morgue("--archive", root, "search", "--mode", "lexical", "harbour", "--json") == DONE
    printed = json.loads(capsys.readouterr().out)
    jsonschema.validate(printed, json.loads((SCHEMAS / "search.json").read_text("utf-8")))
    assert [sentence for sentence in printed["degraded"] if "Run: morgue repair" in sentence] == printed["degraded"]
    assert "cranks" not in json.dumps(printed["hits"])


@pytest.mark.parametrize("shape", FORMATS)
def test_a_search_of_which_nothing_is_left_exits_as_damaged(
    root: Path, shape: str, capsys: pytest.CaptureFixture[str]
) -> None:
    flip(root, "a1", "a8", "b1")
    assert morgue("--archive", root, "search", "--mode", "lexical", "+breakwater", "--format", shape) == DAMAGED
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "morgue repair" in printed.err


def test_what_is_folded_under_a_hit_is_told_of_as_well(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    question = "harbour breakwater"
    first = asked(root, question).hits[0]
    other = {"a1": "a8", "a8": "a1"}[first.article.record or ""]
    flip(root, other)
    with Searcher.open(root) as searcher:
        answer = searcher.search(question, mode=Mode.LEXICAL)
        assert answer.degraded == ()
        passed_over = PassedOver()
        assert searcher.copies(answer, answer.hits[0], passed_over) == ()
        assert ["1 article that answers does not hold" in said for said in passed_over.sentences] == [True]
        passed_over = PassedOver()
        assert searcher.folded(answer, answer.hits[0], passed_over) == ()
        assert len(passed_over.sentences) == 1
    assert morgue("--archive", root, "search", "--mode", "lexical", question, "--copies", "--json") == DONE
    assert "Run: morgue repair" in json.loads(capsys.readouterr().out)["degraded"][0]


def test_further_passages_of_a_damaged_article_are_not_quoted(root: Path) -> None:
    with Searcher.open(root) as searcher:
        answer = searcher.search("sanctions banks harbour pipeline", mode=Mode.LEXICAL, group=Group.ARTICLE)
        (long,) = [hit for hit in answer if hit.article.record == "b1"]
        assert searcher.folded(answer, long)
    flip(root, "b1")
    with Searcher.open(root) as searcher:
        passed_over = PassedOver()
        assert searcher.folded(answer, long, passed_over) == ()
        assert len(passed_over.sentences) == 1


def test_a_passage_to_be_like_is_proved(root: Path) -> None:
    example = next(hit for hit in asked(root) if hit.article.record == "b1").passage.id
    flip(root, "b1")
    with pytest.raises(Damaged):
        asked(root, f"like:{example}")


def test_an_article_to_read_is_proved(root: Path) -> None:
    hit = next(hit for hit in asked(root) if hit.article.record == "b1")
    flip(root, "b1")
    with Searcher.open(root) as searcher, pytest.raises(Damaged):
        searcher.view(hit.article.id)


@pytest.mark.parametrize("more", [(), ("--versions",), ("--diff",), ("--json",)])
def test_show_prints_nothing_of_a_damaged_text(
    root: Path, more: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    hit = next(hit for hit in asked(root) if hit.article.record == "b1")
    flip(root, "b1")
    for identifier in (hit.article.id, hit.passage.id):
        assert morgue("--archive", root, "show", identifier, *more) == DAMAGED
        printed = capsys.readouterr()
        assert "cranks" not in printed.out + printed.err
        assert "Vestria" not in printed.out
        assert "repair" in printed.out + printed.err


def test_a_title_that_was_changed_is_not_shown(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    hit = next(hit for hit in asked(root) if hit.article.record == "b1")
    meddle(root, "UPDATE articles SET title = 'A short week' WHERE record = 'b1'")
    assert morgue("--archive", root, "show", hit.article.id) == DAMAGED
    assert "short" not in capsys.readouterr().out
    assert next(one for one in asked(root) if one.article.record == "b1").article.title == "A long week"
