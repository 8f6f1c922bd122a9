"""Passages that others are to be like: their vectors and their most telling words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from archive import Archive
from archive.text.searched import searched
from index.analysis.analyzer import words
from index.analysis.stemming import stems
from index.contracts.conditions import Field, Term
from index.contracts.engines import Floats, LexicalIndex, Table
from index.contracts.idf import inverse_document_frequency
from index.generations.open import Parts

_TELLING: Final = 15  # words of a passage


@dataclass(frozen=True, slots=True)
class Example:
    """A passage to be like.

    Attributes:
        words: its most telling words, folded, the most telling first.
        vector: its unit vector, None where there are none.
        key: that of the copies of its words.
    """

    words: tuple[str, ...]
    vector: Floats | None
    key: int


def examples(ids: Sequence[str], archive: Archive, parts: Parts) -> Iterator[Example | str]:
    """Yield each passage of the index that is named, and a sentence for what of a name cannot be searched."""
    columns = parts.columns
    for passage_id in ids:
        ordinals = np.flatnonzero((columns.passage_ids == passage_id.encode("ascii")) & columns.live_passages)
        text = archive.passage_texts([columns.place(int(ordinal)) for ordinal in ordinals[:1]])
        if not text or text[0] is None:
            yield f"like:{passage_id}: there is no such passage in the index."
            continue
        language = columns.texts["language"][int(columns.article_of[ordinals[0]])]
        telling = () if parts.lexical is None else _telling(text[0], language, parts.lexical)
        vector = parts.vector(int(ordinals[0]))
        if vector is None and parts.covered is not None:
            yield f"like:{passage_id}: its meaning is not known so far; only its words are searched."
        yield Example(telling, vector, int(columns.copies_of[ordinals[0]]))


def _telling(text: str, language: str | None, lexical: LexicalIndex) -> tuple[str, ...]:
    """Return the words of a text that tell most of it, by their number in it and their idf in the archive.

    Forms of one stem count as one word; it is returned in the form that the text has first.
    """
    size, stem_of = lexical.size(Table.ARTICLES), stems(language)
    forms = dict[str, str]()
    counts = Counter[str]()
    for word in words(searched(text).text, language=language).folded:
        if (stem := stem_of[word]) is not None:
            forms.setdefault(stem, word)
            counts[stem] += 1
    frequencies = [lexical.document_frequency(Table.ARTICLES, Term(Field.STEMMED, stem)) for stem in counts]
    idf = inverse_document_frequency(frequencies, size).tolist()
    weights = {stem: count * weight for (stem, count), weight in zip(counts.items(), idf, strict=True)}
    return tuple(forms[stem] for stem in sorted(weights, key=lambda stem: (-weights[stem], stem))[:_TELLING])
