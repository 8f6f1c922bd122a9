"""What the UI says when there is nothing to list: plain words, and what to do next."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from archive.core.errors import Action, ArchiveError, Remedy
from tui.formats.remedies import ELSEWHERE, command_against, command_line, shell_word
from tui.session.keyed import Keyed


@dataclass(frozen=True, slots=True)
class Notice:
    """A heading and what can be done, shown in place of results."""

    heading: str
    advice: tuple[str | Keyed, ...] = ()


LOOK_AGAIN = Keyed("{refresh} looks again, {other-archive} opens another archive, {quit} leaves.")

OPENING = Notice("Opening the archive …")

WELCOME = Notice(
    "Ask a topic in plain words.",
    (
        "sanctions threats          what it is about, in any wording",
        '"gas pipeline"             these words, in this order',
        "pipeline -gas              without a word",
        "",
        Keyed("{first-result} goes to the first result; {help} lists every key."),
    ),
)

HALF_WRITTEN = Notice("Go on writing …", (Keyed("{first-result} asks exactly what stands there."),))

SEARCHING = Notice("Searching …")

WARMING = Notice(
    "Loading the model that compares meanings …",
    (Keyed("{mode} changes to search by words, which needs none."),),
)

NO_MODEL = Notice(
    "The model that compares meanings could not be loaded.",
    (Keyed("{mode} changes to search by words."),),
)

_OTHER_WORDS: Final = "Try other words, or fewer of them; check quoted phrases and excluded words."
_NEAREST: Final = "{nearest} shows the nearest passages all the same."

NOTHING = Notice("Nothing here resembles this.", (_OTHER_WORDS, Keyed(_NEAREST)))

NOTHING_LEXICAL = Notice(
    "No passage holds these words.",
    (
        _OTHER_WORDS,
        Keyed("{mode} changes to search by meaning, which finds other wordings."),
    ),
)

NOT_YET = Notice(
    "Nothing here resembles this by its words.",
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
    (
        Keyed(
            "{narrow} lists what narrows the question; there {drop-chip} takes away the last of it, "
            "{undo} brings it back."
        ),
    ),
)

NONE_MEETS: Final = "No article meets the conditions."
"""What an answer notes when its conditions admit nothing: then nothing is near either."""

MODES: Final = {"hybrid": "words and meaning", "lexical": "words", "semantic": "meaning"}
"""The modes in plain words."""


def empty(archive: Path | None) -> Notice:
    """Say how the first articles come into an archive."""
    add = against(command_line(Remedy(Action.ADD)), archive)
    here = "{add} adds a folder of articles, and shows first what is in it; {other-archive} opens another archive."
    shell = f"In a shell:  {add}", Keyed("and then {refresh} here.")
    return Notice("This archive holds no articles yet.", (Keyed(here), *shell))


def nothing(articles: int) -> Notice:
    """Say that nothing resembles a question, of whose words so many articles hold one at least."""
    if not articles:
        return NOTHING
    holding = f"{articles:,} article{' holds' if articles == 1 else 's hold'} at least one of its words."
    return Notice(NOTHING.heading, (_OTHER_WORDS, Keyed(f"{holding} {_NEAREST}")))


def nothing_yet(text: str) -> Notice:
    """Say that nothing answers what has been written so far."""
    return Notice(f"Nothing yet for “{text}”.", (Keyed("Go on writing; {first-result} asks exactly this."),))


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


def _here(remedy: Remedy | None) -> tuple[Keyed, ...]:
    """Return how something is mended without leaving, where it can be."""
    match remedy:
        case Remedy(Action.ADD | Action.CREATE):
            return (Keyed("{add} adds a folder of articles here."),)
        case Remedy(Action.UPDATE):
            return (Keyed("{update} looks again at all that was added."),)
    return ()


def behind(count: int) -> Keyed:
    """Say that articles were added or changed since the index was built."""
    who = "1 article is" if count == 1 else f"{count} articles are"
    return Keyed(f"{who} not indexed yet: {{update}} updates the index.")


def newer(number: int) -> Keyed:
    """Say that a newer index can be used."""
    return Keyed(f"A newer index is ready (number {number}): {{refresh}} changes to it.")


def news(count: int) -> Keyed:
    """Say that articles are new of saved questions."""
    who = "1 new article answers" if count == 1 else f"{count} new articles answer"
    return Keyed(f"{who} questions that you saved: {{saved}} lists them.")
