"""What the UI says when there is nothing to list: plain words, and what to do next."""

from __future__ import annotations

from dataclasses import dataclass

from archive.core.errors import ArchiveError, NoIndex
from tui.formats.remedies import command_against


@dataclass(frozen=True, slots=True)
class Notice:
    """A heading and what can be done, shown in place of results."""

    heading: str
    advice: tuple[str, ...] = ()


LOOK_AGAIN = "F5 looks again, Ctrl+Q leaves."

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

EMPTY = Notice(
    "This archive holds no articles yet.",
    ("Add a folder of articles with:  morgue add FOLDER", "then press F5 to look again."),
)

SEARCHING = Notice("Searching …")

WARMING = Notice("Loading the model that compares meanings …", ("F2 changes to lexical search, which needs none.",))

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
        "F2 changes to semantic search, which finds other wordings.",
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


def trouble(error: BaseException) -> Notice:
    """Put an error into words: what was found, and what to do about it."""
    if isinstance(error, ArchiveError):
        command = command_against(error)
        do = f"Run:  {command}" if command else "Choose another archive with:  morgue --archive FOLDER"
        more = ("New articles come in with:  morgue add FOLDER",) if isinstance(error, NoIndex) else ()
        return Notice(error.message, (do, *more, LOOK_AGAIN))
    if isinstance(error, OSError):
        what = f"The archive could not be read: {error.strerror or error}."
        return Notice(what, ("Check that the disk is there and may be read.", LOOK_AGAIN))
    return Notice(
        f"Morgue failed in a way it should not: {type(error).__name__}: {error}",
        ("Please report this.", LOOK_AGAIN),
    )


def behind(count: int) -> str:
    """Say that articles were added or changed since the index was built."""
    who = "1 article is" if count == 1 else f"{count} articles are"
    return f"{who} not indexed yet: run  morgue update"


def newer(number: int) -> str:
    """Say that a newer index can be used."""
    return f"A newer index is ready (number {number}): F5 changes to it."
