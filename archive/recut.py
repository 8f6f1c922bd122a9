"""Cutting every version again when the rule for passages has changed."""

from __future__ import annotations

from archive import records
from archive.catalog import Catalog
from archive.changes import touch_article
from archive.passages import Rule
from archive.progress import Progress, Step
from archive.rows import META
from archive.taking import write_passages

_NAME = "rule"


def recut(catalog: Catalog, rule: Rule, progress: Progress | None = None) -> int:
    """Bring all passages to a rule; return how many versions were cut again.

    A run that is cut short goes on where it stopped: the rule is written down last.
    """
    before = catalog.meta(_NAME)
    if before == rule.name:
        return 0
    keys = catalog.rows("SELECT article, digest FROM versions") if before is not None else []
    for done, (article, digest) in enumerate(keys):
        row = catalog.row(f"{records.VERSION} WHERE article = ? AND digest = ?", (article, digest))
        with catalog.transaction() as writing:
            write_passages(writing, records.version(row or ()), rule)
            touch_article(writing, article)
        if progress is not None and done % 50 == 0:
            progress(Step("reading", done, len(keys)))
    with catalog.transaction() as writing:
        writing.put(META, _NAME, rule.name)
    return len(keys)
