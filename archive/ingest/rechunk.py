"""Cutting every version again when the rule for passages has changed."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from archive.catalog.article_rows import touch
from archive.catalog.database import Catalog
from archive.catalog.tables import derivations, meta, versions
from archive.catalog.tables.versions import VersionKey
from archive.core.progress import Progress, Step
from archive.text.chunking import Rule, cut

# The rule that all passages keep; empty while they are between two.
RULE: Final = "rule"
# The rule that is being brought in, and the last version that keeps it.
_COMING: Final = "rule coming"
_REACHED: Final = "rule reached"
# Chosen, not measured: often enough to be seen, seldom enough to cost nothing.
_TOLD_EVERY: Final = 10


def recut(catalog: Catalog, rule: Rule, progress: Progress | None = None) -> int:
    """Bring all passages to a rule; return how many versions were cut again.

    A run that is cut short is continued by the next.
    """
    stored = meta.several(catalog, (RULE, _COMING, _REACHED))
    if stored.get(RULE) == rule.name:
        return 0
    if RULE not in stored:
        _finish(catalog, rule)
        return 0
    reached = stored.get(_REACHED, "")
    if stored.get(_COMING) != rule.name:
        _start(catalog, rule)
        reached = ""
    keys = versions.keys(catalog, reached)
    for done, key in enumerate(keys, 1):
        _cut_again(catalog, rule, key)
        if progress is not None and done % _TOLD_EVERY == 0:
            progress(Step("reading", done, len(keys)))
    _finish(catalog, rule)
    return len(keys)


def _start(catalog: Catalog, rule: Rule) -> None:
    with catalog.transaction() as writing:
        meta.write(writing, RULE, "")
        meta.write(writing, _COMING, rule.name)
        meta.write(writing, _REACHED, "")


def _cut_again(catalog: Catalog, rule: Rule, key: VersionKey) -> None:
    version = versions.held(catalog, key)
    passages = cut(version.article_id, version, rule)
    with catalog.transaction() as writing:
        versions.recut(writing, version, passages)
        made = derivations.of_version(writing, key)
        if made is not None and made.by is not None:
            derivations.write(writing, key, replace(made.by, chunking=rule.name))
        touch(writing, version.article_id)
        meta.write(writing, _REACHED, " ".join(key))


def _finish(catalog: Catalog, rule: Rule) -> None:
    with catalog.transaction() as writing:
        meta.write(writing, RULE, rule.name)
        meta.forget(writing, _COMING, _REACHED)
