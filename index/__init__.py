"""Retrieval: build an index of an archive's passages and search it.

    from index import Searcher

    with Searcher.open("my-archive") as searcher:
        for hit in searcher.search("sanctions threats", k=10):
            print(hit.article.title, hit.passage.text)

``build`` makes a new generation of the index, ``verify`` proves it whole, ``status`` tells what there is;
``index.evaluate`` measures retrieval over a judged collection. Models, Chroma and tantivy are loaded only when
something needs them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.answer import Answer, Copy, Hit, Leg
from index.build import build
from index.marks import Highlight, Mark
from index.options import Confidence, Group, Mode
from index.query import Query
from index.reading import parse
from index.report import BuildReport
from index.rerank import Reranker
from index.searcher import ArticleView, Searcher
from index.status import Status, status
from index.verify import Problem, VerifyReport, verify

if TYPE_CHECKING:
    from archive.folder.settings import Settings
    from archive.text.chunking import Rule

__all__ = [
    "Answer",
    "ArticleView",
    "BuildReport",
    "Confidence",
    "Copy",
    "Group",
    "Highlight",
    "Hit",
    "Leg",
    "Mark",
    "Mode",
    "Problem",
    "Query",
    "Reranker",
    "Searcher",
    "Status",
    "VerifyReport",
    "build",
    "parse",
    "passage_rule",
    "status",
    "verify",
]


def passage_rule(settings: Settings) -> Rule:
    """Return how passages are packed for the model that the archive's settings name.

    Raises:
        ArchiveError: the model is not on this machine.
    """
    from index.embedding.inputs import rule
    from index.embedding.model import locate

    return rule(locate(settings))
