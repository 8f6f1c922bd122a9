"""Articles in order by the date of their publication."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from index.contracts.engines import Ordinals
from index.contracts.options import Order
from index.generations.columns import Columns
from index.ranking.article_values import ArticleValues

_LAST: Final = np.iinfo(np.int64).max


def date_ranks(columns: Columns, values: ArticleValues, articles: NDArray[np.integer], order: Order) -> Ordinals:
    """Return numbers that sort articles by their dates of publication; equal for equal dates, undated ones last.

    Args:
        columns: of the generation.
        values: of its articles.
        articles: ordinals.
        order: ``OLDEST`` first, or the newest.
    """
    if values.only_days:  # which need not be compared as texts, nor sorted
        days = values.days[articles].astype(np.int64)
        return np.where(days == 0, _LAST, days if order == Order.OLDEST else -days)
    published = columns.texts["published"].words(articles)
    published = published if order == Order.OLDEST else ~published
    undated = values.days[articles] == 0
    published[:, undated] = 0
    by_date = np.lexsort((*published[::-1], undated))
    differs = np.zeros(len(articles), np.bool_)
    in_order, last = published[:, by_date], undated[by_date]
    differs[1:] = (in_order[:, 1:] != in_order[:, :-1]).any(axis=0) | (last[1:] != last[:-1])
    ranks = np.empty(len(articles), np.int64)
    ranks[by_date] = np.cumsum(differs)
    return ranks
