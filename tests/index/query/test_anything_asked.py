"""Anything may be asked: rubbish raises nothing, and a sentence in quotes finds itself."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.text.sentences import sentences
from index import Mode, Searcher
from index.analysis.analyzer import words
from tests.index.world import World

PIECES = (
    '"', "“", "”", "«", "(", ")", " ", " ", " AND ", " OR ", " NOT ", "+", "-", "*", "~", "~2", "~349", ":",
    "title:", "date:", "date:2022..", "before:0001", "after:99999", "like:", "path:", "lang:none", "town",
    "council", "to*", "counsil~2", "the", "\x00", "\x1b[31m", "\u202e", "\u200f", "\u0301", "👩‍👩‍👧", "中文",
    "\ud800", "7", "x" * 3_000, "(" * 40,
)  # fmt: skip


@pytest.mark.parametrize("seed", range(4))
def test_random_strings_raise_nothing(world: World, seed: int) -> None:
    chance = random.Random(seed)
    with Searcher.open(world.root) as searcher:
        for _ in range(150):
            typed = "".join(chance.choice(PIECES) for _ in range(chance.choice((1, 3, 8, 40))))
            answer = searcher.search(typed, mode=Mode.LEXICAL)
            assert answer.query.text == typed


def test_the_first_hit_of_a_sentence_in_quotes_holds_it(seed_archive: Path) -> None:
    with Searcher.open(seed_archive) as searcher:
        asked = random.Random(3).sample(list(_visible(searcher)), 60)
        for sentence in asked:
            wanted = words(sentence.replace('"', " ")).folded
            first = searcher.search('"{}"'.format(sentence.replace('"', " ")), mode=Mode.LEXICAL).hits[0]
            held = words(searcher.archive.version(first.article.id, first.passage.version).text).folded
            assert any(held[at : at + len(wanted)] == wanted for at in range(len(held))), sentence


def _visible(searcher: Searcher) -> Iterator[str]:
    with searcher.archive.snapshot() as snapshot:
        for item in snapshot:
            text, hidden = item.version.text, item.version.hidden
            edges = [0, *(edge for span in hidden for edge in (span.start, span.end)), len(text)]
            for start, end in zip(edges[::2], edges[1::2], strict=True):
                for span in sentences(text, start, end) if start < end else []:
                    if len(words(text, span.start, span.end).folded) >= 5:
                        yield text[span.start : span.end]
