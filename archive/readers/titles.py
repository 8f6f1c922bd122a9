"""A title for texts that do not name one: their first line, the file's name, or how they begin."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice, takewhile
from typing import Final

from archive.text.dates import from_line, is_date_line
from archive.text.decode import single_line
from archive.text.scripts import unspaced_words
from archive.text.sentences import sentences
from archive.text.urls import canonical

# Raise it with every change that gives some text another title: `update` finds by it what older rules named.
TITLES_VERSION: Final = 3

# Lengths in characters; all are chosen, not measured.
_LONGEST_TITLE: Final = 200  # of a line with a blank one below it
_LONGEST_BEFORE_TEXT: Final = 150  # of a line right above its text, which is easier taken for a title than it is one
_FEWEST: Final = 20  # of sentences that stand for a title
_WRAPPED: Final = 3  # lines of a title
_FEWEST_ITEMS, _LONGEST_ITEM = 2, 40  # a menu has more items than that, none longer
_HEAD: Final = 8  # filled lines among which a byline or an address is that of the text
_CLIP: Final = 120  # of a beginning that has to stand for a title
_LINES: Final = 12  # lines among which a title is looked for; below them the text has begun
_TERMINAL: Final = re.compile(r"[.。।؟…:;,]['\"”’»)\]]*$")
_HYPHENATED: Final = re.compile(r"(?<=[^\W\d_])(?:-|\u00ad) ([^\W\d_A-Z])")
_WORD: Final = re.compile(r"[^\W\d_]{2,}")
_HEXADECIMAL: Final = re.compile(r"(?=\w*\d)[0-9a-f]{4,}|[0-9a-f]{16,}", re.IGNORECASE)
# What stands above titles and is none. A byline names people: after "By" come capitalised words and little else.
_NAME: Final = (
    r"(?:[^\W\d_a-zà-ÿ][\w.'’-]{0,30}|[dl]['’][\w-]{1,30}"
    r"|(?:de|del|della|der|di|da|dos|du|la|le|van|von|den|ter|bin|al|el|ibn)(?=\s))"
)
_NAMES: Final = rf"{_NAME}(?:\s{_NAME}){{0,5}}"
_BYLINE: Final = re.compile(
    r"(?i:(?:(?:words|text|story|report|written|posted) )?(?:by|von|par|por|door|di|av|af)\s?:?\s)"
    rf"({_NAMES}(?:(?:,| and| und| et| y| e| en|, and| &)\s{_NAMES}){{0,5}})"
    r"(?:(?:,| in| at| [|–—-]|/)\s?[^.!?]{1,60})?"
)
_COUNT: Final = re.compile(
    r"(?:page |document |seite |p\. ?)?\d[\d,.]* (?:of|von|de|/) \d[\d,.]*(?: \w+)?"
    r"|\d[\d,.]* (?:words|mots|palabras|wörter)|(?:page|seite|pg?\.) ?\d+|\d+ min(?:ute)?s? read",
    re.IGNORECASE,
)
_SLUG: Final = re.compile(
    r"[^\s_-]{1,40}(?:[_-]{1,2}[^\s_-]{1,40}){1,12}(?:\.\w{2,4}|,? \(?(?:\d\w\w |update|upd\b|ld\b|writethru|urgent).*)"
    r"|[^\s_-]{1,40}(?:[_-]{1,2}[^\s_-]{1,40}){2,12}",
    re.IGNORECASE,
)
_ADDRESS: Final = re.compile(r"<?(https?://[^\s<>]+)>?", re.IGNORECASE)
_BETWEEN: Final = re.compile(r"\s?[|›»·•]\s?|\s>\s")  # the items of a menu or a path
_RUNNING_HEAD: Final = re.compile(r"\S[ \t]{3,}\S")  # a title of a page, set apart from its number or day
_LABEL: Final = re.compile(r"(?:title|headline|titel|titre|título|titolo|başlık|заголовок)\s?:\s?(?=\S)", re.IGNORECASE)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_NAVIGATION: Final = _words("""
    home menu news world politics business economy sport sports opinion culture arts science technology tech health
    travel video videos photos podcasts weather local national international latest more search login subscribe
    newsletter about contact life style lifestyle entertainment section sections topics archive share print email
    advertisement
""")
_GENERIC: Final = _words("article articles doc document file index item news page post story text untitled")


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
    """Give the first line that looks like a title and not like running text.

    Dates, bylines, menus, addresses, counts, slugs and running heads above it are passed over, and so is a single word
    where a title stands below it. A title may be wrapped, with a blank line below.
    """
    lines = _first_lines(text)
    filled = [number for number, line in enumerate(lines) if line]
    candidates = (number for number in filled if not _is_around_title(lines[number]))
    first = next(candidates, None)
    title = None if first is None else _title_at(lines, first)
    if title is None or " " in title:
        return title
    second = next(candidates, None)
    below = None if second is None else _title_at(lines, second)
    return below if below and " " in below else title


def _is_around_title(line: str) -> bool:
    """Tell whether a line stands above titles but is none."""
    if len(line) > _LONGEST_TITLE:
        return False
    if is_date_line(line) or any(pattern.fullmatch(line) for pattern in (_BYLINE, _COUNT, _SLUG, _ADDRESS)):
        return True
    if _RUNNING_HEAD.search(line) and any(map(str.isdigit, line)):
        return True
    items = _BETWEEN.split(line)
    if len(items) > _FEWEST_ITEMS and all(len(item) <= _LONGEST_ITEM for item in items):
        return True
    return all(word in _NAVIGATION for word in line.lower().replace("&", " ").split())


def _title_at(lines: Sequence[str], number: int) -> str | None:
    line = lines[number]
    if not _WORD.search(line) or len(line) > _LONGEST_TITLE:
        return None
    following = lines[number + 1 : number + 2]
    if not following or not any(lines[number + 1 :]):
        return None  # it is all the text there is
    if _TERMINAL.search(line):
        return None
    after = following[0]
    if not after or _BYLINE.fullmatch(after[:_LONGEST_TITLE]) or _stands_apart(line, after):
        return _LABEL.sub("", line)
    return _wrapped(lines[number:])


def _wrapped(lines: Sequence[str]) -> str | None:
    """Join a title of several lines: a blank one stands below it, and more text than it has below that."""
    own = list(takewhile(bool, lines))
    below = sum(map(len, lines[len(own) :]))
    joined = _HYPHENATED.sub(r"\1", " ".join(own))
    is_title = len(own) <= _WRAPPED and len(joined) <= _LONGEST_BEFORE_TEXT and not any(map(_TERMINAL.search, own))
    return joined if is_title and not own[1].startswith(("-", "*", "•")) and below > len(joined) else None


def head_date(text: str) -> str | None:
    """Find a full date that has one of the first four filled lines to itself."""
    filled = [line for line in _first_lines(text) if line][:4]
    return next((date for line in filled if (date := from_line(line))), None)


def head_author(text: str) -> str | None:
    """Name the people of a line "By ..." among the first eight filled lines; None without one."""
    filled = [line for line in _first_lines(text) if line][:_HEAD]
    named = (match[1] for line in filled if len(line) <= _LONGEST_TITLE and (match := _BYLINE.fullmatch(line)))
    return next((single_line(name) for name in named), None)


def head_address(text: str) -> str | None:
    """Give the canonical address that has one of the first eight filled lines to itself, if only one has."""
    filled = [line for line in _first_lines(text) if line][:_HEAD]
    addresses = {canonical(match[1]) for line in filled if (match := _ADDRESS.fullmatch(line))}
    return addresses.pop() if len(addresses) == 1 else None


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
    lines = text.lstrip()[:2000].split("\n")
    while len(lines) > 1 and (not lines[0].strip() or _is_around_title(lines[0].strip())):
        lines.pop(0)
    paragraph = " ".join("\n".join(lines).split("\n\n", 1)[0].split())
    ends = (span.end for span in sentences(paragraph))
    end = next((end for end in ends if end >= _FEWEST), len(paragraph))
    return single_line(paragraph[: end if end <= _CLIP else None], _CLIP)


def _first_lines(text: str) -> list[str]:
    start = len(text) - len(text.lstrip())
    return [line.strip() for line in islice(text[start : start + 20_000].split("\n"), _LINES)]


def _title(text: str | None, where: str) -> Title | None:
    line = single_line(text or "")
    return Title(line, where) if re.search(r"[^\W_]", line) else None
