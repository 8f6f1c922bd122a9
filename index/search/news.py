"""What is new of a saved question: the articles that answer it and were added or changed after it was last seen.

Change numbers of the catalog tell that, never a clock: those above the one that was seen, and not above that of the
index that answers. What only the catalog knows yet is news when it is indexed.
"""

from __future__ import annotations

from dataclasses import dataclass

from archive.core.article import Article
from archive.notebook.kept import SavedQuestion
from index.contracts.options import Mode
from index.query.parser import parse
from index.search.answering import Answering
from index.search.searcher import Searcher


@dataclass(frozen=True, slots=True)
class News:
    """What is new of a saved question.

    Attributes:
        saved: the question.
        articles: that answer it and are new, best first.
        change: what ``Notebook.mark_seen`` is told once they were seen; not where anything was missing, for what would
            have answered is then never told.
        degraded: sentences about what was missing; empty when everything worked.
    """

    saved: SavedQuestion
    articles: tuple[Article, ...]
    change: int
    degraded: tuple[str, ...] = ()


def news(searcher: Searcher, saved: SavedQuestion) -> News:
    """Return what is new of a saved question, as ``searcher`` answers it; all articles of its answer are looked at."""
    archive = searcher.archive
    unseen = archive.notebook.unseen(saved, searcher.change)
    nothing = Answering((), searcher.degraded)
    answering = searcher.answering(parse(saved.question), Mode(saved.mode)) if unseen else nothing
    new = tuple(archive.article(one) for one in answering.articles if one in unseen)
    return News(saved, new, searcher.change, answering.degraded)
