"""Bringing what older rules made up to newer ones: how much that is, and doing it from the stored texts.

What a reader makes (titles, dates, the text itself) can be had from the file only, and is made again as the file's
source is looked through, if its bytes are the same. What is hidden of a text and its language can be had from the
stored text. So that is done last, and an article whose file would have been needed and was not to be had is recorded as
kept: it is told once and is not behind any more.

A person's corrections are to win over both. There are none yet; when there are, they are laid over an article's row
where it is made, in ``upsert``, so that neither way of making it anew loses them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from archive.catalog.database import Catalog
from archive.catalog.rows import ArticleRow
from archive.catalog.tables import articles, derivations, meta, sources, versions
from archive.catalog.transaction import Transaction
from archive.core.article import Outdated, Prepared, Version
from archive.core.derivation import Derivation, Rules
from archive.core.progress import Progress, Step
from archive.core.spans import without
from archive.ingest.prepare import Recipe, hide
from archive.ingest.upsert import rewrite
from archive.readers.front_matter import front_matter_spans
from archive.text.chunking import spans
from archive.text.language import detect

Confirm = Callable[[Outdated], bool]
"""Is told what older rules made, where that is much; says whether to make it anew."""

# Articles gone over in one unit of work, after which is told how far it is. Chosen: often enough to be seen and
# stopped. With one article each, waiting for the disk took 19 of 33 seconds for 3,000 articles; with ten, 8 of 22.
_TOGETHER: Final = 10


@dataclass(frozen=True, slots=True)
class Scope:
    """A part of a source: everything below a relative path, all of it when that is empty."""

    source: str
    path: str


@dataclass(frozen=True, slots=True)
class Done:
    """What became of the articles whose stored texts were gone over."""

    articles: int = 0
    passages: int = 0
    kept: int = 0


def outdated(catalog: Catalog, rules: Rules, scopes: Sequence[Scope]) -> Outdated:
    """Return how much older rules made in parts of the sources."""
    counts = [derivations.count(catalog, rules, scope.source, scope.path) for scope in scopes]
    return Outdated(*(sum(getattr(count, name) for count in counts) for name in ("articles", "passages", "of")))


def all_outdated(catalog: Catalog, rules: Rules) -> Outdated:
    """Return how much older rules made in all sources; quickly where it is known that nothing is behind."""
    if meta.read(catalog, meta.RULES) == rules.fingerprint:
        return Outdated(of=articles.count_live(catalog))
    return outdated(catalog, rules, [Scope(source.id, "") for source in sources.live(catalog)])


def is_agreed(behind: Outdated, confirm: Confirm | None) -> bool:
    """Tell whether what older rules made is to be made anew: a little of it always, much only when that is agreed."""
    return not behind.is_much or (confirm is not None and confirm(behind))


def note_current(catalog: Catalog, rules: Rules) -> None:
    """Write down that nothing is behind the rules, so that nobody has to look until they change."""
    with catalog.transaction() as writing:
        meta.write(writing, meta.RULES, rules.fingerprint)


def reprocess_texts(
    catalog: Catalog, recipe: Recipe, rules: Rules, scopes: Sequence[Scope], progress: Progress | None = None
) -> Done:
    """Go over the stored texts of what is still behind the rules, some articles in a unit of work."""
    counted, total = list[Done](), outdated(catalog, rules, scopes).articles
    for some in (some for scope in scopes for some in _behind(catalog, rules, scope)):
        with catalog.transaction() as writing:
            counted += [_reprocess(writing, article, recipe, rules) for article in some]
        if progress is not None:
            progress(Step("reading", len(counted), total))
    return Done(*(sum(getattr(done, name) for done in counted) for name in ("articles", "passages", "kept")))


def _behind(catalog: Catalog, rules: Rules, scope: Scope) -> Iterator[list[str]]:
    after = ""
    while some := derivations.behind(catalog, rules, scope.source, scope.path, after, _TOGETHER):
        yield some
        after = some[-1]


def _reprocess(writing: Transaction, article: str, recipe: Recipe, rules: Rules) -> Done:
    row = articles.read(writing, article)
    if row is None:
        return Done()
    key = (article, row.version)
    version, made = versions.held(writing, key), derivations.of_version(writing, key)
    by = made.by if made is not None and made.by is not None else _first_rules(version, row)
    kept = derivations.kept_mark(rules, gone=bool(row.gone)) if by.needs_file(rules) else ""
    passages = _renew(writing, row, version, by, recipe) if by.needs_text(rules) else None
    now = replace(by, cleaning=rules.cleaning, language=rules.language, kept=kept)
    derivations.write(writing, key, now)
    return Done(passages is not None, passages or 0, bool(kept))


def _renew(writing: Transaction, row: ArticleRow, version: Version, by: Derivation, recipe: Recipe) -> int | None:
    """Hide, tell the language and cut anew; return how many passages there are, None where nothing changed."""
    hidden = hide(version.text, row.title, by.hidden, recipe)
    language = detect(without(version.text, hidden), by.declared)
    ready = Prepared(hidden, language, spans(version.text, hidden, recipe.rule))
    if not rewrite(writing, version, ready) and row.language == language:
        return None
    articles.write(writing, replace(row, language=language))
    return len(ready.passages)


def _first_rules(version: Version, row: ArticleRow) -> Derivation:
    """Return what made a version of before that was recorded.

    Front matter, which readers hand over today, was hidden by cleaning then. What the record declared is not known any
    more; the language that was told stands for it.
    """
    return Derivation(version.reader, "", declared=row.language, hidden=front_matter_spans(version.text))
