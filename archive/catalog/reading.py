"""What can be read of an archive: its articles with their versions, passages and parts, its sources and refusals.

Nothing is given that is not proved to be what was written: rows by their digests, texts by those that name them.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from archive.catalog.database import Catalog
from archive.catalog.rows import TextSlice
from archive.catalog.snapshot import Snapshot
from archive.catalog.tables import articles, derivations, half_read, history, meta, parts, refusals, sources, versions
from archive.catalog.tables.versions import VersionKey
from archive.core.article import Article, Part, Passage, Refusal, Source, Version
from archive.core.derivation import Derivation
from archive.core.errors import Action, Damaged, Remedy, UnknownId
from archive.core.forking import Lock
from archive.text.anchors import find_again

# Chosen, not measured: as many identifiers as a list under a mistyped one should have.
_MOST: Final = 10
# Characters of texts that are kept because they are likely to be quoted again. Chosen: the largest text there may be by
# default, or a thousand of the usual ones; a long session holds as many, of up to four bytes each.
_KEPT: Final = 5_000_000


class Withheld(StrEnum):
    """Why a piece of a text is not quoted.

    Its version is not in the catalog, or it is not what was written, or its article was removed.
    """

    GONE = "gone"
    DAMAGED = "damaged"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Quotation:
    """A piece of a version's text, and the part of that text it begins in; None where it is in none."""

    text: str
    part: Part | None


@dataclass(frozen=True, slots=True)
class Followed:
    """Where the words of a passage are now.

    Attributes:
        passage: its identifier with the place of its words, which may be no passage of the index any more.
        is_current: whether that is in the article's current text; where its words are not in that, it stays where it
            was.
    """

    passage: Passage
    is_current: bool


class CatalogReading:
    """The part of an archive that reads; safe from any thread."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._texts = _ProvedTexts(catalog)

    def sources(self) -> tuple[Source, ...]:
        """Return what was added, by the second of its adding, then by identifier."""
        return sources.live(self._catalog)

    def refusals(self) -> tuple[Refusal, ...]:
        """Return the files and records that are refused as things stand."""
        return refusals.live(self._catalog)

    @property
    def half_read(self) -> tuple[Source, ...]:
        """Return the sources that were added and are not read to their end yet, as that was stopped or goes on."""
        return half_read.left(self._catalog)

    @property
    def is_empty(self) -> bool:
        """Tell whether there are no articles, removed ones not counted."""
        return not articles.is_any_live(self._catalog)

    @property
    def gone(self) -> int:
        """Return how many articles no file holds any more, removed ones not counted."""
        return articles.count_gone(self._catalog)

    def articles(self, source: str | None = None) -> Iterator[Article]:
        """Yield the articles, of one source or of all, in the order of identifiers."""
        with self._catalog.snapshot() as state:
            yield from articles.live(state, source)

    def article(self, article_id: str) -> Article:
        """Return one article.

        Raises:
            UnknownId: there is no such article.
        """
        article = articles.described(self._catalog, article_id)
        if article is None:
            raise UnknownId(f"There is no article {article_id!r}.", remedy=Remedy(Action.SEARCH))
        return article

    def withdrawn(self, article_ids: Collection[str]) -> dict[str, Withheld]:
        """Return which of some articles were removed (``REMOVED``), and which are not there any more (``GONE``)."""
        there = articles.known_among(self._catalog, article_ids)
        removed = articles.removed_among(self._catalog, there)
        return dict.fromkeys(removed, Withheld.REMOVED) | dict.fromkeys({*article_ids} - there, Withheld.GONE)

    def matching_ids(self, prefix: str, most: int = _MOST, *, passages: bool = True) -> tuple[str, ...]:
        """Return identifiers of articles that begin with ``prefix``, then of ``passages``, then of sources."""
        tables = ("articles", *(["passages"] if passages else []), "sources")
        return articles.beginning_with(self._catalog, prefix, most, tables)

    def versions(self, article_id: str) -> tuple[Version, ...]:
        """Return all versions of an article, oldest first.

        Raises:
            UnknownId: there is no such article.
        """
        self.article(article_id)
        return versions.of_article(self._catalog, article_id)

    def version_digests(self, article_id: str) -> tuple[str, ...]:
        """Return the digests of all versions of an article, oldest first, also of those that are damaged.

        Raises:
            UnknownId: there is no such article.
        """
        self.article(article_id)
        return versions.digests_of(self._catalog, article_id)

    def version(self, article_id: str, digest: str) -> Version:
        """Return one version of an article.

        Raises:
            UnknownId: there is no such version.
        """
        version = versions.read(self._catalog, (article_id, digest))
        if version is None:
            what = f"The article {article_id} has no version {digest[:12]}."
            raise UnknownId(what, remedy=Remedy(Action.LIST_VERSIONS))
        return version

    def derivation(self, article_id: str, digest: str) -> Derivation | None:
        """Return what made a version: reader, rules, and whether it was read again; None where that was not recorded.

        Versions of archives from before derivations were recorded have none until newer rules go over them.
        """
        return derivations.recorded(self._catalog, (article_id, digest))

    def passages(self, article_id: str, digest: str) -> tuple[Passage, ...]:
        """Return the passages of a version, in order.

        Raises:
            UnknownId: there is no such version.
        """
        return versions.passages(self._catalog, self.version(article_id, digest))

    def parts(self, article_id: str, digest: str) -> tuple[Part, ...]:
        """Return the parts by which a version can be cited (pages, records, messages), in order; most have none."""
        return parts.of_version(self._catalog, article_id, digest)

    def has_parts(self) -> bool:
        """Tell whether any version has parts; where none has, ``parts_at`` need not be asked."""
        return parts.is_any(self._catalog)

    def parts_at(self, slices: Sequence[TextSlice]) -> list[Part | None]:
        """Return the part that each piece of a version's text begins in, aligned; None where it is in none."""
        return [parts.at(self._catalog, article, digest, start) for article, digest, start, _ in slices]

    def passage(self, passage_id: str) -> Passage:
        """Return one passage of a current version, else of an older one, else one that its version was cut into before.

        Raises:
            UnknownId: there is no such passage.
        """
        where = versions.passage(self._catalog, passage_id)
        if where is None:
            raise UnknownId(f"There is no passage {passage_id!r}.", remedy=Remedy(Action.SEARCH))
        article, digest, start, end = where
        return Passage(passage_id, *where, self.version(article, digest).text[start:end])

    def follow(self, passage_id: str) -> Followed:
        """Return where the words of a passage are now, for what was said of them: a judgement, a citation.

        A passage of an older text is looked for in the article's current text by its own words.

        Raises:
            UnknownId: there is no such passage.
        """
        passage = self.passage(passage_id)
        article = self.article(passage.article_id)
        if article.version == passage.version:
            return Followed(passage, is_current=True)
        text = self.version(article.id, article.version).text
        span = find_again(passage.text, text, passage.start)
        if span is None:
            return Followed(passage, is_current=False)
        words = text[span.start : span.end]
        return Followed(Passage(passage_id, article.id, article.version, span.start, span.end, words), is_current=True)

    def passage_texts(self, slices: Sequence[TextSlice]) -> list[str | None]:
        """Return pieces of versions' texts, aligned; None for each whose version is not there any more.

        Raises:
            Damaged: a text is not the one that its digest names.
        """
        return [self._piece(one) for one in slices]

    def quotations(
        self, slices: Sequence[TextSlice], *, parted: bool = True, since: int | None = None
    ) -> list[Quotation | Withheld]:
        """Return pieces of versions' texts to be quoted, aligned, and for each that must not be, why.

        Args:
            slices: where they are.
            parted: look for the parts they begin in; where no version has parts, that need not be done.
            since: number of the change at which none of their articles was removed; None where that is not known.
        """
        removed = frozenset[str]()
        if since is None or meta.read(self._catalog, meta.CHANGE) != str(since):
            removed = articles.removed_among(self._catalog, {article for article, *_ in slices})
        return [Withheld.REMOVED if one[0] in removed else self._quotation(one, parted) for one in slices]

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        """Read one consistent state of the whole catalog."""
        with self._catalog.snapshot() as state:
            yield Snapshot(state)

    def behind(self, change: int) -> int:
        """Return how many articles were added, changed or removed after a change number."""
        return articles.count_changed(self._catalog, change)

    def removed_since(self, change: int) -> frozenset[str]:
        """Return the articles that were removed after a change number, by identifier."""
        return articles.removed_since(self._catalog, change)

    def follows(self, change: int, token: str) -> bool:
        """Tell whether the catalog is in a state that an index was made of, or came from it.

        Args:
            change: the change number of that state.
            token: its name; empty for an index of before states had names, which are told by their numbers alone.
        """
        return history.follows(self._catalog, history.State(change, token))

    @property
    def owner(self) -> str | None:
        """Return the identifier of the archive that the catalog belongs to; None where that was not written down."""
        return self._catalog.owner

    def check(self) -> Iterator[str]:
        """Yield a sentence for every row that is not as it was written."""
        return self._catalog.check()

    def _piece(self, one: TextSlice) -> str | None:
        article, digest, start, end = one
        text = self._texts.of((article, digest))
        return None if text is None else text[start:end]

    def _quotation(self, one: TextSlice, parted: bool) -> Quotation | Withheld:
        try:
            text = self._piece(one)
            part = parts.at(self._catalog, *one[:3]) if parted and text is not None else None
        except Damaged:
            return Withheld.DAMAGED
        return Withheld.GONE if text is None else Quotation(text, part)


class _ProvedTexts:
    """Texts of versions, each compared with the digest that names it, of which the last that were read are kept.

    A text of a digest never changes; only that it is still in the catalog is looked at again. Safe from any thread.
    """

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._kept: OrderedDict[VersionKey, str] = OrderedDict()
        self._size = 0
        self._lock = Lock()

    def of(self, key: VersionKey) -> str | None:
        """Return a text, None where it is not there.

        Raises:
            Damaged: it is not the one that its digest names.
        """
        with self._lock:
            kept = self._kept.get(key)
            if kept is not None:
                self._kept.move_to_end(key)
        if kept is not None and versions.is_held(self._catalog, key):
            return kept
        text = versions.text(self._catalog, key)
        self._keep(key, text)
        return text

    def _keep(self, key: VersionKey, text: str | None) -> None:
        with self._lock:
            self._size -= len(self._kept.pop(key, ""))
            if text is None:
                return
            self._kept[key] = text
            self._size += len(text)
            while self._size > _KEPT:
                _, dropped = self._kept.popitem(last=False)
                self._size -= len(dropped)
