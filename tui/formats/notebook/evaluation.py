"""The measures of an evaluation for a person."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tui.formats.plural import counted

if TYPE_CHECKING:
    from index.evaluation.measures import Evaluation


def evaluation_lines(evaluation: Evaluation) -> Iterator[str]:
    """Yield the means of each mode, and how sure their differences are."""
    yield f"{evaluation.documents:,} documents, {evaluation.queries:,} judged queries"
    yield f"{'mode':<10}{'nDCG@10':>9}{'R@100':>9}{'MRR@10':>9}"
    for result in evaluation.modes:
        yield f"{result.mode:<10}{result.ndcg10:>9.4f}{result.recall100:>9.4f}{result.mrr10:>9.4f}"
    for pair in evaluation.comparisons:
        yield f"{f'{pair.first} over {pair.second}:':<24}{pair.difference:+.4f} nDCG@10, p = {pair.p:.4f}"
    if evaluation.left_behind:
        what = counted(evaluation.left_behind, "judged passage")
        yield f"{what}: not in the current text of the article; judged as the older text had it"
    yield "p: paired randomisation test over the queries, two-sided"
