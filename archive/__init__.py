"""An archive of articles: reading files, hiding scraping residue, keeping versions and passages in a catalog.

    from archive import Archive
    from index import build, passage_rule

    with Archive.create("my-archive") as archive:
        archive.add(["articles/"], passage_rule(archive.settings))
        build(archive)

Nothing is fetched, nothing of a source is changed, and what cleaning hides can be shown again.
"""

from __future__ import annotations

from archive.archive import Archive, Removal
from archive.article import (
    Article,
    Draft,
    Indexable,
    IngestReport,
    Locator,
    Passage,
    Refusal,
    Source,
    Span,
    Version,
)
from archive.errors import (
    ArchiveError,
    Busy,
    Damaged,
    NewerArchive,
    NoIndex,
    NotAnArchive,
    UnknownId,
    UsageError,
)
from archive.finding import find
from archive.passages import Rule, word_rule
from archive.progress import Progress, Step
from archive.settings import Settings
from archive.snapshot import Snapshot

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
