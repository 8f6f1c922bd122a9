"""A rule set that changes gets another version, because articles made by the older one are found by it alone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, tzinfo
from enum import Enum
from hashlib import sha256
from types import ModuleType
from typing import Any

import regex

from archive.cleaning import boilerplate, boilerplate_rules
from archive.readers import titles
from archive.text import dates, written_dates
from archive.text.language import detection


def plain(value: Any) -> str:
    """Spell a constant the same way in every process and under every name."""
    if isinstance(value, re.Pattern | regex.Pattern):
        return f"{value.pattern!r} {int(value.flags)}"
    if isinstance(value, Enum):
        return value.name
    if isinstance(value, Mapping):
        return str(sorted(f"{plain(key)}: {plain(item)}" for key, item in value.items()))
    if isinstance(value, tuple):
        return str([plain(item) for item in value])
    if isinstance(value, frozenset):
        return str(sorted(plain(item) for item in value))
    assert isinstance(value, str | bytes | int | float | datetime | tzinfo), f"{value!r} is a constant of a new kind"
    return repr(value)


def constants(module: ModuleType) -> Iterator[str]:
    for name, value in vars(module).items():
        if name.isupper() and not name.startswith("__") and not name.endswith("_VERSION"):
            yield plain(value)


def fingerprint(*modules: ModuleType) -> str:
    values = sorted(value for module in modules for value in constants(module))
    return sha256("\n".join(values).encode()).hexdigest()[:16]


def check(name: str, version: int, *modules: ModuleType, known: Mapping[int, str]) -> None:
    """Fail when the constants of a rule set are not those its version was given to."""
    found = fingerprint(*modules)
    assert known.get(version) == found, (
        f"The constants of {', '.join(module.__name__ for module in modules)} changed. If some text now comes out"
        f" otherwise, raise {name}, so that `morgue update` treats older articles again, and add"
        f" {version + 1}: {found!r} below; if none does, write {found!r} for {version}."
    )


def test_other_rules_for_residue_have_another_version() -> None:
    known = {
        1: "c7fc2e209e1edac3",
        2: "96279b4374f962e2",
        3: "96279b4374f962e2",
        4: "184821cb17015709",
        5: "bb8294dd8f314110",
    }
    check("CLEANING_VERSION", boilerplate.CLEANING_VERSION, boilerplate, boilerplate_rules, known=known)


def test_other_rules_for_titles_have_another_version() -> None:
    check(
        "TITLES_VERSION",
        titles.TITLES_VERSION,
        titles,
        known={1: "25415ad2b29bb8a7", 2: "23ccac399e9d21e9", 3: "4f543226faa6df89"},
    )


def test_other_rules_for_dates_have_another_version() -> None:
    known = {1: "aad4406d964e946c", 2: "666e5ea4817a9004"}
    check("DATES_VERSION", dates.DATES_VERSION, dates, written_dates, known=known)


def test_other_rules_for_languages_have_another_version() -> None:
    check(
        "LANGUAGE_VERSION", detection.LANGUAGE_VERSION, detection, known={1: "1dc320175a007e0a", 2: "c12289ddadda48b1"}
    )


def test_a_changed_constant_is_noticed() -> None:
    changed = ModuleType("changed")
    vars(changed).update(vars(titles))
    before = fingerprint(changed)
    vars(changed)["_LONGEST_TITLE"] = 201
    assert fingerprint(changed) != before
