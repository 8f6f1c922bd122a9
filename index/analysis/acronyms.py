"""Acronyms that are frequent words in small letters: US and us, IS and is, WHO and who.

In capitals such a word of a text is also found as an acronym, a token in capitals, so that whoever asks for US need not
read every "us". Where capitals say nothing, as in a headline made of them, there are no acronyms. NATO is not among
them: nobody means anything else by Nato.
"""

from __future__ import annotations

from hashlib import sha256
from itertools import pairwise
from string import ascii_lowercase, ascii_uppercase
from typing import Final

import regex

from index.analysis.stopwords import ENGLISH

_LONGEST: Final = 5  # letters; chosen, not measured
_SHOUTED: Final = 4  # words of two capitals or more, in a stretch without small letters, from which on they say nothing
_OF_CONTENT: Final = frozenset(
    """
    act aids aim arms art cap care cat cop eta fed gas ice led mad may nice pen salt sad start swift un us wall war
    """.split()  # noqa: SIM905 - a list of quoted words is worse to read
)
_ELSEWHERE: Final = frozenset(
    """
    als aus bei bin bir con cum da das de dei del dem den der des die dos een ein el en er es est et eu ge gli han het
    icin ihr il ile ils ist la las le les los mai mit na nel non nos nun om on para par pas per por que sem ses sie sin
    sind som son sul sur te tu ue una une uno van ve vom von vor wer wir zu zum
    """.split()  # noqa: SIM905
)
_WORDS: Final = frozenset(word for word in ENGLISH if len(word) <= _LONGEST) | _OF_CONTENT | _ELSEWHERE
_END: Final = regex.compile(r"[\n.!?]")
_CAPITALS: Final = regex.compile(r"[A-Z]{2,}")
_NEAR: Final = 9  # characters between two words of capitals that stand beside each other
_SMALL: Final = str.maketrans(ascii_uppercase, ascii_lowercase)


def acronym(written: str, folded: str) -> str | None:
    """Return the token of an acronym that is a frequent word in small letters; None where a word is no such acronym.

    Args:
        written: as it stands in the text, with dots or without.
        folded: its folded form.
    """
    return folded.upper() if written.isupper() and len(written) > 1 and folded in _WORDS else None


def calmed(text: str) -> str:
    """Return a text with the stretches in small letters in which capitals say nothing; no offset changes.

    A stretch goes from one end of a line or sentence to the next.
    """
    runs = [run.span() for run in _CAPITALS.finditer(text)]
    calm, done, seen = list[str](), 0, 0
    for (start, end), (after, _) in pairwise(runs):
        if start < seen or after - end > _NEAR:
            continue
        ends = [mark.end() for mark in _END.finditer(text, seen, start)]
        first, last = ends[-1] if ends else seen, _END.search(text, end)
        seen = len(text) if last is None else last.start()
        if _is_shouted(text[first:seen]):
            calm += (text[done:first], text[first:seen].translate(_SMALL))
            done = seen
    return "".join((*calm, text[done:])) if calm else text


def _is_shouted(stretch: str) -> bool:
    return stretch.isupper() and len(_CAPITALS.findall(stretch)) >= _SHOUTED


def acronyms_fingerprint() -> str:
    """Identify everything that shapes an acronym."""
    listed = " ".join(sorted(_WORDS))
    return sha256(f"{listed} {_LONGEST} {_SHOUTED} {_NEAR} {_CAPITALS.pattern} {_END.pattern}".encode()).hexdigest()
