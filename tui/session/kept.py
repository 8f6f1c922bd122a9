"""What a person keeps of an archive, as one value: clips, stars, judgements, saved questions and what is new of each.

A screen draws it beside results; it is the notebook as it was last read, with every change since that was made durable.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from archive.core.article import Span

if TYPE_CHECKING:
    from archive.core.article import Passage
    from archive.notebook.kept import Clip, SavedQuestion
    from archive.notebook.notebook import Notebook
    from index.search.news import News

CLIP: Final = "◆"
PART: Final = "◇"
STAR: Final = "★"
RELEVANT: Final = "✓"
IRRELEVANT: Final = "✗"
OUT: Final = "⊘"


@dataclass(frozen=True, slots=True)
class Place:
    """Words of an article: ``start`` and ``end`` are offsets into its text that ``version`` names."""

    article: str
    version: str
    start: int
    end: int

    @classmethod
    def of(cls, passage: Passage) -> Place:
        """Return the place of a whole passage."""
        return cls(passage.article_id, passage.version, passage.start, passage.end)


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept.

    Attributes:
        clips: by their questions, in the order of keeping.
        stars: identifiers of articles.
        judged: how good an answer a passage or an article is, by the question and its identifier.
        saved: the saved questions, in the order of saving.
        news: what was new of saved questions when that was looked up, by their identifiers; also of those that were
            seen or taken out since, which may be brought back.
        is_aside: it lies in the user's folder, because the archive may only be read.
        out: identifiers of articles that are taken out of the archive; until a newer index is asked, rows show them.
    """

    clips: tuple[Clip, ...] = ()
    stars: frozenset[str] = frozenset()
    judged: Mapping[tuple[str, str], int] = field(default_factory=dict)
    saved: tuple[SavedQuestion, ...] = ()
    news: Mapping[str, News] = field(default_factory=dict)
    is_aside: bool = False
    out: frozenset[str] = frozenset()
    _clips_of: Mapping[str, tuple[Clip, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Sort the clips by article: every row that is drawn asks for those of its own."""
        clips_of: dict[str, tuple[Clip, ...]] = {}
        for clip in self.clips:
            if clip.article is not None:
                clips_of[clip.article.id] = (*clips_of.get(clip.article.id, ()), clip)
        object.__setattr__(self, "_clips_of", clips_of)

    @classmethod
    def read(cls, notebook: Notebook, news: Mapping[str, News] | None = None) -> Kept:
        """Read all that a notebook holds; every clip is compared with its text, which may take a while.

        Args:
            notebook: to read.
            news: what is known to be new of saved questions.
        """
        judged = {(one.question, one.target): one.gain for one in notebook.judgements()}
        stars = frozenset(star.article_id for star in notebook.stars())
        return cls(notebook.clips(), stars, judged, notebook.saved(), news or {}, notebook.is_aside)

    def clips_at(self, place: Place) -> tuple[Clip, ...]:
        """Return the clips of exactly these words, whatever question they were found with."""
        return tuple(clip for clip in self._clips_in(place) if (clip.start, clip.end) == (place.start, place.end))

    def spans(self, article_id: str, version: str) -> tuple[Span, ...]:
        """Return where the clips of a text are in it."""
        clips = self._clips_of.get(article_id, ())
        return tuple(Span(clip.start, clip.end) for clip in clips if clip.version == version)

    def clip(self, clip_id: str) -> Clip | None:
        """Return a clip by its identifier."""
        return next((clip for clip in self.clips if clip.id == clip_id), None)

    def is_saved(self, question: str, mode: str) -> bool:
        """Tell whether a question is saved."""
        return any((one.question, one.mode) == (question.strip(), mode) for one in self.saved)

    def gain(self, question: str, target: str) -> int | None:
        """Return how a passage or article was judged for a question, None where it was not."""
        return self.judged.get((question.strip(), target))

    def signs(self, passage: Passage, question: str) -> str:
        """Return the signs of a passage and its article: taken out, marked, judged for the question, starred."""
        place = Place.of(passage)
        whole, part = bool(self.clips_at(place)), bool(self._clips_in(place))
        marked = CLIP if whole else PART if part else ""
        gain = self.gain(question, passage.id)
        judged = "" if gain is None else RELEVANT if gain > 0 else IRRELEVANT
        out = OUT if passage.article_id in self.out else ""
        return f"{out}{marked}{judged}{STAR if passage.article_id in self.stars else ''}"

    def news_about(self, saved: SavedQuestion) -> News | None:
        """Return what is new of a saved question, as far as that is known; None of what was seen since it was found."""
        found = self.news.get(saved.id)
        return found if found is not None and found.change > saved.seen else None

    def news_of(self, saved: SavedQuestion) -> int:
        """Return how many articles are new of a saved question, as far as that is known."""
        found = self.news_about(saved)
        return 0 if found is None else len(found.articles)

    def new_articles(self) -> int:
        """Return how many articles are new of the saved questions, each counted once."""
        found = filter(None, map(self.news_about, self.saved))
        return len({article.id for news in found for article in news.articles})

    # -- changes, each once it is durable -----------------------------------------------------------------------------

    def with_clips(self, clips: Iterable[Clip]) -> Kept:
        """Add clips behind those of the same question; those that are there already change in their place."""
        kept = list(self.clips)
        for clip in clips:
            same = [place for place, other in enumerate(kept) if other.id == clip.id]
            group = [place for place, other in enumerate(kept) if other.question == clip.question]
            if same:
                kept[same[0]] = clip
            else:
                kept.insert(group[-1] + 1 if group else len(kept), clip)
        return replace(self, clips=tuple(kept))

    def without_clips(self, clip_ids: Collection[str]) -> Kept:
        """Leave clips out."""
        return replace(self, clips=tuple(clip for clip in self.clips if clip.id not in clip_ids))

    def starred(self, article_id: str, *, on: bool) -> Kept:
        """Mark an article, or take its mark away."""
        return replace(self, stars=self.stars | {article_id} if on else self.stars - {article_id})

    def judging(self, question: str, target: str, gain: int | None) -> Kept:
        """Note a judgement, or that there is none."""
        key = (question.strip(), target)
        others = {other: known for other, known in self.judged.items() if other != key}
        return replace(self, judged=others if gain is None else {**others, key: gain})

    def with_saved(self, saved: Iterable[SavedQuestion]) -> Kept:
        """Add saved questions; those that are there already change in their place."""
        known = {one.id: one for one in self.saved}
        return replace(self, saved=tuple({**known, **{one.id: one for one in saved}}.values()))

    def without_saved(self, saved_ids: Collection[str]) -> Kept:
        """Leave saved questions out."""
        return replace(self, saved=tuple(one for one in self.saved if one.id not in saved_ids))

    def _clips_in(self, place: Place) -> list[Clip]:
        """Return the clips that share words with a place of the same text."""
        return [
            clip
            for clip in self._clips_of.get(place.article, ())
            if clip.version == place.version and clip.start < place.end and clip.end > place.start
        ]
