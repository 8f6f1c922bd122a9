"""The table of fields: every row can be reached, and every tool that is promised has one."""

from __future__ import annotations

from collections import Counter

import pytest

from archive.readers.records.names import KNOWN, LISTS, WRAPPERS, plain_name


def test_no_row_stands_in_the_way_of_another() -> None:
    rows = Counter((row.role, tuple(plain_name(step.key) for step in row.path.steps), row.beside) for row in KNOWN)
    assert [row for row, count in rows.items() if count > 1] == []


@pytest.mark.parametrize(
    "tool",
    [
        *("news-please", "newspaper4k", "Fundus", "trafilatura", "CC-News", "NELA-GT", "Scrapy", "snscrape", "NewsAPI"),
        *("mongoexport", "elasticdump", "Google Reader", "Telegram", "feedparser", "Media Cloud", "GDELT"),
    ],
)
def test_every_tool_that_is_promised_is_in_the_table(tool: str) -> None:
    written_by = [*(row.tools for row in KNOWN), *(tools for _, tools in LISTS + WRAPPERS)]
    assert any(tool in tools for tools in written_by)


@pytest.mark.parametrize("name", ["publish_date", "publishDate", "PublishDate", "publish-date", "PUBLISH DATE"])
def test_a_name_is_the_same_however_its_words_are_divided(name: str) -> None:
    assert plain_name(name) == "publishdate"


def test_what_stands_in_front_of_a_name_divides_nothing() -> None:
    assert plain_name("_id") != plain_name("id")
    assert plain_name("_source") != plain_name("source")
