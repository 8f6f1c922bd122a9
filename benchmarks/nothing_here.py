"""How well questions that an archive answers are told from others, at one rule for all archives.

Judged collections are asked their own questions and each other's, the sample documents and news about Ukraine their
labelled ones; all are asked made-up words. Archives are built in KEEP, and found there the next time.

Usage: python benchmarks/nothing_here.py KEEP SHARED
"""

from __future__ import annotations

import json
import random
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from measure import arguments, show
from sklearn.metrics import roc_auc_score  # type: ignore[import-untyped]

from archive import Archive
from index import Confidence, Mode, Searcher, build, passage_rule
from index.evaluation.measures import DOCUMENTS, QUERIES
from index.query.parser import literal

LABELLED = Path(__file__).resolve().parent.parent / "tests" / "quality" / "questions"
JUDGED = ("scifact", "cranfield", "med")
NEWS = ("ukraine", "seeds")
KINDRED = ({"scifact", "med"}, {"ukraine", "seeds"})
MADE_UP = "made-up words"
ROUNDS = 100


class Told(NamedTuple):
    """What an archive told of a question: its figure, and whether it said "nothing"."""

    figure: float
    nothing: bool


def asked(shared: Path) -> dict[str, list[str]]:
    """Return all questions, by what they are about."""
    found = {name: list(_judged(shared / "data" / name / QUERIES)) for name in JUDGED}
    found |= {name: list(_labelled(LABELLED / f"{name}.toml")) for name in NEWS}
    chance = random.Random(20)
    return found | {MADE_UP: [" ".join(_made_up(chance) for _ in range(chance.randint(1, 5))) for _ in range(ROUNDS)]}


def _judged(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8") as lines:
        yield from (json.loads(line)["text"] for line in lines)


def _labelled(path: Path) -> Iterator[str]:
    yield from (one["text"] for one in tomllib.loads(path.read_text("utf-8"))["question"])


def _made_up(chance: random.Random) -> str:
    return "".join(chance.choice("bcdfgklmnprstvz") + chance.choice("aeiou") for _ in range(chance.randint(2, 4)))


def opened(keep: Path, name: str, shared: Path) -> Searcher:
    """Open an archive, built where it is not there yet."""
    root = keep / name
    if not root.exists():
        with Archive.create(root) as archive:
            rule = passage_rule(archive.settings)
            if name in JUDGED:
                archive.add_plain(shared / "data" / name / DOCUMENTS, rule)
            else:
                folder = shared / "seeds" if name == "seeds" else shared / "data" / "ukraine_dec21_feb22_en"
                archive.add([folder], rule)
            build(archive)
    return Searcher.open(root)


def told(searcher: Searcher, questions: Sequence[str], mode: Mode) -> list[Told]:
    """Ask as ``search`` does; plain words, no query syntax."""
    answers = (searcher.search(literal(one), k=1, mode=mode) for one in questions)
    return [Told(one.confidence_score or 0.0, one.confidence == Confidence.NOTHING) for one in answers]


def rows(name: str, own: Sequence[Told], others: Sequence[Told]) -> tuple[str, ...]:
    """Return a row: AUROC, own questions told nothing, others told something."""
    missed, passed = np.mean([one.nothing for one in own]), np.mean([not one.nothing for one in others])
    return name, f"{len(own)}", f"{len(others)}", f"{auroc(own, others):.4f}", f"{missed:.3f}", f"{passed:.3f}"


def auroc(own: Sequence[Told], others: Sequence[Told]) -> float:
    """Return the area under the curve of all thresholds on the figure."""
    labels = [1] * len(own) + [0] * len(others)
    return float(roc_auc_score(labels, [one.figure for one in (*own, *others)]))


def table(mode: Mode, searchers: Mapping[str, Searcher], questions: Mapping[str, list[str]]) -> None:
    """Print one mode: each archive, then all with one threshold on the figure."""
    found, all_own, all_others = [], list[Told](), list[Told]()
    for name, searcher in searchers.items():
        own = told(searcher, questions[name], mode)
        foreign = [other for other in questions if other != name and {name, other} not in KINDRED]
        others = [one for other in foreign for one in told(searcher, questions[other], mode)]
        found.append(rows(name, own, others))
        all_own += own
        all_others += others
    found.append(rows("all together", all_own, all_others))
    columns = ("archive", "answerable", "others", "AUROC", "answerable called nothing", "others answered")
    show(f"{mode}", columns, found)


def main(keep: Path, shared: Path) -> None:
    """Print a table a mode."""
    questions = asked(shared)
    searchers = {name: opened(keep, name, shared) for name in (*JUDGED, *NEWS)}
    for mode in Mode:
        table(mode, searchers, questions)


if __name__ == "__main__":
    keep, shared = map(Path, arguments(2))
    main(keep, shared)
