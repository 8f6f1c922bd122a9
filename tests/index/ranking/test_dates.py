"""Articles sort by their dates as the dates do when written, whether times are stated beside days or not."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from archive import Archive
from index import Order, build, passage_rule
from index.embedding.model import Model
from index.generations.columns import open_columns
from index.generations.generation import COLUMNS
from index.ranking.article_values import ArticleValues
from index.ranking.dates import date_ranks
from tests.archives import empty_archive
from tests.index.world import CheapEncoder

DAYS = ("2022-01-05", None, "2021-12-31", "2022-01-05", "1987-03-01", None, "2022-01-06")
TIMES = ("2022-01-05T09:30:00+00:00", "2022-01-05T18:00:00+00:00")


@pytest.mark.parametrize("more", [(), TIMES], ids=["days", "times"])
@pytest.mark.parametrize("order", [Order.NEWEST, Order.OLDEST])
def test_articles_sort_by_date_equal_ones_alike_and_undated_ones_last(
    tmp_path: Path, model: Model, more: tuple[str, ...], order: Order
) -> None:
    stated = [*DAYS, *more]
    records = [{"id": n, "text": f"The council met, report {n}.", "date": date} for n, date in enumerate(stated)]
    (tmp_path / "all.jsonl").write_text("\n".join(map(json.dumps, records)), "utf-8")
    with Archive.open(empty_archive(tmp_path / "archive")) as archive:
        archive.add([tmp_path / "all.jsonl"], passage_rule(archive.settings))
        build(archive, encoder=lambda _: CheapEncoder(model))
    columns = open_columns(tmp_path / "archive" / "generations" / "000001" / COLUMNS)
    values, articles = ArticleValues(columns), np.arange(len(stated))
    dates = [columns.texts["published"][article] for article in articles.tolist()]
    assert any(len(date) > 10 for date in dates if date) == bool(more)

    ranks = date_ranks(columns, values, articles, order).tolist()
    known = sorted({date for date in dates if date}, reverse=order == Order.NEWEST)
    assert [date for _, date in sorted(set(zip(ranks, dates, strict=True)))] == [*known, None]
    some = articles[1:6]
    assert np.argsort(date_ranks(columns, values, some, order), kind="stable").tolist() == (
        np.argsort(ranks[1:6], kind="stable").tolist()
    )
