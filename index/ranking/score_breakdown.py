"""How a hit came by its score, in numbers that add up to it (``fusion`` has the formulas)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.contracts.recipe import RECIPE, Tuning


@dataclass(frozen=True, slots=True)
class Share:
    """What one word of the question adds to the BM25 of a passage and of its article."""

    word: str
    passage: float
    article: float


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """What a hit's score is made of.

    Attributes:
        shares: of the words that matched, those that add most first; they add up to ``passage`` and ``article``.
        passage: its BM25; ``best_passage`` the highest of any that answers; likewise ``article``.
        article_share: how much of its article's BM25 the passage gets, in [0, 1].
        lexical: both, mixed; None where the leg did not run. ``best_lexical`` is the highest of any candidate.
        cosine: None where the leg did not run; ``best_cosine`` likewise.
        score: of the hit.
        is_uncovered: whether the passage has no vector yet, so that its cosine is taken for such a part of the best one
            as its words are of the best.
        tuning: the weights by which both legs, and article and passage, were joined.
    """

    shares: tuple[Share, ...]
    passage: float
    article_share: float
    best_passage: float
    article: float
    best_article: float
    lexical: float | None
    best_lexical: float
    cosine: float | None
    best_cosine: float
    score: float
    is_uncovered: bool = False
    tuning: Tuning = RECIPE.tuning

    def lines(self) -> Iterator[str]:
        """Yield the sums, to be added up by hand."""
        weight, share = self.tuning.article_weight, self.tuning.semantic_share
        if self.lexical:
            yield (
                f"words: {weight:g} x {self.article:.4f}/{self.best_article:.4f} (article)"
                f" x {self.article_share:.4f} (share) + {1 - weight:g} x"
                f" {self.passage:.4f}/{self.best_passage:.4f} (passage) = {self.lexical:.4f}"
            )
            yield from _sum("article", self.article, [(each.word, each.article) for each in self.shares])
            yield from _sum("passage", self.passage, [(each.word, each.passage) for each in self.shares])
        if self.cosine is not None:
            yield f"meaning: cosine {self.cosine:.4f}"
        if self.lexical is not None and self.cosine is not None:
            words = f"{1 - share:g} x {self.lexical:.4f}/{self.best_lexical:.4f} + " if self.lexical else ""
            meaning = f"{share:g} x ({self.cosine:.4f} + 1)/({self.best_cosine:.4f} + 1)"
            yield f"score: {words}{meaning} = {self.score:.4f}"
        elif self.lexical and self.is_uncovered:
            words = f"{self.lexical:.4f}/{self.best_lexical:.4f}"
            if not self.best_cosine:
                yield f"score: {words} = {self.score:.4f} (it has no vector yet)"
                return
            taken = max(0.0, self.best_cosine) * self.lexical / self.best_lexical
            yield f"meaning: cosine taken for {max(0.0, self.best_cosine):.4f} x {words} = {taken:.4f} (no vector yet)"
            meaning = f"{share:g} x ({taken:.4f} + 1)/({self.best_cosine:.4f} + 1)"
            yield f"score: {1 - share:g} x {words} + {meaning} = {self.score:.4f}"
        else:
            yield f"score: {self.score:.4f}"


def _sum(name: str, total: float, parts: Sequence[tuple[str, float]]) -> Iterator[str]:
    added = [f"{word} {value:.4f}" for word, value in parts if value > 0]
    if added:
        yield f"  {name} {total:.4f} = {' + '.join(added)}"
