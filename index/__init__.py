"""Retrieval: build an index of an archive's passages and search it.

    from index import Searcher

    with Searcher.open("my-archive") as searcher:
        for hit in searcher.search("sanctions threats", k=10):
            print(hit.article.title, hit.passage.text)

``build`` makes a new generation of the index, ``Growing`` while articles are still read;
``verify`` proves it whole, ``status`` tells what there is;
``export_to_chroma`` writes a copy for programs that read Chroma;
``index.evaluation.measures`` measures retrieval over a judged collection. A name is loaded when it is used; models,
Chroma and tantivy when something needs them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from archive.core.lazy_names import loader

if TYPE_CHECKING:
    from archive.folder.settings import Settings
    from archive.text.chunking import Rule
    from index.contracts.highlights import Highlight, Mark
    from index.contracts.options import Confidence, FacetBy, Group, Mode, Order
    from index.contracts.report import BuildReport
    from index.indexing.build import build
    from index.indexing.growing import Growing
    from index.maintenance.chroma_export import ChromaExport, export_to_chroma
    from index.maintenance.status import Status, status
    from index.maintenance.verify import Problem, VerifyReport, verify
    from index.query.ast import Query
    from index.query.parser import narrowed, parse
    from index.search.answer import Answer, Copy, Hit, Leg, Totals
    from index.search.facets import Facet, Facets, FacetValue
    from index.search.rerank import Reranker
    from index.search.searcher import ArticleView, Searcher

__all__ = [
    "Answer",
    "ArticleView",
    "BuildReport",
    "ChromaExport",
    "Confidence",
    "Copy",
    "Facet",
    "FacetBy",
    "FacetValue",
    "Facets",
    "Group",
    "Growing",
    "Highlight",
    "Hit",
    "Leg",
    "Mark",
    "Mode",
    "Order",
    "Problem",
    "Query",
    "Reranker",
    "Searcher",
    "Status",
    "Totals",
    "VerifyReport",
    "build",
    "export_to_chroma",
    "narrowed",
    "parse",
    "passage_rule",
    "status",
    "verify",
]


_NAMES: Final = {
    "index.contracts.highlights": "Highlight Mark",
    "index.contracts.options": "Confidence FacetBy Group Mode Order",
    "index.contracts.report": "BuildReport",
    "index.indexing.build": "build",
    "index.indexing.growing": "Growing",
    "index.maintenance.chroma_export": "ChromaExport export_to_chroma",
    "index.maintenance.status": "Status status",
    "index.maintenance.verify": "Problem VerifyReport verify",
    "index.query.ast": "Query",
    "index.query.parser": "narrowed parse",
    "index.search.answer": "Answer Copy Hit Leg Totals",
    "index.search.facets": "Facet FacetValue Facets",
    "index.search.rerank": "Reranker",
    "index.search.searcher": "ArticleView Searcher",
}

if not TYPE_CHECKING:  # to which every name would be one of the package then
    __getattr__ = loader(__name__, _NAMES)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


def passage_rule(settings: Settings) -> Rule:
    """Return how passages are packed for the model that the archive's settings name.

    Raises:
        ArchiveError: the model is not on this machine.
    """
    from index.embedding.model import locate
    from index.embedding.passage_input import rule

    return rule(locate(settings))
