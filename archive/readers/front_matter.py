"""Front matter: the metadata that programs write above a text, between two lines of ``---``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from archive.core.article import Span
from archive.readers.fields import lowered

# Front matter stands at the beginning, and is short; what is longer is not looked through. Chosen, not measured.
_WITHIN: Final = 20_000
_BLOCK: Final = re.compile(r"---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
# A line of `---` may also be a rule above prose; metadata begins with a key, perhaps after comments.
_KEY_FIRST: Final = re.compile(
    r"""(?:[ \t]*(?:\#.*)?\n)*  # blank lines and comments
    ["']?[\w-]+(?:[ ][\w-]+){0,2}["']?[ \t]*:(?:[ \t]|$)  # a key of at most three words
    """,
    re.MULTILINE | re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """Front matter as it stands in a text.

    Attributes:
        span: from the first line of dashes to the end of the last, offsets into the text.
        yaml: what stands between them.
    """

    span: Span
    yaml: str

    def values(self) -> Mapping[str, object]:
        """Return what it states, by keys in lower case, values as strings; empty when it cannot be read."""
        import yaml  # type: ignore[import-untyped]

        try:
            # BaseLoader makes strings, lists and mappings only: no objects, and no dates that YAML would guess.
            stated = yaml.load(self.yaml, Loader=yaml.BaseLoader)
        except (yaml.YAMLError, RecursionError, ValueError):
            return {}
        return lowered(stated) if isinstance(stated, dict) else {}


def front_matter(text: str) -> FrontMatter | None:
    """Find the front matter of a text, None when it has none."""
    match = _BLOCK.match(text[:_WITHIN]) if text.startswith("---") else None
    if match is None or not _KEY_FIRST.match(match[1]):
        return None
    return FrontMatter(Span(0, match.end()), match[1])


def front_matter_spans(text: str) -> tuple[Span, ...]:
    """Return where the front matter of a text is, for ``Draft.hidden``; empty when it has none."""
    block = front_matter(text)
    return () if block is None else (block.span,)
