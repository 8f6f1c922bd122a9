"""What narrows a question: values that are demanded or left out, which read as text of the question itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from index.query.ast import Query

By = Literal["outlet", "month", "lang", "author", "source", "dated", "span"]
"""What a value is one of; a span is one of time, of which there is one at most."""

SPAN: Final = "span"


@dataclass(frozen=True, slots=True)
class Chip:
    """One value.

    Attributes:
        by: what it is a value of.
        query: text that narrows a question to it.
        excluded: it is left out.
    """

    by: By
    query: str
    excluded: bool = False

    @property
    def text(self) -> str:
        """Return it as it stands in a question."""
        return f"-{self.query}" if self.excluded else self.query


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of what narrows, as it is read: a chip, given by its place among all, or what stands between chips."""

    text: str
    place: int | None = None


@dataclass(frozen=True, slots=True)
class Narrowing:
    """All that narrows a question, in the order in which it was chosen.

    Of what is demanded by the same thing, one value is enough: an article has one outlet.
    """

    chips: tuple[Chip, ...] = ()

    def turned(self, chip: Chip) -> Narrowing:
        """Add a chip in place of the one with the same value, or take it away where it is there already."""
        others = tuple(other for other in self.chips if (other.by, other.query) != (chip.by, chip.query))
        return Narrowing(others if chip in self.chips else (*others, chip))

    def spanning(self, query: str) -> Narrowing:
        """Demand a span of time, in place of the one before."""
        return Narrowing((*self.apart_from(SPAN).chips, Chip(SPAN, query)))

    def without(self, place: int) -> Narrowing:
        """Take a chip away; where there is none at this place, nothing."""
        return Narrowing((*self.chips[:place], *self.chips[place + 1 :]))

    def without_last(self) -> Narrowing:
        """Take away the chip that was chosen last."""
        return Narrowing(self.chips[:-1])

    def apart_from(self, by: By) -> Narrowing:
        """Return what narrows by anything else."""
        return Narrowing(tuple(chip for chip in self.chips if chip.by != by))

    def about(self, by: By) -> tuple[Chip, ...]:
        """Return what narrows by one thing."""
        return tuple(chip for chip in self.chips if chip.by == by)

    @property
    def texts(self) -> tuple[str, ...]:
        """Return the demands, each as text of a question; all of them must hold."""
        return tuple("".join(piece.text for piece in demand) for demand in self._demands())

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """Return the text of all demands in pieces, so that each chip can be found in it."""
        demands = list(self._demands())
        return tuple(
            piece
            for number, demand in enumerate(demands)
            for piece in (*demand, *([Piece(" ")] if number + 1 < len(demands) else []))
        )

    def of(self, text: str) -> Query:
        """Return a question, narrowed."""
        from index.query.parser import narrowed, parse

        return reduce(narrowed, self.texts, parse(text))

    def written(self, text: str) -> str:
        """Return a question with all that narrows it, as it can be typed."""
        return self.of(text).text if self.chips else text

    def _demands(self) -> Iterator[Sequence[Piece]]:
        """Yield what must hold: of the values demanded by one thing, any of them; each that is left out, by itself."""
        done = set[By]()
        for place, chip in enumerate(self.chips):
            if chip.excluded:
                yield [Piece(chip.text, place)]
            elif chip.by not in done:
                done.add(chip.by)
                yield self._any_of(chip.by)

    def _any_of(self, by: By) -> Sequence[Piece]:
        wanted = [(place, chip) for place, chip in enumerate(self.chips) if chip.by == by and not chip.excluded]
        named = [Piece(chip.text, place) for place, chip in wanted]
        if len(named) == 1:
            return named
        joined = [piece for name in named for piece in (Piece(" OR "), name)][1:]
        return [Piece("("), *joined, Piece(")")]


NOTHING: Final = Narrowing()
