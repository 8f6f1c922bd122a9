"""An archive of articles: reading files, hiding scraping residue, keeping versions and passages in a catalog.

    from archive import Archive
    from index import build, passage_rule

    with Archive.create("my-archive") as archive:
        archive.add(["articles/"], passage_rule(archive.settings))
        build(archive)

Nothing is fetched, nothing of a source is changed, and what cleaning hides can be shown again. A name is
loaded when it is used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from archive.core.lazy_names import loader

if TYPE_CHECKING:
    from archive.archive import Archive, Removal
    from archive.catalog.snapshot import Snapshot
    from archive.core.article import (
        Article,
        Draft,
        Indexable,
        IngestReport,
        Locator,
        Outdated,
        Part,
        Passage,
        Refusal,
        Source,
        Span,
        Version,
    )
    from archive.core.errors import (
        ArchiveError,
        Busy,
        Damaged,
        NewerArchive,
        NoIndex,
        NotAnArchive,
        UnknownId,
        UsageError,
    )
    from archive.core.progress import Progress, Step
    from archive.folder.discovery import find
    from archive.folder.settings import Settings
    from archive.text.chunking import Rule, word_rule

__all__ = [
    "Archive",
    "ArchiveError",
    "Article",
    "Busy",
    "Damaged",
    "Draft",
    "Indexable",
    "IngestReport",
    "Locator",
    "NewerArchive",
    "NoIndex",
    "NotAnArchive",
    "Outdated",
    "Part",
    "Passage",
    "Progress",
    "Refusal",
    "Removal",
    "Rule",
    "Settings",
    "Snapshot",
    "Source",
    "Span",
    "Step",
    "UnknownId",
    "UsageError",
    "Version",
    "find",
    "word_rule",
]

_NAMES: Final = {
    "archive.archive": "Archive Removal",
    "archive.core.article": (
        "Article Draft Indexable IngestReport Locator Outdated Part Passage Refusal Source Span Version"
    ),
    "archive.core.errors": "ArchiveError Busy Damaged NewerArchive NoIndex NotAnArchive UnknownId UsageError",
    "archive.folder.discovery": "find",
    "archive.text.chunking": "Rule word_rule",
    "archive.core.progress": "Progress Step",
    "archive.folder.settings": "Settings",
    "archive.catalog.snapshot": "Snapshot",
}

if not TYPE_CHECKING:  # to which every name would be one of the package then
    __getattr__ = loader(__name__, _NAMES)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
