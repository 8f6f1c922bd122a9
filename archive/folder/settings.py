"""An archive's settings: ``morgue.toml``, plain data, never code or a command."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path
from secrets import token_hex
from typing import Any, Final, Literal, get_args

from archive.core.errors import Action, NotAnArchive, Remedy, UsageError
from archive.core.system_limits import tell_apart
from archive.folder.files import write_atomic
from archive.folder.layout import Layout
from archive.folder.record_mappings import RecordMapping, record_mappings, written

Engine = Literal["auto", "rank-bm25", "tantivy"]
VectorSearch = Literal["auto", "exact", "chroma"]
_RECORDS: Final = "records"  # the section of which each table is a mapping
_RENAMED: Final = "chroma"  # the key of [index] that ``vectors`` replaces; true or false
_NAMES: Final = (
    "archive.id",
    "reading.max_text",
    "index.engine",
    "index.vectors",
    f"index.{_RENAMED}",
    "model.name",
    "model.prompt_query",
    "model.prompt_passage",
)
_SECTIONS: Final = ("archive", "reading", "index", "model")
_COMMON: Final = ("id", "name")  # what a person may call something of their own
_ALIKE: Final = 0.8  # of difflib's ratio: a letter too many, too few or another one; chosen, not measured


@dataclass(frozen=True, slots=True)
class Settings:
    """What a person may choose for an archive.

    Attributes:
        id: names the archive; a folder without it is not one.
        engine: of the word index; ``auto`` chooses by size.
        vectors: what finds the nearest passages. ``exact`` reads all vectors; ``chroma`` also indexes them in Chroma;
            ``auto`` does so in small archives alone, and keeps the index where it was measured to miss nothing.
        model: a folder, or the name of a model on this machine; None is the bundled one.
        prompt_query, prompt_passage: put before questions and passages; empty uses the model's own.
        max_text: most bytes of text of one article; larger ones are refused and listed.
        records: how the fields of records of other shapes are read: the sections ``[records.NAME]``.
    """

    id: str
    engine: Engine = "auto"
    vectors: VectorSearch = "auto"
    model: str | None = None
    prompt_query: str = ""
    prompt_passage: str = ""
    max_text: int = 5_000_000
    records: tuple[RecordMapping, ...] = ()


_TEMPLATE: Final = """\
# Settings of this Morgue archive. Changes take effect at the next rebuild.

[archive]
# Names the archive; a folder without it is not one. Leave as it is.
id = "{id}"

[reading]
# Most bytes of text of one article; larger ones are refused and listed.
max_text = {max_text}

[index]
# Engine of the word index: "auto" (by size), "rank-bm25" or "tantivy".
engine = "{engine}"
# What finds the nearest passages: "auto" (Chroma in archives of up to 10,000 passages, where it was measured to miss
# nothing), "exact" (every vector is read, without Chroma) or "chroma" (indexed in Chroma in archives of any size).
vectors = "{vectors}"

[model]
# A sentence-transformers model: a folder, or the name of one that is already on this machine. Empty: the bundled
# all-MiniLM-L6-v2. Another model embeds everything again at the next rebuild.
name = "{model}"
# Put before each question and each passage; empty uses the model's own.
prompt_query = "{prompt_query}"
prompt_passage = "{prompt_passage}"

# How records of JSON are read whose fields have names of their own; a preview of their file proposes what to write:
# [records.NAME]
# text = "body.sections[].text"
# published = "meta.day"
"""


_OLD_COMMENT: Final = """\
# Whether builds make a Chroma index beside the vectors. It is asked where it was measured to find 99% of the nearest
# passages and to be quicker than doing without; it takes longer to build, and more memory and disk.
"""
_OLD_VALUE: Final = re.compile(r"""(["']?)\bchroma\1([ \t]*=[ \t]*)(?:true|false)\b""")
_NEW_COMMENT: Final = _TEMPLATE[_TEMPLATE.index("# What finds the nearest") : _TEMPLATE.index("vectors = ")]

_NOW_AUTO: Final = (
    '`chroma = false` in morgue.toml now means `vectors = "auto"`: small archives are indexed in Chroma too. '
    'To do without it, write `vectors = "exact"`.'
)


def create(path: Path, identifier: str | None = None, like: Settings | None = None) -> Settings:
    """Write the settings of a new archive, or of one whose identifier is known; all else ``like`` other settings."""
    settings = replace(like or Settings(id=""), id=identifier or token_hex(8))
    save(path, settings)
    return settings


def save(path: Path, settings: Settings) -> None:
    """Write settings; comments that a person added stay where the file exists."""
    import tomlkit

    document = tomlkit.parse(_renamed(_text(path)) if path.exists() else _blank(settings))
    for section, key, value in _values(settings):
        document.setdefault(section, tomlkit.table())[key] = value
    if settings.records != record_mappings(document.unwrap().get(_RECORDS), str(path)):
        document[_RECORDS] = dict(written(settings.records))
    write_atomic(path, tomlkit.dumps(document).encode("utf-8"))


def load(path: Path) -> Settings:
    """Read settings.

    Raises:
        NotAnArchive: there is no such file, or it carries no archive id.
        UsageError: the file is not TOML, a key has a value of the wrong kind, or is misspelt.
    """
    document = _parsed(path)
    _require_known(document, path)
    settings = _settings(document, path)
    if not settings.id:
        raise NotAnArchive(f"{path} carries no archive id.", remedy=_remedy(path))
    return settings


def salvaged(path: Path) -> Settings:
    """Return what can be taken from settings that are refused, key by key, and the usual values of all else.

    Raises:
        ArchiveError: the file is not TOML, or not there.
    """
    document, held = _parsed(path), dict[str, Any]()
    for section, keys in document.items():
        for key, value in keys.items() if isinstance(keys, dict) else ():
            with suppress(UsageError):
                _settings({section: {key: value}}, path)
                held.setdefault(section, {})[key] = value
    return _settings(held, path)


def _settings(document: dict[str, Any], path: Path) -> Settings:
    return Settings(
        id=_get(document, "archive", "id", str, "", path),
        engine=_one_of(get_args(Engine), document, "engine", "auto", path),
        vectors=_one_of(get_args(VectorSearch), document, "vectors", _vectors_before(document, path), path),
        model=_get(document, "model", "name", str, "", path) or None,
        prompt_query=_get(document, "model", "prompt_query", str, "", path),
        prompt_passage=_get(document, "model", "prompt_passage", str, "", path),
        max_text=_get(document, "reading", "max_text", int, 5_000_000, path),
        records=record_mappings(document.get(_RECORDS), str(path)),
    )


def outdated(path: Path) -> str | None:
    """Return, in a sentence, what a setting of an earlier version means now and did not mean then; None without one.

    Raises:
        ArchiveError: the settings cannot be read.
        OSError: the system refuses them.
    """
    section = _parsed(path).get("index")
    if isinstance(section, dict) and section.get(_RENAMED) is False and "vectors" not in section:
        return _NOW_AUTO
    return None


def renew(path: Path) -> str | None:
    """Write a setting of an earlier version as it is spelled now, keeping comments; return what ``outdated`` does.

    Raises:
        ArchiveError: the settings cannot be read.
    """
    note, section = outdated(path), _parsed(path).get("index")
    if isinstance(section, dict) and _RENAMED in section:
        write_atomic(path, _renamed(_text(path)).encode("utf-8"))
    return note


def _text(path: Path) -> str:
    """Read a file with its line ends as they are."""
    return path.read_bytes().decode("utf-8")


def _parsed(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(_text(path))
    except FileNotFoundError as error:
        what = f"has lost its settings, {path.name}" if _has_catalog(path) else "is not a Morgue archive"
        raise NotAnArchive(f"{path.parent} {what}.", remedy=_remedy(path)) from error
    except NotADirectoryError as error:
        raise NotAnArchive(f"{path.parent} is a file, not a Morgue archive.", remedy=Remedy(Action.CREATE)) from error
    except (OSError, ValueError) as error:
        what = f"{path} cannot be read: {error}. Mend it by hand; a repair writes it anew, with the usual values."
        tell_apart(error, UsageError(what, remedy=_remedy(path)))


def _remedy(path: Path) -> Remedy:
    """Return what gives a folder settings: a repair where it is an archive, as its catalog shows."""
    return Remedy(Action.REPAIR if _has_catalog(path) else Action.CREATE)


def _has_catalog(path: Path) -> bool:
    return Layout(path.parent).catalog.exists()


def _require_known(document: dict[str, Any], path: Path) -> None:
    """Refuse a name that means nothing and looks like one that is missing, or is that, in another section.

    The setting would be the usual one and nobody would know; any other name harms nothing.
    """
    for section in _SECTIONS:
        if not isinstance(document.get(section, {}), dict):
            raise UsageError(f"{path}: {section} is {document[section]!r}, which is no section. Mend the file by hand.")
    there = {leaf for leaf in _leaves(document) if not leaf.startswith(f"{_RECORDS}.")}
    for name in sorted(there.difference(_NAMES)):
        missing = [known for known in _NAMES if known not in there]
        elsewhere = [known for known in missing if _last(known) == _last(name) and _last(name) not in _COMMON]
        moved = elsewhere if _section(name) in ("", *_SECTIONS) else []
        if meant := moved or get_close_matches(name, missing, 1, _ALIKE):
            raise UsageError(f"{path}: {name} means nothing; {meant[0]} is missing. Mend the file by hand.")


def _leaves(table: dict[str, Any], above: str = "") -> Iterator[str]:
    """Yield the names of a document with those of the tables they are in, joined by dots."""
    for name, value in table.items():
        if isinstance(value, dict):
            yield from _leaves(value, f"{above}{name}.")
        else:
            yield f"{above}{name}"


def _section(name: str) -> str:
    return name.rpartition(".")[0]


def _last(name: str) -> str:
    return name.rpartition(".")[2]


def _vectors_before(document: dict[str, Any], path: Path) -> VectorSearch:
    """Return what the key of earlier versions says, the default where it is not there."""
    return "chroma" if _get(document, "index", _RENAMED, bool, default=False, path=path) else "auto"


def _renamed(text: str) -> str:
    """Return settings with the key of earlier versions spelled as now; comments stay, also the one on its line."""
    document = tomllib.loads(text)
    section = document.get("index")
    if not isinstance(section, dict) or _RENAMED not in section:
        return text
    value = "chroma" if section.pop(_RENAMED) else "auto"
    new = "" if "vectors" in section else rf'vectors\2"{value}"'
    section.setdefault("vectors", value)
    in_place = (
        explained[: found.start()] + found.expand(new) + explained[found.end() :]
        for explained in (_explained(text), text)
        for found in _OLD_VALUE.finditer(explained)
    )
    return next((one for one in in_place if _reads_as(one, document)), None) or _replaced(text, section["vectors"])


def _explained(text: str) -> str:
    """Return settings with the comment that earlier versions wrote above the key replaced by the one of now."""
    line_end = "\r\n" if "\r\n" in text else "\n"
    return text.replace(_OLD_COMMENT.replace("\n", line_end), _NEW_COMMENT.replace("\n", line_end))


def _reads_as(text: str, document: dict[str, Any]) -> bool:
    try:
        return tomllib.loads(text) == document
    except ValueError:
        return False


def _replaced(text: str, value: str) -> str:
    """Return settings with the key of earlier versions replaced where it is not spelled as usual, its comment lost."""
    import tomlkit

    document = tomlkit.parse(text)
    document["index"]["vectors"] = value
    del document["index"][_RENAMED]
    return tomlkit.dumps(document)


def _values(settings: Settings) -> list[tuple[str, str, str | int | bool]]:
    return [
        ("archive", "id", settings.id),
        ("reading", "max_text", settings.max_text),
        ("index", "engine", settings.engine),
        ("index", "vectors", settings.vectors),
        ("model", "name", settings.model or ""),
        ("model", "prompt_query", settings.prompt_query),
        ("model", "prompt_passage", settings.prompt_passage),
    ]


def _blank(settings: Settings) -> str:
    return _TEMPLATE.format(
        id=settings.id,
        max_text=settings.max_text,
        engine=settings.engine,
        vectors=settings.vectors,
        model="",
        prompt_query="",
        prompt_passage="",
    )


def _one_of(allowed: tuple[Any, ...], document: dict[str, Any], key: str, default: Any, path: Path) -> Any:  # noqa: ANN401
    """Return a key of ``[index]`` that names one of several things."""
    value = _get(document, "index", key, str, default, path)
    if value not in allowed:
        raise UsageError(f"{path}: index.{key} is {value!r}; it can be {', '.join(allowed)}.")
    return value


def _get(document: dict[str, Any], section: str, key: str, kind: type, default: Any, path: Path) -> Any:  # noqa: ANN401
    table = document.get(section)
    value = table.get(key, default) if isinstance(table, dict) else default
    whole = isinstance(value, int) and not isinstance(value, bool) and value > 0
    if not isinstance(value, kind) or (kind is int and not whole):
        raise UsageError(f"{path}: {section}.{key} is {value!r}, which is not {_KINDS[kind]}.")
    return value


_KINDS: Final = {str: "a text", int: "a whole number above 0", bool: "true or false"}
