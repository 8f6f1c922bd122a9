"""What a build will do and why, decided before anything is written: pure functions over frozen facts.

``index.indexing.facts`` gathers the facts; the build and a dry run decide by the same plan.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from archive.folder.settings import VectorSearch
from index.ann.choice import wants_chroma
from index.contracts.recipe import RecipeHashes
from index.lexical import choose

MOST_CHANGED: Final = 0.2  # share of the articles; chosen, not measured: beyond it, appending saves little
MOST_TOMBSTONED: Final = 0.2  # share of the passages; chosen, not measured: each costs every later question


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of a build.

    Attributes:
        rebuild: make a new generation even when nothing changed, and continue vectors that ``reembed`` began.
        reembed: begin a new set of vectors, which implies ``rebuild``.
        engine: name of the lexical engine in the settings, or ``auto``.
        vectors: what the settings say finds the nearest passages.
        epoch: the set of vectors to use, None to choose one.
    """

    rebuild: bool = False
    reembed: bool = False
    engine: str = "auto"
    vectors: VectorSearch = "auto"
    epoch: int | None = None

    @property
    def anew(self) -> bool:
        """Tell whether nothing of the generation in use may be taken over."""
        return self.rebuild or self.reembed


@dataclass(frozen=True, slots=True)
class Makers:
    """What makes a generation of a catalog, by fingerprint; where all are equal, so are the generations.

    Attributes:
        model: fingerprint of the model.
        analysis: fingerprint of the text analysis.
        rule: name of the rule by which passages are cut.
        recipe: hashes of the numbers.
    """

    model: str
    analysis: str
    rule: str
    recipe: RecipeHashes


@dataclass(frozen=True, slots=True)
class InUse:
    """The generation in use, by its manifest.

    Attributes:
        change: the catalog's change number it was built from, ``token`` the name of that state; ``passages`` that can
            be found in it.
        engine: name of its lexical engine.
        epoch: of its vectors.
        chroma: whether it has a Chroma index.
        follows: whether the catalog is in the state it was built from, or came from that.
        partial: whether some of its passages have no vector yet.
        named: whether ``CURRENT`` names it, with the manifest that was written.
        makers: what made it.
    """

    number: int
    change: int
    token: str
    follows: bool
    passages: int
    engine: str
    epoch: int
    chroma: bool
    partial: bool
    named: bool
    makers: Makers


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of the generation in use, whose files are whole, against the catalog.

    Attributes:
        articles: rows, tombstoned ones counted; likewise ``passages``.
        changed: articles that changed, came or went since it was built.
        tombstoned: passages that are tombstoned, or would be if the generation grew.
        in_order: whether the rows stand as they would if all were written anew now.
    """

    articles: int
    passages: int
    changed: int
    tombstoned: int
    in_order: bool


@dataclass(frozen=True, slots=True)
class Facts:
    """All that a plan depends on.

    Attributes:
        program: what this program, with the model that the settings name, makes a generation by.
        change: the catalog's change number; ``passages`` in it.
        epochs: numbers of the model's sets of vectors; ``pending`` was begun and does not serve yet.
        newest: the highest number of a generation in the archive folder, 0 without one.
        in_use: None without one that can be read.
        rows: None where nothing can be taken over, or nobody looked because nothing is to be done.
    """

    request: Request
    program: Makers
    change: int
    passages: int
    epochs: tuple[int, ...]
    pending: int | None
    newest: int
    in_use: InUse | None
    rows: Rows | None = None


@dataclass(frozen=True, slots=True)
class Reuse:
    """What is taken over from the generation in use.

    Attributes:
        words: columns and word index, to which new rows are appended; else both are written anew.
        vectors: which vector each passage has, and the Chroma index; else vectors are looked up anew.
        scales: the confidence scales; else they are set anew.
    """

    words: bool = False
    vectors: bool = False
    scales: bool = False


@dataclass(frozen=True, slots=True)
class BuildPlan:
    """What a build will do.

    Attributes:
        why: the reasons, in sentences; empty when there is nothing to do.
        makers: what the new generation is made by.
        number: of the new generation.
        engine: name of its lexical engine.
        epoch: of its vectors.
        begins: whether that epoch has to be begun.
        serving: whether that epoch serves the generation in use, so that few vectors can be missing.
        waits: whether the generation in use serves until the new one has all its vectors: it has other ones.
        chroma: whether a Chroma index is asked for; one that cannot be shared is made when the generation is in use.
        reuse: what is taken over.
        notes: sentences worth telling.
    """

    why: tuple[str, ...]
    makers: Makers
    number: int
    engine: str
    epoch: int
    begins: bool
    serving: bool
    waits: bool
    chroma: bool
    reuse: Reuse
    notes: tuple[str, ...]


def make_plan(facts: Facts) -> BuildPlan:
    """Return the plan that follows from the facts."""
    before = facts.in_use
    previous = before.engine if before else None
    engine = choose(facts.request.engine, facts.passages, previous)
    epoch = _epoch(facts)
    return BuildPlan(
        why=reasons(facts),
        makers=facts.program,
        number=max(facts.newest, before.number if before else 0) + 1,
        engine=engine,
        epoch=epoch or _next_epoch(facts),
        begins=epoch is None,
        serving=epoch is not None and epoch == _serving(facts),
        waits=before is not None and facts.request.epoch is None and (epoch is None or epoch != _serving(facts)),
        chroma=_wants_chroma(facts),
        reuse=_reuse(facts, engine, epoch),
        notes=() if previous in (None, engine) else (_moved(previous, engine, facts.passages),),
    )


def reasons(facts: Facts) -> tuple[str, ...]:
    """Return why a new generation is needed, in sentences; empty when there is nothing to do."""
    if facts.in_use is None:
        return ("Nothing is indexed yet.",) if facts.passages else ()
    return (*_asked(facts.request), *_state(facts, facts.in_use), *changes(facts.in_use.makers, facts.program))


def changes(before: Makers, program: Makers) -> tuple[str, ...]:
    """Return what differs between what made a generation and what this program would make it by, in sentences."""
    was, now = before.recipe, program.recipe
    differing = (
        (before.model != program.model, "The settings name another model."),
        (before.analysis != program.analysis, "The text analysis changed."),
        (before.rule != program.rule or was.passages != now.passages, "Passages are cut by another rule."),
        (was.words != now.words, "The numbers that shape the word index changed."),
        (was.vectors != now.vectors, "The numbers that shape the model's inputs changed."),
        (was.scale != now.scale, "The numbers that shape the confidence scale changed."),
    )
    return tuple(sentence for differs, sentence in differing if differs)


def _asked(request: Request) -> Iterator[str]:
    if request.reembed:
        yield "New vectors are asked for."
    elif request.rebuild:
        yield "A rebuild is asked for."


def _state(facts: Facts, before: InUse) -> Iterator[str]:
    if not before.named:
        yield "The record of which index is in use is damaged."
    if not before.follows:
        yield "The catalog is not the one that the index was made of."
    elif before.change != facts.change:
        yield "The catalog changed."
    if facts.request.engine not in ("auto", before.engine):
        yield f"The settings name the engine {facts.request.engine}."
    if before.chroma and not _wants_chroma(facts):
        yield "The index in Chroma is not asked for any more."


def _wants_chroma(facts: Facts) -> bool:
    return wants_chroma(facts.request.vectors, facts.passages)


def _moved(previous: str, engine: str, passages: int) -> str:
    return f"The word index moved from {previous} to {engine} ({passages:,} passages)."


def _serving(facts: Facts) -> int | None:
    """Return the epoch in use, None when that is of another model."""
    before = facts.in_use
    return before.epoch if before is not None and before.makers.model == facts.program.model else None


def _epoch(facts: Facts) -> int | None:
    """Return the epoch whose vectors are used, None where a new one is to be begun."""
    request, serving = facts.request, _serving(facts)
    begun = facts.pending if facts.pending != serving else None
    if request.epoch is not None:
        return request.epoch
    if begun is not None and request.anew:
        return begun
    if request.reembed:
        return None
    if serving is not None:
        return serving
    return max((number for number in facts.epochs if number != begun), default=begun or 1)


def _next_epoch(facts: Facts) -> int:
    return max(_serving(facts) or 0, *facts.epochs, 0) + 1


def _reuse(facts: Facts, engine: str, epoch: int | None) -> Reuse:
    """Return what may be taken over.

    A generation grows while few articles changed. Where only its words or only its vectors are out of date, the other
    half is taken over if nothing else changed and its rows stand as they would if they were written anew.
    """
    before, rows, program = facts.in_use, facts.rows, facts.program
    if before is None or rows is None or facts.request.anew or before.makers.rule != program.rule:
        return Reuse()
    if before.partial and rows.tombstoned:  # they would never get a vector
        return Reuse()
    was, now = before.makers.recipe, program.recipe
    words = (before.engine, before.makers.analysis, was.words) == (engine, program.analysis, now.words)
    vectors = (_serving(facts), was.vectors) == (epoch, now.vectors)
    if words and vectors:
        return Reuse(True, True, was.scale == now.scale) if _is_few(rows) else Reuse()
    return Reuse(words, vectors) if rows.in_order and not rows.changed else Reuse()


def _is_few(rows: Rows) -> bool:
    """Tell whether appending costs less than writing anew."""
    few = rows.changed <= MOST_CHANGED * rows.articles and rows.tombstoned <= MOST_TOMBSTONED * rows.passages
    return not rows.changed or few
