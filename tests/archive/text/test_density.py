"""Texts of very many tiny lines, sentences and words: all of them is kept, at the cost of prose of the same size."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pytest

from archive.cleaning.boilerplate import hidden_spans
from archive.core.article import Span
from archive.core.spans import gaps
from archive.text.chunking import Rule, spans, word_rule
from archive.text.density import FEWEST, LINES, PROSE_LINE, PROSE_SENTENCE, STOPS, even_pieces, stretches
from archive.text.sentences import sentences

HEAD = "The harbour was closed on Thursday.\n\nNine ships had left, the harbour master said.\n\n"
SIZE = 300_000
UNITS = {
    "lines": "x\n",
    "stops": ". ",
    "quotes": '"',
    "links": "[The harbour](https://example.org/a/b?c=1) ",
    "initials": "A. ",
    "addresses": "https://example.org/2022/01/20/a-story.html\n",
    "characters": "港口在星期四关闭了。",
    "endless": "x",
    "digits": "1029 ",
    "tabs": "\t\n \t\n",
    "tabbed": "a\t\n\t",
    "emoji": "🙂🚢 ",
    "combining": "e\u0301\u0302\u0303",
    "thai": "เรือเก้าลำออกจากท่าเรือ",
    "prices": "Item\t12.50\t3\n",
    "words": "harbour\n",
    "paragraphs": "a\n\n",
    "quotations": "“‘“‘ a ’”’” ",
    "invisible": "a\u200b\u200c\u200d",
    "clauses": "a, ",
    "letters": "a ",
    "ellipses": "a...",
}


def text_of(kind: str, size: int = SIZE) -> str:
    unit = UNITS[kind]
    return HEAD + unit * (size // len(unit.encode()))


@pytest.mark.parametrize("kind", UNITS)
def test_every_visible_word_is_in_exactly_one_passage(kind: str) -> None:
    text = text_of(kind)
    found = spans(text, (), word_rule())
    assert all(before.end <= after.start for before, after in pairwise(found))
    assert all(span.end - span.start <= 2_000 and text[span.start : span.end].strip() for span in found)
    between = [text[gap.start : gap.end] for gap in gaps(found, len(text))]
    assert not any(character.isalnum() for piece in between for character in piece)


@pytest.mark.parametrize("kind", UNITS)
def test_little_more_is_counted_than_there_is(kind: str) -> None:
    text, counted = text_of(kind), [0, 0]

    def counting(texts: Sequence[str]) -> list[int]:
        counted[0] += len(texts)
        counted[1] += sum(map(len, texts))
        return list(word_rule().count(texts))

    spans(text, (), Rule("counting", counting, 220))
    assert counted[0] <= max(FEWEST, len(text) / 16)
    assert counted[1] <= 5 * len(text)


def test_prose_is_one_stretch_however_long_it_is() -> None:
    text = "The harbour was closed. Nine ships had left.\n" * 40_000
    for marks, prose in ((LINES, PROSE_LINE), (STOPS, PROSE_SENTENCE)):
        (only,) = stretches(text, 0, len(text), marks, prose)
        assert (only.span, only.is_dense) == (Span(0, len(text)), False)
    assert len(sentences(text)) == 80_000


def test_a_list_within_an_article_is_cut_by_length_and_the_article_by_sentences() -> None:
    prose = "The harbour was closed. Nine ships had left.\n\n" * 3_000
    text = prose + "x\n" * 200_000 + "\n" + prose
    found = sentences(text)
    assert found[:2] == [Span(0, 23), Span(24, 44)]
    assert sum(text[span.start : span.end] == "Nine ships had left." for span in found) > 4_000
    assert len(found) < 20_000
    assert sum(len(text[span.start : span.end].split()) for span in found) == len(text.split())


def test_pieces_are_all_of_a_stretch_but_white_space() -> None:
    text = "a\tb\n" * 5_000 + "x" * 9_000 + " y" * 900
    found = list(even_pieces(text, Span(0, len(text))))
    assert [word for span in found for word in text[span.start : span.end].split()] == text.split()
    assert max(span.end - span.start for span in found) < 10_000


def test_residue_is_hidden_beside_a_long_list_and_none_of_the_list_is() -> None:
    text = f"{HEAD * 1_000}Share this article\n\n{HEAD * 1_000}" + "Share\n" * 60_000 + "\nThe ships had left.\n"
    (hidden,) = hidden_spans(text)
    assert text[hidden.start : hidden.end] == "Share this article"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux keeps the limit of address space")
def test_texts_of_any_characters_are_prepared_in_little_memory() -> None:
    """Memory is bounded by the system: 40 MB more than what was loaded before; ten times that is what it took once."""
    root = Path(__file__).parents[3]
    code = (
        "import resource\n"
        "import index\n"
        "from archive.core.article import Draft\n"
        "from archive.folder.settings import Settings\n"
        "from archive.ingest.prepare import Preparation, prepare\n"
        "from tests.archive.text.test_density import HEAD, UNITS, text_of\n"
        "preparation = Preparation(index.passage_rule(Settings(id='a')))\n"
        "def draft(text): return Draft(text, 'Harbour', 'first line', '')\n"
        "prepare(draft(HEAD * 200), preparation)\n"
        "room = int(open('/proc/self/statm').read().split()[0]) * resource.getpagesize() + (40 << 20)\n"
        "resource.setrlimit(resource.RLIMIT_AS, (room, room))\n"
        "print(sum(len(prepare(draft(text_of(kind)), preparation).passages) > 0 for kind in UNITS))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=False)
    assert done.stdout.strip() == str(len(UNITS)), done.stderr
