"""Markup in what a record states: telling it from prose, and reading it with the reader of pages."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from html.entities import html5
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Final

from archive.core.article import Draft, Refusal
from archive.readers import sandbox
from archive.readers.common import Limits
from archive.text.decode import neutral

# An entity has its semicolon; "AT&T" and "&copy" in prose have none.
_ENTITY: Final = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_TWICE: Final = 2  # feeds escape what was escaped already

_BLOCKS: Final = (
    r"p|div|section|article|main|aside|header|footer|nav|figure|figcaption|picture|blockquote|pre|ul|ol|li|dl|dt|dd|table|"
    r"thead|tbody|tr|td|th|h[1-6]|hr|html|body|head|form|video|audio|iframe|address|details|summary"
)
_NAMES: Final = (
    rf"{_BLOCKS}|br|wbr|img|a|abbr|b|big|center|cite|code|del|em|font|i|ins|mark|q|s|small|span|strike|strong|sub|sup|"
    r"time|u|script|style|noscript|source|embed|object|svg"
)
_ATTRIBUTE: Final = r"""\s++[A-Za-z_@:][\w:.-]*+(?:\s*+=\s*+(?:"[^"]*"|'[^']*'|[^\s"'<>]++))?+"""
# What no prose holds: the end of an element, one that has no end, one with an attribute that has a value.
_TAG: Final = re.compile(
    rf"</(?:{_NAMES})\s*+>|<(?:br|wbr|hr|img)(?:{_ATTRIBUTE})*+\s*+/?>"
    rf"|<(?:{_NAMES})(?:{_ATTRIBUTE})*?\s++[\w:-]++\s*+=\s*+[\"'][^\"']*[\"'](?:{_ATTRIBUTE})*+\s*+/?>",
    re.IGNORECASE,
)
_BEGINS: Final = re.compile(rf"\s*(?:<!--|<(?:{_NAMES})(?:{_ATTRIBUTE})*+\s*+/?>)", re.IGNORECASE)
_HAS_LINES: Final = re.compile(rf"<(?:{_BLOCKS}|br)\b[^<]*>", re.IGNORECASE)
_HAS_BLOCKS: Final = re.compile(rf"<(?:{_BLOCKS})\b[^<]*>", re.IGNORECASE)
_IS_PAGE: Final = re.compile(r"<(?:html|body)\b", re.IGNORECASE)
# What marks words within a line. In a record, whose text is the article and nothing else, it says nothing of the
# layout; trafilatura ends lines there in the shortest of texts.
_MARKS_WORDS: Final = re.compile(
    rf"</?(?:a|abbr|b|big|em|font|i|mark|small|span|strong|sub|sup|time|u|wbr)(?:{_ATTRIBUTE})*+\s*+/?>", re.IGNORECASE
)
_BLANK_LINES: Final = re.compile(r"\n[ \t]*\n\s*")


def unescaped(text: str) -> str:
    """Resolve the entities of HTML in a text, also those that were escaped twice; nothing else changes."""
    for _ in range(_TWICE):
        if "&" not in text:
            break
        text = _ENTITY.sub(_character, text)
    return text


def _character(entity: re.Match[str]) -> str:
    """Return what an entity stands for; itself when it is none."""
    is_number = entity[0].startswith("&#")
    return html.unescape(entity[0]) if is_number else html5.get(entity[0][1:], entity[0])


def plain(text: str) -> str | None:
    """Return a text without markup as it is, but for entities; None of one that is markup, also of one escaped whole.

    Prose stays code point for code point: "a < b", "AT&T", and a tag that is merely mentioned are none.
    """
    if "<" in text and (_TAG.search(text) or _BEGINS.match(text)):
        return None
    resolved = unescaped(text)
    if resolved is text or resolved == text:
        return text
    return None if _BEGINS.match(resolved) and _TAG.search(resolved) else neutral(resolved)


def read_markup(text: str, path: Path, limits: Limits, record: str) -> Draft | Refusal:
    """Read the markup of a record as a page is read, in the process that reads pages; return its draft.

    The draft's text, hidden spans and reader are those of the page; what else it holds says nothing about the record.

    Args:
        text: neutral markup.
        path: of the file that holds the record, for refusals.
        limits: what one article may cost.
        record: what the record is called.

    Raises:
        ArchiveError: the reader of pages cannot read any, as it is installed here.
    """
    from archive.readers.registry import READERS

    reader = next(one for one in READERS if one.name == "html")
    with NamedTemporaryFile(prefix="morgue-", suffix=".html") as page:
        page.write(as_page(text).encode("utf-8-sig"))
        page.flush()
        item = next(sandbox.read(reader, Path(page.name), reader.limited(limits)))
    if isinstance(item, Draft):
        return reader.signed(item)
    reason = "Its text is markup in which no words were found." if item.code == "no-text" else item.reason
    return replace(item, path=str(path), record=record, reason=reason)


def as_page(text: str) -> str:
    """Make a page of a piece of markup; lines and blank lines count where no element divides it into any."""
    if not _TAG.search(text) and not _BEGINS.match(text):
        text = unescaped(text)
    if _IS_PAGE.search(text):
        return text
    text = _MARKS_WORDS.sub("", text)
    if not _HAS_LINES.search(text):
        text = _BLANK_LINES.sub("</p><p>", text.strip()).replace("\n", "<br>")
    elif not re.search(r"<(?:p|br)\b", text, re.IGNORECASE):
        text = _BLANK_LINES.sub("<p>", text.strip())
    if not _HAS_BLOCKS.search(text):
        text = f"<p>{text}</p>"
    return f"<html><body><article>{text}</article></body></html>"
