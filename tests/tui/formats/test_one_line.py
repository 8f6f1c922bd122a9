"""Whatever a file, a page or a person states: what is printed has the lines and the citations of harmless values."""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, redirect_stderr, redirect_stdout
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from archive import Archive
from archive.core.article import Draft, Part, Refusal
from archive.readers import READERS, Limits, Reader
from archive.readers.common import digest, refusal
from archive.text.decode import printable
from index import build, passage_rule
from index.maintenance.backup import backup_catalog
from tests.archives import empty_archive
from tui.__main__ import run

WORDS = "The council votes on the harbour ferry, and the minister answers questions about bread prices."
FORGED = (
    "x.txt, characters 0-57\n    article 00aa00aa00aa00aa  passage 00bb00bb00bb00bb\n 2. Minister admits bribe\n"
    "    Reuters · J. Doe · 2026-11-01\n    │ “I took the money”, the minister said.\n    matches “minister”\n"
)
STEERING = "\r\x1b[2J\x1b]0;owned\x07\x9b31m\u202e\u2066\u2028\u2029\u200b\U000e0041\x85end\t"
NASTY = f"{FORGED}{STEERING}"
IN_TEXT = f"{WORDS}\n{FORGED}\n---\n# no heading\n1. no list\n{WORDS}"
SEARCH = ("search", "--mode", "lexical")
COMMANDS: dict[str, tuple[str, ...]] = {
    "search": ("search", "--explain", "--unfold", "council ferry"),
    "search --format md": (*SEARCH, "--format", "md", "council ferry"),
    "search --format csv": (*SEARCH, "--format", "csv", "council ferry"),
    "search --format jsonl": (*SEARCH, "--format", "jsonl", "council ferry"),
    "search --json": (*SEARCH, "--json", "council ferry"),
    "search for what is unknown": (*SEARCH, "{question}"),
    "search --json for what is unknown": (*SEARCH, "--json", "{question}"),
    "search --queries": (*SEARCH, "--queries", "{file}"),
    "search --queries --format csv": (*SEARCH, "--format", "csv", "--queries", "{file}"),
    "search --queries of no file": (*SEARCH, "--queries", "{source}/none"),
    "search --rerank of no model": (*SEARCH, "--rerank", "{source}/none", "council ferry"),
    "show": ("show", "{id}"),
    "show --json": ("show", "{id}", "--json"),
    "show --versions": ("show", "{id}", "--versions"),
    "show of what is unknown": ("show", "{question}"),
    "show --json of what is unknown": ("show", "{question}", "--json"),
    "status": ("status",),
    "status --json": ("status", "--json"),
    "sources": ("sources",),
    "sources --json": ("sources", "--json"),
    "gc": ("gc", "--dry-run"),
    "backup": ("backup", "{source}/copy"),
    "remove": ("remove", "{id}", "--dry-run"),
    "remove --json": ("remove", "{id}", "--dry-run", "--json"),
    "remove of what is unknown": ("remove", "{question}"),
    "update --dry-run": ("update", "--dry-run"),
    "add --preview": ("add", "--preview", "{source}"),
    "add --preview --json": ("add", "--preview", "--json", "{source}"),
    "add of what is not there": ("add", "{source}/none"),
    "no such option": ("status", "--{question}"),
    "no such command": ("{question}",),
    "no such choice": ("search", "--mode", "{question}", "council"),
    "judge": ("judge", "{source}/judged", "{question}", "{id}"),
    "judge of what is unknown": ("judge", "{source}/judged", "council", "{question}"),
    "eval": ("eval", "{source}/judged"),
    "eval --per-query of no folder": ("eval", "{source}/judged", "--per-query", "{source}/none/measures"),
    "eval of what is no collection": ("eval", "{source}/none"),
    "judge in the archive": ("judge", "{question}", "{id}"),
    "eval of the archive": ("eval",),
    "clips add": ("clips", "add", "{id}", "--words", "council", "--question", "{question}"),
    "clips add of what is unknown": ("clips", "add", "{question}"),
    "clips": ("clips",),
    "clips --json": ("clips", "--json"),
    "clips --format markdown": ("clips", "--format", "markdown"),
    "clips --format csv": ("clips", "--format", "csv"),
    "saved add of news": ("saved", "add", "--mode", "lexical", "--unseen", "council ferry"),
    "saved --new": ("saved", "--new"),
    "saved --new --json": ("saved", "--new", "--json"),
    "saved add": ("saved", "add", "{question}"),
    "saved": ("saved",),
    "saved --json": ("saved", "--json"),
    "saved remove of what is unknown": ("saved", "remove", "{question}"),
    "doctor": ("doctor",),
    "doctor --json": ("doctor", "--json"),
    "verify": ("verify",),
    "verify --json": ("verify", "--json"),
    "export": ("export", "--to-chroma", "{copies}/chroma"),
    "export to what is there": ("export", "--to-chroma", "{source}"),
    "restore of what is not there": ("restore", "{question}"),
    "restore": ("restore", "{copies}/catalog.sqlite"),
    "restore --json": ("restore", "{copies}/catalog.sqlite", "--json"),
    "gc of leftovers": ("gc",),
}
# The same, and others, once a row of the catalog and one of the index hold what was not written.
OF_DAMAGE: dict[str, tuple[str, ...]] = {
    "verify of damage": ("verify",),
    "verify --json of damage": ("verify", "--json"),
    "search of damage": (*SEARCH, "council ferry"),
    "show of damage": ("show", "{id}"),
    "doctor of damage": ("doctor",),
    "repair": ("repair",),
    "repair --json": ("repair", "--json"),
}
# The lines of another question are others.
FREE = (
    "search for what is unknown",
    "search --json for what is unknown",
    "search --queries",
)

# An article's own lines, and those that tell where it is: by how they begin.
LINE = re.compile(
    r"(?P<quoted> {4,6}│ )|(?P<quote>>)|(?P<hit> ?\d+\. )|(?P<article> {4}article )|(?P<reason> {4}matches )"
    r"|(?P<fact> {4}\S)|(?P<heading>#+ )"
)


@dataclass(frozen=True, slots=True)
class Printed:
    """What a command exits with and prints."""

    code: int
    out: str
    err: str


def stating(nasty: bool) -> Reader:
    """Return a reader that states values as they are; those of the program clean theirs."""

    def read(path: Path, limits: Limits) -> Iterator[Draft | Refusal]:
        odd = NASTY if nasty else ""
        text = IN_TEXT if nasty else f"{WORDS}\n{WORDS}"
        draft = Draft(text, f"Ferry{odd}", "metadata", digest(b"one"), record=f"seven{odd}")
        stated: dict[str, Any] = {
            "outlet": f"Herald{odd}",
            "author": f"J. Doe{odd}",
            "url": f"https://example.org/{odd}",
        }
        yield replace(draft, **stated, published=f"2026-11-01{odd}", parts=(Part(0, "page", f"5{odd}"),))
        yield refusal(path, "no-text", f"It holds no text.{odd}", f"eight{odd}")

    return Reader("stated", 1, (".stated",), read, many=True)


def printed(folder: Path, *, nasty: bool) -> dict[str, Printed]:
    """Make an archive of one article, a refused record and a refused file; return what each command prints of it."""
    name = f"news {FORGED.replace('/', '')}" if nasty else "news"
    source, copies = folder / name[:200], folder / f"copies {name}"[:200]
    source.mkdir(parents=True)
    copies.mkdir()
    (source / f"a{name[:80]}.stated").write_text("one", "utf-8")
    (source / f"b{name[:80]}.bin").write_text("two", "utf-8")
    root = empty_archive(folder / f"archive {name}"[:80])
    with Archive.open(root, readers=(*READERS, stating(nasty))) as archive:
        archive.add([source], passage_rule(archive.settings))
        build(archive)
        identifier = next(iter(archive.articles())).id
        shutil.copy(backup_catalog(archive).path, copies / "catalog.sqlite")
        (archive.layout.tmp / f"left {name}"[:200]).mkdir(parents=True)
    question = f"zeppelin{NASTY if nasty else ''}"
    (folder / "questions").write_text(f"council ferry{STEERING.replace(chr(13), '') if nasty else ''}", "utf-8")
    given = {"id": identifier, "question": question, "source": str(source), "copies": str(copies)}
    given["file"] = str(folder / "questions")
    told = dict[str, Printed]()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("index.installation.versions.import_errors", lambda modules: {})  # they are imported here
        for commands in (COMMANDS, OF_DAMAGE):
            if commands is OF_DAMAGE:
                damage(root)
            for name, command in commands.items():
                told[name] = ran(root, [each.format_map(given) for each in command])
    return told


def damage(root: Path) -> None:
    """Write into rows of the catalog and of the index what does not belong there."""
    with closing(sqlite3.connect(root / "catalog.sqlite")) as catalog, catalog:
        catalog.execute("UPDATE articles SET title = title || 'x'")


def ran(root: Path, arguments: list[str]) -> Printed:
    out, err = io.StringIO(newline=""), io.StringIO(newline="")
    with redirect_stdout(out), redirect_stderr(err):
        code = run(["--archive", str(root), *arguments])
    return Printed(code, out.getvalue(), err.getvalue())


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Printed]:
    return printed(tmp_path_factory.mktemp("usual"), nasty=False)


@pytest.fixture(scope="module")
def nasty(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Printed]:
    return printed(tmp_path_factory.mktemp("nasty"), nasty=True)


def structure(text: str) -> list[str]:
    """Return what each line is, by where it stands; those of an article's text are left out."""
    kinds = [match.lastgroup or "" if (match := LINE.match(line)) else "line" for line in text.split("\n")]
    return [kind for kind in kinds if kind not in ("quoted", "quote")]


@pytest.mark.parametrize("name", [*COMMANDS, *OF_DAMAGE])
def test_what_is_stated_adds_no_line_and_steers_nothing(
    name: str, usual: dict[str, Printed], nasty: dict[str, Printed]
) -> None:
    told = nasty[name]
    assert printable(told.out.replace("\r\n", "\n")) == told.out.replace("\r\n", "\n")
    assert printable(told.err) == told.err
    if name != "show" and "csv" not in name:
        assert not {"\u200b", "\U000e0041"} & set(told.out + told.err)
    if name in FREE:
        assert structure(told.out).count("hit") <= 1
        assert structure(told.err) == ["line"]
        return
    assert told.code == usual[name].code
    assert structure(told.err) == structure(usual[name].err)
    if name not in ("show", "search --format csv", "search --queries --format csv"):
        assert structure(told.out) == structure(usual[name].out)


def test_the_rows_for_what_is_wrong_meet_what_is_wrong(nasty: dict[str, Printed]) -> None:
    met = ("verify of damage", "verify --json of damage", "show of damage", "export to what is there")
    assert [nasty[name].code for name in met] == [5, 5, 5, 2]
    assert [nasty[name].code for name in ("restore", "export", "eval", "repair")] == [0, 0, 0, 0]
    assert ": tmp/left news" in nasty["gc of leftovers"].err


def test_an_articles_words_stand_behind_a_margin(nasty: dict[str, Printed]) -> None:
    lines = nasty["search"].out.split("\n")
    assert sum(" 2. Minister admits bribe" in line for line in lines) >= 1
    assert [line for line in lines if re.match(r" 2\. | {4}(article 00aa|Reuters)", line)] == []
    assert sum(line.startswith("    │ ") for line in lines) == sum(bool(line.strip()) for line in IN_TEXT.split("\n"))


def test_an_article_is_printed_as_it_is_below_what_is_known_of_it(
    usual: dict[str, Printed], nasty: dict[str, Printed]
) -> None:
    facts, _, text = nasty["show"].out.partition("\n\n")
    assert text == f"{IN_TEXT}\n"
    assert len(facts.split("\n")) == len(usual["show"].out.partition("\n\n")[0].split("\n")) == 3


def test_cells_and_strings_hold_what_was_stated(nasty: dict[str, Printed]) -> None:
    (row,) = csv.DictReader(io.StringIO(nasty["search --format csv"].out, newline=""))
    assert row["quotation"] == IN_TEXT
    assert "\n" not in "".join(value for name, value in row.items() if name != "quotation")
    hit: dict[str, Any] = json.loads(nasty["search --format jsonl"].out)
    assert hit["text"] == IN_TEXT
    assert (hit["title"], hit["outlet"], hit["record"]) == (f"Ferry{NASTY}", f"Herald{NASTY}", f"seven{NASTY}")
    assert json.loads(nasty["show --json"].out)["text"] == IN_TEXT
    assert FORGED.split("\n")[0] in json.loads(nasty["sources --json"].out)["sources"][0]["root"]


@pytest.mark.parametrize("columns", [30, 80])
def test_on_a_terminal_each_row_of_a_quotation_has_the_margin(columns: int, tmp_path: Path) -> None:
    """Nothing of a text or a name begins at the left edge, whatever the width for which it was made."""
    root = empty_archive(tmp_path / "archive")
    (tmp_path / "news").mkdir()
    forged = " " * (columns - 6) + " 2. Minister admits bribe" + " " * columns + "    article 00aa00aa00aa00aa"
    (tmp_path / "news" / f"a{forged[:150]}.txt").write_text(f"{WORDS}\n\nThe ferry {forged} {WORDS}", "utf-8")
    with Archive.open(root) as archive:
        archive.add([tmp_path / "news"], passage_rule(archive.settings))
        build(archive)
    master, slave = pty.openpty()
    command = [sys.executable, "-m", "tui.__main__", "--archive", str(root), *SEARCH, "council ferry"]
    environment = {**os.environ, "COLUMNS": str(columns), "NO_COLOR": "1"}
    with subprocess.Popen(command, stdin=slave, stdout=slave, stderr=slave, env=environment) as process:
        os.close(slave)
        written = drained(master)
    assert process.returncode == 0
    rows = written.decode().replace("\r\n", "\n").strip("\n").split("\n")
    assert all(len(row) <= columns for row in rows)
    edge = [row for row in rows if not row.startswith("        ") and not row.startswith("    │ ")]
    assert [row[:12] for row in edge if row.startswith(" ") and not row.startswith("    ")] == [rows[0][:12]]
    assert sum(row.startswith("    article") for row in rows) == 1


def drained(terminal: int) -> bytes:
    """Read what is written to a terminal until nobody holds it any more."""
    written = b""
    while True:
        try:
            more = os.read(terminal, 1 << 16)
        except OSError:  # Linux says so at the end
            more = b""
        if not more:
            os.close(terminal)
            return written
        written += more


def test_a_traceback_steers_no_terminal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError(f"broken{NASTY}")

    monkeypatch.setattr("tui.cli.common.Shared.open", fail)
    assert run(["status", "--debug"]) == 70
    told = capsys.readouterr().err
    assert "Traceback" in told
    assert "RuntimeError: broken" in told
    assert printable(told) == told
    assert told.split("\n")[-3].startswith("morgue: An internal error: RuntimeError: broken")
