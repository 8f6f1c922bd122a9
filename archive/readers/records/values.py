"""What a value in a record says, whatever its shape: a text in pieces, a name in an object, a date in a wrapper."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from archive.folder.record_mappings import Step, spelled_key
from archive.readers.records.names import plain_name

# What programs write where they have nothing, as Python, JavaScript and pandas spell it.
_NOTHING: Final = frozenset(("none", "null", "nan", "nat", "n/a", "undefined"))
# Authors that are read: a list that is longer is no list of authors. Chosen, not measured.
_LONGEST_LIST: Final = 50
# How deep the pieces of a text lie at most; editors nest lists in lists. Chosen, not measured.
_DEEPEST: Final = 16
_DEEPEST_NAME: Final = 3  # likewise of a name: in an object, in a list, in an object. Chosen, not measured.

# Where the pieces of a text are, in an object of pieces: what stands above it, the text (one of these), what follows.
_ABOVE: Final = ("headline", "heading", "title", "lead", "standfirst", "summary")
_ITSELF: Final = ("text", "value", "plain", "rendered", "content", "html", "body", "#text", "$t", "_", "data")
_LEAD: Final = ("lead", "standfirst", "summary")  # of these, what is a text where nothing else is
_BELOW: Final = ("paragraphs", "sections", "blocks", "children", "parts", "items", "nodes")
# Kinds of pieces that go on in the line they stand in: those of Telegram, and of editors as ProseMirror and Sanity.
_BREAK: Final = "hardBreak"
_INLINE: Final = frozenset(
    {
        *("plain", "text", "bold", "italic", "underline", "strikethrough", "spoiler", "code", "pre"),
        *("link", "text_link", "mention", "mention_name", "hashtag", "cashtag", "bot_command", "email", "phone"),
        *("custom_emoji", "bank_card", "span", "hyperlink"),
    }
)
_NAMED: Final = (
    "name",
    "original",
    "title",
    "displayname",
    "screenname",
    "username",
    "acct",
    "rendered",
    "main",
    "value",
    "$t",
)
_ADDRESSES: Final = ("href", "url", "raw", "@id", "permalink")
_SECONDS: Final = 14  # digits of a date with its time and nothing between
# The name of a zone behind its offset, as Java and JavaScript write it.
_ZONE_NAME: Final = re.compile(r"\[[A-Za-z_/+-]+\]\s*$|(?<=[+-]\d{4})\s+\([^()]*\)\s*$")
_MOMENTS: Final = ("$date", "$numberLong", "$numberInt", "iso", "value", "seconds", "_seconds", "rendered")


def is_nothing(value: object) -> bool:
    """Tell whether a value states nothing: null, something empty, not a number, or the word for one of them."""
    if isinstance(value, str):
        return not value.strip() or (len(value) < 12 and value.strip().casefold() in _NOTHING)
    return value is None or value in ([], {}) or value != value  # NaN


def at(value: object, steps: Sequence[Step]) -> object:
    """Return what lies at a path, None where nothing does; of a list on the way each item is meant."""
    for number, step in enumerate(steps):
        if isinstance(value, list):
            rest = steps[number:]
            items = (item for item in value if not isinstance(item, list))
            found = [inner for item in items if not is_nothing(inner := at(item, rest))]
            return _flat(found) if found else None
        value = _member(value, step.key)
    return None if is_nothing(value) else value


def text_of(value: object) -> str | None:
    """Return the text that a value holds, None without one.

    Paragraphs in a list are joined by a blank line; pieces of one line (as of a message with links) by nothing.
    Of several forms of one text, each named by its media type as feeds write them, the first of HTML counts, and none
    where there is none of HTML: a picture's caption may stand there.
    """
    if isinstance(value, str):
        return None if is_nothing(value) else value
    pieces = [piece for piece in _pieces(value, _DEEPEST, set()) if piece.strip()]
    return "\n\n".join(piece.strip("\n") for piece in pieces) or None


def line_of(value: object, depth: int = _DEEPEST_NAME) -> str | None:
    """Return the name or title that a value holds: itself, the first of a list, or in an object that has one.

    Args:
        value: of a field.
        depth: levels of lists and objects that are looked into.
    """
    if isinstance(value, list) and depth:
        return next((line for item in value[:_LONGEST_LIST] if (line := line_of(item, depth - 1))), None)
    if isinstance(value, Mapping) and depth:
        return next((line for key in _NAMED if (line := line_of(_member(value, key), depth - 1))), None)
    return value if isinstance(value, str) and not is_nothing(value) else None


def names_of(value: object) -> str | None:
    """Return the names in a value, of a list of them all; divided by semicolons where one holds a comma."""
    values = value[:_LONGEST_LIST] if isinstance(value, list) else [value]
    names = [name.strip() for item in values if not isinstance(item, list) and (name := line_of(item))]
    divider = "; " if any("," in name for name in names) and len(names) > 1 else ", "
    return divider.join(names) or None


def addresses_of(value: object) -> Iterator[str]:
    """Yield what may be an address in a value, or in a list of them."""
    for item in value[:_LONGEST_LIST] if isinstance(value, list) else [value]:
        if isinstance(item, str):
            yield item
        elif isinstance(item, Mapping):
            yield from (inner for key in _ADDRESSES if isinstance(inner := item.get(key), str))


def moment_of(value: object) -> object:
    """Return the text or number in a value that states a date, None without exactly one.

    What programs spell in their own way is spelled as ISO 8601 has it: ``20220314094100`` as GDELT writes it, and the
    name of a zone behind its offset goes.
    """
    if isinstance(value, list):
        return moment_of(value[0]) if len(value) == 1 else None
    if isinstance(value, Mapping):
        return next((inner for key in _MOMENTS if (inner := moment_of(value.get(key))) is not None), None)
    if is_nothing(value) or isinstance(value, bool):
        return None
    if (digits := str(value).strip()).isdigit() and len(digits) == _SECONDS:
        return f"{digits[:8]}T{digits[8:]}"
    return _ZONE_NAME.sub("", value) if isinstance(value, str) else value


def identifier_of(value: object) -> str:
    """Return the identifier that a value holds, empty when it is none that can be kept."""
    if isinstance(value, Mapping):
        return identifier_of(next((value[key] for key in ("$oid", "$numberLong", "value", "$t") if key in value), None))
    return value if isinstance(value, str) else str(value) if type(value) is int else ""


def leaves(value: object, above: str = "", depth: int = 6) -> Iterator[tuple[str, object]]:
    """Yield the fields of a record that hold no further fields, by their paths, with what the first of each states.

    Args:
        value: a record, or what it holds.
        above: the path to it.
        depth: levels that are looked into; what lies deeper is yielded whole.
    """
    if isinstance(value, Mapping) and depth:
        for key, inner in value.items():
            if isinstance(key, str) and not is_nothing(inner) and (spelled := spelled_key(key)) is not None:
                yield from leaves(inner, f"{above}.{spelled}" if above else spelled, depth - 1)
    elif isinstance(value, list) and any(isinstance(item, Mapping) for item in value) and depth:
        met: dict[str, object] = {}
        for item in value[:_LONGEST_LIST]:
            if isinstance(item, Mapping):
                for leaf, inner in leaves(item, f"{above}[]", depth - 1):
                    met.setdefault(leaf, inner)
            elif not is_nothing(item):
                met.setdefault(above, item)
        yield from met.items()
    elif above:
        yield above, value


def _member(value: object, key: str) -> object:
    if not isinstance(value, Mapping):
        return None
    if key in value:
        return value[key]
    plain = plain_name(key)
    return next((inner for name, inner in value.items() if isinstance(name, str) and plain_name(name) == plain), None)


def _flat(values: list[object]) -> object:
    flat = [inner for value in values for inner in (value if isinstance(value, list) else [value])]
    return flat[0] if len(flat) == 1 else flat


def _pieces(value: object, depth: int, met: set[int]) -> Iterator[str]:
    """Yield the paragraphs of a value, in the order in which they are read; what stands twice in memory but once."""
    if isinstance(value, str):
        yield value
    if depth == 0 or not isinstance(value, list | Mapping) or id(value) in met:
        return  # aliases in front matter may name one list a thousand times
    met.add(id(value))
    if isinstance(value, list) and _is_one_line(value):
        yield "".join("\n" if _kind(item) == _BREAK else "".join(_pieces(item, depth - 1, met)) for item in value)
    elif isinstance(value, list):
        for item in _of_one_form(value):
            yield from _pieces(item, depth - 1, met)
    else:
        itself = next((value[key] for key in _ITSELF if not is_nothing(value.get(key))), None)
        held = [piece for part in (itself, *map(value.get, _BELOW)) for piece in _pieces(part, depth - 1, met)]
        for key in _ABOVE if held else _LEAD:
            yield from _pieces(value.get(key), depth - 1, met)
        yield from held


def _kind(item: object) -> str:
    if not isinstance(item, Mapping):
        return ""
    return next((kind for key in ("type", "_type", "nodeType") if isinstance(kind := item.get(key), str)), "")


def _is_one_line(items: list[object]) -> bool:
    """Tell whether the items of a list go on in one line: words with marked words among them."""
    marked = [_kind(item) for item in items if isinstance(item, Mapping)]
    plain = len(marked) < len(items) and all(isinstance(item, str | Mapping) for item in items)
    among = _INLINE | {_BREAK, "blockquote"} if plain else _INLINE | {_BREAK}
    return bool(marked) and all(kind in among for kind in marked)


def _of_one_form(items: list[object]) -> list[object]:
    """Return the items, or of several forms of one text the one of HTML alone."""
    if not items or not all("/" in _kind(item) for item in items):
        return items
    return [item for item in items if "html" in _kind(item)][:1]
