"""What is counted equals what is found by going through all articles, whatever narrows the question."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archive.core.article import Article
from index import Group, Mode, Searcher
from index.contracts.conditions import Dated
from index.query.parser import parse
from tests.tui.newsroom import WORDS, newsroom, opened
from tui.app.view.counts import totals, value_row
from tui.formats.wrapping import cells
from tui.session.counts import FACETS, FEW, Counts, Part, count, value_rows
from tui.session.narrowing import NOTHING, By, Chip, Narrowing
from tui.session.request import Request

VALUES = {
    "outlet": [f'outlet:="Outlet {number}"' for number in range(7)],
    "month": [f"date:2022-{month:02}" for month in range(1, 13)],
    "dated": ["dated:metadata", "dated:text"],
    "span": ["date:2022-02-10..2022-05", "date:2022-11..", "date:2022-07-14"],
}
CHIPS = st.sampled_from(sorted(VALUES)).flatmap(
    lambda by: st.builds(Chip, st.just(by), st.sampled_from(VALUES[by]), st.booleans())
)


def narrowed(chips: list[Chip]) -> Narrowing:
    narrowing = NOTHING
    for chip in chips:
        narrowing = narrowing.spanning(chip.query) if chip.by == "span" else narrowing.turned(chip)
    return narrowing


@pytest.fixture(scope="module")
def searcher(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Searcher]:
    with opened(newsroom(tmp_path_factory.mktemp("counts") / "archive", 90)) as searcher:
        yield searcher


def counted(searcher: Searcher, request: Request) -> Counts:
    counts = count(searcher, request, lambda: False)
    assert counts is not None
    return counts


def has(article: Article, chip: Chip) -> bool:
    published = article.published or ""
    if chip.by == "outlet":
        return article.outlet == chip.query.partition("=")[2].strip('"')
    if chip.by == "dated":
        return chip.query == f"dated:{article.published_from}"
    (item,) = parse(chip.query).items
    assert isinstance(item.what, Dated)
    return (item.what.first or "") <= published[:10] <= (item.what.last or "9999")


def admitted(article: Article, narrowing: Narrowing) -> bool:
    wanted: dict[By, list[bool]] = {}
    for chip in narrowing.chips:
        if chip.excluded:
            if has(article, chip):
                return False
        else:
            wanted.setdefault(chip.by, []).append(has(article, chip))
    return all(any(values) for values in wanted.values())


def articles(searcher: Searcher, text: str) -> list[Article]:
    return [hit.article for hit in searcher.search(text, 1_000, Mode.LEXICAL, Group.ARTICLE)]


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(CHIPS, max_size=5), st.sampled_from(["", WORDS[0], WORDS[5], f"{WORDS[3]} {WORDS[9]}"]))
def test_counts_equal_a_count_of_all_articles(searcher: Searcher, chips: list[Chip], text: str) -> None:
    narrowing, every = narrowed(chips), articles(searcher, text or "-note999999")
    found = [article for article in every if admitted(article, narrowing)]
    counts = counted(searcher, Request(text=text, mode="lexical", narrowing=narrowing))

    assert {article.id for article in articles(searcher, narrowing.written(text) or "-note999999")} == {
        article.id for article in found
    }
    assert counts.totals.articles == len(found)
    assert counts.outlets == len({article.outlet for article in found})
    apart = [article for article in every if admitted(article, narrowing.apart_from("outlet"))]
    facet = counts.facets[FACETS.index("outlet")]
    assert {value.value: value.articles for value in facet.values} == Counter(article.outlet for article in apart)
    apart = [article for article in every if admitted(article, narrowing.apart_from("span"))]
    assert {value.value: value.articles for value in counts.days.values} == Counter(
        (article.published or "")[:10] for article in apart
    )
    for by, shown in zip(FACETS, counts.facets, strict=True):
        assert shown.by == by


@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(CHIPS, max_size=5), st.sets(st.sampled_from(FACETS)), st.integers(8, 60))
def test_every_value_has_a_row_or_is_counted_among_those_folded(
    searcher: Searcher, chips: list[Chip], unfolded: set[By], width: int
) -> None:
    narrowing = narrowed(chips)
    counts = counted(searcher, Request(text=WORDS[0], mode="lexical", narrowing=narrowing))
    rows = value_rows(counts, narrowing, frozenset(unfolded))

    assert len({row.name for row in rows}) == len(rows)
    assert {row.chip for row in rows if row.chip is not None} == {chip for chip in narrowing.chips if chip.by in FACETS}
    for by, facet in zip(FACETS, counts.facets, strict=True):
        mine = [row for row in rows if row.by == by]
        values = {value.query for value in (*facet.values, *filter(None, [facet.unknown]))}
        listed = {row.query for row in mine if row.part == Part.VALUE} & values
        assert len(values) - len(listed) == sum(row.articles for row in mine if row.part == Part.MORE)
        assert len(listed) == len(values) if by in unfolded else len(listed) >= min(len(values), FEW)
    assert all(cells(value_row(row, width)) == width for row in rows)


def test_totals_are_said_in_words(searcher: Searcher) -> None:
    counts = counted(searcher, Request(text=WORDS[0], mode="lexical"))
    found = articles(searcher, WORDS[0])

    assert totals(counts) == f"{len(found)} articles by words, 7 outlets, Jan 2022 - Dec 2022"
    assert totals(counted(searcher, Request())) == "90 articles, 7 outlets, Jan 2022 - Dec 2022"


def test_nothing_is_counted_once_it_is_of_no_use(searcher: Searcher) -> None:
    narrowing = NOTHING.turned(Chip("outlet", 'outlet:="Outlet 1"'))

    assert count(searcher, Request(text=WORDS[0], narrowing=narrowing), lambda: True) is None
