"""Cutting every version again when the rule for passages has changed."""

from __future__ import annotations

from typing import Final

from archive.catalog import mapping
from archive.catalog.article_rows import touch_article
from archive.catalog.database import Catalog
from archive.catalog.schema import META
from archive.core.progress import Progress, Step
from archive.ingest.upsert import write_passages
from archive.text.chunking import Rule, cut

# The rule that all passages keep; empty while they are between two.
_RULE: Final = "rule"
# The rule that is being brought in, and the last version that keeps it.
_COMING: Final = "rule coming"
_REACHED: Final = "rule reached"


def recut(catalog: Catalog, rule: Rule, progress: Progress | None = None) -> int:
    """Bring all passages to a rule; return how many versions were cut again.

    A run that is cut short goes on where it stopped.
    """
    before = catalog.meta(_RULE)
    if before == rule.name:
        return 0
    if before is None:
        _finish(catalog, rule)
        return 0
    if catalog.meta(_COMING) != rule.name:
        _start(catalog, rule)
    reached = catalog.meta(_REACHED) or ""
    keys = catalog.rows(
        "SELECT article, digest FROM versions WHERE article || ' ' || digest > ? ORDER BY article, digest", (reached,)
    )
    for done, (article, digest) in enumerate(keys, 1):
        _cut_again(catalog, rule, article, digest)
        if progress is not None and done % 10 == 0:
            progress(Step("reading", done, len(keys)))
    _finish(catalog, rule)
    return len(keys)


def _start(catalog: Catalog, rule: Rule) -> None:
    with catalog.transaction() as writing:
        writing.put(META, _RULE, "")
        writing.put(META, _COMING, rule.name)
        writing.put(META, _REACHED, "")


def _cut_again(catalog: Catalog, rule: Rule, article: str, digest: str) -> None:
    row = catalog.row(f"{mapping.VERSION} WHERE article = ? AND digest = ?", (article, digest))
    with catalog.transaction() as writing:
        version = mapping.version(row or ())
        write_passages(writing, version, cut(article, version, rule))
        touch_article(writing, article)
        writing.put(META, _REACHED, f"{article} {digest}")


def _finish(catalog: Catalog, rule: Rule) -> None:
    with catalog.transaction() as writing:
        writing.put(META, _RULE, rule.name)
        writing.delete("DELETE FROM meta WHERE name IN (?, ?)", (_COMING, _REACHED))
