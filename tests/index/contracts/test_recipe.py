from __future__ import annotations

from dataclasses import asdict, fields, replace
from hashlib import sha256
from importlib.resources import files

import pytest

from index.contracts.recipe import FORMAT_5, RECIPE, Recipe, shape_name

GROUPS = {"passages": "passages", "words": "words", "vectors": "vectors", "tuning": "scale", "scale": "scale"}
EVERY_NUMBER = [(group, field.name) for group in GROUPS for field in fields(getattr(RECIPE, group))]


def changed(group: str, name: str) -> Recipe:
    """Return a recipe that differs in one value."""
    values = getattr(RECIPE, group)
    value = getattr(values, name)
    other = f"{value} other" if isinstance(value, str) else value + 1
    return replace(RECIPE, **{group: replace(values, **{name: other})})


@pytest.mark.parametrize(("group", "name"), EVERY_NUMBER)
def test_a_changed_number_changes_the_hash_of_its_group_and_of_no_other(group: str, name: str) -> None:
    before, after = asdict(RECIPE.hashes), asdict(changed(group, name).hashes)
    assert {key for key in before if before[key] != after[key]} == {GROUPS[group]}
    assert changed(group, name).hashes.whole != RECIPE.hashes.whole


def test_every_group_of_the_recipe_is_hashed() -> None:
    assert {field.name for field in fields(Recipe)} == set(GROUPS)


def test_equal_recipes_have_equal_hashes() -> None:
    assert Recipe().hashes == RECIPE.hashes


def test_the_recorded_hash_of_the_background_questions_is_that_of_the_file() -> None:
    raw = files("index.ranking").joinpath("background.txt").read_bytes()
    assert RECIPE.scale.questions == sha256(raw).hexdigest()[:16]


def test_passages_of_format_5_keep_the_name_that_catalogs_of_that_time_hold() -> None:
    assert shape_name(FORMAT_5.passages) == "cut 2"
    other = shape_name(replace(FORMAT_5.passages, most_words=151))
    assert other.startswith("cut 2 ")
    assert other != shape_name(replace(FORMAT_5.passages, most_words=152))
