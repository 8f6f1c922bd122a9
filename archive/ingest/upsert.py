"""Writing one draft into the catalog: which article it is, whether it is new, what cleaning hides."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from archive.catalog.article_rows import leave_place
from archive.catalog.identity import address_of, named_by_place, names_of, text_digest
from archive.catalog.rows import ArticleRow, Place, PlaceRow
from archive.catalog.tables import articles, derivations, parts, places, versions
from archive.catalog.tables.derivations import Known
from archive.catalog.tables.versions import VersionKey
from archive.catalog.transaction import CatalogReader, Transaction
from archive.core.article import Draft, Prepared, Version
from archive.core.clock import now_utc
from archive.core.derivation import Derivation, Origin, Rules
from archive.ingest.prepare import Preparation, prepare
from archive.purge.tombstones import article_hash, is_banned
from archive.text.chunking import named


class Outcome(StrEnum):
    """What became of a draft; one that is ``BACK`` had been gone and is as it was."""

    ADDED = "added"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REPROCESSED = "reprocessed"
    BACK = "back"


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a draft.

    Attributes:
        passages: how many its article has, where that was found out.
        damage: characters of a new or changed text that were not read as they were written, see ``Draft``.
    """

    outcome: Outcome
    passages: int = 0
    damage: int = 0


def is_known(draft: Draft, before: PlaceRow | None) -> bool:
    """Tell whether a draft holds the bytes that its place held when it was last read."""
    return before is not None and (before.raw_digest, before.gone) == (draft.raw_digest, 0)


@dataclass(frozen=True, slots=True)
class ArticleWriter:
    """Writes drafts into a catalog.

    Attributes:
        preparation: how drafts become articles.
        rules: the versions of what makes them.
    """

    preparation: Preparation
    rules: Rules

    def write(self, writing: Transaction, draft: Draft, place: Place, before: PlaceRow | None) -> tuple[str, Taken]:
        """Make a draft an article, a new version of one, or nothing when its article is that already.

        Its place decides which article it is; for a record in a file its address comes first, because lines move.
        Of a known draft (``is_known``) what newer rules make is written.

        Args:
            writing: the unit of work.
            draft: what a reader made of a record.
            place: where that record is.
            before: what the place held.

        Returns:
            The article's identifier, and what became of the draft.
        """
        again = is_known(draft, before)
        article = before.article if before is not None and again else _identify(writing, draft, place, before)
        if not again:
            places.write(writing, place.holding(article, draft.raw_digest))
        taken = self._article(writing, article, draft, place, again=again)
        if before is not None and before.article != article:
            leave_place(writing, before.article, place)
        return article, taken

    def _article(self, writing: Transaction, article: str, draft: Draft, place: Place, *, again: bool) -> Taken:
        digest = text_digest(draft.text)
        known = derivations.known(writing, (article, digest))
        row = known.row if known is not None else None
        if row is not None and _is_elsewhere(row, place) and (again or row.version == digest):
            return Taken(Outcome.UNCHANGED)
        ready = draft.prepared or prepare(draft, self.preparation)
        is_there = known is not None and known.version is not None
        origin = Origin.READ if is_there or not again else Origin.READ_AGAIN
        is_cut = self._version(writing, (article, digest), draft, ready, known, origin)
        now = _row(article, digest, draft, place, ready.language)
        if row is None:
            articles.write(writing, now)
            return Taken(Outcome.ADDED, damage=draft.damage)
        now = _keeping(now, row, place)
        if now != row or is_cut:
            articles.write(writing, now)
        if now.removed_at is not None or (_content(now) == _content(row) and not is_cut):
            return Taken(Outcome.UNCHANGED)
        return Taken(Outcome.REPROCESSED if again else Outcome.CHANGED, len(ready.passages), draft.damage)

    def _version(
        self, writing: Transaction, key: VersionKey, draft: Draft, ready: Prepared, known: Known | None, origin: Origin
    ) -> bool:
        """Write a version with its passages, unless it is there and as the rules make it; tell whether it changed."""
        made = known.version if known is not None else None
        now = self._derivation(draft, made.by.origin if made is not None and made.by is not None else origin)
        if made is not None and made.by == now:
            return False
        derivations.write(writing, key, now)
        if made is None:
            read_as = (now_utc(), draft.reader, draft.raw_digest, draft.damage)
            version = Version(key[0], key[1], draft.text, ready.hidden, *read_as)
            versions.add(writing, version, known.number_at(version.seen) if known is not None else None)
            versions.write_passages(writing, version, named(version.article_id, version, ready.passages))
            parts.write(writing, version, draft.parts)
            return True
        version = versions.held(writing, key)
        is_parted = parts.update(writing, version, draft.parts)
        return rewrite(writing, version, ready) or is_parted

    def _derivation(self, draft: Draft, origin: Origin) -> Derivation:
        rules = self.rules
        return Derivation(
            reader=draft.reader,
            chunking=self.preparation.rule.name,
            titles=rules.titles,
            cleaning=rules.cleaning,
            dates=rules.dates,
            language=rules.language,
            origin=origin,
            declared=draft.language,
            hidden=draft.hidden,
        )


def rewrite(writing: Transaction, version: Version, ready: Prepared) -> bool:
    """Hide other spans of a version and cut it again, where they differ; tell whether they did."""
    if version.hidden == ready.hidden:
        return False
    changed = replace(version, hidden=ready.hidden)
    versions.write(writing, changed)
    versions.recut(writing, changed, named(version.article_id, changed, ready.passages))
    return True


def _row(article: str, digest: str, draft: Draft, place: Place, language: str | None) -> ArticleRow:
    return ArticleRow(
        id=article,
        version=digest,
        title=draft.title,
        outlet=draft.outlet,
        author=draft.author,
        url=address_of(draft),
        published=draft.published,
        published_from=draft.published_from,
        language=language,
        source=place.source,
        path=place.path,
        record=place.record,
    )


def _keeping(now: ArticleRow, row: ArticleRow, place: Place) -> ArticleRow:
    """Return what an article becomes; its removal holds on when it was by itself, or with the source it is read in."""
    stays = row.removed_with is None or row.source == place.source
    removed_at, removed_with = (row.removed_at, row.removed_with) if stays else (None, None)
    return replace(now, changed=row.changed, removed_at=removed_at, removed_with=removed_with)


def _content(row: ArticleRow) -> ArticleRow:
    """Return an article as its text and metadata have it, wherever it is."""
    return replace(row, source="", path="", record="", gone=0, changed=0, removed_at=None, removed_with=None)


def _is_elsewhere(row: ArticleRow, place: Place) -> bool:
    """Tell whether an article lives at another place than one that holds it too; it stays where it is."""
    return not row.gone and row.removed_at is None and row.place != place


def _identify(writing: Transaction, draft: Draft, place: Place, before: PlaceRow | None) -> str:
    """Return the article a draft belongs to, new or known."""
    address = address_of(draft)
    named_so = _named(writing, address)
    if before is None:
        return named_so or _unused(writing, place)
    if named_so is None or named_so == before.article or not place.record:
        return before.article
    row = articles.read(writing, before.article)
    moved_on = row is not None and row.url is not None and row.url != address
    return named_so if moved_on or articles.exists(writing, named_so) else before.article


def _named(reader: CatalogReader, address: str | None) -> str | None:
    """Return the article that an address names: one that there is, else the one that it names by itself."""
    names = names_of(address)
    return next((name for name in names if articles.exists(reader, name)), names[0] if names else None)


def _unused(reader: CatalogReader, place: Place) -> str:
    """Mint an identifier of a place. The place may be free again because its article moved away: then the next one."""
    return next(
        name
        for name in named_by_place(place.key)
        if not articles.exists(reader, name) and not is_banned(reader, article_hash(name))
    )
