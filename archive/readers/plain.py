"""The reader of plain text: one article a file, or those of an export of a news database."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from archive.core.article import Draft, Refusal, Span
from archive.core.spans import without
from archive.readers.common import ROOM, Limits, digest, load, refusal, text_size, too_large
from archive.readers.exports.lines import Piece
from archive.readers.exports.recognise import exported
from archive.readers.fields import fields, stated_line
from archive.readers.front_matter import front_matter
from archive.readers.records.record_names import Names
from archive.readers.titles import head_address, head_author, head_date, metadata_title, text_title
from archive.text.decode import REPLACEMENT, Decoded, decode, garbled, single_line
from archive.text.urls import canonical

# Share of characters that could not be decoded; a damaged text has far fewer, data that is none far more. Chosen.
_MOST_DAMAGE: Final = 0.2


@dataclass(frozen=True, slots=True)
class Whole:
    """A file of one article: its text, and the sha256 of its bytes."""

    decoded: Decoded
    digest: str


def read(path: Path, limits: Limits) -> Iterator[Draft | Refusal]:
    """Yield the one draft of a text file, those of an export's articles, or the refusal of it."""
    whole = _load(path, limits)
    if isinstance(whole, Refusal):
        yield whole
        return
    pieces = exported(whole.decoded.text)
    if len(pieces) > 1:
        yield from _drafts(whole, pieces, path, limits)
    elif (why := _too_large(whole, path, limits)) is not None:
        yield why
    else:
        yield _exported(whole.decoded.text, pieces[0], whole, path) if pieces else _draft(whole, path)


def load_text(path: Path, limits: Limits) -> Whole | Refusal:
    """Read and decode a file of one article; refuses one that is too large, blank, or not text after all."""
    whole = _load(path, limits)
    return whole if isinstance(whole, Refusal) else _too_large(whole, path, limits) or whole


def _load(path: Path, limits: Limits) -> Whole | Refusal:
    raw = load(path, ROOM * limits.max_text)
    if isinstance(raw, Refusal):
        return raw
    decoded = decode(raw)
    if decoded.damage > _MOST_DAMAGE * len(decoded.text):
        return refusal(path, "binary", "More than a fifth of it cannot be decoded as text.")
    if not decoded.text.strip():
        return refusal(path, "no-text", "It holds no text but white space.")
    return Whole(decoded, digest(raw))


def _too_large(whole: Whole, path: Path, limits: Limits) -> Refusal | None:
    size = text_size(whole.decoded.text)
    return too_large(path, size, limits.max_text, what="text") if size > limits.max_text else None


def _draft(whole: Whole, path: Path) -> Draft:
    text = whole.decoded.text
    front = front_matter(text)
    hidden = () if front is None else (front.span,)
    body = without(text, hidden)
    stated = fields(front.values() if front else {})
    title = metadata_title(stated.title) or text_title(body, path.stem)
    in_text = None if stated.published else head_date(body)
    return Draft(
        text=text,
        title=title.text,
        title_from=title.found_in,
        raw_digest=whole.digest,
        outlet=stated.outlet,
        author=stated.author or head_author(body),
        url=stated.url or head_address(body),
        published=stated.published or in_text,
        published_from=stated.published_from or ("text" if in_text else None),
        language=stated.language,
        damage=whole.decoded.damage + garbled(text),
        hidden=hidden,
    )


def _drafts(whole: Whole, pieces: Sequence[Piece], path: Path, limits: Limits) -> Iterator[Draft | Refusal]:
    """Yield each article of an export; its text is the part of the file that holds it."""
    text, names = whole.decoded.text, Names()
    line, counted = 1, 0
    for piece in pieces:
        line += text.count("\n", counted, piece.span.start)
        counted = piece.span.start
        number = single_line(piece.facts.identifier or "")
        name = names.name(number, str(line))
        own = text[piece.span.start : piece.span.end]
        if (size := text_size(own)) > limits.max_text:
            yield too_large(path, size, limits.max_text, name, what="text")
            continue
        part = Whole(replace(whole.decoded, text=own, damage=own.count(REPLACEMENT)), digest(_bytes(own)))
        yield replace(_exported(own, piece, part, path), record=name, unnamed=not number)


def _exported(text: str, piece: Piece, whole: Whole, path: Path) -> Draft:
    facts = piece.facts
    shift = piece.span.start if len(text) == piece.span.end - piece.span.start else 0
    hidden = tuple(Span(span.start - shift, span.end - shift) for span in piece.hidden)
    title = metadata_title(facts.title) or text_title(without(text, hidden), path.stem)
    return Draft(
        text=text,
        title=title.text,
        title_from=title.found_in,
        raw_digest=whole.digest,
        outlet=stated_line(facts.outlet),
        author=stated_line(facts.author),
        url=canonical(facts.url or ""),
        published=facts.published,
        published_from="metadata" if facts.published else None,
        damage=whole.decoded.damage + garbled(text),
        hidden=hidden,
    )


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
