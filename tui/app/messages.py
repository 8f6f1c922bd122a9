"""What threads and widgets tell the screens: small values; a burst of one kind collapses to its newest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from archive.core.article import Article, Span
    from index.evaluation.measures import Evaluation
    from index.search.answer import Answer, Hit, Totals
    from index.search.news import News
    from tui.app.notices import Notice
    from tui.app.view.article_page import Page
    from tui.formats.facts import KnownVersion
    from tui.session.changes import Wish
    from tui.session.counts import Counts
    from tui.session.narrowing import By
    from tui.session.request import ModeName, Question
    from tui.session.rows import Row
    from tui.session.session import Shown
    from tui.writing.ended import Ended
    from tui.writing.folders import Completion
    from tui.writing.progress import Far
    from tui.writing.survey import Survey


@dataclass
class ArchiveOpened(Message):
    """An index of the archive is open; ``empty`` when the archive holds no articles, ``archive`` is its identifier."""

    generation: int
    empty: bool
    archive: str


@dataclass
class ArchiveCounted(Message):
    """All that the open index holds was counted."""

    totals: Totals


@dataclass
class SearchFailed(Message):
    """The archive, or a question put to it, failed; ``number`` is the request's, None at opening."""

    notice: Notice
    number: int | None = None


@dataclass
class EncoderLoaded(Message):
    """The query encoder was loaded, or could not be."""

    ready: bool


@dataclass
class StatusText(Message):
    """Something slow is happening below, in words."""

    text: str


@dataclass
class OperationFailed(Message):
    """Something smaller than a search failed, in words."""

    text: str


@dataclass
class IndexState(Message):
    """How the index in use stands to the catalog and to newer indexes."""

    behind: int
    newer: int | None

    def can_replace(self, message: Message) -> bool:
        """Let a newer message of this kind stand for an older one."""
        return isinstance(message, IndexState)


@dataclass
class Withdrawn(Message):
    """Which of the articles that are shown were removed or erased, perhaps by another program; none, mostly."""

    removed: frozenset[str]
    erased: frozenset[str]

    def elsewhere(self, out: frozenset[str]) -> frozenset[str]:
        """Return those that are not only out because they were taken out here, which is drawn and can be undone."""
        return self.removed - out | self.erased


@dataclass
class Answered(Message):
    """A question was answered, or the first half of it."""

    shown: Shown


@dataclass
class FoldedHitsFound(Message):
    """What was folded under a hit of an answer was looked up."""

    answer: Answer
    hit: Hit
    folded: tuple[Hit, ...]


@dataclass
class HitExplained(Message):
    """Why a hit is in its answer, as lines."""

    hit: Hit
    lines: tuple[str, ...]


@dataclass
class ArticleRead(Message):
    """The article of a hit was read."""

    page: Page


@dataclass
class NearestFound(Message):
    """The sentence of a hit that is nearest in meaning was found."""

    page: Page


@dataclass
class MatchesFound(Message):
    """All matches of the question in a long article were found."""

    page: Page


@dataclass
class FindsFound(Message):
    """What was looked for within an article was found, or not; ``finds`` are spans of its text."""

    version: str
    sought: str
    finds: tuple[Span, ...]


@dataclass
class VersionsFound(Message):
    """The versions of an article, oldest first."""

    article: Article
    versions: tuple[KnownVersion, ...]


@dataclass
class NeighbourWanted(Message):
    """Somebody wants to read on: the next passage on the list (``step`` 1; -1 for the one before), or article."""

    step: int
    article: bool


@dataclass
class NeighbourFound(Message):
    """The result that was to follow on the list was fetched; None when there is none."""

    hit: Hit | None


@dataclass
class QuestionAsked(Message):
    """A question was asked elsewhere than in the search line, in the mode of the last one unless another is given."""

    text: str
    mode: ModeName | None = None


@dataclass
class KeepWanted(Message):
    """Something is to be kept, or no longer."""

    wish: Wish


@dataclass
class RemoveWanted(Message):
    """An article is to be taken out of the archive."""

    article: Article


@dataclass
class Undoable(Message):
    """Something was done that ``undo`` undoes, once; it returns whether it did."""

    undo: Callable[[], bool]


@dataclass
class UndoWanted(Message):
    """What was done last, and can be undone, is to be undone."""


@dataclass
class LookWanted(Message):
    """What is kept is to be read again, as other programs may have changed it."""


@dataclass
class NewsFound(Message):
    """What is new of the saved questions was looked up, by their identifiers."""

    news: Mapping[str, News]


@dataclass
class Evaluated(Message):
    """The modes were measured over a person's judgements; or not, for a reason in words."""

    evaluation: Evaluation | None
    why: str = ""


@dataclass
class RowClicked(Message):
    """A row of the list was clicked, ``times`` in a row."""

    row: Row
    times: int


@dataclass
class Counted(Message):
    """All that matches a question was counted."""

    counts: Counts


@dataclass
class CountFailed(Message):
    """What matches a question could not be counted, for a reason in words."""

    of: Question
    text: str


@dataclass
class ValueMarked(Message):
    """A value is to narrow the question, or to be left out of what it finds, or no longer."""

    by: By
    query: str
    excluded: bool


@dataclass
class SpanPicked(Message):
    """A span of time is to narrow the question."""

    query: str


@dataclass
class ChipClicked(Message):
    """A chip, given by its place, is to be taken away."""

    place: int


@dataclass
class LineEmptied(Message):
    """The last letter is to go from a search line in which none is left."""


@dataclass
class TimelineLeft(Message):
    """Nobody looks at the timeline any more."""


@dataclass
class ListEndReached(Message):
    """The last result is in sight."""


@dataclass
class ListNotFull(Message):
    """The results end before the screen does."""


@dataclass
class PositionChanged(Message):
    """The place in an article's text changed: its current match, or what is shown."""


@dataclass
class Surveyed(Message):
    """What lies at a path that was typed was looked at, in part or wholly; or not, for a reason in words."""

    path: Path
    survey: Survey | None
    why: str = ""


@dataclass
class Offered(Message):
    """The ways in which a path that was typed may go on were looked up, as the ``number``-th thing asked."""

    number: int
    completion: Completion
    to_the_end: bool


@dataclass
class OtherArchiveFound(Message):
    """Another archive was looked for, beside the one that is open, and found or not."""

    path: Path | None


@dataclass
class ArchiveLookedAt(Message):
    """A path that was typed is an archive, or not; ``why`` not one can be made there, in words."""

    path: Path
    is_archive: bool
    why: str = ""


@dataclass
class WorkTold(Message):
    """A run that writes told how far it is."""

    far: Far

    def can_replace(self, message: Message) -> bool:
        """Let newer news of a phase stand for older."""
        return isinstance(message, WorkTold) and message.far.phase == self.far.phase


@dataclass
class WorkEnded(Message):
    """A run that writes has ended."""

    ended: Ended
