"""An archive's settings: ``morgue.toml``, plain data, never code or a command."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from typing import Any, Final, Literal, get_args

from archive.core.errors import Action, NotAnArchive, Remedy, UsageError
from archive.folder.files import write_atomic

Engine = Literal["auto", "rank-bm25", "tantivy"]


@dataclass(frozen=True, slots=True)
class Settings:
    """What a person may choose for an archive.

    Attributes:
        id: names the archive; a folder without it is not one.
        engine: of the word index; ``auto`` chooses by size.
        chroma: whether builds make a Chroma index beside the vectors, which proposes candidates where it finds nearly
            all of the nearest passages and sooner than they are found without it.
        model: a folder, or the name of a model on this machine; None is the bundled one.
        prompt_query, prompt_passage: put before questions and passages; empty uses the model's own.
        max_text: most bytes of text of one article; larger ones are refused and listed.
    """

    id: str
    engine: Engine = "auto"
    chroma: bool = False
    model: str | None = None
    prompt_query: str = ""
    prompt_passage: str = ""
    max_text: int = 5_000_000


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
# Whether builds make a Chroma index beside the vectors. It is asked where it was measured to find 99% of the nearest
# passages and to be quicker than doing without; it takes longer to build, and more memory and disk.
chroma = {chroma}

[model]
# A sentence-transformers model: a folder, or the name of one that is already on this machine. Empty: the bundled
# all-MiniLM-L6-v2. Another model embeds everything again at the next rebuild.
name = "{model}"
# Put before each question and each passage; empty uses the model's own.
prompt_query = "{prompt_query}"
prompt_passage = "{prompt_passage}"
"""


def create(path: Path) -> Settings:
    """Write the settings of a new archive."""
    settings = Settings(id=token_hex(8))
    save(path, settings)
    return settings


def save(path: Path, settings: Settings) -> None:
    """Write settings; comments that a person added stay where the file exists."""
    import tomlkit

    held = tomlkit.parse(path.read_text("utf-8")) if path.exists() else tomlkit.parse(_blank(settings))
    for section, key, value in _values(settings):
        held.setdefault(section, tomlkit.table())[key] = value
    write_atomic(path, tomlkit.dumps(held).encode("utf-8"))


def load(path: Path) -> Settings:
    """Read settings.

    Raises:
        NotAnArchive: there is no such file, or it carries no archive id.
        UsageError: the file is not TOML, or a key has a value of the wrong kind.
    """
    try:
        held = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError as error:
        raise NotAnArchive(f"{path.parent} is not a Morgue archive.", remedy=Remedy(Action.CREATE)) from error
    except NotADirectoryError as error:
        raise NotAnArchive(f"{path.parent} is a file, not a Morgue archive.", remedy=Remedy(Action.CREATE)) from error
    except (OSError, ValueError) as error:
        raise UsageError(f"{path} cannot be read: {error}. Mend the file; it names the archive.") from error
    named = _get(held, "archive", "id", str, "", path)
    if not named:
        raise NotAnArchive(f"{path} carries no archive id.", remedy=Remedy(Action.CREATE))
    engine = _get(held, "index", "engine", str, "auto", path)
    if engine not in get_args(Engine):
        raise UsageError(f"{path}: index.engine is {engine!r}; it can be {', '.join(get_args(Engine))}.")
    return Settings(
        id=named,
        engine=engine,
        chroma=_get(held, "index", "chroma", bool, default=False, path=path),
        model=_get(held, "model", "name", str, "", path) or None,
        prompt_query=_get(held, "model", "prompt_query", str, "", path),
        prompt_passage=_get(held, "model", "prompt_passage", str, "", path),
        max_text=_get(held, "reading", "max_text", int, 5_000_000, path),
    )


def _values(settings: Settings) -> list[tuple[str, str, str | int | bool]]:
    return [
        ("archive", "id", settings.id),
        ("reading", "max_text", settings.max_text),
        ("index", "engine", settings.engine),
        ("index", "chroma", settings.chroma),
        ("model", "name", settings.model or ""),
        ("model", "prompt_query", settings.prompt_query),
        ("model", "prompt_passage", settings.prompt_passage),
    ]


def _blank(settings: Settings) -> str:
    return _TEMPLATE.format(
        id=settings.id,
        max_text=settings.max_text,
        engine=settings.engine,
        chroma=str(settings.chroma).lower(),
        model="",
        prompt_query="",
        prompt_passage="",
    )


def _get(held: dict[str, Any], section: str, key: str, kind: type, default: Any, path: Path) -> Any:  # noqa: ANN401
    found = held.get(section)
    value = found.get(key, default) if isinstance(found, dict) else default
    whole = isinstance(value, int) and not isinstance(value, bool) and value > 0
    if not isinstance(value, kind) or (kind is int and not whole):
        raise UsageError(f"{path}: {section}.{key} is {value!r}, which is not {_KINDS[kind]}.")
    return value


_KINDS: Final = {str: "a text", int: "a whole number above 0", bool: "true or false"}
