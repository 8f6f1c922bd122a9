"""A quotation with all that is needed to find it again, in the same words wherever it is written."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from archive.text.urls import host
from archive.text.visible import visible_line
from tui.formats.facts import dated, joined, place

if TYPE_CHECKING:
    from archive.core.article import Article, Part

_ENDS_A_SENTENCE: Final = re.compile(r"[.!?…。！？][\"'”’»)\]]*$")


def citation(article: Article, version: str, start: int, end: int, text: str, part: Part | None = None) -> str:
    """Return a quotation with its source: title, author, outlet, date and where that is from, address, place.

    Args:
        article: where it stands.
        version: digest of the text that the offsets refer to.
        start: first code point of the quotation in that text.
        end: offset after the last.
        text: the quotation, verbatim.
        part: of the text, by which people cite it.
    """
    source = joined((article.author, article.outlet or host(article.url), dated(article)), ", ")
    lines = [text, "", f"{sentence(visible_line(article.title))} {sentence(source)}"]
    if article.url:
        lines.append(visible_line(article.url))
    lines.append(f"{place(article, part)}, characters {start} to {end} of text {version[:12]}")
    return "\n".join(lines)


def sentence(words: str) -> str:
    """End words with a full stop, unless they end a sentence already."""
    return words if not words or _ENDS_A_SENTENCE.search(words) else f"{words}."
