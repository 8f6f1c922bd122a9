"""The numbers that decide where a text is cut into passages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class PassageShape:
    """Where passages end. A change of any value cuts every text again.

    Attributes:
        algorithm: name of the code that cuts; renamed with every change that cuts a text elsewhere.
        fewest_words: a passage may end at a paragraph from so many words on.
        most_words: a passage ends before it has more, as far as sentences allow.
        remainder: a last passage of fewer than ``fewest_words // remainder`` words joins the one before it.
        most_characters: of a passage. Tokenizers count a string of any length without white space as one unknown word.
        widest_gap: characters of white space after a sentence that its token count includes.
    """

    algorithm: str = "cut 3"
    fewest_words: int = 100  # half and double both sizes rank worse (docs/retrieval.md)
    most_words: int = 150
    remainder: int = 3  # chosen, not measured
    most_characters: int = 2_000  # chosen, not measured: an English passage of 150 words has about 900
    widest_gap: int = 16  # chosen, not measured


PASSAGES: Final = PassageShape()
