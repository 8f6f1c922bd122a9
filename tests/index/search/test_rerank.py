from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from archive.core.errors import Action, ArchiveError, Remedy, UsageError
from index import Answer, Group, Mode, Reranker, Searcher
from index.contracts.engines import Floats
from index.embedding.model import Model
from tests.cross_encoders import make

QUESTION = "harbour penalty"


@pytest.fixture(scope="module")
def searcher(light_archive: Path) -> Iterator[Searcher]:
    with Searcher.open(light_archive) as opened:
        yield opened


@pytest.fixture(scope="module")
def reranker(cross_encoder: Path) -> Reranker:
    return Reranker(cross_encoder)


class Recording(Reranker):
    """Remembers what it was asked."""

    asked: list[tuple[str, str]]

    def scores(self, question: str, texts: Sequence[str]) -> Floats:
        self.asked = [(question, text) for text in texts]
        return super().scores(question, texts)


def same(answer: Answer) -> Answer:
    return replace(answer, took_ms=0.0)


def passages(answer: Answer) -> list[str]:
    return [hit.passage.id for hit in answer]


@pytest.mark.parametrize("group", [Group.PASSAGE, Group.ARTICLE])
@pytest.mark.parametrize("mode", Mode)
def test_the_order_is_that_of_the_library(
    searcher: Searcher, reranker: Reranker, cross_encoder: Path, mode: Mode, group: Group
) -> None:
    from sentence_transformers import CrossEncoder

    plain = searcher.search(QUESTION, k=50, mode=mode, group=group, nearest=True)
    answer = searcher.search(QUESTION, k=50, mode=mode, group=group, nearest=True, rerank=reranker)
    pairs = [(QUESTION, f"{hit.article.title}\n{hit.passage.text}") for hit in plain]
    figures = CrossEncoder(str(cross_encoder), local_files_only=True).predict(pairs, show_progress_bar=False).tolist()
    expected = sorted(zip(figures, plain, strict=True), key=lambda one: -one[0])
    assert passages(answer) == [hit.passage.id for _, hit in expected]
    assert [hit.reranked.score for hit in answer if hit.reranked] == pytest.approx([figure for figure, _ in expected])
    assert passages(answer) != passages(plain)


def test_each_hit_says_where_it_stood_and_keeps_its_score(searcher: Searcher, reranker: Reranker) -> None:
    before = {hit.passage.id: hit for hit in searcher.search(QUESTION, k=50)}
    answer = searcher.search(QUESTION, k=50, rerank=reranker)
    assert answer.notes == (f"The first {len(before)} were put in order by {reranker.name}.",)
    assert set(passages(answer)) == set(before)
    for rank, hit in enumerate(answer, 1):
        old, told = before[hit.passage.id], hit.reranked
        assert told is not None
        assert (hit.rank, told.before) == (rank, old.rank)
        assert hit.reason.startswith(f"{old.reason}; {old.rank}")
        assert hit.reason.endswith(f" before reranking; reranker {told.score:.2f}")
        assert replace(hit, rank=old.rank, reason=old.reason, reranked=None) == old
    explained = [one.score for one in searcher.explain(answer)]
    assert explained == [hit.score for hit in answer]


def test_without_a_reranker_nothing_tells_of_one(searcher: Searcher) -> None:
    answer = searcher.search(QUESTION, k=50)
    assert answer.notes == ()
    assert all(hit.reranked is None and "rerank" not in hit.reason for hit in answer)


def test_the_same_question_has_the_same_answer(searcher: Searcher, reranker: Reranker, light_archive: Path) -> None:
    first = searcher.search(QUESTION, rerank=reranker)
    assert same(searcher.search(QUESTION, rerank=reranker)) == same(first)
    with Searcher.open(light_archive) as other:
        again = other.search(QUESTION, rerank=Reranker(reranker.name))
    assert same(again) == same(first)


def test_k_cuts_what_was_reranked_and_not_what_is(searcher: Searcher, reranker: Reranker) -> None:
    every = searcher.search(QUESTION, rerank=reranker)
    assert len(every) > 4
    for k in (1, 4):
        cut = searcher.search(QUESTION, k=k, rerank=reranker)
        assert cut.hits == every.hits[:k]
        assert cut.notes == every.notes


def test_what_comes_behind_the_first_keeps_its_order(
    searcher: Searcher, reranker: Reranker, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = searcher.search(QUESTION, k=50, nearest=True)
    monkeypatch.setattr("index.search.rerank.RERANKED", 5)
    answer = searcher.search(QUESTION, k=50, nearest=True, rerank=reranker)
    assert answer.notes == (f"The first 5 were put in order by {reranker.name}.",)
    assert answer.hits[5:] == plain.hits[5:] != ()
    assert set(passages(answer)[:5]) == set(passages(plain)[:5])
    assert passages(answer)[:5] != passages(plain)[:5]


def test_hits_of_equal_figures_keep_their_order(searcher: Searcher, tmp_path: Path) -> None:
    flat = Reranker(make(tmp_path / "flat", weight=0.0))
    answer = searcher.search(QUESTION, k=50, rerank=flat)
    assert passages(answer) == passages(searcher.search(QUESTION, k=50))
    assert len({hit.reranked.score for hit in answer if hit.reranked}) == 1


def test_copies_are_read_once(searcher: Searcher, cross_encoder: Path) -> None:
    recording = Recording(cross_encoder)
    answer = searcher.search("harbour breakwater", k=50, rerank=recording)
    assert max(hit.copies for hit in answer) == 1
    assert len(recording.asked) == len(set(recording.asked)) == len(answer)


def test_it_is_asked_for_the_words_wanted_and_not_for_conditions(searcher: Searcher, cross_encoder: Path) -> None:
    recording = Recording(cross_encoder)
    assert len(searcher.search('"inner basin" crews -football lang:en sanct*', rerank=recording))
    assert {question for question, _ in recording.asked} == {"inner basin crews"}


@pytest.mark.parametrize("question", ["lang:en", "outlet:courier -bread", "sanct*", "like:{passage}"])
def test_a_question_without_words_is_not_reranked(searcher: Searcher, cross_encoder: Path, question: str) -> None:
    recording = Recording(cross_encoder)
    asked = question.format(passage=searcher.search(QUESTION).hits[0].passage.id)
    answer = searcher.search(asked, rerank=recording)
    assert answer.hits == searcher.search(asked).hits != ()
    assert not hasattr(recording, "asked")
    assert answer.notes[-1].startswith("Nothing was reranked")


def test_where_nothing_is_found_nothing_is_said_of_reranking(searcher: Searcher, reranker: Reranker) -> None:
    answer = searcher.search("photosynthesis enzymes", mode=Mode.LEXICAL, rerank=reranker)
    assert (answer.hits, answer.notes) == ((), searcher.search("photosynthesis enzymes", mode=Mode.LEXICAL).notes)


def test_a_single_result_is_scored(searcher: Searcher, reranker: Reranker) -> None:
    answer = searcher.search("recipe outlet:courier", mode=Mode.LEXICAL, rerank=reranker)
    assert answer.notes == (f"The only result was scored by {reranker.name}.",)
    assert [hit.reranked is not None for hit in answer] == [True]


@pytest.mark.parametrize(
    ("name", "fetched"),
    [
        ("./no-such-folder", None),
        ("nobody/not-on-this-machine", "nobody/not-on-this-machine"),
        ("not-on-this-machine", "cross-encoder/not-on-this-machine"),
        ("", None),
        ("a/b/c", None),
        ("nobody/not--a-name", None),
        ("~nobody-of-this-name/model", None),
    ],
)
def test_a_model_that_is_not_here_is_told_with_what_to_fetch(name: str, fetched: str | None) -> None:
    with pytest.raises(ArchiveError) as caught:
        Reranker(name)
    assert caught.value.remedy == (None if fetched is None else Remedy(Action.FETCH_MODEL, fetched))


def test_a_model_is_found_by_its_folder_or_its_name_in_the_hub(
    cross_encoder: Path, reranker: Reranker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = ["The harbour is shut.", "Bread."]
    expected = reranker.scores("harbour", texts).tolist()
    revision = "0" * 40
    cached = tmp_path / "models--cross-encoder--tiny"
    shutil.copytree(cross_encoder, cached / "snapshots" / revision)
    (cached / "refs").mkdir()
    (cached / "refs" / "main").write_text(revision, "utf-8")
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    monkeypatch.chdir(cross_encoder.parent)
    for name in ("cross-encoder/tiny", "tiny", cross_encoder.name):
        assert Reranker(name).scores("harbour", texts).tolist() == expected


def test_a_model_of_another_kind_is_refused(model: Model, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is not a cross-encoder: its settings name SentenceTransformer"):
        Reranker(model.path)
    (tmp_path / "bare").mkdir()
    (tmp_path / "bare" / "config.json").write_text(json.dumps({"architectures": ["BertModel"]}), "utf-8")
    with pytest.raises(UsageError, match="its settings name BertModel"):
        Reranker(tmp_path / "bare")
    with pytest.raises(UsageError, match="no architecture"):
        Reranker(tmp_path)


def test_a_model_of_several_figures_is_refused(tmp_path: Path) -> None:
    reranker = Reranker(make(tmp_path / "three", labels=3))
    with pytest.raises(UsageError, match="gives 3 figures"):
        reranker.scores("harbour", ["The harbour."])


def test_a_model_saved_by_the_library_is_read_with_its_modules(
    cross_encoder: Path, reranker: Reranker, tmp_path: Path
) -> None:
    from sentence_transformers import CrossEncoder

    CrossEncoder(str(cross_encoder), local_files_only=True).save_pretrained(str(tmp_path / "saved"))
    texts = ["The harbour is shut.", "Bread."]
    saved = Reranker(tmp_path / "saved").scores("harbour", texts)
    assert saved.tolist() == pytest.approx(reranker.scores("harbour", texts).tolist())
    assert reranker.scores("harbour", []).shape == (0,)


def test_weights_that_can_run_code_are_refused(cross_encoder: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(cross_encoder, tmp_path / "pickled"))
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
    with pytest.raises(ArchiveError, match="safetensors"):
        Reranker(folder)


def test_broken_weights_are_told(cross_encoder: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(cross_encoder, tmp_path / "broken"))
    (folder / "model.safetensors").write_bytes(b"\0" * 64)
    with pytest.raises(ArchiveError, match="cannot be loaded"):
        Reranker(folder).scores("harbour", ["The harbour."])
    with pytest.raises(ArchiveError, match="no figure for some"):
        Reranker(make(tmp_path / "nan", weight=float("nan"))).scores("harbour", ["The harbour."])
