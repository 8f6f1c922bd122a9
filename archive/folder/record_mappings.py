"""How the fields of an archive's own records are read: ``[records.NAME]`` in ``morgue.toml``, and paths to fields."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Final, get_args

from archive.core.errors import UsageError
from archive.core.record_fields import Role

# What a person may call a role beside its own name: the keys that records themselves use most.
_ALSO: Final[Mapping[str, Role]] = {"date": "published", "lang": "language"}
_FILES: Final = "files"
# Deeper records were not seen; a path as long is a slip. Chosen, not measured.
_LONGEST_PATH: Final = 12
_STEP: Final = re.compile(r'(?P<key>"[^"]+"|[^."\[\]]+)(?P<each>\[\])?(?:\.(?=.)|$)')


@dataclass(frozen=True, slots=True)
class Step:
    """One step into a record: a key, and whether it holds a list of which each item is meant."""

    key: str
    each: bool = False


@dataclass(frozen=True, slots=True)
class FieldPath:
    """Where a field is in a record, as ``body.sections[].text``; a key that holds a dot is quoted.

    Attributes:
        steps: from the outside; empty where the path cannot be read.
    """

    text: str
    steps: tuple[Step, ...]

    @classmethod
    def of(cls, text: str) -> FieldPath:
        """Read a path.

        Raises:
            ValueError: it is empty, too long, or not written as a path.
        """
        steps, at = list[Step](), 0
        while at < len(text):
            match = _STEP.match(text, at)
            if match is None:
                raise ValueError(f"{text!r} is not a path such as body.sections[].text")
            steps.append(Step(match["key"].strip('"'), match["each"] is not None))
            at = match.end()
        if not 0 < len(steps) <= _LONGEST_PATH:
            raise ValueError(f"{text!r} has {len(steps)} steps; a path has 1 to {_LONGEST_PATH}")
        return cls(text, tuple(steps))


@dataclass(frozen=True, slots=True)
class RecordMapping:
    """How a person wants the fields of some records to be read.

    It holds for records in which the path of its text leads to something; one that names no text, for those in which
    any of its paths does.

    Attributes:
        name: what the person calls it.
        paths: by role.
        files: a pattern for the names of files it is for, such as ``export-*.json``; empty for all.
    """

    name: str
    paths: tuple[tuple[Role, FieldPath], ...]
    files: str = ""

    def is_for(self, file_name: str) -> bool:
        """Tell whether it is for records of a file of this name."""
        return not self.files or fnmatchcase(file_name.lower(), self.files.lower())


def spelled_key(key: str) -> str | None:
    """Return a key as a path spells it, None where no path can."""
    return key if _STEP.fullmatch(key) else f'"{key}"' if key and '"' not in key else None


def record_mappings(section: object, where: str) -> tuple[RecordMapping, ...]:
    """Read the section ``records`` of settings.

    Args:
        section: as TOML has it, None where there is none.
        where: the file, for what is said of a mistake.

    Raises:
        UsageError: a key means nothing, or a value is no path.
    """
    if section is None:
        return ()
    if not isinstance(section, dict):
        raise UsageError(f'{where}: records is not a section; write [records.NAME] and below it text = "...".')
    return tuple(_mapping(name, table, f"{where}: records.{name}") for name, table in section.items())


def written(mappings: tuple[RecordMapping, ...]) -> list[tuple[str, dict[str, str]]]:
    """Return mappings as the settings hold them: the name of each, with its keys and values."""
    return [
        (one.name, ({_FILES: one.files} if one.files else {}) | {role: path.text for role, path in one.paths})
        for one in mappings
    ]


def _mapping(name: str, table: object, where: str) -> RecordMapping:
    if not isinstance(table, dict):
        raise UsageError(f'{where} is not a section; write [records.{name}] and below it text = "...".')
    paths = list[tuple[Role, FieldPath]]()
    for key, value in table.items():
        if not isinstance(value, str) or not value.strip():
            raise UsageError(f"{where}.{key} is {value!r}, which is not a text.")
        if key != _FILES:
            paths.append((_role(key, where), _path(value, f"{where}.{key}")))
    if not paths:
        raise UsageError(f"{where} names no field; it can name {', '.join(get_args(Role))}.")
    return RecordMapping(name, tuple(paths), table.get(_FILES, ""))


def _role(key: str, where: str) -> Role:
    roles: dict[str, Role] = {role: role for role in get_args(Role)}
    role = roles.get(key) or _ALSO.get(key)
    if role is None:
        raise UsageError(f"{where}.{key} means nothing; there can be {', '.join(roles)} and {_FILES}.")
    return role


def _path(value: str, where: str) -> FieldPath:
    try:
        return FieldPath.of(value.strip())
    except ValueError as error:
        raise UsageError(f"{where}: {error}.") from error
