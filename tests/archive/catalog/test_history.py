from __future__ import annotations

from pathlib import Path

import pytest

from archive.catalog.database import Catalog
from archive.catalog.schema import META
from archive.catalog.tables import history
from archive.catalog.tables.history import State


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    return Catalog.create(tmp_path / "catalog.sqlite")


def named(catalog: Catalog, indexed: State = history.NONE) -> State:
    with catalog.transaction() as writing:
        history.name(writing, indexed)
    return history.state(catalog)


def changed(catalog: Catalog) -> None:
    with catalog.transaction() as writing:
        writing.next_change()


def test_a_catalog_follows_the_states_it_was_in_and_no_others(catalog: Catalog) -> None:
    first = named(catalog)
    changed(catalog)
    second = named(catalog)
    assert first.token != second.token
    assert all(history.follows(catalog, state) for state in (first, second))
    assert not history.follows(catalog, State(second.change, "0" * 32))
    assert not history.follows(catalog, State(second.change - 1, second.token))


def test_a_copy_does_not_follow_what_came_after_it_even_at_the_same_number(catalog: Catalog, tmp_path: Path) -> None:
    before = named(catalog)
    catalog.backup(tmp_path / "copy.sqlite")
    changed(catalog)
    after = named(catalog)
    with Catalog(tmp_path / "copy.sqlite") as copy:
        changed(copy)
        assert copy.change == catalog.change
        assert history.follows(copy, before)
        assert not history.follows(copy, after)
        own = named(copy, after)
        assert own.change > after.change
        assert history.follows(copy, own)


def test_a_state_without_a_name_is_told_by_its_number(catalog: Catalog) -> None:
    assert history.state(catalog) == State(0, "")
    changed(catalog)
    assert history.follows(catalog, State(1, ""))
    assert not history.follows(catalog, State(2, ""))


def test_a_number_that_went_back_is_noticed_whatever_names_there_are(catalog: Catalog) -> None:
    changed(catalog)
    changed(catalog)
    state = named(catalog)
    with catalog.transaction() as writing:
        writing.put(META, "change", "1")
    assert not history.follows(catalog, state)


@pytest.mark.parametrize("value", ["", "1", "1:", ":a", "one:a", "²:a", "1:a 2"])
def test_names_that_damage_left_unreadable_are_none(catalog: Catalog, value: str) -> None:
    state = named(catalog)
    with catalog.transaction() as writing:
        writing.put(META, "indexed states", value)
    assert not history.follows(catalog, state)
    assert history.follows(catalog, named(catalog))


def test_names_do_not_pile_up_and_that_of_the_index_in_use_stays(catalog: Catalog) -> None:
    first, indexed = named(catalog), named(catalog)
    states = [named(catalog, indexed) for _ in range(200)]
    assert all(history.follows(catalog, state) for state in (indexed, *states[-20:]))
    assert not history.follows(catalog, first)
    (value,) = catalog.row("SELECT value FROM meta WHERE name = 'indexed states'") or ("",)
    assert len(value) < 4_000


def test_a_catalog_may_be_one_that_no_index_was_made_of(catalog: Catalog) -> None:
    state = named(catalog)
    with catalog.transaction() as writing:
        history.forget(writing)
    assert not history.follows(catalog, state)
    assert history.state(catalog).token == ""
