from __future__ import annotations

import ast
import os
import pickle
import re
import subprocess
import traceback
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive import Refusal
from archive.core.errors import Action, Advice, ArchiveError, Damaged, Remedy
from archive.text.visible import visible_line
from tui.formats.remedies import Misuse, advised, command_against, command_line, refusal_reason, shell_word

ROOT = Path(__file__).resolve().parents[3]
COMMAND = re.compile(r"\bmorgue [a-z-]")


@pytest.mark.parametrize("package", ["archive", "index"])
def test_what_a_python_user_imports_names_no_command(package: str) -> None:
    for path in sorted((ROOT / package).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                command = COMMAND.search(node.value)
                assert command is None, f"{path.relative_to(ROOT)}:{node.lineno} names {command}"


@pytest.mark.parametrize("action", Action)
def test_every_remedy_has_a_command_and_words_for_python(action: Action) -> None:
    remedy = Remedy(action, "the-subject")
    assert command_line(remedy)
    assert ("the-subject" in command_line(remedy)) == ("the-subject" in str(remedy))
    assert not str(remedy).startswith("morgue ")


def test_an_error_tells_a_command_and_a_traceback_tells_python() -> None:
    error = Damaged("The columns are damaged.", remedy=Remedy(Action.REBUILD))
    assert command_against(error) == "morgue rebuild"
    assert str(error) == error.message == "The columns are damaged."
    assert traceback.format_exception(error)[-1] == "Make the index anew: index.build(archive, rebuild=True).\n"


def test_an_error_without_a_remedy_tells_none() -> None:
    assert command_against(ArchiveError("Nothing helps.")) is None


def test_a_misused_command_tells_the_command_that_is_meant() -> None:
    assert command_against(Misuse("Nothing was asked.", "morgue search QUERY")) == "morgue search QUERY"
    assert command_against(Misuse("Nothing was asked.")) is None


def test_advice_reads_as_a_sentence_in_python_and_tells_a_command_in_the_terminal() -> None:
    advice = Advice("The word index is damaged.", Remedy(Action.REBUILD))
    assert advice == "The word index is damaged. Make the index anew: index.build(archive, rebuild=True)."
    assert advised(advice) == "The word index is damaged. Run: morgue rebuild"
    assert advised(Advice("Nothing helps.")) == "Nothing helps."
    assert advised("A plain sentence.") == "A plain sentence."


def test_remedies_survive_a_process_border() -> None:
    error = pickle.loads(pickle.dumps(Damaged("Lost.", remedy=Remedy(Action.DELETE_FILE, "/a/copy"))))
    assert command_against(error) == "rm /a/copy"
    advice = pickle.loads(pickle.dumps(Advice("Lost.", Remedy(Action.UPDATE))))
    assert advised(advice) == "Lost. Run: morgue update"


def test_a_purged_file_tells_how_to_take_it_in_again() -> None:
    again = "It was purged on 2026-01-01. To take it in again: morgue add --purged '/a/{b}.md'"
    assert refusal_reason(Refusal("/a/{b}.md", None, "purged", "It was purged on 2026-01-01.")) == again
    assert refusal_reason(Refusal("/a/b.md", None, "empty", "It is empty.")) == "It is empty."


AWKWARD = (
    "plain", "two words", "it's", 'a "b"', "$(touch owned)", "`id`", "a\nb", "a\tb\\n", "\x1b[31m", "x\u202ey",
    "caf\udce9", "-rf", "*", "{b}", "a\u200bb'c", "中 文", "!x",
)  # fmt: skip


@given(st.lists(st.sampled_from(AWKWARD) | st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))))
@settings(max_examples=20)
def test_a_shell_takes_each_word_of_a_command_as_it_is(words: list[str]) -> None:
    shown = [shell_word(word) for word in words]
    assert all(visible_line(word) == word for word in shown)
    script = "printf '%s\\0' : " + " ".join(shown)
    done = subprocess.run(["bash", "-c", os.fsencode(script)], capture_output=True, check=True, timeout=60)
    assert done.stdout.split(b"\0")[1:-1] == [os.fsencode(word) for word in words]
