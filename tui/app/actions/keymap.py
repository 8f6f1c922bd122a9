"""The file of one's own keys, ``keys.toml`` in the user's folder for settings.

Its table ``[keys]`` gives actions, by their names in ``tui/app/keys.py``, keys in place of those they have::

    [keys]
    next-result = ["j", "down", "ctrl+n"]
    quit = "f10"

What cannot be followed is left out and told in a sentence: nothing in the file keeps the UI from beginning.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from textual.binding import Binding
from textual.keys import Keys, format_key

from archive.folder.user_folder import config_folder
from archive.text.visible import visible_line
from tui.app import keys
from tui.session.keyed import Keyed

if TYPE_CHECKING:
    from textual.app import App

FILE: Final = "keys.toml"
_MODIFIERS: Final = frozenset({"ctrl", "shift", "alt", "super", "hyper", "meta"})
_NAMED: Final = frozenset(key.value for key in Keys)


@dataclass(frozen=True, slots=True)
class Keymap:
    """One's own keys.

    Attributes:
        keys: those of actions, joined by commas, by the actions' names.
        problems: what could not be followed, in clauses.
        path: of the file.
    """

    keys: Mapping[str, str]
    problems: tuple[str, ...] = ()
    path: Path | None = None

    @property
    def sentence(self) -> str:
        """Say what could not be followed; empty where all was."""
        return f"{visible_line(str(self.path))}: {'; '.join(self.problems)}." if self.problems else ""

    def label(self, name: str) -> str:
        """Write the first key of an action the way it is labelled."""
        return keys.label(self.keys.get(name, _rows()[name].key).split(",")[0])


def in_words(text: str | Keyed, app: App[Any]) -> str:
    """Write a sentence with the keys that its actions have in an application."""
    own = Keymap(app._keymap)  # Textual has no other way to read it
    return text if isinstance(text, str) else text.said(own.label)


def read() -> Keymap:
    """Read the user's file; without one, no key is another."""
    path = config_folder() / FILE
    try:
        text = path.read_text("utf-8")
        from tomllib import loads  # only where there is a file: the first picture waits for it

        written = loads(text)
    except FileNotFoundError:
        return Keymap({}, (), path)
    except OSError as error:
        return Keymap({}, (f"it cannot be read ({error.strerror})",), path)
    except ValueError as error:  # of TOML, or of UTF-8
        return Keymap({}, (f"it is no TOML ({visible_line(str(error))})",), path)
    table = written.get("keys", {})
    strange = [f"there is no table {visible_line(name)}, only [keys]" for name in written if name != "keys"]
    if not isinstance(table, dict):
        return Keymap({}, (*strange, "keys is no table"), path)
    kept, problems = checked(table)
    return Keymap(kept, (*strange, *problems), path)


def checked(table: Mapping[str, object]) -> tuple[Mapping[str, str], tuple[str, ...]]:
    """Return the rows of ``[keys]`` that can be followed, and what is wrong with the others."""
    rows = _rows()
    wanted: dict[str, str] = {}
    problems = list[str]()
    for name, value in table.items():
        if name not in rows:
            problems.append(_unknown(name, rows))
        elif (named := _keys(value)) is None:
            problems.append(f"{name} needs a key, or a list of keys, such as “ctrl+n”")
        elif strange := [key for key in named if not _is_key(key)]:
            problems.append(f"{name}: there is no key “{visible_line(strange[0])}”")
        else:
            wanted[name] = ",".join(named)
    clashes = dict(_clashes(wanted))
    problems += clashes.values()
    return {name: value for name, value in wanted.items() if name not in clashes}, tuple(problems)


def _rows() -> dict[str, Binding]:
    return {row.id or "": row for place in keys.PLACES for row in place.actions}


def _unknown(name: str, rows: Mapping[str, Binding]) -> str:
    near = get_close_matches(name, rows, 1)
    return f"there is no action “{visible_line(name)}”" + (f" (“{near[0]}”?)" if near else "")


def _keys(value: object) -> list[str] | None:
    """Return keys by the names that Textual has for them, None where the value is none."""
    listed: list[object] = value if isinstance(value, list) else [value]
    written = [key.strip() for key in listed if isinstance(key, str) and key.strip()]
    if not written or len(written) < len(listed):
        return None
    named = ("comma" if key == "," else key for key in written)
    return [binding.key for key in named for binding in Binding.make_bindings([Binding(key, "none")])]


def _is_key(key: str) -> bool:
    *modifiers, last = key.split("+")
    return set(modifiers) <= _MODIFIERS and (last in _NAMED or len(format_key(last)) == 1)


def _clashes(wanted: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the actions that want a key which another one has where both are there, each with what is wrong."""
    rows = _rows()
    told: set[str] = set()
    for together in keys.TOGETHER:
        names = [row.id or "" for row in together]
        held = {name: set(wanted.get(name, rows[name].key).split(",")) for name in names}
        for name in sorted(wanted.keys() & held.keys() - told):
            new = held[name] - set(rows[name].key.split(","))
            for other in names:
                both = sorted(new & held[other])
                if other != name and both and not {name, other} & told:
                    told.add(name)
                    yield name, f"{name} wants {keys.label(both[0])}, which is a key of {other}"
