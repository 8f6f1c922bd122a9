"""Lexical engines: inverted indexes with BM25, chosen by name and imported only when used.

``rank_bm25`` is the engine of small archives, over ``postings``, scored by ``bm25``; ``tantivy``, over
``tantivy_table``, that of large ones. Both obey ``index.contracts.engines``;
``tests/index/lexical/test_conformance.py`` holds them to it.
"""

from __future__ import annotations

from typing import Final

from archive.core.errors import Action, Damaged, Remedy
from index.contracts.engines import LexicalEngine
from index.contracts.recipe import RECIPE, Tuning

SMALL: Final = "rank-bm25"
LARGE: Final = "tantivy"
ENGINES: Final = (SMALL, LARGE)
UP: Final = 10_000  # passages; chosen, not measured: rank-bm25 reads every posting of a word, which is quick up to here
DOWN: Final = 5_000  # half of it, so that an archive about that size does not change its engine at every update


def engine(name: str, tuning: Tuning = RECIPE.tuning) -> LexicalEngine:
    """Return the engine of that name; tantivy has BM25's ``k1`` and ``b`` built in and ignores those of ``tuning``.

    Raises:
        Damaged: there is no such engine.
    """
    if name == SMALL:
        from index.lexical.rank_bm25 import RankBM25Engine

        return RankBM25Engine(tuning)
    if name == LARGE:
        from index.lexical.tantivy import TantivyEngine

        return TantivyEngine()
    raise Damaged(f"The index names a word engine that does not exist: {name!r}.", remedy=Remedy(Action.REBUILD))


def choose(setting: str, passages: int, previous: str | None) -> str:
    """Choose the engine of a rebuild.

    ``auto`` moves up at 10,000 passages and down at 5,000; between, the archive keeps the engine it has.
    """
    if setting != "auto":
        return setting
    if passages >= UP:
        return LARGE
    return LARGE if previous == LARGE and passages > DOWN else SMALL
