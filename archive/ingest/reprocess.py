"""Bringing what older rules made up to newer ones: how much that is, and doing it from the stored texts.

This comes after the sources were looked through, so that what has just come back is counted too. What a reader makes
(titles, dates, the text itself) can be had from the file only, and is made anew if its bytes are the same. What is
hidden of a text and its language can be had from the stored text, so that is done last. An article whose file would
have been needed and is gone, or does not hold it as it did, is recorded as kept: it is told once and is not behind any
more. One whose file merely could not be read this time stays behind, and the refusal of its file says why.

A person's corrections are to win over both. There are none yet; when there are, they are laid over an article's row
where it is made, in ``upsert``, so that neither way of making it anew loses them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from archive.catalog.database import Catalog
from archive.catalog.rows import ArticleRow, FileKey
from archive.catalog.tables import articles, derivations, files, meta, sources, versions
from archive.catalog.transaction import Transaction
from archive.core.article import Outdated, Prepared, Source, Version
from archive.core.derivation import Derivation, Rules
from archive.core.progress import Progress, Step
from archive.core.spans import without
from archive.folder.paths import absolute
from archive.ingest.file_records import FileReading, FileState, Tools
from archive.ingest.prepare import Preparation, hide
from archive.ingest.upsert import rewrite
from archive.readers.front_matter import front_matter_spans
from archive.text.chunking import spans
from archive.text.language.detection import detect

Confirm = Callable[[Outdated], bool]
"""Is told what older rules made, where that is much; says whether to make it anew."""

# Files or articles after which is told how far it is; and articles gone over in one unit of work. Chosen: often enough
# to be seen and stopped. With one article each, waiting for the disk took 19 of 33 seconds for 3,000 articles; with
# ten, 8 of 22.
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
    if is_current(catalog, rules):
        return Outdated(of=articles.count_live(catalog))
    return outdated(catalog, rules, [Scope(source.id, "") for source in sources.live(catalog)])


def is_agreed(behind: Outdated, confirm: Confirm | None) -> bool:
    """Tell whether what older rules made is to be made anew: a little of it always, much only when that is agreed."""
    return not behind.is_much or (confirm is not None and confirm(behind))


def is_current(catalog: Catalog, rules: Rules) -> bool:
    """Tell whether it is known that nothing is behind the rules."""
    return meta.read(catalog, meta.RULES) == rules.fingerprint


def note_current(catalog: Catalog, rules: Rules) -> None:
    """Write down that nothing is behind the rules, so that nobody has to look until they change."""
    with catalog.transaction() as writing:
        meta.write(writing, meta.RULES, rules.fingerprint)


@dataclass(slots=True)
class Reprocessing:
    """Making anew what is behind the rules: from the files first, then from the stored texts.

    Attributes:
        unread: the files that could not be read this time. What they hold stays behind, and a later run tries again.
    """

    catalog: Catalog
    preparation: Preparation
    rules: Rules
    progress: Progress | None = None
    unread: set[FileKey] = field(default_factory=set)

    def files(self, source: Source, scope: Scope, tools: Tools) -> None:
        """Read again the files of a part of a source that only their readers can bring up, where they are unchanged."""
        paths = derivations.files_behind(self.catalog, self.rules, scope.source, scope.path)
        by_file = {Path(absolute(source.root, path)): path for path in paths}
        for done, file in enumerate(tools.prefetcher.files(by_file, lambda _: True), 1):
            if isinstance(file, Path) and not self._file(source, by_file[file], file, tools):
                self.unread.add((source.id, by_file[file]))
            if self.progress is not None and done % _TOGETHER == 0:
                self.progress(Step("reading", done, len(by_file)))

    def texts(self, scopes: Sequence[Scope]) -> Done:
        """Go over the stored texts of what is still behind, some articles in a unit of work."""
        counted, total = list[Done](), outdated(self.catalog, self.rules, scopes).articles
        for some in (some for scope in scopes for some in self._behind(scope)):
            with self.catalog.transaction() as writing:
                counted += [self._text(writing, article) for article in some]
            if self.progress is not None:
                self.progress(Step("reading", len(counted), total))
        return Done(*(sum(getattr(done, name) for done in counted) for name in ("articles", "passages", "kept")))

    def _file(self, source: Source, path: str, file: Path, tools: Tools) -> bool:
        """Read a file again; tell whether it could be read."""
        row = files.read(self.catalog, (source.id, path))
        try:
            status = file.stat()
        except OSError:
            return False
        if row is None or (row.size, row.mtime_ns) != (status.st_size, status.st_mtime_ns):
            return False
        behind = derivations.records_behind(self.catalog, self.rules, (source.id, path))
        state = FileState.of(self.catalog, source, row, file, refused=True)
        reading = FileReading(tools, replace(state, outdated=frozenset(behind)))
        reading.run()
        return not reading.retry

    def _behind(self, scope: Scope) -> Iterator[list[str]]:
        after = ""
        while some := derivations.behind(self.catalog, self.rules, scope.source, scope.path, after, _TOGETHER):
            yield some
            after = some[-1]

    def _text(self, writing: Transaction, article: str) -> Done:
        row = articles.read(writing, article)
        if row is None:
            return Done()
        key = (article, row.version)
        version, made = versions.held(writing, key), derivations.of_version(writing, key)
        by = made.by if made is not None and made.by is not None else _first_rules(version, row)
        kept, rules = by.kept, self.rules
        if by.needs_file(rules) and row.place.file not in self.unread:
            kept = derivations.kept_mark(rules, gone=bool(row.gone))
        passages = _renew(writing, row, version, by, self.preparation) if by.needs_text(rules) else None
        chunking = self.preparation.rule.name
        now = replace(by, chunking=chunking, cleaning=rules.cleaning, language=rules.language, kept=kept)
        if now != by:
            derivations.write(writing, key, now)
        return Done(passages is not None, passages or 0, kept != by.kept)


def _renew(
    writing: Transaction, row: ArticleRow, version: Version, by: Derivation, preparation: Preparation
) -> int | None:
    """Hide, tell the language and cut anew; return how many passages there are, None where nothing changed."""
    hidden = hide(version.text, row.title, by.hidden, preparation)
    language = detect(without(version.text, hidden), by.declared)
    ready = Prepared(hidden, language, spans(version.text, hidden, preparation.rule))
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
