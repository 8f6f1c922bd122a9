"""How often the first hit is the passage that answers, by the share that whole articles have in the lexical score.

Builds two archives in a temporary folder, of the news pages about Ukraine and of the sample documents beside the
checkout, and asks the labelled questions of tests/quality/questions.

Usage: python benchmarks/passage_questions.py [SHARED]
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from measure import arguments, show

from archive import Archive
from archive.core.article import Span
from index import Hit, Mode, Searcher, build, passage_rule
from index.contracts.recipe import RECIPE

ROOT = Path(__file__).resolve().parent.parent
QUESTIONS = ROOT / "tests" / "quality" / "questions"
SHARES = (0.0, 0.25, 0.5, 0.65, 0.75, 1.0)
DEPTH = 10


@dataclass(frozen=True, slots=True)
class Question:
    """A question with the spans that answer it, by document."""

    text: str
    answers: tuple[tuple[str, Span], ...]

    def place(self, hits: Sequence[Hit]) -> int | None:
        """Return the rank of the first hit on an answer."""
        return next((hit.rank for hit in hits if self._answered_by(hit)), None)

    def _answered_by(self, hit: Hit) -> bool:
        document = hit.article.record or Path(hit.article.path).stem
        return any(
            document == name and hit.passage.start < span.end and span.start < hit.passage.end
            for name, span in self.answers
        )


def by_offsets(raw: dict[str, Any], folder: Path) -> Question:
    """Read a question whose answer is given as offsets of a record's text."""
    return Question(raw["text"], ((raw["document"], Span(raw["start"], raw["end"])),))


def by_lines(raw: dict[str, Any], folder: Path) -> Question:
    """Read a question whose answers are given as lines of text files."""
    answers = [
        (label["document"], line_span(folder / f"{label['document']}.txt", number))
        for label in raw["passages"]
        for number in label["lines"]
    ]
    return Question(raw["text"], tuple(answers))


def line_span(path: Path, number: int) -> Span:
    """Return the span of a line, counted from 1, in the text of a file."""
    lines = path.read_text("utf-8").split("\n")
    start = sum(len(line) + 1 for line in lines[: number - 1])
    return Span(start, start + len(lines[number - 1]))


def questions(name: str, read: Callable[[dict[str, Any], Path], Question], folder: Path) -> list[Question]:
    """Read a set of labelled questions."""
    raw = tomllib.loads((QUESTIONS / f"{name}.toml").read_text("utf-8"))["question"]
    return [read(one, folder) for one in raw]


def built(root: Path, source: Path) -> Path:
    """Build an archive of a folder."""
    with Archive.create(root) as archive:
        archive.add([source], passage_rule(archive.settings))
        build(archive)
    return root


def places(searcher: Searcher, asked: Sequence[Question], mode: Mode) -> list[int | None]:
    """Return for each question the rank of its answer, None below the first ``DEPTH``."""
    answers = [searcher.search(one.text, k=DEPTH, mode=mode, nearest=True) for one in asked]
    if missing := {sentence for answer in answers for sentence in answer.degraded}:
        sys.exit(" ".join(sorted(missing)))
    return [one.place(answer.hits) for one, answer in zip(asked, answers, strict=True)]


def figures(found: Sequence[int | None]) -> tuple[str, str, str]:
    """Return how often the answer came first and among the first three, and the mean reciprocal rank."""
    top = [sum(place is not None and place <= depth for place in found) for depth in (1, 3)]
    mean = sum(1 / place for place in found if place) / len(found)
    return f"{top[0]}", f"{top[1]}", f"{mean:.3f}"


def table(title: str, root: Path, asked: Sequence[Question]) -> None:
    """Print the figures of both modes for every share."""
    rows = []
    for share in SHARES:
        with Searcher.open(root, tuning=replace(RECIPE.tuning, article_weight=share)) as searcher:
            each = [figures(places(searcher, asked, mode)) for mode in (Mode.LEXICAL, Mode.HYBRID)]
        in_use = " (in use)" if share == RECIPE.tuning.article_weight else ""
        rows.append((f"{share:.2f}{in_use}", *each[0], *each[1]))
    columns = [f"{mode} {figure}" for mode in ("lexical", "hybrid") for figure in ("first", "in 3", f"MRR@{DEPTH}")]
    show(title, ("article share", *columns), rows)
    with Searcher.open(root) as searcher:
        semantic = figures(places(searcher, asked, Mode.SEMANTIC))
    print(f"semantic alone: first {semantic[0]}, in 3 {semantic[1]}, MRR@{DEPTH} {semantic[2]}\n")


def main(shared: Path) -> None:
    """Print a table for each set."""
    sets = (
        ("ukraine", by_offsets, shared / "data" / "ukraine_dec21_feb22_en"),
        ("seeds", by_lines, shared / "seeds"),
    )
    with TemporaryDirectory() as made:
        for name, read, folder in sets:
            asked = questions(name, read, folder)
            table(f"{name}: {len(asked)} questions", built(Path(made) / name, folder), asked)


if __name__ == "__main__":
    given = arguments(0)
    main(Path(given[0]) if given else ROOT.parent / "shared")
