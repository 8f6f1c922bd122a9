"""What a build tells."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did.

    Attributes:
        generation: number of the generation now in use, 0 when there is none.
        passages: in it; ``new`` of them were in no earlier generation.
        embedded: vectors computed; ``reused`` passages had one already.
        engine: name of the lexical engine.
        notes: sentences worth telling.
        built: False when the index was already up to date.
    """

    generation: int
    passages: int
    new: int
    embedded: int
    reused: int
    engine: str
    notes: tuple[str, ...]
    built: bool
