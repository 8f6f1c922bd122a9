"""Which articles a condition admits, whatever it is about: their words, or what is known of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from itertools import filterfalse
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from archive.core.forking import cached_property
from index.analysis.analyzer import stems, words
from index.contracts.conditions import (
    AllOf,
    AnyOf,
    Attribute,
    Condition,
    Dated,
    Named,
    Not,
    Where,
    is_dated,
    is_lexical,
)
from index.contracts.engines import LexicalIndex, Table
from index.generations.columns import Columns, TextColumn
from index.query.compiler import LexicalPlan
from index.ranking.candidates import Mask

_DATE: Final = 10  # characters of YYYY-MM-DD
_DIGITS: Final = np.array([0, 1, 2, 3, 5, 6, 8, 9])
_PLACES: Final = 10 ** np.arange(7, -1, -1)  # of the eight digits of YYYYMMDD
_NONE: Final = "none"
_REMEMBERED: Final = 1 << 16  # titles, of half a kilobyte or so each


class _Title(NamedTuple):
    """The words of a title, folded and stemmed, and the stems of its language."""

    folded: list[str]
    stemmed: list[str | None]
    stem: Mapping[str, str | None]


class Filters:
    """Masks over the articles of one generation, by ordinal.

    Args:
        columns: of the generation.
        lexical: its lexical index, None when it cannot be used; conditions on words then hold everywhere.
    """

    def __init__(self, columns: Columns, lexical: LexicalIndex | None) -> None:
        self._columns = columns
        self._lexical = lexical
        self._titles: dict[int, _Title] = {}
        self._named: dict[str, tuple[NDArray[np.int32], list[str | None]]] = {}

    def articles(self, condition: Condition) -> Mask:
        """Return which articles a condition admits, shape ``(articles,)``."""
        return self._within(condition, np.ones(self._columns.articles, np.bool_))

    def undated(self) -> int:
        """Return how many articles have no known day of publication."""
        return int((self._columns.live_articles & (self._days == 0)).sum())

    def _within(self, condition: Condition, among: Mask) -> Mask:
        """Return which of some articles a condition admits; costly parts come after what narrows."""
        if is_lexical(condition):
            return among & self._by_words(condition)
        match condition:
            case Where(what=what):
                return among & self._known(what, among)
            case Not(part=part):
                return among & ~self._within(part, among)
            case AnyOf(parts=parts):
                admitted = np.zeros_like(among)
                for part in parts:
                    admitted |= self._within(part, among)
                return admitted
            case AllOf(parts=parts):
                for part in sorted(parts, key=is_lexical, reverse=True):
                    among = self._within(part, among)
                return among
        raise TypeError(condition)

    def _by_words(self, condition: Condition) -> Mask:
        if self._lexical is None:
            return np.ones(self._columns.articles, np.bool_)
        matching = np.zeros(self._columns.articles, np.bool_)
        matching[self._lexical.matching(Table.ARTICLES, condition)] = True
        return matching

    def _known(self, what: Named | Dated, among: Mask) -> Mask:
        if isinstance(what, Dated):
            return self._dated(what)
        match what.attribute:
            case Attribute.TITLE:
                return self._titled(what, among)
            case Attribute.PATH | Attribute.URL:
                return self._holding(self._columns.texts[what.attribute], what.text)
            case Attribute.LANGUAGE:
                return self._of_values("language", lambda value: (value or _NONE) == what.text.lower())
        wanted = words(what.text).folded
        return self._of_values(what.attribute, lambda value: _in_a_row(wanted, words(value or "").folded))

    def _dated(self, what: Dated) -> Mask:
        first, last = what.numbers
        return np.asarray((self._days >= first) & (self._days <= last))

    @cached_property
    def _days(self) -> NDArray[np.int32]:
        """Return the day of publication of each article as the number YYYYMMDD, 0 where it is unknown."""
        column = self._columns.texts["published"]
        starts, lengths = _spans(column)
        days = np.zeros(len(starts), np.int32)
        dated = np.flatnonzero(lengths >= _DATE)
        digits = column.blob[starts[dated, None] + _DIGITS].astype(np.int64) - ord("0")
        days[dated] = digits @ _PLACES
        return days

    def _titled(self, what: Named, among: Mask) -> Mask:
        """Look into the titles of what is left; the words of a phrase are taken as they stand, others by stem."""
        matching = np.zeros(len(among), np.bool_)
        exact, asked = words(what.text).folded, what.quoted
        for ordinal in np.flatnonzero(among).tolist():
            title = self._title(ordinal)
            matching[ordinal] = _in_a_row(exact, title.folded) or (
                not asked and _in_a_row(list(map(title.stem.__getitem__, exact)), title.stemmed)
            )
        return matching

    def _title(self, ordinal: int) -> _Title:
        """Return the words of a title; those of many are remembered."""
        title = self._titles.get(ordinal)
        if title is None:
            if len(self._titles) >= _REMEMBERED:
                self._titles.clear()
            folded = words(self._columns.texts["title"][ordinal] or "").folded
            stem = stems(self._columns.texts["language"][ordinal])
            title = self._titles[ordinal] = _Title(folded, [stem[word] for word in folded], stem)
        return title

    def _holding(self, column: TextColumn, text: str) -> Mask:
        """Find a text anywhere in a column, small and capital letters alike, without reading the column into memory."""
        matching = np.zeros(len(column.ends), np.bool_)
        wanted = re.compile(re.escape(text.encode("utf-8")), re.IGNORECASE)
        spans = np.array([match.span() for match in wanted.finditer(column.blob.data)], np.int64).reshape(-1, 2)
        rows = np.searchsorted(column.ends, spans[:, 0], side="right")
        inside = spans[:, 1] <= column.ends[rows] if len(rows) else np.empty(0, np.bool_)
        matching[rows[inside]] = True
        return matching

    def _of_values(self, name: str, wanted: Callable[[str | None], bool]) -> Mask:
        """Look at each distinct value of a column once."""
        codes, values = self._coded(name)
        return np.asarray(np.array([wanted(value) for value in values], np.bool_)[codes])

    def _coded(self, name: str) -> tuple[NDArray[np.int32], list[str | None]]:
        if name not in self._named:
            column = self._columns.texts[name]
            code_of: dict[str | None, int] = {}
            codes = [code_of.setdefault(column[row], len(code_of)) for row in range(self._columns.articles)]
            self._named[name] = np.array(codes, np.int32), list(code_of)
        return self._named[name]


def _spans(column: TextColumn) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    starts = np.concatenate(([0], column.ends[:-1])) if len(column.ends) else np.empty(0, np.int64)
    return starts, column.ends - starts


def _in_a_row(wanted: list[str | None] | list[str], tokens: list[str | None] | list[str]) -> bool:
    size = len(wanted)
    if size == 1:
        return wanted[0] in tokens
    return any(tokens[start : start + size] == wanted for start in range(len(tokens) - size + 1)) and size > 0


def condition_of(plan: LexicalPlan) -> Condition | None:
    """Return all that must hold of an article, None where nothing must."""
    return all_of(on_words(plan), plan.known)


def on_words(plan: LexicalPlan) -> Condition | None:
    """Return what must hold of an article's words."""
    return all_of(plan.required, None if plan.excluded is None else Not(plan.excluded))


def by_day(condition: Condition | None) -> tuple[Condition | None, Condition | None]:
    """Part what must be known of an article into conditions on its day of publication and others."""
    parts = condition.parts if isinstance(condition, AllOf) else () if condition is None else (condition,)
    return all_of(*filter(is_dated, parts)), all_of(*filterfalse(is_dated, parts))


def all_of(*conditions: Condition | None) -> Condition | None:
    """Join those conditions that there are; None where there are none."""
    parts = tuple(condition for condition in conditions if condition is not None)
    return AllOf(parts) if parts else None
