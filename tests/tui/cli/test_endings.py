"""Whatever becomes of its streams, the work that a command has done is what its exit code says."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from itertools import product
from pathlib import Path
from typing import NamedTuple

import pytest

from archive import Archive
from index.generations.generation import read_current
from index.maintenance.backup import backup_catalog
from tests.archives import built_archive, copied_archive
from tests.tui.endings import ENDINGS, PLAIN

ROOT = Path(__file__).resolve().parents[3]
REFUSED = 70
ARTICLES = 12

pytestmark = pytest.mark.skipif(not hasattr(os, "fork") or not Path("/dev/full").exists(), reason="needs /dev/full")


class Outcome(NamedTuple):
    code: int
    printed: int
    said: str


class World(NamedTuple):
    """An archive to copy, a folder of articles that are not in it, another of one that is and has changed.

    Attributes:
        copy: the name of a copy of its catalog, from before its last article.
        judged: judgements of its articles.
    """

    archive: Path
    damaged: Path
    news: Path
    article: str
    copy: str
    judged: Path


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    folder = tmp_path_factory.mktemp("endings")
    old, news = folder / "old", folder / "news"
    for place, first in ((old, 0), (news, ARTICLES)):
        place.mkdir()
        for number in range(first, first + ARTICLES):
            (place / f"{number}.txt").write_text(f"Report {number}\n\nThe council of town {number} met.\n", "utf-8")
    (news / "broken.pdf").write_bytes(b"%PDF-1.4 \x00\x01")
    archive = built_archive(folder / "archive", old)
    with Archive.open(archive) as opened:
        copy = backup_catalog(opened).path.name
        (opened.layout.tmp / "left").mkdir(parents=True)
        article = next(opened.articles()).id
    (folder / "last").mkdir()
    (folder / "last" / "last.txt").write_text("Report last\n\nThe council of the last town met.\n", "utf-8")
    built_archive(archive, folder / "last")
    judged = folder / "judged"
    judged.mkdir()
    (judged / "queries.jsonl").write_text('{"id": "1", "text": "council"}\n', "utf-8")
    (judged / "qrels.tsv").write_text(f"1\t{article}\t1\n", "utf-8")
    (old / "0.txt").write_text("Report 0\n\nThe council of town 0 was dissolved.\n", "utf-8")
    damaged = copied_archive(archive, folder / "damaged")
    blob = next((damaged / "generations").glob("*/columns/title.utf8"))
    blob.chmod(0o600)
    blob.write_bytes(blob.read_bytes().replace(b"Report 3", b"Report 9"))
    return World(archive, damaged, news, article, copy, judged)


def reading(world: World) -> list[list[str]]:
    """The commands that change nothing, or nothing that a second run would not."""
    archive, damaged = ["--archive", str(world.archive)], ["--archive", str(world.damaged)]
    return [
        ["--help"],
        ["--version"],
        ["update", "--help"],
        [*archive, "search", "--mode", "lexical", "council", "-k", "100"],
        [*archive, "search", "--mode", "lexical", "council", "--json"],
        [*archive, "search", "--mode", "lexical", "council", "--format", "csv"],
        [*archive, "search", "--mode", "lexical", "xylophone"],
        [*archive, "show", world.article],
        [*archive, "show", world.article, "--json"],
        [*archive, "show", "nothing"],
        [*archive, "sources"],
        [*archive, "status"],
        [*archive, "status", "--json"],
        [*archive, "verify"],
        [*archive, "verify", "--json"],
        [*damaged, "verify"],
        [*damaged, "verify", "--json"],
        [*damaged, "verify", "--quiet"],
        [*archive, "gc", "--dry-run"],
        [*archive, "add", str(world.news), "--preview"],
        [*archive, "browse"],
        [*archive, "no-such-command"],
        ["--archive", str(world.news), "status", "--json"],
        [*archive, "show", world.article, "--versions"],
        [*archive, "remove", world.article, "--dry-run"],
        [*archive, "eval", str(world.judged)],
        [*archive, "eval", str(world.judged), "--json"],
        [*archive, "eval", str(world.news)],
        [*archive, "restore", "no-such-copy"],
        ["--archive", str(world.news), "doctor"],
        ["--archive", str(world.news), "doctor", "--json"],
        [*archive, "clips"],
        [*archive, "clips", "--json"],
        [*archive, "saved", "--json"],
        [*archive, "saved", "--new"],
        [*archive, "saved", "--new", "add", "council"],
        [*archive, "eval", "--json"],
    ]


def writing(world: World, archive: Path, beside: Path) -> dict[str, list[str]]:
    """The commands that change something, by name: in an archive, or in files beside it."""
    on = ["--archive", str(archive)]
    alone = ["--jobs", "1"]  # on a busy machine, processes to read with take longer to start than a few files to read
    add, update = [*on, "add", str(world.news), *alone], [*on, "update", *alone]
    return {
        "add": [*add],
        "add --json": [*add, "--json"],
        "add --no-index": [*add, "--no-index", "--quiet"],
        "add --dry-run": [*add, "--dry-run"],
        "update": [*update],
        "update --json": [*update, "--json"],
        "update --dry-run": [*update, "--dry-run", "--json"],
        "rebuild": [*on, "rebuild"],
        "rebuild --dry-run": [*on, "rebuild", "--dry-run"],
        "remove": [*on, "remove", world.article, "--yes"],
        "remove --purge": [*on, "remove", world.article, "--purge", "--yes"],
        "repair": [*on, "repair"],
        "backup": [*on, "backup"],
        "backup DIR": [*on, "backup", str(beside / "copy")],
        "restore": [*on, "restore", world.copy],
        "restore --json": [*on, "restore", world.copy, "--json"],
        "export": [*on, "export", "--to-chroma", str(beside / "chroma")],
        "eval --per-query": [*on, "eval", str(world.judged), "--per-query", str(beside / "measures")],
        "gc": [*on, "gc"],
        "judge": [*on, "judge", str(beside / "judged"), "council", world.article],
        "judge in the archive": [*on, "judge", "council", world.article],
        "clips add": [*on, "clips", "add", world.article, "--words", "council"],
        "saved add --json": [*on, "saved", "add", "council", "--json"],
    }


QUICK = (
    ("add", "2>&1 | true"),
    ("add", ">&- 2>&-"),
    ("add --json", ">/dev/full"),
    ("add --no-index", "2>/dev/full"),
    ("update", "2>&1 | head -1"),
    ("update --json", "| true"),
    ("rebuild", ">/dev/full 2>&1"),
    ("remove", "2>&1 | true"),
    ("backup", ">&- 2>&-"),
    ("restore", "2>&1 | true"),
    ("restore --json", ">&- 2>&-"),
    ("judge", "2>&1 | true"),
    ("judge in the archive", ">&- 2>&-"),
    ("clips add", "2>&1 | true"),
    ("saved add --json", ">/dev/full"),
)


def outcomes(world: World, cases: Sequence[Sequence[str]]) -> list[Outcome]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.tui.endings", str(world.archive)],
        input=json.dumps(cases),
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return [Outcome(*outcome) for outcome in json.loads(done.stdout)]


def expected(plain: Outcome, ending: str) -> int:
    """The code of a command whose streams are files, or 70 where it has results and nowhere to put them."""
    lost = plain.printed and ENDINGS[ending][0] in ("closed", "full")
    return plain.code or (REFUSED if lost else 0)


def state(archive: Path, beside: Path) -> object:
    """What a command may have changed."""
    with Archive.open(archive) as opened, opened.snapshot() as snapshot:
        known = snapshot.articles, snapshot.passages, opened.purging, len(opened.refusals())
        current = read_current(opened.layout)
        backups = len(list(opened.layout.backups.glob("*"))) if opened.layout.backups.is_dir() else 0
    return known, current and current.number, backups, sorted(path.name for path in beside.iterdir())


@pytest.mark.parametrize("every", [False, pytest.param(True, marks=pytest.mark.slow)], ids=["some", "all"])
def test_commands_that_read_exit_alike_whatever_becomes_of_their_streams(world: World, every: bool) -> None:
    commands = reading(world)
    plain = outcomes(world, [[PLAIN, *command] for command in commands])
    assert [outcome.code for outcome in plain] == [
        *(0, 0, 0, 0, 0, 0, 1, 0, 0, 2, 0, 0, 0, 0, 0, 5, 5, 5, 0, 0, 2, 2, 2),
        *(0, 0, 0, 0, 2, 2, 5, 5),
        *(1, 1, 1, 1, 2, 2),
    ]
    pairs = list(product(zip(commands, plain, strict=True), ENDINGS))
    cases = pairs if every else pairs[::5]  # eleven endings: each command with two or three of them, in turn
    found = outcomes(world, [[ending, *command] for (command, _), ending in cases])
    wrong = [
        (ending, command, outcome.code)
        for ((command, usual), ending), outcome in zip(cases, found, strict=True)
        if outcome.code != expected(usual, ending)
    ]
    assert wrong == []
    for ((_, usual), ending), outcome in zip(cases, found, strict=True):
        assert "Traceback" not in outcome.said
        assert "internal error" not in outcome.said
        lost = usual.printed and ENDINGS[ending] in (("closed", "file"), ("full", "file"))
        assert ("cannot be written" in outcome.said) == bool(lost), (ending, outcome)


@pytest.fixture
def places(tmp_path: Path) -> Callable[[], tuple[Path, Path]]:
    """Give names of archives to be copied to, each with an empty folder beside it."""

    def place() -> tuple[Path, Path]:
        number = len(list(tmp_path.iterdir()))
        beside = tmp_path / f"{number}" / "beside"
        beside.mkdir(parents=True)
        return beside.with_name("archive"), beside

    return place


def check_writing(
    world: World, places: Callable[[], tuple[Path, Path]], wanted: Sequence[tuple[str, str]]
) -> list[tuple[str, str, object]]:
    """Run commands with streams that end as wanted, each on a copy; return which did not do or tell the same."""
    runs = [*((name, PLAIN) for name in dict.fromkeys(name for name, _ in wanted)), *wanted]
    made = [places() for _ in runs]
    for archive, _ in made:
        copied_archive(world.archive, archive)
    found = outcomes(
        world, [[ending, *writing(world, *place)[name]] for (name, ending), place in zip(runs, made, strict=True)]
    )
    done = dict(zip(runs, zip(found, (state(*place) for place in made), strict=True), strict=True))
    wrong: list[tuple[str, str, object]] = []
    for name, ending in wanted:
        (plain, left), (outcome, result) = done[name, PLAIN], done[name, ending]
        if (outcome.code, result) != (expected(plain, ending), left) or "Traceback" in outcome.said:
            wrong.append((name, ending, (outcome, result, plain, left)))
    return wrong


def test_commands_that_write_do_their_work_whatever_becomes_of_their_streams(
    world: World, places: Callable[[], tuple[Path, Path]]
) -> None:
    assert check_writing(world, places, QUICK) == []


@pytest.mark.slow
@pytest.mark.parametrize("ending", list(ENDINGS))
def test_every_command_that_writes_does_its_work_whatever_becomes_of_its_streams(
    world: World, places: Callable[[], tuple[Path, Path]], ending: str
) -> None:
    names = writing(world, *places())
    assert check_writing(world, places, [(name, ending) for name in names]) == []


@pytest.mark.parametrize("ending", [">&-", "2>&-", ">&- 2>&-", "<&- >&- 2>&-", "2>&1 | true", ">/dev/full 2>&1"])
def test_a_shell_sees_the_same_codes(world: World, ending: str) -> None:
    redirected = ending.replace("| true", "")
    command = f'"{sys.executable}" -m tui.__main__ --archive "{world.damaged}" verify {redirected}'
    script = f"({command}; echo $? >&9)" + (" 2>&1 | true" if "|" in ending else "")
    reading_end, writing_end = os.pipe()
    process = subprocess.Popen(
        ["bash", "-c", f"exec 9>&{writing_end}; {script}"], cwd=ROOT, pass_fds=[writing_end], env={**os.environ}
    )
    os.close(writing_end)
    with os.fdopen(reading_end) as code:
        assert code.read().strip() == "5"
    process.wait()
