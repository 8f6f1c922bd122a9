"""Whether the words of a sentence, asked in quotes, find it first; and what a date filter costs.

Usage: python benchmarks/phrases.py ARCHIVE [SENTENCES [MODE]]

ARCHIVE is made by ``cheap``; its cheap encoder reads the questions, so that MODE can be hybrid (the default). Sentences
of five words or more are drawn from what is visible of the articles as they were (no copies), as
``archive.text.sentences`` cuts them between hidden spans. The first hit's passage has to hold the sentence's words
after folding, or, where a sentence is longer than a passage or crosses its border, what is visible of the first hit's
article. Prints how many do and each that does not; exits 1 if there is one.  Then each question of ``questions.txt`` is
asked with and without a span of dates that keeps about 5% of the passages, in turn; prints both medians and their
ratio.
"""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from time import perf_counter

import numpy as np
from cheap import ORIGINAL, searching
from measure import QUESTIONS, arguments, middle, p95, show, timed

from archive import Archive
from archive.core.article import Indexable, Span
from archive.text.sentences import sentences
from index import Answer, Mode, Searcher
from index.analysis.analyzer import words
from index.analysis.visible_words import visible_words
from index.contracts.conditions import day_number
from index.generations.columns import open_columns
from index.generations.generation import COLUMNS, open_current

FEWEST = 5
_SEED = 2_000
_SHARE = 0.05
_ROUNDS = 12


@dataclass(frozen=True, slots=True)
class Sentence:
    """A visible sentence of an article."""

    article: str
    text: str


def visible_sentences(item: Indexable) -> Iterator[Sentence]:
    """Yield the sentences of five words or more between the hidden spans of an article's text."""
    text, hidden = item.version.text, item.version.hidden
    starts = (0, *(span.end for span in hidden))
    ends = (*(span.start for span in hidden), len(text))
    for span in (one for start, end in zip(starts, ends, strict=True) for one in _within(text, start, end)):
        if len(words(text, span.start, span.end).folded) >= FEWEST:
            yield Sentence(item.article.id, text[span.start : span.end])


def _within(text: str, start: int, end: int) -> list[Span]:
    return sentences(text, start, end) if start < end else []


def drawn(archive: Archive, count: int) -> list[Sentence]:
    """Draw sentences of the articles that are no copies, each as likely as any other."""
    with archive.snapshot() as snapshot:
        original = (item for item in snapshot if (item.article.record or "").startswith(ORIGINAL))
        held = [one for item in original for one in visible_sentences(item)]
    print(f"{len(held):,} visible sentences of {FEWEST} words or more")
    return random.Random(_SEED).sample(held, min(count, len(held)))


def holds(folded: list[str], wanted: list[str]) -> bool:
    """Tell whether words stand in a row."""
    size = len(wanted)
    return any(folded[at : at + size] == wanted for at in range(len(folded) - size + 1))


def found(searcher: Searcher, answer: Answer, wanted: list[str]) -> str:
    """Tell where the first hit has the words."""
    if not answer.hits:
        return "nothing found"
    first = answer.hits[0]
    if holds(words(first.passage.text).folded, wanted):
        return "in the first hit's passage"
    version = searcher.archive.version(first.article.id, first.passage.version)
    if holds(visible_words(version.text, version.hidden).folded, wanted):
        return "in the first hit's article"
    return "not in the first hit"


def every_sentence(searcher: Searcher, count: int, mode: Mode) -> int:
    """Ask each sentence; return how many were not found."""
    outcomes, times = Counter[str](), list[float]()
    for one in drawn(searcher.archive, count):
        asked = one.text.replace('"', " ")  # of these alone, no phrase can hold any
        began = perf_counter()
        answer = searcher.search(f'"{asked}"', mode=mode)
        times.append(perf_counter() - began)
        wanted = words(asked).folded
        outcome = found(searcher, answer, wanted)
        if outcome.endswith("passage") and answer.hits[0].article.id != one.article:
            outcome += ", a copy"
        outcomes[outcome] += 1
        if outcome.startswith("not"):
            print(f"{outcome}: {len(wanted)} words, {one.article}: {one.text[:300]!r}; {answer.notes}", flush=True)
    show(
        f"{count:,} sentences in quotes, {mode}",
        ("the words are", "sentences"),
        [(a, f"{b:,}") for a, b in outcomes.items()],
    )
    took = (middle(times), p95(times), max(times))
    print("median {:.1f} ms, 95th percentile {:.1f} ms, slowest {:.1f} ms".format(*(each * 1000 for each in took)))
    return sum(number for outcome, number in outcomes.items() if outcome.startswith("not"))


def filtered(searcher: Searcher, mode: Mode) -> None:
    """Ask with and without a span of dates in turn, and print both medians."""
    with open_current(searcher.archive.layout) as generation:  # which the searcher goes on to hold
        columns = open_columns(generation.folder / COLUMNS)
    days = np.array([day_number(columns.texts["published"][at]) for at in range(columns.articles)])[columns.article_of]
    known = np.sort(days[days > 0])
    first, last = (str(known[int(len(known) * share)]) for share in (0.5 - _SHARE / 2, 0.5 + _SHARE / 2))
    span = f"date:{first[:4]}-{first[4:6]}-{first[6:]}..{last[:4]}-{last[4:6]}-{last[6:]}"
    kept = float(((days >= int(first)) & (days <= int(last))).mean())
    plain, narrow = list[float](), list[float]()
    for turn in range(_ROUNDS):
        for question in QUESTIONS:
            fresh = f"{question} {turn}"  # a new wording each turn
            measured = [timed(partial(searcher.search, one, mode=mode)) for one in (fresh, f"{fresh} {span}")]
            if turn:
                plain.append(measured[0])
                narrow.append(measured[1])
    rows = [
        (name, f"{middle(of) * 1000:.2f}", f"{p95(of) * 1000:.2f}") for name, of in (("all", plain), (span, narrow))
    ]
    show(f"{columns.passages:,} passages, {mode}, {kept:.1%} kept", ("dates", "median ms", "95th percentile ms"), rows)
    print(f"ratio of medians: {middle(narrow) / middle(plain):.2f}", flush=True)


def main(root: Path, count: int, mode: Mode) -> int:
    """Do both."""
    with searching(root) as searcher:
        searcher.warm()
        missed = every_sentence(searcher, count, mode) if count else 0
        for each in (Mode.HYBRID, Mode.LEXICAL):
            filtered(searcher, each)
    return 1 if missed else 0


if __name__ == "__main__":
    archive, *more = arguments(1)
    number, named = more + ["2000", "hybrid"][len(more) :]
    sys.exit(main(Path(archive), int(number), Mode(named)))
