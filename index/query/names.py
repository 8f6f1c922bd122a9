"""Names and other texts as a question can hold them: on one line, without quotation marks, of a bounded length."""

from __future__ import annotations

from typing import Final

import regex

from index.analysis.pieces import with_gershayim

QUOTES: Final = '"“”„‟«»「」『』＂'
_UNQUOTED: Final = str.maketrans(dict.fromkeys(QUOTES, " "))
_LONGEST: Final = 200  # characters of a name; longer ones are told apart by these. Chosen, not measured
_INVISIBLE: Final = regex.compile(r"[\p{Cf}--\u200b]+", regex.V1)
_BLANK: Final = regex.compile(r"[\p{C}\p{Z}]+")


def one_line(text: str) -> str:
    """Leave one space for each run of white space and controls, and nothing for joiners and direction marks.

    A quotation mark within a Hebrew word becomes the sign that it stands for, so that it begins no quotation.
    """
    return with_gershayim(_BLANK.sub(" ", _INVISIBLE.sub("", text)).strip())


def unquoted(text: str) -> str:
    """Leave a space for each quotation mark."""
    return text.translate(_UNQUOTED)


def plain_name(name: str) -> str:
    """Return a name as it stands between quotation marks; empty where nothing of it can be typed."""
    return " ".join(unquoted(one_line(name)).split())[:_LONGEST].rstrip()


def same_name(name: str) -> str:
    """Return what is equal for names that count as one: those that differ in capitals, white space and quotes alone."""
    return plain_name(name).casefold()
