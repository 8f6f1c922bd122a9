"""How the legs are joined, compared over judged collections: one table a collection, and what each difference is worth.

Every row ranks with the same words and vectors. Archives are built in KEEP, and found there the next time.

Usage: python benchmarks/fusion.py KEEP COLLECTION...
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from unittest.mock import patch

import numpy as np
from measure import arguments, show

from archive import Archive
from index import Mode, Searcher, build, passage_rule
from index.contracts.engines import Floats
from index.contracts.recipe import RECIPE, Tuning
from index.evaluation.measures import DEPTH, DOCUMENTS, QueryResult, each_query, judgements, p_value
from index.query.ast import Item, Like
from index.query.parser import literal
from index.ranking import fusion

SHARES = (0.0, 0.25, 0.5, 0.65, 0.75, 1.0)
SEMANTIC_SHARES = (0.6, 0.7, 0.75, 0.85, 0.9)
RRF_K = 60
HEAD = 10
EXAMPLES = 3
Ranked = Callable[[str], Sequence[str]]


def opened(keep: Path, folder: Path) -> Searcher:
    """Open the archive of a collection, built where it is not there yet."""
    root = keep / folder.name
    if not root.exists():
        with Archive.create(root) as archive:
            archive.add_plain(folder / DOCUMENTS, passage_rule(archive.settings))
            build(archive)
    return Searcher.open(root)


def by(searcher: Searcher, mode: Mode, text: str) -> tuple[str, ...]:
    """Rank documents as ``morgue eval`` does."""
    return searcher.records(literal(text), mode, DEPTH)


def by_mode(searcher: Searcher) -> Callable[[str, Mode], Sequence[str]]:
    """Return what ranks documents of an archive for a question in a mode."""
    return lambda text, mode: by(searcher, mode, text)


def rrf(searcher: Searcher, text: str) -> list[str]:
    """Join both legs' documents by reciprocal ranks (Cormack, Clarke and Buettcher 2009)."""
    scores: defaultdict[str, float] = defaultdict(float)
    for mode in (Mode.LEXICAL, Mode.SEMANTIC):
        for rank, document in enumerate(by(searcher, mode, text), 1):
            scores[document] += 1 / (RRF_K + rank)
    return sorted(scores, key=lambda document: (-scores[document], document))


def with_feedback(searcher: Searcher, text: str) -> list[str]:
    """Keep the first ten, order the rest by likeness to the best passages too, in words and in meaning."""
    head = list(by(searcher, Mode.HYBRID, text)[:HEAD])
    asked = literal(text)
    best = [Item(Like(hit.passage.id)) for hit in searcher.search(asked, k=EXAMPLES, nearest=True)]
    tail = searcher.records(replace(asked, items=(*asked.items, *best)), Mode.HYBRID, DEPTH)
    return [*head, *(document for document in tail if document not in head)]


def min_max(lexical: Floats, cosine: Floats, semantic_share: float) -> Floats:
    """Join both legs half and half, each from the least to the best of its candidates."""
    del semantic_share
    return np.asarray((_from_least(lexical) + _from_least(cosine)) / 2, np.float32)


def _from_least(scores: Floats) -> Floats:
    low, high = float(scores.min(initial=0)), float(scores.max(initial=0))
    return (scores - low) / (high - low) if high > low else np.zeros_like(scores)


def straight(
    article: Floats, passage: Floats, shares: Floats, best_article: float, best_passage: float, weight: float
) -> Floats:
    """Join article and passage without regard to the passage's share of its article's score."""
    parts = ((article, best_article, weight), (passage, best_passage, 1 - weight))
    return np.asarray(sum(part * scores / best for scores, best, part in parts if best > 0), np.float32) + 0 * passage


@contextmanager
def changed(name: str, function: object) -> Iterator[None]:
    """Rank with another formula for a while."""
    with patch.object(fusion, name, function):
        yield


@contextmanager
def tuned(searcher: Searcher, tuning: Tuning) -> Iterator[Searcher]:
    """Open the archive of a searcher with other weights of the legs."""
    with Searcher.open(searcher.archive.root, tuning=tuning) as other:
        other.warm()
        yield other


def recipes(searcher: Searcher) -> Iterator[tuple[str, Ranked]]:
    """Yield every way to rank, by name; a way is in force until the next is asked for."""
    hybrid = partial(by, searcher, Mode.HYBRID)
    yield "in use", hybrid
    yield "words", partial(by, searcher, Mode.LEXICAL)
    yield "meaning", partial(by, searcher, Mode.SEMANTIC)
    yield f"RRF, k = {RRF_K}", partial(rrf, searcher)
    with changed("convex", min_max):
        yield "min-max, half and half", hybrid
    for share in SEMANTIC_SHARES:
        with tuned(searcher, replace(RECIPE.tuning, semantic_share=share)) as other:
            yield f"meaning {share:g}", partial(by, other, Mode.HYBRID)
    for share in SHARES:
        with tuned(searcher, replace(RECIPE.tuning, article_weight=share)) as other, changed("lexical_mix", straight):
            yield f"article {share:g}, straight", partial(by, other, Mode.HYBRID)
    for share in SHARES:
        with tuned(searcher, replace(RECIPE.tuning, article_weight=share)) as other:
            yield f"article {share:g}, by share", partial(by, other, Mode.HYBRID)
    yield "in use, feedback below ten", partial(with_feedback, searcher)


def figures(found: Sequence[QueryResult]) -> Floats:
    """Return the measures of every query, shape ``(queries, 3)``."""
    return np.array([(one.ndcg10, one.recall100, one.mrr10) for one in found])


def compare(folder: Path, ways: Iterable[tuple[str, Ranked]]) -> dict[str, Floats]:
    """Print the table of one collection, each way against the first, which is the one in use; return each way's means.

    A way is measured before the next is asked for.
    """
    judged, asked = judgements(folder)
    found = {name: figures(each_query(Mode.HYBRID, asked, judged, _in_any_mode(ranked))) for name, ranked in ways}
    ours = next(iter(found.values()))
    rows = [
        (name, *(f"{mean:.4f}" for mean in one.mean(axis=0)), *_against(ours[:, 0], one[:, 0]))
        for name, one in found.items()
    ]
    columns = ("", "nDCG@10", "recall@100", "MRR@10", "in use less it", "p")
    show(f"{folder.name}: {len(asked)} queries", columns, rows)
    return {name: one.mean(axis=0) for name, one in found.items()}


def _in_any_mode(ranked: Ranked) -> Callable[[str, Mode], Sequence[str]]:
    return lambda text, mode: ranked(text)


def _against(ours: Floats, others: Floats) -> tuple[str, str]:
    if not (ours != others).any():
        return "0", ""
    return f"{(ours - others).mean():+.4f}", f"{p_value(ours, others):.4f}"


def show_means(each: Sequence[Mapping[str, Floats]]) -> None:
    """Print the means of each way over some collections."""
    rows = [(name, *(f"{mean:.4f}" for mean in np.mean([one[name] for one in each], axis=0))) for name in each[0]]
    show(f"Mean over {len(each)} collections", ("", "nDCG@10", "recall@100", "MRR@10"), rows)


def main(keep: Path, folders: Sequence[Path]) -> None:
    """Print a table a collection, then the means over all."""
    each = []
    for folder in folders:
        with opened(keep, folder) as searcher:
            searcher.warm()
            each.append(compare(folder, recipes(searcher)))
    show_means(each)


if __name__ == "__main__":
    keep, *folders = map(Path, arguments(2))
    main(keep, folders)
