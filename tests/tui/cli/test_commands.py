from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from index.search.nearest_sentence import NearestSentences
from tests.archives import empty_archive
from tui.__main__ import run

ROOT = Path(__file__).resolve().parents[3]
SCHEMAS = ROOT / "tui" / "schemas"
QUESTION = "sanctions threats"


def validated(name: str, text: str) -> dict[str, Any]:
    (line,) = text.splitlines()
    value: dict[str, Any] = json.loads(line)
    jsonschema.validate(value, json.loads((SCHEMAS / f"{name}.json").read_text("utf-8")))
    return value


def morgue(*arguments: object) -> int:
    return run([str(one) for one in arguments])


def child(*arguments: object, **more: Any) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tui", *(str(one) for one in arguments)]
    return subprocess.Popen(command, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **more)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two articles, added by the real command."""
    folder = tmp_path_factory.mktemp("cli")
    articles = folder / "articles"
    articles.mkdir()
    (articles / "tram.txt").write_text(
        "Council votes on tram line\n\nThe council approved the new tram line.\n", "utf-8"
    )
    (articles / "evil.txt").write_text(
        "Prices [/red] \x1b]0;owned\x07 rise\n\nBread prices rose \x1b[2J again.\n", "utf-8"
    )
    (articles / "data.bin").write_bytes(bytes(range(256)))
    assert morgue("--archive", empty_archive(folder / "archive"), "add", articles, "--quiet") == 3
    return folder


def test_adding_again_adds_nothing_and_known_refusals_are_not_news(
    made: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert morgue("--archive", made / "archive", "add", made / "articles", "--json") == 0
    report = validated("report", capsys.readouterr().out)
    assert report["articles"] == {"added": 0, "changed": 0, "unchanged": 2, "moved": 0, "missing": 0, "refused": 1}
    assert report["refusals"][0]["path"].endswith("data.bin")
    assert morgue("--archive", made / "archive", "update", "--strict", "--json") == 3
    validated("report", capsys.readouterr().out)


def test_rebuild_reuses_every_vector(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert morgue("--archive", made / "archive", "rebuild", "--json") == 0
    report = validated("report", capsys.readouterr().out)
    assert (report["embedded"], report["reused"], report["passages"]["total"]) == (0, 2, 2)


@pytest.mark.parametrize("mode", ["hybrid", "lexical", "semantic"])
def test_search_prints_one_valid_object(seed_archive: Path, mode: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert morgue("--archive", seed_archive, "search", QUESTION, "--mode", mode, "--json") == 0
    answer = validated("search", capsys.readouterr().out)
    assert answer["mode"] == mode
    assert [hit["rank"] for hit in answer["hits"]] == list(range(1, len(answer["hits"]) + 1))
    for hit in answer["hits"]:
        assert all(0 <= start < end <= len(hit["text"]) for start, end, _ in hit["highlights"])


def test_nothing_found_exits_1_and_nearest_shows_them_all_the_same(
    seed_archive: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert morgue("--archive", seed_archive, "search", "how to bake sourdough bread", "--json") == 1
    answer = validated("search", capsys.readouterr().out)
    assert (answer["confidence"], answer["hits"]) == ("nothing", [])
    assert morgue("--archive", seed_archive, "search", "how to bake sourdough bread", "--json", "--nearest") == 1
    assert validated("search", capsys.readouterr().out)["hits"]


def test_batches_of_questions(seed_archive: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    questions = tmp_path / "questions.txt"
    questions.write_text(f"{QUESTION}\n\nhow to bake sourdough bread\n", "utf-8")
    assert morgue("--archive", seed_archive, "search", "--queries", questions, "--json") == 0
    assert len(validated("searches", capsys.readouterr().out)["answers"]) == 2
    assert morgue("--archive", seed_archive, "search", "--queries", questions, "--format", "jsonl", "-k", 3) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 3
    assert all(validated("hit", line)["query"] == QUESTION for line in lines)


def test_so_many_rows_may_be_asked_for_and_no_more(seed_archive: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asking = ("--archive", seed_archive, "search", "--mode", "lexical", QUESTION, "--json", "-k")
    assert morgue(*asking, 1_000_000) == 0
    assert validated("search", capsys.readouterr().out)["hits"]
    assert morgue(*asking, 10**23) == 2
    assert "-k" in json.loads(capsys.readouterr().out)["error"]["message"]


def test_text_shows_title_passage_place_and_reason(seed_archive: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert morgue("--archive", seed_archive, "search", QUESTION, "-k", 1, "--explain") == 0
    out = capsys.readouterr().out
    assert "matches “sanctions”" in out
    assert ".txt, characters " in out
    assert "cosine" in out
    assert "\x1b" not in out


@pytest.mark.parametrize("shape", ["md", "csv"])
def test_exports_carry_the_whole_citation(seed_archive: Path, shape: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert morgue("--archive", seed_archive, "search", QUESTION, "-k", 2, "--format", shape) == 0
    out = capsys.readouterr().out
    assert ".txt" in out
    assert ("**sanctions**" in out) == (shape == "md")


def test_no_control_character_of_an_article_reaches_the_terminal(
    made: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for arguments in (
        ["search", "bread prices"],
        ["search", "bread", "--format", "md"],
        ["search", "bread", "--format", "csv"],
    ):
        assert morgue("--archive", made / "archive", *arguments) == 0
        out = capsys.readouterr().out
        assert "[/red]" in out.replace("\\", "")
        assert "\x1b" not in out
        assert "\x07" not in out


def test_show_by_article_and_passage(seed_archive: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert morgue("--archive", seed_archive, "search", QUESTION, "-k", 1, "--json") == 0
    hit = validated("search", capsys.readouterr().out)["hits"][0]
    assert morgue("--archive", seed_archive, "show", hit["article_id"][:10], "--json") == 0
    article = validated("show", capsys.readouterr().out)
    assert article["text"][hit["start"] : hit["end"]] == hit["text"]
    assert morgue("--archive", seed_archive, "show", hit["passage_id"]) == 0
    assert f">>> {hit['text'][:20]}" in capsys.readouterr().out
    assert morgue("--archive", seed_archive, "show", hit["article_id"], "--versions") == 0
    assert hit["version"][:12] in capsys.readouterr().out


def test_status_sources_and_verify(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert morgue("--archive", made / "archive", "status", "--json") == 0
    assert validated("status", capsys.readouterr().out)["articles"] == 2
    assert morgue("--archive", made / "archive", "sources", "--json") == 0
    assert validated("sources", capsys.readouterr().out)["sources"][0]["articles"] == 2
    assert morgue("--archive", made / "archive", "verify", "--json") == 0
    report = validated("verify", capsys.readouterr().out)
    assert report["whole"]
    assert report["checked"]["passages"] == 2


def test_remove_and_undo(fresh_archive: Callable[[], Path], capsys: pytest.CaptureFixture[str]) -> None:
    root = fresh_archive()
    assert morgue("--archive", root, "search", QUESTION, "-k", 1, "--json") == 0
    article = validated("search", capsys.readouterr().out)["hits"][0]["article_id"]
    assert morgue("--archive", root, "remove", article, "--json") == 0
    assert validated("remove", capsys.readouterr().out)["articles"] == [article]
    assert morgue("--archive", root, "search", QUESTION, "--json") == 0
    assert article not in {hit["article_id"] for hit in validated("search", capsys.readouterr().out)["hits"]}
    assert morgue("--archive", root, "remove", article, "--undo", "--quiet") == 0
    assert morgue("--archive", root, "search", QUESTION, "-k", 1, "--json") == 0
    assert validated("search", capsys.readouterr().out)["hits"][0]["article_id"] == article


@pytest.mark.parametrize(
    ("arguments", "status", "code"),
    [
        (["search", "anything"], 2, "not-an-archive"),
        (["frobnicate"], 2, "usage"),
        (["search", "--mode", "psychic", "x"], 2, "usage"),
        (["search"], 2, "usage"),
        (["add", "no-such-folder"], 2, "usage"),
    ],
)
def test_failures_are_one_object_with_a_way_out(
    arguments: list[str], status: int, code: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert morgue("--archive", tmp_path / "none", *arguments, "--json") == status
    assert validated("error", capsys.readouterr().out)["error"]["code"] == code
    assert not (tmp_path / "none").exists()


def test_failures_without_json_are_a_sentence_on_stderr(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert morgue("--archive", tmp_path, "search", "anything") == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "is not a Morgue archive" in printed.err
    assert "Traceback" not in printed.err


def test_copies_and_sums_are_printed_when_asked_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    archive = ("--archive", tmp_path / "archive")
    (tmp_path / "news").mkdir()
    for name in ("one", "two"):
        text = f"Tram {name}\n\nThe council approved the new tram line after a night of talks about its cost.\n"
        (tmp_path / "news" / f"{name}.txt").write_text(text, "utf-8")
    text = "The council approved the new tram line after a night of talks about its cost.\n"
    (tmp_path / "news" / "three.txt").write_text(text, "utf-8")
    (tmp_path / "news" / "four.txt").write_text(text, "utf-8")
    empty_archive(tmp_path / "archive")
    assert morgue(*archive, "add", tmp_path / "news", "-q") == 0
    capsys.readouterr()
    assert morgue(*archive, "search", "tram line cost", "--copies", "--explain", "--json", "-q") == 0
    hits = validated("search", capsys.readouterr().out)["hits"]
    folded = [hit for hit in hits if hit["copies"]]
    assert folded
    assert [len(hit["same_text"]) for hit in folded] == [hit["copies"] for hit in folded]
    assert {hit["arithmetic"]["score"] == hit["score"] for hit in hits} == {True}
    assert morgue(*archive, "search", "tram line cost", "--copies", "--explain", "-q") == 0
    out = capsys.readouterr().out
    assert "same text: " in out
    assert "score: " in out
    assert morgue(*archive, "search", "tram line cost", "--json", "-q") == 0
    assert "same_text" not in capsys.readouterr().out


def test_what_is_folded_by_article_is_counted_and_listed_when_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    archive = ("--archive", tmp_path / "archive")
    (tmp_path / "news").mkdir()
    part = "Line {0} of the tram was closed for repairs of its tracks, the operator of trams said. " * 8
    text = "\n\n".join(part.format(number) for number in range(4))
    (tmp_path / "news" / "lines.txt").write_text(f"Lines closed\n\n{text}\n", "utf-8")
    (tmp_path / "news" / "depot.txt").write_text("Depots\n\nA tram depot will be built beside the harbour.\n", "utf-8")
    empty_archive(tmp_path / "archive")
    assert morgue(*archive, "add", tmp_path / "news", "-q") == 0
    capsys.readouterr()
    asked = (*archive, "search", "tram tracks", "-q")
    assert morgue(*asked, "--json") == 0
    every = validated("search", capsys.readouterr().out)["hits"]
    assert not any("folded" in hit for hit in every)
    assert morgue(*asked, "--group", "article", "--unfold", "--json") == 0
    rows = validated("search", capsys.readouterr().out)["hits"]
    assert [len(row["further"]) for row in rows] == [row.get("folded", 0) for row in rows]
    assert max(row.get("folded", 0) for row in rows) == len(every) - 2
    found = [one["passage_id"] for row in rows for one in (row, *row["further"])]
    assert sorted(found) == sorted(hit["passage_id"] for hit in every)
    assert all(one["highlights"] for row in rows for one in row["further"])
    assert morgue(*asked, "--group", "article") == 0
    assert f"; {len(every) - 2} more of this article" in (out := capsys.readouterr().out)
    assert "also: " not in out
    assert morgue(*asked, "--group", "article", "--copies") == 0
    assert capsys.readouterr().out.count("also: characters ") == len(every) - 2
    assert morgue(*asked, "--group", "article", "--format", "jsonl") == 0
    counts = [json.loads(line).get("folded", 0) for line in capsys.readouterr().out.splitlines()]
    assert counts == [row.get("folded", 0) for row in rows]


def test_ones_own_judgements_are_noted_and_measured(
    made: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    archive, folder, each = ("--archive", made / "archive"), tmp_path / "mine", tmp_path / "each.jsonl"
    assert morgue(*archive, "search", "tram line", "--json", "-q") == 0
    hit = validated("search", capsys.readouterr().out)["hits"][0]
    assert morgue(*archive, "judge", folder, "tram line", hit["passage_id"], "--gain", 2) == 0
    assert "1 judged answer to" in capsys.readouterr().err
    assert morgue(*archive, "eval", folder, "--json", "--per-query", each) == 0
    found = validated("eval", capsys.readouterr().out)
    assert (found["queries"], found["documents"]) == (1, 1)
    assert found["modes"]["hybrid"]["ndcg@10"] == 1
    lines = [json.loads(line) for line in each.read_text("utf-8").splitlines()]
    assert {(line["mode"], line["text"]) for line in lines} == {
        (mode, "tram line") for mode in ("hybrid", "lexical", "semantic")
    }
    assert morgue(*archive, "eval", folder) == 0
    out = capsys.readouterr().out
    assert "hybrid over lexical:" in out
    assert "p = 1.0000" in out
    assert morgue(*archive, "judge", folder, "tram line", "nowhere") != 0
    assert "nowhere" in capsys.readouterr().err
    assert morgue(*archive, "eval", folder, "--per-query", tmp_path / "no" / "where") == 2
    assert "cannot be written" in capsys.readouterr().err


def test_grouping_by_story_is_refused_in_words(seed_archive: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert morgue("--archive", seed_archive, "search", QUESTION, "--group", "story") == 2
    assert "Stories" in capsys.readouterr().err


def test_an_empty_folder_is_said_to_be_empty(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "articles").mkdir()
    assert morgue("--archive", tmp_path / "archive", "add", tmp_path / "articles") == 0
    assert "none found" in capsys.readouterr().err
    assert morgue("--archive", tmp_path / "archive", "search", "x", "--json") == 2
    assert validated("error", capsys.readouterr().out)["error"]["code"] == "no-index"


def test_another_writer_exits_4(fresh_archive: Callable[[], Path], capsys: pytest.CaptureFixture[str]) -> None:
    root = fresh_archive()
    opened = "import sys; from archive import Archive\nwith Archive.open(sys.argv[1]).writing():"
    holder = f"{opened} print('held', flush=True); sys.stdin.read()"
    command = [sys.executable, "-c", holder, str(root)]
    with subprocess.Popen(command, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        assert morgue("--archive", root, "status", "--json") == 0
        assert validated("status", capsys.readouterr().out)["writer"]["pid"] == process.pid
        assert morgue("--archive", root, "rebuild", "--json") == 4
        error = validated("error", capsys.readouterr().out)["error"]
        process.kill()
    assert error["code"] == "busy"
    assert str(process.pid) in error["message"]
    assert (root / "tmp" / "writer.json").exists(), "the killed writer should have left its note"
    assert morgue("--archive", root, "status", "--json") == 0
    assert validated("status", capsys.readouterr().out)["writer"] is None


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_an_add_cleanly_and_the_next_goes_on(number: int, status: int, tmp_path: Path) -> None:
    records = [{"id": str(n), "title": f"Item {n}", "text": f"Report number {n} on the harbour."} for n in range(4000)]
    source = tmp_path / "items.jsonl"
    source.write_text("\n".join(json.dumps(record) for record in records), "utf-8")
    process = child("--archive", tmp_path / "archive", "add", source, "--no-index")
    log = tmp_path / "archive" / "catalog.sqlite-wal"
    deadline = time.monotonic() + 60
    while not (log.exists() and log.stat().st_size > 200_000) and time.monotonic() < deadline:
        time.sleep(0.02)
    process.send_signal(number)
    _, err = process.communicate(timeout=60)
    assert process.returncode == status
    assert "Traceback" not in err
    assert morgue("--archive", tmp_path / "archive", "add", source, "--no-index", "--quiet") == 0
    from archive import Archive

    with Archive.open(tmp_path / "archive") as archive:
        assert sum(1 for _ in archive.articles()) == 4000


def test_a_closed_pipe_is_no_error(seed_archive: Path) -> None:
    process = child("--archive", seed_archive, "search", QUESTION, env={**os.environ, "PYTHONUNBUFFERED": "1"})
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None
    err = process.stderr.read()
    assert process.wait(60) == 0
    assert "Traceback" not in err


def test_an_export_computes_no_sentence_that_it_does_not_print(
    seed_archive: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    prepare = NearestSentences.prepare

    def noted(self: NearestSentences, texts: Sequence[str]) -> None:
        asked.append(len(texts))
        prepare(self, texts)

    monkeypatch.setattr(NearestSentences, "prepare", noted)
    question = ["--archive", seed_archive, "search", "a dispute about pay", "--mode", "semantic", "--nearest", "-k", 20]
    for shape in ("csv", "md"):
        assert morgue(*question, "--explain", "--format", shape) in (0, 1)
        assert capsys.readouterr().out
    assert asked == []
    assert morgue(*question, "--format", "jsonl") in (0, 1)
    assert asked
