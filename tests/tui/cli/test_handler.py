from __future__ import annotations

import json
import os
import pty
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

import jsonschema
import pytest

from tui.__main__ import run

ROOT = Path(__file__).resolve().parents[3]
SCHEMAS = sorted((ROOT / "tui" / "schemas").glob("*.json"))

BROKEN = """
import sys
from tui.app.screens.search import SearchScreen
def broken(self): raise ValueError("broken on purpose")
SearchScreen.on_mount = broken
from tui.__main__ import run
sys.exit(run(sys.argv[1:]))
"""


def in_terminal(command: list[str], send: int | None = None) -> tuple[int, bytes]:
    """Run a command in a pseudo terminal, signal it once it has drawn; return its exit code and all it wrote."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.environ.update(TERM="xterm-256color", COLUMNS="100", LINES="30", PYTHONPATH=str(ROOT))
        os.execv(sys.executable, [sys.executable, *command])
    written, end = b"", time.monotonic() + 60
    while time.monotonic() < end:
        try:
            chunk = os.read(terminal, 65536)
        except OSError:
            break
        if not chunk:
            break
        written += chunk
        if send is not None and b"Ask a topic" in written:
            os.kill(pid, send)
            send = None
    else:
        os.kill(pid, signal.SIGKILL)
    _, status = os.waitpid(pid, 0)
    os.close(terminal)
    return os.waitstatus_to_exitcode(status), written


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_the_ui_with_its_code(seed_archive: Path, number: int, status: int) -> None:
    code, written = in_terminal(["-m", "tui", "--archive", str(seed_archive)], number)
    assert code == status
    assert b"\x1b[?1049l" in written, "the terminal was not given back"
    assert b"Traceback" not in written


@pytest.mark.parametrize("debug", [False, True])
def test_a_broken_ui_prints_a_traceback_only_to_those_who_ask(seed_archive: Path, debug: bool) -> None:
    more = ["--debug"] if debug else []
    code, written = in_terminal(["-c", BROKEN, "--archive", str(seed_archive), *more])
    assert code == 70
    assert b"An internal error" in written
    assert (b"Traceback" in written) == debug


def test_the_ui_refuses_to_draw_into_a_pipe(seed_archive: Path) -> None:
    command = [sys.executable, "-m", "tui", "--archive", str(seed_archive)]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, cwd=ROOT, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert "needs a terminal" in done.stderr


def test_debug_adds_a_traceback_and_keeps_the_exit_code(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--archive", str(tmp_path), "--debug", "search", "anything", "--json"]) == 2
    printed = capsys.readouterr()
    assert json.loads(printed.out)["error"]["code"] == "not-an-archive"
    assert "Traceback" in printed.err


def test_what_follows_two_dashes_is_no_option(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--archive", str(tmp_path), "search", "--", "--json", "--debug"]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "Traceback" not in printed.err


def test_a_question_that_begins_with_a_dash_is_told_how(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["search", "sanctions", "-oil"]) == 2
    assert "run: morgue search -- " in capsys.readouterr().err


def test_a_message_cannot_drive_the_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--archive", str(tmp_path / "a\x1b[2J"), "search", "anything"]) == 2
    assert "\x1b" not in capsys.readouterr().err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("more", [[], ["--json"]])
def test_an_output_that_takes_nothing_is_said_in_a_sentence(seed_archive: Path, more: list[str]) -> None:
    command = [sys.executable, "-m", "tui", "--archive", str(seed_archive), "status", *more]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, cwd=ROOT, check=False)
    assert done.returncode == 70
    assert "No space left" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.stem)
def test_schemas_are_valid_and_closed(path: Path) -> None:
    schema = json.loads(path.read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    _check_closed(schema)


def _is_optional(one: dict[str, object]) -> bool:
    return str(one.get("description", "")).startswith(("with --", "only where"))


def _check_closed(node: object) -> None:
    if isinstance(node, dict):
        if "properties" in node and node.get("type") == "object":
            assert node.get("additionalProperties") is False, node
            optional = {name for name, one in node["properties"].items() if _is_optional(one)}
            assert set(node["required"]) == set(node["properties"]) - optional, node
        node = list(node.values())
    for one in node if isinstance(node, list) else ():
        _check_closed(one)


@pytest.mark.parametrize("arguments", [("out of memory",), ("search", "-k", "permission denied", "x")])
def test_typed_words_are_not_taken_for_a_limit_of_the_system(arguments: tuple[str, ...]) -> None:
    assert run(arguments) == 2


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        (["serach", "x"], "Did you mean search?"),
        (["Verifi"], "Did you mean verify?"),
        (["search", "--explian", "x"], "--explain"),
    ],
)
def test_a_mistyped_word_is_told_with_the_likely_one(
    typed: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(typed) == 2
    assert told in capsys.readouterr().err


@pytest.mark.parametrize("typed", [["zeppelin"], ["zeppelin over", "Orsund"]])
def test_a_question_in_place_of_a_command_is_told_how_to_ask(
    typed: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(typed) == 2
    told, asked = capsys.readouterr().err, shlex.join(typed)
    assert "Did you mean" not in told
    assert f"morgue search {asked}, or morgue browse {asked}." in told


@pytest.mark.parametrize("command", ["restore", "eval", "add"])
def test_a_name_that_is_too_long_is_wrong_usage(
    seed_archive: Path, command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["--archive", str(seed_archive), command, "x" * 300]) == 2
    assert "Traceback" not in capsys.readouterr().err


def test_what_cannot_be_loaded_leads_to_the_doctor(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object) -> None:
        raise ImportError("libgomp.so.1: cannot open shared object file: No such file or directory")

    monkeypatch.setattr("tui.cli.common.Shared.open", broken)
    assert run(["status"]) == 70
    told = capsys.readouterr().err
    assert "libgomp.so.1" in told
    assert "run: morgue doctor" in told
