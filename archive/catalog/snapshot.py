"""One state of the catalog, read from its beginning to its end while others write."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from archive.catalog.tables import articles, history, versions
from archive.catalog.transaction import Transaction
from archive.core.article import Article, Indexable
from archive.core.forking import cached_property


class Snapshot:
    """One state of the catalog, read article by article.

    Attributes:
        change: the change number of that state.
        token: the name it got when an index was last made of it, empty where none was.
    """

    def __init__(self, state: Transaction) -> None:
        self._state = state
        known = history.state(state)
        self.change, self.token = known.change, known.token

    @cached_property
    def articles(self) -> int:
        """Return how many articles there are, removed ones not counted."""
        return articles.count_live(self._state)

    @cached_property
    def passages(self) -> int:
        """Return how many passages the current versions of these articles have."""
        return versions.count_current_passages(self._state)

    def versions(self) -> frozenset[tuple[str, str]]:
        """Return article and digest of every version, those of removed articles among them."""
        return frozenset(versions.keys(self._state))

    def changed(self, since: int) -> tuple[str, ...]:
        """Return the articles that were added, changed, removed or brought back after a change number, sorted."""
        return articles.changed(self._state, since)

    def kept(self, since: int) -> int:
        """Return how many articles that are not removed stand as they stood at a change number."""
        return articles.count_kept(self._state, since)

    def __iter__(self) -> Iterator[Indexable]:
        """Yield every article with its current version and passages, in the order of identifiers."""
        return self.since(0)

    def since(self, change: int) -> Iterator[Indexable]:
        """Yield the articles that changed after a change number and are not removed, in the order of identifiers."""
        yield from map(self._indexable, articles.live_since(self._state, change))

    def of(self, identifiers: Iterable[str]) -> Iterator[Indexable]:
        """Yield some articles in the order in which they are named; those that are not there, or removed, are none."""
        for identifier in identifiers:
            article = articles.described(self._state, identifier)
            if article is not None:
                yield self._indexable(article)

    def _indexable(self, article: Article) -> Indexable:
        version = versions.held(self._state, (article.id, article.version))
        return Indexable(article, version, versions.passages(self._state, version))
