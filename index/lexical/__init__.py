"""Lexical engines, chosen by name; each lives in one module and is imported only when used."""

from __future__ import annotations

from typing import Final

from archive.core.errors import Action, Damaged, Remedy
from index.contracts.engines import LexicalEngine
from index.contracts.recipe import RECIPE, Tuning

SMALL: Final = "rank-bm25"
LARGE: Final = "tantivy"
UP: Final = 10_000
DOWN: Final = 5_000


def engine(name: str, tuning: Tuning = RECIPE.tuning) -> LexicalEngine:
    """Return the engine of that name; tantivy has BM25's ``k1`` and ``b`` built in and ignores those of ``tuning``.

    Raises:
        Damaged: there is no such engine.
    """
    match name:
        case "rank-bm25":
            from index.lexical.rank_bm25 import RankBM25Engine

            return RankBM25Engine(tuning)
        case "tantivy":
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
