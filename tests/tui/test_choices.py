from __future__ import annotations

from index import Group, Mode
from tui.session.request import GROUPS, MODES


def test_modes_are_those_of_the_index() -> None:
    assert tuple(Mode) == MODES


def test_groups_are_those_of_the_index_that_can_be_computed() -> None:
    assert {*GROUPS, "story"} == {group.value for group in Group}
