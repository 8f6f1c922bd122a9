"""What is known of each article besides its words, as numbers: one for each distinct value, looked at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from archive.core.article import Source
from archive.text.urls import host
from index.contracts.conditions import KINDS, Attribute
from index.generations.columns import Columns, TextColumn
from index.query.names import plain_name, same_name

Codes = NDArray[np.int32]
_DATE: Final = 10  # characters of YYYY-MM-DD
_DIGITS: Final = np.array([0, 1, 2, 3, 5, 6, 8, 9])
_PLACES: Final = 10 ** np.arange(7, -1, -1)  # of the eight digits of YYYYMMDD
_UNSTATED: Final = KINDS[-1]


@dataclass(frozen=True, slots=True)
class Coded:
    """The values of an attribute.

    Attributes:
        codes: of each article, by ordinal: where its value stands in ``values``.
        values: each once; None where it is not known.
    """

    codes: Codes
    values: tuple[str | None, ...]


class ArticleValues:
    """The values of the articles of one generation, by ordinal; made when first asked for, then kept.

    Args:
        columns: of the generation.
        sources: returns what was added to the archive; asked once, since what is added later is in a later generation.
    """

    def __init__(self, columns: Columns, sources: Callable[[], Sequence[Source]] = tuple) -> None:
        self._columns = columns
        self._ask_sources = sources
        self._asked_sources: tuple[Source, ...] | None = None
        self._stated: dict[Attribute, Coded] = {}
        self._named: dict[Attribute, Coded] = {}
        self._code_of: dict[Attribute, dict[str | None, int]] = {}
        self._numbers: NDArray[np.int32] | None = None
        self._only_days: bool | None = None
        self._shortest: dict[str, str] = {}
        self._names_of: dict[str, tuple[str, ...]] | None = None

    @property
    def days(self) -> NDArray[np.int32]:
        """Return the day of publication of each article as the number YYYYMMDD, 0 where it is unknown."""
        if self._numbers is None:
            self._numbers = _days(self._columns.texts["published"])
        return self._numbers

    @property
    def only_days(self) -> bool:
        """Tell whether no article states more than the day of its publication, such as a time."""
        if self._only_days is None:
            ends = self._columns.texts["published"].ends
            self._only_days = int(np.diff(ends, prepend=0).max(initial=0)) <= _DATE
        return self._only_days

    def ordinals_of(self, articles: Collection[str]) -> NDArray[np.int64]:
        """Return the ordinals of some articles, given by identifier, ascending."""
        return np.flatnonzero(np.isin(self._columns.article_ids, [one.encode("ascii") for one in articles]))

    def stated(self, attribute: Attribute) -> Coded:
        """Return the values of an attribute as they are stated; an outlet that is not known is the host of the address.

        Of a source, the value is its identifier.
        """
        if attribute not in self._stated:
            self._stated[attribute] = self._read(attribute)
        return self._stated[attribute]

    def named(self, attribute: Attribute) -> Coded:
        """Return the values of an attribute as a question can hold them; names that count as one are one value.

        It is spelled as in most articles. Of a source, the value is the name that tells it from others.
        """
        if attribute not in self._named:
            self._named[attribute] = self._named_once(attribute)
        return self._named[attribute]

    def called(self, attribute: Attribute, name: str | None) -> NDArray[np.bool_]:
        """Return which articles have a value of this name, whole; without one, those of which it is not known.

        A source answers to its identifier, its root and the last part of it.
        """
        if attribute == Attribute.SOURCE and name is not None:
            answering = [source for source in self._sources() if same_name(name) in map(same_name, _names(source))]
            codes = [self._code(attribute, self._told_apart(source.id)) for source in answering]
        else:
            codes = [self._code(attribute, name)]
        return np.isin(self.named(attribute).codes, codes)

    def source_names(self, identifier: str | None) -> tuple[str, ...]:
        """Return the names to which a source answers: the last part of its root, its root, its identifier."""
        if self._names_of is None:
            self._names_of = {source.id: _names(source) for source in self._sources()}
        return self._names_of.get(identifier or "", ())

    def _code(self, attribute: Attribute, name: str | None) -> int:
        """Return the code of a name, -1 where no article has it."""
        if attribute not in self._code_of:
            values = self.named(attribute).values
            self._code_of[attribute] = {value and same_name(value): code for code, value in enumerate(values)}
        return self._code_of[attribute].get(name and same_name(name), -1)

    def _sources(self) -> tuple[Source, ...]:
        if self._asked_sources is None:
            self._asked_sources = tuple(self._ask_sources())
        return self._asked_sources

    def _read(self, attribute: Attribute) -> Coded:
        texts = self._columns.texts
        match attribute:
            case Attribute.OUTLET:
                outlets, urls = _coded(texts["outlet"]), _coded(texts["url"])
                hosts = tuple(url and host(url) for url in urls.values)
                unknown = np.array([value is None for value in outlets.values], np.bool_)[outlets.codes]
                return _compact(
                    np.where(unknown, urls.codes + len(outlets.values), outlets.codes), (*outlets.values, *hosts)
                )
            case Attribute.SOURCE:
                return self._of_sources()
            case Attribute.DATED:
                found = _coded(texts["published_from"])
                kinds = tuple(value or _UNSTATED for value in found.values)
                return _compact(np.where(self.days == 0, len(kinds), found.codes), (*kinds, None))
            case Attribute.LANGUAGE:
                return _coded(texts["language"])
        return _coded(texts[attribute])

    def _of_sources(self) -> Coded:
        """Find the source in which each path lies; sources do not overlap."""
        paths, sources = _coded(self._columns.texts["path"]), self._sources()
        places = {source.root.rstrip("/"): at for at, source in enumerate(sources)}
        found = np.array([_holder(path, places, len(sources)) for path in paths.values], np.int32)
        return _compact(found[paths.codes], (*(source.id for source in sources), None))

    def _named_once(self, attribute: Attribute) -> Coded:
        stated = self.stated(attribute)
        if attribute == Attribute.SOURCE:
            return Coded(stated.codes, tuple(value and self._told_apart(value) for value in stated.values))
        spelled = tuple(plain_name(value or "") for value in stated.values)
        articles = np.bincount(stated.codes, minlength=len(spelled)).tolist()
        spellings: dict[str, Counter[str]] = {}
        for name, count in zip(spelled, articles, strict=True):
            spellings.setdefault(name.casefold(), Counter())[name] += count
        one = {key: min(names, key=lambda name: (-names[name], name)) for key, names in spellings.items()}
        return _compact(stated.codes, tuple(one[name.casefold()] or None for name in spelled))

    def _told_apart(self, identifier: str) -> str:
        """Return the shortest name of a source to which no other answers."""
        if not self._shortest:
            sources = self._sources()
            answering = Counter(name for source in sources for name in {*map(same_name, _names(source))})
            self._shortest = {source.id: _alone(source, answering) for source in sources}
        return self._shortest[identifier]


def _names(source: Source) -> tuple[str, str, str]:
    return source.root.rpartition("/")[2], source.root, source.id


def _alone(source: Source, answering: Mapping[str, int]) -> str:
    """Return the shortest name of a source to which one source answers."""
    names = (plain_name(name) for name in _names(source))
    return next((name for name in names if name and answering[same_name(name)] == 1), source.id)


def _holder(path: str | None, places: Mapping[str, int], otherwise: int) -> int:
    """Return the place of the root that a path lies in or is; roots are without a slash at their end."""
    above = path
    while above:
        if above in places:
            return places[above]
        above = above.rpartition("/")[0]
    return otherwise if path is None else places.get("", otherwise)


def _coded(column: TextColumn) -> Coded:
    """Number the texts of a column; equal texts are compared as bytes and read once."""
    blob, first = column.blob.tobytes(), 0
    code_of: dict[bytes, int] = {}
    row_of, codes = list[int](), np.empty(len(column.ends), np.int32)
    for row, end in enumerate(column.ends.tolist()):
        raw = blob[first:end]
        code = code_of.get(raw)
        if code is None:
            code = code_of[raw] = len(row_of)
            row_of.append(row)
        codes[row], first = code, end
    return Coded(codes, tuple(column[row] for row in row_of))


def _compact(codes: NDArray[np.integer], values: Sequence[str | None]) -> Coded:
    """Give equal values one code, and leave out values that no article has."""
    used = np.bincount(codes, minlength=len(values)) > 0
    kept = list(dict.fromkeys(value for value, is_used in zip(values, used, strict=True) if is_used))
    code_of = {value: code for code, value in enumerate(kept)}
    renamed = np.array([code_of.get(value, 0) for value in values], np.int32)
    return Coded(renamed[codes], tuple(kept))


def _days(column: TextColumn) -> NDArray[np.int32]:
    starts = np.concatenate(([0], column.ends[:-1])) if len(column.ends) else np.empty(0, np.int64)
    days = np.zeros(len(starts), np.int32)
    dated = np.flatnonzero(column.ends - starts >= _DATE)
    digits = column.blob[starts[dated, None] + _DIGITS].astype(np.int64) - ord("0")
    days[dated] = digits @ _PLACES
    return days
