from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.contracts.idf import inverse_document_frequency
from index.contracts.options import Confidence, Mode
from index.contracts.recipe import RECIPE
from index.generations.manifest import Scale
from index.ranking import confidence, fusion


def floats(*values: float) -> np.ndarray:
    return np.array(values, np.float32)


def test_a_passage_gets_all_of_its_articles_score_from_half_of_the_best_on() -> None:
    shares = fusion.article_share(floats(8, 4, 2, 0, 0), 8, np.array([False, False, False, False, True]), 0.5)
    assert shares == pytest.approx([1, 1, 0.5, 0, 1])


def test_lexical_mix_gives_a_passage_its_share_of_its_articles_score() -> None:
    mixed = fusion.lexical_mix(floats(8, 8, 4), floats(4, 1, 5), floats(1, 0.4, 1), 8, 5, weight=0.75)
    assert mixed == pytest.approx([0.75 + 0.2, 0.3 + 0.05, 0.375 + 0.25])


def test_lexical_mix_without_any_match_is_zero() -> None:
    assert fusion.lexical_mix(floats(0), floats(0), floats(0), 0, 0, 0.65) == pytest.approx([0])


def test_words_alone_are_called_nothing_less_readily() -> None:
    scores = [number / 100 for number in range(100)]
    assert confidence.scale(scores, Mode.LEXICAL).weak < confidence.scale(scores, Mode.HYBRID).weak


def test_convex_adds_up_as_the_paper_has_it() -> None:
    fused = fusion.convex(floats(1, 0), floats(0.2, 0.6), semantic_share=0.8)
    assert fused == pytest.approx([0.2 + 0.8 * 1.2 / 1.6, 0.8])


@given(
    st.lists(st.tuples(st.floats(0, 50, width=32), st.floats(-1, 1, width=32)), min_size=1, max_size=20),
)
def test_convex_is_bounded_and_keeps_dominance(pairs: list[tuple[float, float]]) -> None:
    lexical, cosine = (floats(*column) for column in zip(*pairs, strict=True))
    if cosine.max() <= -1:
        return
    fused = fusion.convex(lexical, cosine, 0.8)
    assert fused.max() <= 1.0001
    for a, (lex, cos) in enumerate(pairs):
        for b, (other_lex, other_cos) in enumerate(pairs):
            if lex >= other_lex and cos >= other_cos:
                assert fused[a] >= fused[b] - 1e-6


def test_coverage_weighs_rare_terms_more() -> None:
    idf = inverse_document_frequency([1, 90], 100)
    covered = confidence.coverage(floats(1, 0, 0, 1).reshape(2, 2), idf)
    assert covered[0] > 0.9
    assert covered.sum() == pytest.approx(1)


def test_confidence_is_read_on_the_archives_own_scale() -> None:
    bounds = Scale(weak=0.3, strong=0.4, near=0.2)
    assert confidence.judge(0.29, bounds) == Confidence.NOTHING
    assert confidence.judge(0.31, bounds) == Confidence.WEAK
    assert confidence.judge(0.4, bounds) == Confidence.STRONG
    assert confidence.judge(None, bounds) == Confidence.NOTHING


def test_what_meets_a_limit_but_for_the_rounding_of_a_processor_meets_it() -> None:
    bounds = Scale(weak=1 / 24**0.5, strong=0.4, near=1 / 24**0.5)
    rounded = float(np.float32(bounds.near)) - 3e-8
    assert rounded < bounds.near
    assert confidence.judge(rounded, bounds) == Confidence.WEAK
    assert confidence.least_near(bounds) <= rounded
    assert confidence.least_near(None) == -1


def test_scale_never_falls_below_its_floor() -> None:
    assert confidence.scale([0.01] * 50, Mode.HYBRID).weak == RECIPE.scale.floor
    assert confidence.scale([0.5] * 50, Mode.HYBRID).weak == pytest.approx(0.5)


def test_background_questions_are_distinct_and_many() -> None:
    asked = confidence.background()
    assert len(set(asked)) == len(asked) >= 190
