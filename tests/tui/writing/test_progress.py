"""``--progress json`` tells how far a run is, an object a line, and is read back whatever else stands there."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive import Archive
from archive.core.progress import Looked, Step
from tests.tui.running import ROOT, end_all, is_whole, make_archive, morgue
from tui.cli.progress import Objects, progress_object
from tui.writing.progress import Counts, Far, parsed

SCHEMA = json.loads((ROOT / "tui" / "schemas" / "progress.json").read_text("utf-8"))


@pytest.fixture
def news(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "news"
    folder.mkdir()
    for number in range(24):
        (folder / f"{number}.txt").write_text(f"Report {number}\n\nThe council of town {number} met.\n", "utf-8")
    (folder / "table.xyz").write_text("1,2,3", "utf-8")
    yield folder
    end_all()


def objects(told: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [json.loads(line) for line in told.splitlines() if line.startswith("{")]
    for one in found:
        jsonschema.validate(one, SCHEMA)
    return found


@pytest.mark.parametrize("more", [("--json",), (), ("--quiet",)])
def test_each_command_tells_every_phase_to_its_end(news: Path, tmp_path: Path, more: tuple[str, ...]) -> None:
    root = make_archive(tmp_path / "archive")
    done = morgue(root, "add", news, "--progress", "json", *more)
    told = objects(done.stderr)
    assert done.returncode == 3
    assert list(dict.fromkeys(one["phase"] for one in told)) == ["reading", "lexical", "embedding", "verifying"]
    read = [one for one in told if one["phase"] == "reading"][-1]
    counts = {"files": 25, "added": 24, "changed": 0, "unchanged": 0, "moved": 0, "refused": 1}
    assert (read["done"], read["total"], read["articles"]) == (24, 24, counts)
    embedded = [one for one in told if one["phase"] == "embedding"][-1]
    assert (embedded["done"], embedded["total"], embedded["seconds_left"] in (0, None)) == (24, 24, True)
    assert "Traceback" not in done.stderr
    if "--json" in more:
        assert json.loads(done.stdout)["articles"]["added"] == 24

    with Archive.open(root) as archive:
        article = next(iter(archive.articles())).id
    removed = morgue(root, "remove", article, "--progress", "json", *more)
    assert objects(removed.stderr)[-1]["phase"] == "verifying"
    morgue(root, "remove", article, "--undo")

    (news / "0.txt").write_text("Report 0\n\nThe council of town 0 met twice.\n", "utf-8")
    updated = objects(morgue(root, "update", "--progress", "json").stderr)
    looked = [one["articles"] for one in updated if "articles" in one][-1]
    assert (looked["changed"], looked["unchanged"], looked["refused"]) == (1, 23, 1)
    rebuilt = objects(morgue(root, "rebuild", "--progress", "json").stderr)
    assert "reading" not in {one["phase"] for one in rebuilt}
    assert rebuilt[-1]["phase"] == "verifying"
    assert is_whole(root)


def test_a_dry_run_tells_how_far_it_is_too(news: Path, tmp_path: Path) -> None:
    done = morgue(tmp_path / "archive", "add", news, "--dry-run", "--progress", "json")
    assert objects(done.stderr)[-1]["done"] > 0
    assert not (tmp_path / "archive").exists()


def test_nothing_is_told_where_nobody_asked(news: Path, tmp_path: Path) -> None:
    assert objects(morgue(make_archive(tmp_path / "archive"), "add", news, "--json").stderr) == []


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_the_first_the_last_and_some_between_are_told_with_a_rate_and_the_time_left() -> None:
    clock, told = Clock(), list[tuple[int, float | None, float | None]]()
    tell = Objects(lambda step, rate, left: told.append((step.done, rate, left)), clock)
    for done in range(0, 101):
        tell(Step("embedding", done, 100))
        clock.now += 0.125  # exact, so that eight make a second
    assert [done for done, _, _ in told[:3]] == [0, 2, 4]
    assert told[-1][0] == 100
    assert told[0][1:] == (None, None)
    assert told[10][1] == pytest.approx(8)
    assert told[10][2] == pytest.approx((100 - told[10][0]) / 8)
    tell(Step("verifying", 0, 3))
    assert told[-1] == (0, None, None)


def test_the_rate_is_that_of_the_last_seconds() -> None:
    clock, told = Clock(), list[float | None]()
    tell = Objects(lambda step, rate, left: told.append(rate), clock)
    for done in range(1, 41):
        clock.now += 1.0 if done <= 20 else 0.5
        tell(Step("reading", done, None))
    assert told[19] == pytest.approx(1)
    assert told[-1] == pytest.approx(2)


def test_what_is_written_is_read_back() -> None:
    step = Step("reading", 7, None, looked=Looked(9, 4, 1, 2, 0, 3))
    line = json.dumps(progress_object(step, 2.5, None)).encode()
    assert parsed(line) == Far("reading", 7, None, 2.5, None, Counts(9, 4, 1, 2, 0, 3))
    line = json.dumps(progress_object(Step("vectors", 7, 9), None, 12.0)).encode()
    assert parsed(line) == Far("vectors", 7, 9, None, 12.0, None)


ANYTHING: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
KEYS = ("phase", "done", "total", "rate", "seconds_left", "articles")


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(KEYS, ANYTHING)), st.binary(max_size=20))
def test_no_garbage_makes_reading_fail(value: dict[str, Any], garbage: bytes) -> None:
    check: Callable[[Far | None], bool] = lambda far: far is None or (far.done >= 0 and isinstance(far.phase, str))  # noqa: E731
    assert check(parsed(json.dumps(value).encode()))
    assert check(parsed(b"{" + garbage))
    assert parsed(b"Stopping after this batch\n") is None
    assert parsed(b"{" * 100_000) is None
