"""A title for texts that do not name one: their first line, the file's name, or how they begin."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice
from typing import Final

from archive.text.dates import from_line, is_date_line
from archive.text.decode import single_line
from archive.text.scripts import unspaced_words

# Raise it with every change that gives some text another title: `update` finds by it what older rules named.
TITLES_VERSION: Final = 2

# Lengths in characters; all are chosen, not measured.
_LONGEST_TITLE: Final = 200  # of a line with a blank one below it
_LONGEST_BEFORE_TEXT: Final = 150  # of a line right above its text, which is easier taken for a title than it is one
_CLIP: Final = 120  # of a beginning that has to stand for a title
_LINES: Final = 12  # lines among which a title is looked for; below them the text has begun
_TERMINAL: Final = re.compile(r"[.。।؟…:;,]['\"”’»)\]]*$")
_SENTENCE: Final = re.compile(r".{20,}?[.!?。！？]['\"”’»)]*(?=\s|$)")
_WORD: Final = re.compile(r"[^\W\d_]{2,}")
_HEXADECIMAL: Final = re.compile(r"(?=\w*\d)[0-9a-f]{4,}|[0-9a-f]{16,}", re.IGNORECASE)
_GENERIC: Final = frozenset(
    "article articles doc document file index item news page post story text untitled".split()  # noqa: SIM905
)


@dataclass(frozen=True, slots=True)
class Title:
    """A title of one line, never empty, and where it was found.

    Attributes:
        found_in: ``metadata``, ``heading``, ``first line`` or ``file name``.
    """

    text: str
    found_in: str


def metadata_title(text: str | None) -> Title | None:
    """Take a title that metadata states; None when it holds no letter or digit."""
    return _title(text, "metadata")


def heading_title(text: str | None) -> Title | None:
    """Take a heading as a title; None when it holds no letter or digit."""
    return _title(text, "heading")


def text_title(text: str, name: str = "") -> Title:
    """Find a title for a text: a first line that looks like one, else the words of the file's name, else how it begins.

    Args:
        text: the text of the article.
        name: the file's name without its suffix; empty when it says nothing about the article.
    """
    line = first_line_title(text)
    if line:
        return Title(single_line(line), "first line")
    readable = readable_name(name)
    if readable:
        return Title(single_line(readable), "file name")
    return _title(_beginning(text), "first line") or Title(single_line(name) or "Untitled", "file name")


def first_line_title(text: str) -> str | None:
    """Give the first line that is not a date, when it looks like a title and not like running text."""
    lines = _first_lines(text)
    filled = [number for number, line in enumerate(lines) if line]
    first = next((number for number in filled if not is_date_line(lines[number])), None)
    if first is None or not _WORD.search(lines[first]) or len(lines[first]) > _LONGEST_TITLE:
        return None
    following = lines[first + 1 : first + 2]
    if not following or not any(lines[first + 1 :]):
        return None  # it is all the text there is
    line, after = lines[first], following[0]
    return line if not _TERMINAL.search(line) and (not after or _stands_apart(line, after)) else None


def head_date(text: str) -> str | None:
    """Find a full date that has one of the first four filled lines to itself."""
    filled = [line for line in _first_lines(text) if line][:4]
    return next((date for line in filled if (date := from_line(line))), None)


def readable_name(name: str) -> str | None:
    """Make a file's name readable when it carries words; None when it is a number, a hash or a word like "article"."""
    pieces = [piece for piece in re.split(r"[\s_.+-]+", name) if piece]
    words = [piece for piece in pieces if _WORD.search(piece) and not _HEXADECIMAL.fullmatch(piece)]
    telling = [word for word in words if word.lower() not in _GENERIC]
    if len(telling) < 2 and unspaced_words(name) < 2:
        return None
    while pieces and pieces[0] not in words:  # numbers and hashes in front
        pieces.pop(0)
    readable = " ".join(piece for piece in pieces if not _HEXADECIMAL.fullmatch(piece) or piece.isdigit())
    return readable[:1].upper() + readable[1:]


def _stands_apart(line: str, after: str) -> bool:
    """Tell a title right above its text from the first line of wrapped text, whose lines are about equally long."""
    if len(line) > _LONGEST_BEFORE_TEXT or after[0].islower():
        return False
    return len(after) > 1.5 * len(line) or is_date_line(after)


def _beginning(text: str) -> str:
    paragraph = " ".join(text.lstrip()[:2000].split("\n\n", 1)[0].split())
    sentence = _SENTENCE.match(paragraph)
    return single_line(sentence[0] if sentence and len(sentence[0]) <= _CLIP else paragraph, _CLIP)


def _first_lines(text: str) -> list[str]:
    start = len(text) - len(text.lstrip())
    return [line.strip() for line in islice(text[start : start + 20_000].split("\n"), _LINES)]


def _title(text: str | None, where: str) -> Title | None:
    line = single_line(text or "")
    return Title(line, where) if re.search(r"[^\W_]", line) else None
