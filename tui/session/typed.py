"""What is asked while somebody types: the word being written as a beginning, nothing for half an operator."""

from __future__ import annotations

import re
from typing import Final

FEWEST_LETTERS: Final = 3  # of a word that is asked as a beginning: two letters begin a tenth of all words

_PLAIN: Final = re.compile(r"[\w\s.,;:!?'’%&/-]*")
_WORD: Final = re.compile(rf"(?:^|(?<=\s))\+?(?P<word>[^\W_]{{{FEWEST_LETTERS},60}})$")
_DATE: Final = 4  # words: of one whose year is still to come, such as "date:Sunday 5 April"; chosen
_EXCLUDED: Final = re.compile(r"\bNOT\s+$")
_OPERATOR: Final = re.compile(r"(?:^|(?<=[\s(]))(?:[+-]|AND|OR|NOT|\w+:[+-]?)$")
_QUOTES: Final = {'"': '"', "“": "”", "„": "“”", "«": "»", "「": "」", "『": "』"}


def being_written(text: str) -> bool:
    """Tell whether the last word may go on: nothing ends it yet."""
    return text != "" and not text[-1].isspace()


def as_asked(text: str) -> str | None:
    """Return what a question asks while its last word is being written; None while there is nothing to ask yet.

    The last word, of three letters or more, becomes a beginning (``sanctions threa*``), which the finished word has as
    well. Half an operator, such as a quotation mark without its partner, is waited for.
    """
    if not being_written(text):
        return text
    if not _whole(text):
        return None
    return f"{text}*" if is_beginning(text) else text


def is_beginning(text: str) -> bool:
    """Tell whether the last word of a question being written is asked as a beginning."""
    word = _WORD.search(text)
    if word is None or word["word"] in ("AND", "NOT") or _EXCLUDED.search(text[: word.start("word")]):
        return False
    return ":" not in text or not _ends_in_value(text)


def _whole(text: str) -> bool:
    """Tell whether no operator is half written at the end."""
    if _OPERATOR.search(text):
        return False
    if _PLAIN.fullmatch(text) and ":" not in text:
        return True
    return _closed(text) and _has_items(text)


def _closed(text: str) -> bool:
    """Tell whether every quotation mark and parenthesis has its partner."""
    from index.analysis.pieces import with_gershayim

    depth, ends = 0, ""
    for character in with_gershayim(text):
        if ends:
            ends = "" if character in ends else ends
        elif character in _QUOTES:
            ends = _QUOTES[character]
        else:
            depth += (character == "(") - (character == ")")
    return not ends and depth <= 0


def _has_items(text: str) -> bool:
    """Tell whether there is something to look for, and no date is half written."""
    from index.query.ast import Word
    from index.query.dates.ranges import KEYS
    from index.query.parser import parse

    items = parse(text).items
    texts = [item.what.text for item in items[-_DATE:] if isinstance(item.what, Word)]
    return bool(items) and not any(":" in text and text.partition(":")[0] in KEYS for text in texts)


def _ends_in_value(text: str) -> bool:
    """Tell whether the last word belongs to a date (``date:5 April 2022``) or to a field (``title: gas``)."""
    from index.contracts.conditions import Dated, Named
    from index.query.parser import parse

    items = parse(text).items
    return bool(items) and isinstance(items[-1].what, Dated | Named)
