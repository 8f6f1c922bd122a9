"""The reader of plain text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from archive.core.article import Draft, Refusal
from archive.core.spans import without
from archive.readers.common import ROOM, Limits, digest, load, refusal, text_size, too_large
from archive.readers.front_matter import front_matter_spans
from archive.readers.titles import head_date, text_title
from archive.text.decode import Decoded, decode

# Share of characters that could not be decoded; a damaged text has far fewer, data that is none far more. Chosen.
_MOST_DAMAGE: Final = 0.2


@dataclass(frozen=True, slots=True)
class Whole:
    """A file of one article: its text, and the sha256 of its bytes."""

    decoded: Decoded
    digest: str


def read(path: Path, limits: Limits) -> Iterator[Draft | Refusal]:
    """Yield the one draft of a text file, or the refusal of it."""
    whole = load_text(path, limits)
    yield whole if isinstance(whole, Refusal) else _draft(whole, path)


def load_text(path: Path, limits: Limits) -> Whole | Refusal:
    """Read and decode a whole file; refuses one that is too large, blank, or not text after all."""
    raw = load(path, ROOM * limits.max_text)
    if isinstance(raw, Refusal):
        return raw
    decoded = decode(raw)
    if decoded.damage > _MOST_DAMAGE * len(decoded.text):
        return refusal(path, "binary", "More than a fifth of it cannot be decoded as text.")
    if text_size(decoded.text) > limits.max_text:
        return too_large(path, text_size(decoded.text), limits.max_text, what="text")
    if not decoded.text.strip():
        return refusal(path, "no-text", "It holds no text but white space.")
    return Whole(decoded, digest(raw))


def _draft(whole: Whole, path: Path) -> Draft:
    text = whole.decoded.text
    hidden = front_matter_spans(text)
    body = without(text, hidden)
    title = text_title(body, path.stem)
    published = head_date(body)
    return Draft(
        text=text,
        title=title.text,
        title_from=title.found_in,
        raw_digest=whole.digest,
        published=published,
        published_from="text" if published else None,
        damage=whole.decoded.damage,
        hidden=hidden,
    )
