"""Which language a text is in, by py3langid; a declaration is kept as long as the text does not contradict it."""

from __future__ import annotations

import re
from functools import cache
from typing import Any, Final

from archive.text.scripts import unspaced_words

# Raise it with every change that tells some language otherwise: `update` finds by it what older rules told.
LANGUAGE_VERSION: Final = 2

# Measured on 2,822 es/fr/tr/ar and 4,430 en articles: 300 characters err no more than 600 and cost half.
_HEAD = 300
# Of openings of 8 to 20 words, none that scored 0.9 was told wrongly; of 20 words, 1 in 1,200 that scored 0.5.
_FEWEST_WORDS = 8
_ENOUGH_WORDS = 20
_SURE_OF_FEW = 0.9
_SURE = 0.5
# A declaration stands unless the text gives its language a lower probability than this. Chosen, not measured.
_CONTRADICTED = 0.001
_CODE = re.compile(r"([A-Za-z]{2})(?:[-_].*)?")


def detect(text: str, declared: str | None = None) -> str | None:
    """Tell the language of a text as an ISO 639-1 code, from its first 300 characters or so.

    Args:
        text: the text, without its title.
        declared: what the record or page says, in any case, with or without a region (``en-GB``).

    Returns:
        The declared code unless the text is plainly in another language; else the detected one; None for texts that
        are too short or undecided and declare nothing.
    """
    said = code(declared)
    head = _head(text)
    words = max(len(head.split()), unspaced_words(head))
    if words < _FEWEST_WORDS:
        return said
    ranked: list[tuple[str, float]] = _identifier().rank(head)
    if said is not None and dict(ranked).get(said, 1.0) >= _CONTRADICTED:
        return said
    best, probability = ranked[0]
    return best if probability >= (_SURE if words >= _ENOUGH_WORDS else _SURE_OF_FEW) else said


def load() -> None:
    """Load the model of languages, which takes a while."""
    _identifier()


def code(declared: str | None) -> str | None:
    """Reduce a language tag to its two-letter code in lower case; None when it has none."""
    match = _CODE.fullmatch(declared.strip()) if declared else None
    return match[1].lower() if match else None


def _head(text: str) -> str:
    head = text[: 4 * _HEAD].strip()
    cut = head.rfind(" ", _HEAD // 2, _HEAD)
    return head[: cut if cut > 0 else _HEAD]


@cache
def _identifier() -> Any:  # noqa: ANN401  (py3langid has no types)
    from archive.text.language.tables import identifier

    return identifier()
