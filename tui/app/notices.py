"""What the UI says when there is nothing to list: plain words, and what to do next."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from archive.core.errors import Action, ArchiveError, Remedy
from tui.formats.remedies import ELSEWHERE, command_against, command_line, shell_word


@dataclass(frozen=True, slots=True)
class Notice:
    """A heading and what can be done, shown in place of results."""

    heading: str
    advice: tuple[str, ...] = ()


LOOK_AGAIN = "F5 looks again, Ctrl+L opens another archive, Ctrl+Q leaves."

OPENING = Notice("Opening the archive …")

WELCOME = Notice(
    "Ask a topic in plain words.",
    (
        "sanctions threats          what it is about, in any wording",
        '"gas pipeline"             these words, in this order',
        "pipeline -gas              without a word",
        "",
        "Enter goes to the first result; F1 lists every key.",
    ),
)

HALF_WRITTEN = Notice("Go on writing …", ("Enter asks exactly what stands there.",))

SEARCHING = Notice("Searching …")

WARMING = Notice("Loading the model that compares meanings …", ("F2 changes to search by words, which needs none.",))

NO_MODEL = Notice("The model that compares meanings could not be loaded.", ("F2 changes to search by words.",))

NOTHING = Notice(
    "Nothing here resembles this.",
    (
        "Try other words, or fewer of them; check quoted phrases and excluded words.",
        "F3 shows the nearest passages all the same.",
    ),
)

NOTHING_LEXICAL = Notice(
    "No passage holds these words.",
    (
        "Try other words, or fewer of them; check quoted phrases and excluded words.",
        "F2 changes to search by meaning, which finds other wordings.",
    ),
)

NOT_YET = Notice(
    "No passage holds these words.",
    ("Other wordings are looked for as soon as the model is loaded.",),
)

NOT_EVEN_NEAR = Notice(
    "There is nothing to show for this.",
    ("Look at quoted phrases, + words and excluded words: no article is left by them.",),
)


NOTHING_MEETS = Notice(
    "No article meets the conditions.",
    ("Look at outlets, dates and other conditions; without one of them there may be some.",),
)

NARROWED_TO_NOTHING = Notice(
    "No article meets the conditions.",
    ("F9 lists what narrows the question; there Backspace takes away the last of it, U brings it back.",),
)

NONE_MEETS: Final = "No article meets the conditions."
"""What an answer notes when its conditions admit nothing: then nothing is near either."""

MODES: Final = {"hybrid": "words and meaning", "lexical": "words", "semantic": "meaning"}
"""The modes in plain words."""


def empty(archive: Path | None) -> Notice:
    """Say how the first articles come into an archive."""
    add = against(command_line(Remedy(Action.ADD)), archive)
    here = "Ctrl+T adds a folder of articles, and shows first what is in it; Ctrl+L opens another archive."
    return Notice("This archive holds no articles yet.", (here, f"In a shell:  {add}  and then F5 here."))


def nothing_yet(text: str) -> Notice:
    """Say that nothing answers what has been written so far."""
    return Notice(f"Nothing yet for “{text}”.", ("Go on writing; Enter asks exactly this.",))


def against(command: str, archive: Path | None) -> str:
    """Return a command line that means the archive at hand, whichever is the default one."""
    if archive is None or not command.startswith("morgue "):
        return command
    named = f"morgue --archive {shell_word(str(archive))}"
    if command.startswith(ELSEWHERE):
        return command.replace(ELSEWHERE, named, 1)
    return command if "--archive" in command else command.replace("morgue", named, 1)


def trouble(error: BaseException, archive: Path | None = None) -> Notice:
    """Put an error into words: what was found, and what to do about it."""
    if isinstance(error, ArchiveError):
        command = command_against(error)
        do = f"Run:  {against(command, archive)}" if command else "Choose another archive:  morgue --archive FOLDER"
        return Notice(error.message, (*_here(error.remedy), do, LOOK_AGAIN))
    if isinstance(error, OSError):
        what = f"The archive could not be read: {error.strerror or error}."
        return Notice(what, ("Check that the disk is there and may be read.", LOOK_AGAIN))
    return Notice(
        f"Morgue failed in a way it should not: {type(error).__name__}: {error}",
        ("Please report this.", LOOK_AGAIN),
    )


def _here(remedy: Remedy | None) -> tuple[str, ...]:
    """Return how something is mended without leaving, where it can be."""
    match remedy:
        case Remedy(Action.ADD | Action.CREATE):
            return ("Ctrl+T adds a folder of articles here.",)
        case Remedy(Action.UPDATE):
            return ("Ctrl+G looks again at all that was added.",)
    return ()


def behind(count: int, archive: Path | None = None) -> str:
    """Say that articles were added or changed since the index was built."""
    who = "1 article is" if count == 1 else f"{count} articles are"
    return f"{who} not indexed yet: run  {against(command_line(Remedy(Action.UPDATE)), archive)}  or press R here."


def newer(number: int) -> str:
    """Say that a newer index can be used."""
    return f"A newer index is ready (number {number}): F5 changes to it."


def news(count: int) -> str:
    """Say that articles are new of saved questions."""
    who = "1 new article answers" if count == 1 else f"{count} new articles answer"
    return f"{who} questions that you saved: Q lists them."
