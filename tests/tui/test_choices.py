from __future__ import annotations

from index import FacetBy, Group, Mode, Order
from tui.cli.commands.search import FACETS, SORTS
from tui.session.request import GROUPS, MODES


def test_modes_are_those_of_the_index() -> None:
    assert tuple(Mode) == MODES


def test_groups_are_those_of_the_index_that_can_be_computed() -> None:
    assert {*GROUPS, "story"} == {group.value for group in Group}


def test_orders_and_facets_are_those_of_the_index() -> None:
    assert tuple(Order) == SORTS
    assert tuple(FacetBy) == FACETS
