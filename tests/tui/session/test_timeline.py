"""The timeline: every article is in the bar of its day, and what is picked is what was chosen."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.contracts.conditions import Dated
from index.query.parser import parse
from tui.app.view.counts import span
from tui.app.view.timeline import Window, axis, bars, chosen
from tui.session.timeline import UNITS, Counted, Days, Picking, Timeline, Unit, unit_for

UNIT = st.sampled_from(UNITS)
NEAR = st.dates(date(2019, 11, 1), date(2022, 3, 31))
DAYS = st.dictionaries(NEAR | st.dates(), st.integers(1, 999), min_size=1, max_size=30).map(
    lambda found: tuple(sorted(found.items()))
)
FEW = st.dictionaries(NEAR, st.integers(1, 999), min_size=1, max_size=30).map(
    lambda found: tuple(sorted(found.items()))
)


def timeline(days: Counted, unit: Unit | None = None) -> Timeline:
    made = Timeline.of(days, unit)
    assert made is not None
    return made


@given(DAYS, UNIT)
def test_every_article_is_in_the_bar_of_its_day(days: Counted, unit: Unit) -> None:
    made = timeline(days, unit)

    assert sum(made.counts.values()) == sum(articles for _, articles in days)
    for day, _ in days:
        place = made.place(day)
        assert made.days(place).first <= day <= made.days(place).last
        assert made.articles(place) > 0
    assert made.articles(0) > 0
    assert made.articles(made.length - 1) > 0


@given(FEW, UNIT)
def test_bars_follow_upon_each_other_without_a_gap(days: Counted, unit: Unit) -> None:
    made = timeline(days, unit)

    for place in range(made.length - 1):
        assert made.days(place).last + timedelta(days=1) == made.days(place + 1).first


@given(st.dates(), st.dates())
def test_a_span_reads_as_the_days_it_stands_for(one: date, other: date) -> None:
    days = Days(min(one, other), max(one, other))
    (item,) = parse(days.query).items

    assert item.what == Dated(str(days.first), str(days.last))
    assert str(days.last.year) in span(days)


def test_whole_months_are_written_as_months() -> None:
    assert Days(date(2022, 2, 1), date(2022, 2, 28)).query == "date:2022-02"
    assert Days(date(2021, 12, 1), date(2022, 2, 28)).query == "date:2021-12..2022-02"
    assert Days(date(2022, 1, 24), date(2022, 1, 30)).query == "date:2022-01-24..2022-01-30"
    assert Days(date(2022, 1, 24), date(2022, 1, 24)).query == "date:2022-01-24"


@pytest.mark.parametrize(("last", "unit"), [("2022-01-31", "day"), ("2022-12-31", "week"), ("2024-01-01", "month")])
def test_the_unit_is_one_in_which_all_can_be_seen(last: str, unit: Unit) -> None:
    days = ((date(2022, 1, 1), 1), (date.fromisoformat(last), 1))

    assert unit_for(days) == timeline(days).unit == unit
    assert timeline(days).length <= 80


@given(FEW, UNIT, st.lists(st.tuples(st.integers(-40, 40), st.booleans()) | st.just("enter")))
def test_what_is_chosen_is_on_the_timeline_and_counts_what_was_published_then(
    days: Counted, unit: Unit, keys: list[tuple[int, bool] | str]
) -> None:
    picking = Picking.on(timeline(days, unit))
    for key in keys:
        picking = picking.entered() if isinstance(key, str) else picking.moved(key[0], holding=key[1])
        assert picking.at in picking.places
        assert 0 <= picking.places.start < picking.places.stop <= picking.timeline.length
        first, last = picking.days.first, picking.days.last
        assert picking.articles == sum(articles for day, articles in days if first <= day <= last)


def test_enter_twice_picks_the_span_between() -> None:
    days = tuple((date(2022, 1, day), day) for day in range(1, 11))
    one = Picking.on(timeline(days)).moved(-4)
    assert one.days == Days(date(2022, 1, 6), date(2022, 1, 6))

    begun = one.entered().moved(2)
    assert begun.days == Days(date(2022, 1, 6), date(2022, 1, 8))
    assert begun.articles == 6 + 7 + 8
    ended = begun.entered()
    assert ended.days == begun.days
    assert ended.moved(1).days == Days(date(2022, 1, 9), date(2022, 1, 9))
    assert ended.moved(-7, holding=True).entered().begun is None


@given(FEW, UNIT, UNIT, st.integers(0, 900))
def test_the_chosen_time_stays_in_another_unit(days: Counted, unit: Unit, other: Unit, steps: int) -> None:
    picking = Picking.on(timeline(days, unit)).moved(-steps)
    followed = picking.follow(timeline(days, other))

    assert followed.days.first <= picking.days.last
    assert followed.days.last >= min(picking.days.first, followed.timeline.days(followed.timeline.length - 1).last)


@given(FEW, UNIT, st.integers(0, 900), st.integers(12, 200), st.booleans())
def test_what_is_drawn_fits_and_each_cell_is_a_bar(
    days: Counted, unit: Unit, steps: int, width: int, held: bool
) -> None:
    picking = Picking.on(timeline(days, unit)).moved(-steps, holding=held)
    made, window = picking.timeline, Window.of(picking, width)

    assert picking.at in window.places
    assert window.places.stop <= made.length
    drawn = bars(made, window)
    assert len(drawn) == window.count * window.cells <= width
    for place in window.places:
        cell = (place - window.first) * window.cells
        assert window.place_at(cell) == place
        assert (drawn[cell] == " ") == (made.articles(place) == 0)
    first, last = window.reach(picking.places)
    assert 0 <= first <= last < width
    assert len(axis(made, window)) <= width
    assert len(chosen(picking, window, width, "Enter ends the span")) <= width
