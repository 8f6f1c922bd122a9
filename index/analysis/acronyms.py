"""Acronyms that are frequent words in small letters: US and us, IS and is, WHO and who.

In capitals such a word of a text is also found as an acronym, a token in capitals, so that whoever asks for US need not
read every "us". Where capitals say nothing, as in a headline made of them, there are no acronyms. NATO is not among
them: nobody means anything else by Nato.
"""

from __future__ import annotations

import re
from hashlib import sha256
from string import ascii_lowercase, ascii_uppercase
from typing import Final

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
_ENDS: Final = "\n.!?"
_END: Final = re.compile(rf"[{_ENDS}]")
_CAPITALS_IN_A_ROW: Final = re.compile(r"[A-Z]{2,40}[^A-Za-z\n.!?]{1,9}[A-Z]{2,40}[^A-Za-z\n.!?]{1,9}[A-Z]{2}")
_CAPITALS: Final = re.compile(r"[A-Z]{2,}")
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
    calm, done, seen = list[str](), 0, 0
    for match in _CAPITALS_IN_A_ROW.finditer(text):
        if match.start() < seen:
            continue
        start = max(text.rfind(mark, seen, match.start()) + 1 for mark in _ENDS) or seen
        end = _END.search(text, match.end())
        seen = len(text) if end is None else end.start()
        if _is_shouted(text[start:seen]):
            calm += (text[done:start], text[start:seen].translate(_SMALL))
            done = seen
    return "".join((*calm, text[done:])) if calm else text


def _is_shouted(stretch: str) -> bool:
    return stretch.isupper() and len(_CAPITALS.findall(stretch)) >= _SHOUTED


def acronyms_fingerprint() -> str:
    """Identify everything that shapes an acronym."""
    listed = " ".join(sorted(_WORDS))
    return sha256(f"{listed} {_SHOUTED} {_CAPITALS_IN_A_ROW.pattern} {_CAPITALS.pattern} {_ENDS}".encode()).hexdigest()
