"""What vectors of 16 bits cost and spare beside floats, over the passages of an archive: room, errors, changed places.

Usage: python benchmarks/vector_forms.py ARCHIVE [PASSAGES] [QUESTIONS]

PASSAGES (2,000) are encoded anew, so that both sides come from the same floats; QUESTIONS (100) are titles. A place
counts as changed where two passages whose exact cosines differ by more than 1e-4 stand the other way round.
"""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import numpy as np
from measure import arguments, show

from archive import Archive
from index.contracts.engines import Floats
from index.embedding.fastest import Quickest
from index.embedding.model import locate
from index.vectors.row_forms import FORMS

APART = 1e-4


def encoded(root: Path, passages: int, questions: int) -> tuple[Floats, Floats]:
    """Return the vectors of some passages and of some titles."""
    with Archive.open(root) as archive:
        articles = list(archive.articles())
        encoder = Quickest(locate(archive.settings))
        texts = (passage.text for article in articles for passage in archive.passages(article.id, article.version))
        held = list(islice(texts, passages))
        return encoder.encode(held), encoder.encode([article.title for article in articles[:questions]])


def main(root: Path, passages: int = 2_000, questions: int = 100) -> None:
    """Print a row for each form."""
    vectors, queries = encoded(root, passages, questions)
    exact = vectors.astype(np.float64) @ queries.T.astype(np.float64)
    rows = []
    for form in FORMS:
        stored, scores = form.encode(vectors), np.empty(exact.shape, np.float32)
        changed = 0
        for number, query in enumerate(queries):
            form.score(stored, query, scores[:, number])
        for number in range(len(queries)):
            order = np.argsort(-exact[:, number])
            of, kept = exact[order, number], scores[order, number]
            changed += sum(
                int(((kept[:-step] < kept[step:]) & (of[:-step] - of[step:] > APART)).sum()) for step in (1, 2, 3, 5, 8)
            )
        wrong = np.abs(scores - exact)
        figures = (f"{wrong.max():.1e}", f"{wrong.mean():.1e}", str(changed))
        rows.append((form.suffix, str(stored.dtype.itemsize), *figures))
    title = f"{len(vectors):,} passages, {len(queries)} questions"
    show(title, ("form", "bytes", "largest error", "mean error", "places changed"), rows)


if __name__ == "__main__":
    archive, *counts = arguments(1)
    main(Path(archive), *map(int, counts))
