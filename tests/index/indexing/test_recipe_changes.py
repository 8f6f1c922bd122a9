"""A changed number of the recipe: what depends on it is made anew, and nothing else."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from archive import Archive
from archive.folder.layout import Layout
from archive.text.passage_shape import PassageShape
from index import Searcher, lexical, status, verify
from index import build as build_index
from index.analysis.stemming import query_stems
from index.contracts.conditions import Field, Term
from index.contracts.engines import Table, Weighted
from index.contracts.recipe import FORMAT_5, RECIPE, WordIndex
from index.embedding import passage_input
from index.embedding.model import Model
from index.generations import manifest as manifests
from index.generations.columns import open_columns
from index.generations.generation import COLUMNS, LEXICAL, Current, manifest_in_use, write_current
from index.generations.manifest import Manifest
from tests.archives import copied_archive
from tests.index.world import CheapEncoder, World

pytestmark = pytest.mark.usefixtures("background")
ENGINES = ("tantivy", "rank-bm25")
HEAVY = 5


@pytest.fixture(params=ENGINES)
def built(tmp_path: Path, model: Model, request: pytest.FixtureRequest) -> World:
    """Twelve articles, indexed by one of the engines."""
    world = World(tmp_path, model)
    world.set('engine = "auto"', f'engine = "{request.param}"')
    world.put_many(12)
    world.add()
    world.build()
    return world


def manifest_of(root: Path) -> Manifest:
    manifest = manifest_in_use(Layout(root))
    assert manifest is not None
    return manifest


def in_use(root: Path) -> Path:
    return Layout(root).generation(manifest_of(root).number)


def inodes(folder: Path) -> set[int]:
    """Return the files of a folder, locks and what a writer rewrites left out."""
    kept = (path for path in folder.rglob("*") if path.is_file() and path.suffix != ".json" and path.suffix != ".lock")
    return {path.stat().st_ino for path in kept}


def title_scores(root: Path) -> dict[str, float]:
    """Return the BM25 of a word that every title holds, by article."""
    manifest, folder = manifest_of(root), in_use(root)
    columns, words = open_columns(folder / COLUMNS), lexical.engine(manifest.engine).open(folder / LEXICAL)
    live = np.flatnonzero(columns.live_articles)
    stems = query_stems("report", manifest.languages)
    scores = words.score(Table.ARTICLES, [Weighted(Term(Field.STEMMED, stem)) for stem in stems], live)
    words.close()
    return {columns.article_id(row): round(score, 5) for row, score in zip(live.tolist(), scores.tolist(), strict=True)}


def built_elsewhere(world: World, title_weight: int) -> Path:
    """Build the same catalog from nothing."""
    other = world.root.parent / "elsewhere"
    copied_archive(world.root, other)
    shutil.rmtree(other / "generations")
    (other / "generations").mkdir()
    (other / "CURRENT").unlink()
    with Archive.open(other) as archive:
        build_index(archive, rebuild=True, encoder=CheapEncoder, title_weight=title_weight)
    return other


def rewritten(root: Path, change: Callable[[dict[str, Any]], None]) -> None:
    """Change the manifest in use, and what vouches for it."""
    number, path = manifest_of(root).number, in_use(root) / manifests.NAME
    data = json.loads(path.read_bytes())
    change(data)
    raw = json.dumps(data).encode()
    path.write_bytes(raw)
    write_current(Layout(root), Current(number, manifests.digest(raw)))


def is_whole(root: Path) -> bool:
    with Archive.open(root) as archive:
        return verify(archive).whole


def test_another_title_weight_writes_the_words_anew_and_embeds_nothing(built: World) -> None:
    before = title_scores(built.root)
    slots = (in_use(built.root) / "slots.npy").read_bytes()
    report = built.build(title_weight=HEAVY)
    assert (report.built, report.embedded, report.reused, built.encoder.encoded) == (True, 0, 12, [])
    assert title_scores(built.root) != before
    assert title_scores(built.root) == title_scores(built_elsewhere(built, HEAVY))
    assert (in_use(built.root) / "slots.npy").read_bytes() == slots
    assert manifest_of(built.root).recipe == replace(RECIPE, words=WordIndex(title_weight=HEAVY)).hashes
    assert is_whole(built.root)
    assert not built.build(title_weight=HEAVY).built


def test_a_generation_that_grows_never_mixes_two_title_weights(built: World) -> None:
    built.put("new", "Report of the harbour\n\nDivers looked at the harbour wall.\n")
    built.add()
    report = built.build(title_weight=HEAVY)
    assert report.embedded == 1
    assert title_scores(built.root) == title_scores(built_elsewhere(built, HEAVY))
    built.put("newer", "Report of the bridge\n\nThe bridge was painted.\n")
    built.add()
    assert built.build().embedded == 1
    assert manifest_of(built.root).recipe == RECIPE.hashes
    assert is_whole(built.root)


def test_words_are_written_anew_where_rows_are_tombstoned(built: World) -> None:
    built.put("a003", "Report 3\n\nNothing about any town.\n")
    built.add()
    built.build()
    report = built.build(title_weight=HEAVY)
    assert (report.embedded, built.encoder.encoded) == (0, [])
    assert open_columns(in_use(built.root) / COLUMNS).live_passages.all()
    assert title_scores(built.root) == title_scores(built_elsewhere(built, HEAVY))


def test_another_scale_links_everything_else(built: World) -> None:
    before, scales = inodes(in_use(built.root) / LEXICAL), manifest_of(built.root).scales

    def otherwise(data: dict[str, Any]) -> None:
        data["recipe"]["scale"] = "0" * 16
        for scale in data["scales"].values():
            scale["strong"] += 0.1

    rewritten(built.root, otherwise)
    assert manifest_of(built.root).scales != scales
    report = built.build()
    assert (report.built, report.embedded, built.encoder.encoded) == (True, 0, [])
    assert manifest_of(built.root).scales == scales
    assert inodes(in_use(built.root) / LEXICAL) == before
    assert is_whole(built.root)


@pytest.mark.leaves_damage  # as verify finds it by this program's number of tokens
def test_other_inputs_of_the_model_are_embedded_and_the_words_stay(
    built: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = inodes(in_use(built.root) / LEXICAL)
    rewritten(built.root, lambda data: data["recipe"].update(vectors="0" * 16))
    monkeypatch.setattr(passage_input, "TITLE_TOKENS", 1)
    passage_input._head.cache_clear()
    report = built.build()
    passage_input._head.cache_clear()
    assert (report.built, report.embedded) == (True, 12)
    assert all(text.startswith("Report\n") for text in built.encoder.encoded)
    assert inodes(in_use(built.root) / LEXICAL) == words


def test_another_shape_of_passages_cuts_the_texts_again(built: World, monkeypatch: pytest.MonkeyPatch) -> None:
    built.put("long", "A long report\n\n" + " ".join(f"Sentence {at} speaks of it plainly." for at in range(60)) + "\n")
    built.add()
    before = built.build().passages
    short = replace(RECIPE, passages=PassageShape(fewest_words=20, most_words=30))
    monkeypatch.setattr(passage_input, "RECIPE", short)
    report = built.build()
    assert report.passages > before + 5
    assert built.encoder.encoded
    assert is_whole(built.root)
    assert not built.build().built


def test_an_archive_of_format_5_is_not_built_anew(built: World) -> None:
    def as_format_5(data: dict[str, Any]) -> None:
        del data["recipe"]
        data["format"] = 5

    rewritten(built.root, as_format_5)
    assert (manifest_of(built.root).recipe, manifest_of(built.root).format) == (FORMAT_5.hashes, manifests.FORMAT)
    assert built.found("town 7")[0] == "Report 7"
    assert is_whole(built.root)
    assert built.build().built == (RECIPE != FORMAT_5)
    assert built.build(title_weight=HEAVY).built


def test_an_index_made_by_other_numbers_is_searched_and_said_to_be_behind(built: World) -> None:
    with Archive.open(built.root) as archive:
        assert status(archive).notes == ()
    rewritten(built.root, lambda data: data["recipe"].update(words="0" * 16))
    with Archive.open(built.root) as archive:
        (note,) = status(archive).notes
    assert "word index changed" in note
    with Searcher.open(built.root) as searcher:
        answer = searcher.search("town 7", nearest=True)
    assert (answer.hits[0].article.title, answer.degraded) == ("Report 7", ())
    assert built.build().embedded == 0
    with Archive.open(built.root) as archive:
        assert status(archive).notes == ()


def test_vectors_of_other_inputs_are_behind_and_not_damaged(built: World) -> None:
    rewritten(built.root, lambda data: data["recipe"].update(vectors="0" * 16))
    assert is_whole(built.root)
