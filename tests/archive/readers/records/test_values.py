"""Values of shapes that no record needs cost nothing."""

from __future__ import annotations

import pytest

from archive.readers.fields import fields


@pytest.mark.parametrize("innermost", ["boom", "", None])
@pytest.mark.parametrize("key", ["author", "title", "date", "url", "source", "text", "content", "lang", "id", "data"])
def test_one_list_named_a_thousand_times_costs_nothing(key: str, innermost: object) -> None:
    """Aliases of YAML make such values of a few hundred bytes."""
    lists, objects = innermost, innermost
    for _ in range(40):
        lists = [lists] * 9
        objects = dict.fromkeys(("name", "title", "text", "content", "value", "data"), objects)
    assert fields({key: lists}).author is None
    assert fields({"title": "Gate", key: objects}).published is None
