"""Which articles a condition admits, whatever it is about: their words, or what is known of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import filterfalse
from typing import Final, NamedTuple

import numpy as np

from index.analysis.analyzer import words, words_read
from index.analysis.pieces import Reading, is_word, reading_of
from index.analysis.stemming import stems
from index.contracts.conditions import (
    UNKNOWN,
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
from index.generations.columns import Columns
from index.query import addresses
from index.query.compiler import LexicalPlan
from index.query.wording import rows
from index.ranking.article_values import ArticleValues
from index.ranking.candidates import Mask

_PARTING: Final = np.frombuffer(b"/?&#", np.uint8)  # what stands behind a whole part of an address
_REMEMBERED: Final = 1 << 16  # titles, of half a kilobyte or so each


class _Title(NamedTuple):
    """The words of a title, folded and stemmed, how its language is read, and that language's stems."""

    reading: Reading
    folded: list[str]
    stemmed: list[str | None]
    stem: Mapping[str, str | None]


class Filters:
    """Masks over the articles of one generation, by ordinal.

    Args:
        columns: of the generation.
        lexical: its lexical index, None when it cannot be used; conditions on words then hold everywhere.
        values: of the generation's articles, made of its columns by default.
    """

    def __init__(self, columns: Columns, lexical: LexicalIndex | None, values: ArticleValues | None = None) -> None:
        self._columns = columns
        self._values = values or ArticleValues(columns)
        self._lexical = lexical
        self._titles: dict[int, _Title] = {}

    def articles(self, condition: Condition) -> Mask:
        """Return which articles a condition admits, shape ``(articles,)``."""
        return self._within(condition, np.ones(self._columns.articles, np.bool_))

    def undated(self) -> int:
        """Return how many articles have no known day of publication."""
        return int((self._columns.live_articles & (self._values.days == 0)).sum())

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
            case Attribute.PATH:
                return self._holding("path", re.escape(what.text))
            case Attribute.URL:
                return self._addressed(what.text)
            case Attribute.SITE:
                site = addresses.site(what.text)
                return self._at(rf"://(?:[^/]*\.)?{_under(site)}") if site else np.zeros(len(among), np.bool_)
            case Attribute.LANGUAGE | Attribute.DATED:
                return self._of_values(what.attribute, lambda value: (value or UNKNOWN) == what.text.lower())
        if what.whole:
            unknown = what.text.lower() == UNKNOWN and not what.quoted
            return self._values.called(what.attribute, None if unknown else what.text)
        wanted = words(what.text).folded
        holding = self._of_values(what.attribute, partial(self._holds, what.attribute, wanted))
        if what.attribute == Attribute.SOURCE:  # whom a reporter calls a source is an outlet
            holding = holding | self._of_values(Attribute.OUTLET, partial(self._holds, Attribute.OUTLET, wanted))
        return holding

    def _holds(self, attribute: Attribute, wanted: list[str], value: str | None) -> bool:
        """Tell whether a value has words in a row; of a source, whether any of its names has."""
        names = self._values.source_names(value) if attribute == Attribute.SOURCE else (value or "",)
        return any(_in_a_row(wanted, words(name).folded) for name in names)

    def _dated(self, what: Dated) -> Mask:
        first, last = what.numbers
        days = self._values.days
        return np.asarray((days >= first) & (days <= last))

    def _titled(self, what: Named, among: Mask) -> Mask:
        """Look into the titles of what is left; the words of a phrase are taken as they stand, others by stem."""
        matching = np.zeros(len(among), np.bool_)
        asked = {reading: rows(what.text, (reading,)) for reading in Reading}
        for ordinal in np.flatnonzero(among).tolist():
            title = self._title(ordinal)
            matching[ordinal] = any(
                _in_a_row(exact, title.folded)
                or (not what.quoted and _in_a_row(_stemmed(exact, title.stem), title.stemmed))
                for exact in asked[title.reading]
            )
        return matching

    def _title(self, ordinal: int) -> _Title:
        """Return the words of a title; those of many are remembered."""
        title = self._titles.get(ordinal)
        if title is None:
            if len(self._titles) >= _REMEMBERED:
                self._titles.clear()
            language = self._columns.texts["language"][ordinal]
            stem, reading = stems(language), reading_of(language)
            folded = words_read(self._columns.texts["title"][ordinal] or "", reading).folded
            title = self._titles[ordinal] = _Title(reading, folded, _stemmed(folded, stem), stem)
        return title

    def _addressed(self, typed: str) -> Mask:
        """Find a whole address, however it was copied, or any piece of one."""
        page = addresses.page(typed)
        if page is not None:
            return self._at(rf"://(?:www\.)?{re.escape(page)}")
        found = [self._holding("url", re.escape(piece)) for piece in addresses.pieces(typed)]
        return np.asarray(np.logical_or.reduce(found))

    def _at(self, pattern: str) -> Mask:
        """Find addresses by a pattern behind which one ends, or a further part of it begins."""
        return self._holding("url", pattern, closed=True)

    def _holding(self, name: str, pattern: str, *, closed: bool = False) -> Mask:
        """Find a pattern anywhere in a column, small and capital letters alike, without reading it into memory.

        Args:
            name: of the column.
            pattern: of what is looked for.
            closed: a text must end behind it, or go on with what parts an address.
        """
        column = self._columns.texts[name]
        matching = np.zeros(len(column.ends), np.bool_)
        wanted = re.compile(pattern.encode("utf-8"), re.IGNORECASE)
        spans = np.array([match.span() for match in wanted.finditer(column.blob.data)], np.int64).reshape(-1, 2)
        if not len(spans):
            return matching
        rows = np.searchsorted(column.ends, spans[:, 0], side="right")
        ends = column.ends[rows]
        inside = spans[:, 1] <= ends
        if closed:
            behind = column.blob[np.minimum(spans[:, 1], len(column.blob) - 1)]
            inside &= (spans[:, 1] == ends) | np.isin(behind, _PARTING)
        matching[rows[inside]] = True
        return matching

    def _of_values(self, attribute: Attribute, wanted: Callable[[str | None], bool]) -> Mask:
        """Look at each distinct value of an attribute once."""
        coded = self._values.stated(attribute)
        return np.asarray(np.array([wanted(value) for value in coded.values], np.bool_)[coded.codes])


def _under(site: str) -> str:
    """Return the pattern of a host, whatever its port, with the path below it."""
    host, slash, path = site.partition("/")
    port = "" if host.rpartition(":")[2].isdigit() else r"(?::\d+)?"
    return f"{re.escape(host)}{port}{re.escape(slash + path)}"


def _stemmed(folded: Sequence[str], stem: Mapping[str, str | None]) -> list[str | None]:
    """Return the stems of words, without what apostrophes tie to them."""
    return [stem[word] for word in folded if is_word(word)]


def _in_a_row(wanted: Sequence[str | None], tokens: Sequence[str | None]) -> bool:
    size = len(wanted)
    if size == 1:
        return wanted[0] in tokens
    return size > 0 and any(
        list(tokens[start : start + size]) == list(wanted) for start in range(len(tokens) - size + 1)
    )


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
