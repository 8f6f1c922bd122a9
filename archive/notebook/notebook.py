"""The notebook of an archive: keeping clips, stars, saved questions and judgements, and taking them out again.

Nothing of it changes an article, so an index is never behind because of it. What was taken out can be brought back.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from secrets import token_hex

from archive.catalog.database import Catalog
from archive.catalog.reading import CatalogReading
from archive.catalog.tables import articles, versions
from archive.catalog.tables.notebook import ClipRow, JudgementRow, Kept, Row, SavedRow, StarRow
from archive.core.clock import now_utc
from archive.core.errors import Action, Remedy, UnknownId, UsageError
from archive.folder.layout import Layout
from archive.notebook.clips import Follower
from archive.notebook.kept import MODES, Clip, Judgement, SavedQuestion, Star
from archive.notebook.store import Page, Store
from archive.text.decode import neutral

Name = str | tuple[str, str]
"""What a person names something kept by: an identifier, or the question and the target of a judgement."""
_ID_BYTES = 6  # chosen, not measured: none of a hundred thousand equals another, and it can be typed


class Notebook:
    """What a person keeps of one archive. Safe from any thread, and beside any process that writes to the archive.

    Every method that writes is durable when it returns, and raises Busy when another program holds the file for long.

    Args:
        archive: has the texts; stays open as long as this is used.
        catalog: of the archive, for reading.
        layout: of the archive.
        identifier: of the archive.
        lock: takes the archive's lock.
    """

    def __init__(
        self,
        archive: CatalogReading,
        catalog: Catalog,
        layout: Layout,
        identifier: str,
        lock: Callable[[], AbstractContextManager[None]],
    ) -> None:
        self._archive = archive
        self._catalog = catalog
        self._store = Store(layout, identifier, catalog, lock)

    @property
    def is_aside(self) -> bool:
        """Tell whether it lies in the user's folder, because the archive may not be written to."""
        return self._store.is_aside

    @property
    def problems(self) -> tuple[str, ...]:
        """Return what could not be read of it, or is not as it was written, as far as that was met; in sentences."""
        return self._store.problems

    def clips(self, question: str | None = None) -> tuple[Clip, ...]:
        """Return the clips by the questions they were found with, in the order of keeping.

        Args:
            question: only those found with it; all of them when it is None.
        """
        rows = [row for row in self._store.every(ClipRow) if not row.removed]
        if question is not None:
            question = _plain(question)
            rows = [row for row in rows if row.question == question]
        order = {asked: place for place, asked in enumerate(dict.fromkeys(row.question for row in rows))}
        follower = Follower(self._archive, self._catalog)
        return tuple(map(follower.followed, sorted(rows, key=lambda row: order[row.question])))

    def add_clip(
        self, article_id: str, version: str, start: int, end: int, *, question: str = "", note: str = ""
    ) -> Clip:
        """Mark a passage; one that is marked for the question already stays as it is, but for a note that is given.

        Args:
            article_id: of the article.
            version: digest of one of its texts.
            start: offset of its first character in that text.
            end: offset after its last.
            question: that it was found with.
            note: the person's own words.

        Raises:
            UnknownId: the archive has no such article or text.
            UsageError: there are no words at that place.
        """
        question, note = _plain(question), _plain(note)
        with self._store.writing() as page:
            words = _words(page, article_id, version, start, end)
            place = (article_id, version, start, end)
            same = [row for row in page.clips_of(article_id, version) if _is_of(row, start, end, question)]
            number = page.next_number(ClipRow)
            row = ClipRow(_new_id(page, ClipRow), number, 0, now_utc(), question, note, *place, words)
            if same:
                row = replace(same[0], removed=0, note=note or same[0].note)
            row = page.put(row)
        return Follower(self._archive, self._catalog).followed(row)

    def note_clip(self, clip_id: str, note: str) -> Clip:
        """Write another note to a clip; an empty one takes the note away.

        Raises:
            UnknownId: there is no such clip.
        """
        with self._store.writing() as page:
            row = _kept(page, ClipRow, clip_id, "clip")
            row = page.put(replace(row, note=_plain(note)))
        return Follower(self._archive, self._catalog).followed(row)

    def remove_clips(self, clip_ids: Collection[str]) -> int:
        """Take clips out; ``undo_clips`` brings them back. Return how many.

        Raises:
            UnknownId: there is no such clip; nothing is taken out.
        """
        return self._remove(ClipRow, clip_ids, "clip")

    def undo_clips(self, clip_ids: Collection[str] = ()) -> tuple[Clip, ...]:
        """Bring back clips that were taken out: some, or those that were taken out last.

        Raises:
            UnknownId: none of that identifier was taken out.
        """
        rows = self._undo(ClipRow, clip_ids, "clip")
        return tuple(Follower(self._archive, self._catalog).followed(row) for row in rows)

    def stars(self) -> tuple[Star, ...]:
        """Return the marked articles, in the order of marking."""
        return tuple(
            Star(row.article, row.kept, articles.described(self._catalog, row.article))
            for row in self._store.every(StarRow)
            if not row.removed
        )

    def star(self, article_id: str) -> None:
        """Mark an article.

        Raises:
            UnknownId: there is no such article.
        """
        with self._store.writing() as page:
            _require_article(page, article_id)
            rows = page.every(StarRow)
            if not any(row.article == article_id and not row.removed for row in rows):
                page.put(StarRow(article_id, _next(rows), 0, now_utc()))

    def unstar(self, article_ids: Collection[str]) -> int:
        """Mark articles no more; ``undo_stars`` marks them again. Return how many.

        Raises:
            UnknownId: one is not marked; nothing is changed.
        """
        return self._remove(StarRow, article_ids, "star")

    def undo_stars(self, article_ids: Collection[str] = ()) -> int:
        """Mark articles again: some, or those that lost their mark last. Return how many."""
        return len(self._undo(StarRow, article_ids, "star"))

    def saved(self) -> tuple[SavedQuestion, ...]:
        """Return the saved questions, in the order of saving."""
        return tuple(_saved(row) for row in self._store.every(SavedRow) if not row.removed)

    def save(self, question: str, mode: str = "hybrid", *, seen: int = 0) -> SavedQuestion:
        """Save a question; one that is saved already in that mode is that one, and what was seen of it stays.

        Args:
            question: as it is typed.
            mode: which legs answer it.
            seen: the change number up to which its answers were seen, that of the index that gave them
                (``Searcher.answering``); 0 lets every answer be new.

        Raises:
            UsageError: there is no question, or no such mode.
        """
        question = _asked(question)
        if mode not in MODES:
            raise UsageError(f"There is no mode {mode!r}; there are {', '.join(MODES)}.")
        with self._store.writing() as page:
            rows = page.every(SavedRow)
            same = [row for row in rows if (row.question, row.mode) == (question, mode)]
            row = SavedRow(_new_id(page, SavedRow), _next(rows), 0, now_utc(), question, mode, seen)
            if same:
                row = same[0] if not same[0].removed else replace(same[0], removed=0, seen=seen)
            page.put(row)
        return _saved(row)

    def forget(self, saved_ids: Collection[str]) -> int:
        """Take out saved questions; ``undo_saved`` brings them back. Return how many.

        Raises:
            UnknownId: there is no such question; nothing is taken out.
        """
        return self._remove(SavedRow, saved_ids, "saved question")

    def undo_saved(self, saved_ids: Collection[str] = ()) -> tuple[SavedQuestion, ...]:
        """Bring back saved questions: some, or those that were taken out last.

        Raises:
            UnknownId: none of that identifier was taken out.
        """
        return tuple(_saved(row) for row in self._undo(SavedRow, saved_ids, "saved question"))

    def mark_seen(self, saved_id: str, seen: int) -> SavedQuestion:
        """Note that the answers to a saved question were seen up to a change number; never back to an earlier one.

        Raises:
            UnknownId: there is no such question.
        """
        with self._store.writing() as page:
            row = _kept(page, SavedRow, saved_id, "saved question")
            row = replace(row, seen=max(seen, row.seen))
            page.put(row)
        return _saved(row)

    def unseen(self, saved: SavedQuestion, upto: int) -> frozenset[str]:
        """Return the articles that were added or changed after a question was last seen, up to a change number."""
        return frozenset(articles.changed_between(self._catalog, saved.seen, upto))

    def judgements(self) -> tuple[Judgement, ...]:
        """Return the judgements, in the order of judging."""
        return tuple(_judgement(row) for row in self._store.every(JudgementRow) if not row.removed)

    def judge(self, question: str, targets: Sequence[str], gain: int = 1) -> int:
        """Note how well articles or passages answer a question; earlier judgements of the same are replaced.

        Returns:
            How many judgements of the question there are.

        Raises:
            UnknownId: one of them is not in the archive; nothing is written.
            UsageError: there is no question.
        """
        question = _asked(question)
        with self._store.writing() as page:
            first = page.next_number(JudgementRow)
            for number, target in enumerate(dict.fromkeys(targets), first):
                page.put(JudgementRow(question, target, number, 0, now_utc(), gain, *_target(page, target)))
            return sum(row.question == question and not row.removed for row in page.every(JudgementRow))

    def unjudge(self, question: str, target: str) -> None:
        """Take a judgement out; UnknownId is raised where there is none."""
        if self.rejudge(question, target, None) is None:
            raise UnknownId(f"{target} was not judged for this question.")

    def rejudge(self, question: str, target: str, gain: int | None) -> int | None:
        """Judge an article or passage, or no longer where ``gain`` is None; return how it was judged until then.

        That is None where it was not; what another program judged meanwhile is told.

        Raises:
            UnknownId: it is not in the archive.
            UsageError: there is no question.
        """
        question = _asked(question)
        with self._store.writing() as page:
            rows = page.every(JudgementRow)
            row = next((row for row in rows if (row.question, row.target, row.removed) == (question, target, 0)), None)
            if gain is not None:
                page.put(JudgementRow(question, target, _next(rows), 0, now_utc(), gain, *_target(page, target)))
            elif row is not None:
                page.put(replace(row, removed=_next(rows)))
        return None if row is None else row.gain

    def undo_judgements(self, judged: Collection[tuple[str, str]] = ()) -> tuple[Judgement, ...]:
        """Bring back judgements that were taken out: some, by question and target, or the one that was taken out last.

        Raises:
            UnknownId: none of that question and target was taken out.
        """
        named = [(_plain(question), target) for question, target in judged]
        return tuple(_judgement(row) for row in self._undo(JudgementRow, named, "judgement"))

    def gather(self) -> None:
        """Take into the archive what was kept in the user's folder while the archive could not be written to."""
        self._store.gather()

    def drop_damaged(self) -> None:
        """Remove what could not be read of it in the user's folder and was put aside."""
        self._store.drop_damaged()

    def close(self) -> None:
        """Close what was opened."""
        self._store.close()

    def _remove(self, kind: type[Row], identifiers: Collection[Name], noun: str) -> int:
        with self._store.writing() as page:
            rows = page.every(kind)
            gone = {_id(row) for row in rows if row.removed and page.was_seen(row)}.intersection(identifiers)
            named = _named(rows, set(identifiers) - gone, noun)
            number = _next(rows)
            for row in named:
                page.put(replace(row, removed=number))
        return len(named) + len(gone)

    def _undo(self, kind: type[Row], identifiers: Collection[Name], noun: str) -> list[Row]:
        with self._store.writing() as page:
            removed = [row for row in page.every(kind) if row.removed]
            last = max((row.removed for row in removed), default=0)
            wanted = set(identifiers) or {_id(row) for row in removed if row.removed == last}
            back = [replace(row, removed=0) for row in _named(removed, wanted, f"removed {noun}", gone=True)]
            for row in back:
                page.put(row)
        return back


def _id(row: Kept) -> Name:
    if isinstance(row, JudgementRow):
        return row.question, row.target
    return row.article if isinstance(row, StarRow) else row.id


def _named(rows: Iterable[Row], identifiers: set[Name], noun: str, *, gone: bool = False) -> list[Row]:
    """Return the rows of some identifiers that are kept, of those that were taken out where these are asked for."""
    found = [row for row in rows if bool(row.removed) == gone and _id(row) in identifiers]
    missing = identifiers - {_id(row) for row in found}
    if missing:
        raise UnknownId(f"There is no {noun} {min(missing, key=str)!r}.")
    return found


def _next(rows: Sequence[Kept]) -> int:
    """Return the number above all that were given out."""
    return 1 + max((max(row.number, row.removed) for row in rows), default=0)


def _new_id(page: Page, kind: type[Row]) -> str:
    while page.find(kind, made := token_hex(_ID_BYTES)) is not None:
        pass
    return made


def _kept(page: Page, kind: type[Row], identifier: str, noun: str) -> Row:
    row = page.find(kind, identifier)
    if row is None or row.removed:
        raise UnknownId(f"There is no {noun} {identifier!r}.")
    return row


def _plain(text: str) -> str:
    """Return a person's words as they can be stored and drawn."""
    return neutral(text).strip()


def _asked(question: str) -> str:
    if not (question := _plain(question)):
        raise UsageError("There is no question.")
    return question


def _is_of(row: ClipRow, start: int, end: int, question: str) -> bool:
    return (row.start, row.stop, row.question) == (start, end, question)


def _words(page: Page, article_id: str, version: str, start: int, end: int) -> str:
    """Return the words at a place, as this unit of work sees them: a purge beside it is either over or waits."""
    _require_article(page, article_id)
    text = versions.text(page.archive, (article_id, version))
    if text is None:
        what = f"The article {article_id} has no version {version[:12]}."
        raise UnknownId(what, remedy=Remedy(Action.LIST_VERSIONS))
    if not 0 <= start < end <= len(text) or not text[start:end].strip():
        raise UsageError(f"There are no words from {start} to {end} of that text, which has {len(text)} characters.")
    return text[start:end]


def _require_article(page: Page, article_id: str) -> None:
    if articles.described(page.archive, article_id) is None:
        raise UnknownId(f"There is no article {article_id!r}.", remedy=Remedy(Action.SEARCH))


def _target(page: Page, target: str) -> tuple[str, str, int, int]:
    """Return where a judged passage is; of an article, the article alone."""
    if articles.described(page.archive, target) is not None:
        return target, "", 0, 0
    where = versions.passage(page.archive, target)
    if where is None:
        raise UnknownId(f"There is no passage {target!r}.", remedy=Remedy(Action.SEARCH))
    return where


def _saved(row: SavedRow) -> SavedQuestion:
    return SavedQuestion(row.id, row.question, row.mode, row.seen, row.kept)


def _judgement(row: JudgementRow) -> Judgement:
    place = (row.article, row.version, row.start, row.stop)
    return Judgement(row.question, row.target, row.gain, row.kept, *place)
