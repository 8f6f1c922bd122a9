"""What a searcher is opened with: an encoder, a tuning of the ranking, columns that are what was written."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from archive.core.errors import Damaged
from index import Mode, Searcher
from index.contracts.recipe import RECIPE, Tuning
from index.embedding.model import Model
from index.embedding.onnx import OnnxEncoder
from tests.index.world import CheapEncoder

QUESTION = "harbour sanctions gas"


def lexical_scores(root: Path, tuning: Tuning | None) -> list[float]:
    with Searcher.open(root, tuning=tuning) as searcher:
        hits = searcher.search(QUESTION, k=30, mode=Mode.LEXICAL, nearest=True).hits
    return [hit.score for hit in hits]


def test_the_recipes_tuning_is_the_one_in_use(light_archive: Path) -> None:
    assert lexical_scores(light_archive, None) == lexical_scores(light_archive, RECIPE.tuning) != []


@pytest.mark.parametrize(
    "tuning",
    [
        replace(RECIPE.tuning, k1=0.4),
        replace(RECIPE.tuning, b=0.1),
        replace(RECIPE.tuning, article_weight=0.2),
        replace(RECIPE.tuning, full_from=1.0),
    ],
)
def test_every_part_of_a_tuning_moves_scores_by_words(light_archive: Path, tuning: Tuning) -> None:
    assert lexical_scores(light_archive, tuning) != lexical_scores(light_archive, None)


def test_meaning_weighs_as_much_as_the_tuning_says(light_archive: Path) -> None:
    with Searcher.open(light_archive, tuning=replace(RECIPE.tuning, semantic_share=1.0)) as searcher:
        hits = searcher.search(QUESTION, k=30, nearest=True).hits
    cosines = [hit.semantic.score for hit in hits if hit.semantic]
    assert cosines == sorted(cosines, reverse=True) != []


def test_sums_under_another_tuning_add_up_and_name_its_weights(light_archive: Path) -> None:
    with Searcher.open(light_archive, tuning=replace(RECIPE.tuning, article_weight=0.25)) as searcher:
        answer = searcher.search(QUESTION, mode=Mode.LEXICAL, nearest=True)
        (first, *_) = searcher.explain(answer)
    assert first.score == answer.hits[0].score
    assert next(first.lines()).startswith("words: 0.25 x ")


def test_a_given_encoder_encodes_the_questions(light_archive: Path, onnx_encoder: OnnxEncoder) -> None:
    with Searcher.open(light_archive) as searcher:
        expected = searcher.search(QUESTION)
    with Searcher.open(light_archive, encoder=onnx_encoder) as searcher:
        assert searcher.encoder_ready
        assert searcher.search(QUESTION).hits == expected.hits
        with searcher.reopened() as again:
            assert again.encoder_ready


def test_an_encoder_of_another_model_is_told_and_words_answer(light_archive: Path, model: Model) -> None:
    encoder = CheapEncoder(replace(model, fingerprint="f" * 64))
    with Searcher.open(light_archive, encoder=encoder) as searcher:
        answer = searcher.search(QUESTION)
    assert answer.plan == "lexical only"
    assert any("another model" in sentence for sentence in answer.degraded)


def test_columns_that_rotted_under_the_same_size_and_time_are_noticed_whenever_they_are_opened(
    light_copy: Callable[[], Path],
) -> None:
    root = light_copy()
    paths = sorted(path for path in root.glob("generations/*/columns/*") if path.stat().st_size)
    assert len(paths) > 20
    for path in paths:
        Searcher.open(root).close()
        raw, status = path.read_bytes(), path.stat()
        for content in (raw[:-1] + bytes([raw[-1] ^ 1]), raw):
            with path.open("r+b") as file:
                file.write(content)
            os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
            if content != raw:
                with pytest.raises(Damaged, match=path.name):
                    Searcher.open(root)
