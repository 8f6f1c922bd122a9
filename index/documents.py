"""What the lexical index is given of an article: its visible words with the title, and each passage's own words."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from typing import Final

from archive.article import Indexable, Passage
from index.analysis import BREAK, Words, stems, words
from index.highlight import visible_words
from index.ranking import IndexedDocument

TITLE_WEIGHT: Final = 2


def documents(item: Indexable) -> tuple[IndexedDocument, tuple[IndexedDocument, ...]]:
    """Return the document of an article and those of its passages, in order.

    The article's document is its title and its visible text; the title counts twice for scoring and stands once, before
    a break, for phrases. A passage's document is the passage alone.
    """
    known = stems(item.article.language)
    body = visible_words(item.version.text, item.version.hidden)
    body_stems = [known[word] for word in body.folded]
    title = words(item.article.title).folded
    title_stems = [*filter(None, (known[word] for word in title))]
    article = IndexedDocument(
        folded=[*title, BREAK, *body.folded],
        stemmed=[*title_stems * TITLE_WEIGHT, *filter(None, body_stems)],
    )
    return article, tuple(_passages(item.passages, body, body_stems))


def _passages(passages: tuple[Passage, ...], body: Words, body_stems: list[str | None]) -> Iterator[IndexedDocument]:
    for passage in passages:
        first, last = bisect_left(body.starts, passage.start), bisect_left(body.starts, passage.end)
        yield IndexedDocument(folded=body.folded[first:last], stemmed=[*filter(None, body_stems[first:last])])
