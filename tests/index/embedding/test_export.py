from __future__ import annotations

import errno
import json
import os
import resource
import shutil
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from time import time

import numpy as np
import pytest

from archive.core.errors import ArchiveError, Damaged
from archive.folder.files import sha256_file
from archive.folder.settings import Settings
from index.embedding import exporters, query_encoder
from index.embedding.export import NotExportable, export
from index.embedding.model import Model, locate
from index.embedding.onnx import GRAPH, NOTE, WEIGHTS, Made, OnnxEncoder, encoder_folder, exported
from index.embedding.refusals import Refusal, Why, note_refusal, refusal_in_force
from index.embedding.room import is_for_want_of_room
from index.embedding.torch import TorchEncoder
from tests.index.embedding.tiny_models import made

LIMITED = """
import json, resource, sys
from pathlib import Path
from index.embedding import query_encoder
from index.embedding.model import Model
known = json.loads(sys.argv[1])
model = Model(**{**known, "path": Path(known["path"])})
resource.setrlimit(getattr(resource, sys.argv[2]), (int(sys.argv[3]), int(sys.argv[3])))
told = []
try:
    told.append(type(query_encoder(model, told.append)).__name__)
except Exception as error:
    told.append(f"{type(error).__name__}: {error}")
print(json.dumps(told))
"""
AS_IT_WAS = {"torch": version("torch")}


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache of one's own."""
    monkeypatch.setenv("MORGUE_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory, model: Model) -> Model:
    """A model of twelve numbers, which is exported in a second."""
    return locate(Settings(id="a", model=str(made(tmp_path_factory.mktemp("tiny"), model, "bert"))))


def limited(model: Model, limit: str, amount: int) -> list[str]:
    """What is told of an encoder, its kind last, in a process that may take only so much of something."""
    described = json.dumps({field: str(getattr(model, field)) for field in ("path", "name", "fingerprint")})
    numbers = {"dimension": model.dimension, "max_tokens": model.max_tokens}
    child = subprocess.run(
        [sys.executable, "-c", LIMITED, json.dumps(json.loads(described) | numbers), limit, str(amount)],
        capture_output=True, text=True, check=False, env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
    )  # fmt: skip
    assert child.returncode == 0, child.stderr
    told: list[str] = json.loads(child.stdout.splitlines()[-1])
    return told


def note_of(model: Model) -> Path:
    return encoder_folder(model).with_suffix(".refused")


def test_an_export_that_had_no_room_on_the_disk_is_made_when_there_is(tiny: Model, cache: Path) -> None:
    told = limited(tiny, "RLIMIT_FSIZE", 50_000)
    assert told[-1] == "TorchEncoder"
    assert "not enough memory or disk" in told[-2]
    assert not exported(tiny)
    assert not list(cache.rglob("making-*"))
    old = json.loads(note_of(tiny).read_text())
    assert refusal_in_force(note_of(tiny))
    note_of(tiny).write_text(json.dumps({**old, "at": str(time() - 3600)}))
    assert export(tiny) == encoder_folder(tiny)
    assert isinstance(query_encoder(tiny), OnnxEncoder)
    assert not note_of(tiny).exists()


def test_where_memory_is_short_a_question_goes_without_the_model_and_nothing_aborts(tiny: Model, cache: Path) -> None:
    told = limited(tiny, "RLIMIT_AS", 600_000_000)
    assert told[-1].startswith("ArchiveError: "), told
    assert told[-1].endswith("It is tried again later."), told
    assert refusal_in_force(note_of(tiny)) is None, "there is no such limit here"
    assert isinstance(query_encoder(tiny), OnnxEncoder)


def test_a_sound_encoder_that_finds_no_memory_is_kept(model: Model, private_cache: Path) -> None:
    before = {path.name: path.stat().st_mtime_ns for path in private_cache.iterdir()}
    told = limited(model, "RLIMIT_AS", 200_000_000)
    assert told[-1].startswith("ArchiveError: There is not enough room"), told
    assert {path.name: path.stat().st_mtime_ns for path in private_cache.iterdir()} == before


def test_an_encoder_that_this_onnxruntime_cannot_load_is_made_anew(tiny: Model, cache: Path) -> None:
    folder = export(tiny)
    (folder / GRAPH).write_bytes(b"of another onnxruntime")
    (folder / NOTE).write_bytes(Made({name: sha256_file(folder / name) for name in (GRAPH, WEIGHTS)}).to_bytes())
    with pytest.raises(Damaged):
        OnnxEncoder(tiny)
    assert isinstance(query_encoder(tiny), OnnxEncoder)


def test_a_disk_without_room_is_told_before_anything_is_tried(
    model: Model, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage("/")._replace(free=60_000_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage)
    begun: list[None] = []
    with pytest.raises(NotExportable, match="60 are free"):
        export(model, on_begin=lambda: begun.append(None))
    assert begun == []
    assert not note_of(model).exists()


def test_a_cache_that_cannot_be_written_is_told_once_with_what_to_set(
    model: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setenv("MORGUE_CACHE", str(tmp_path / "file" / "cache"))
    told: list[str] = []
    assert isinstance(query_encoder(model, told.append), TorchEncoder)
    assert len(told) == 1
    assert told[0].startswith("The quick encoder cannot be kept in")
    assert "MORGUE_CACHE" in told[0]


def test_a_model_whose_vectors_differ_goes_through_sentence_transformers_for_good(tiny: Model, cache: Path) -> None:
    note_refusal(note_of(tiny), Refusal(Why.DIFFERS, "It gives other vectors."))
    kept = json.loads(note_of(tiny).read_text())
    note_of(tiny).write_text(json.dumps({**kept, "at": "0.0"}))
    told: list[str] = []
    assert isinstance(query_encoder(tiny, told.append), TorchEncoder)
    assert told == ["It gives other vectors. Questions go through sentence-transformers, which takes seconds to start."]


@pytest.mark.parametrize(
    ("failure", "differs", "room"),
    [
        (RuntimeError("no such operator"), False, False),
        (MemoryError(), False, True),
        (OSError(28, "No space left on device"), False, True),
        (RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 90 bytes"), False, True),
        (RuntimeError("std::bad_alloc"), False, True),
    ],
)
def test_what_an_exporter_raises_says_whether_it_is_tried_again(
    torch_encoder: TorchEncoder,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    failure: Exception,
    differs: bool,
    room: bool,
) -> None:
    def fail(transformer: object, target: Path) -> None:
        raise failure

    monkeypatch.setattr(exporters, "_by_tracing", fail)
    monkeypatch.setattr(exporters, "_by_capture", fail)
    verdict = exporters.make(torch_encoder, tmp_path)
    assert type(failure).__name__ in verdict.problems[0]
    assert ("differs" in verdict.figures, "room" in verdict.figures) == (differs, room)
    assert not list(tmp_path.iterdir())


def test_an_export_that_gives_other_vectors_is_one_that_differs(
    tiny: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    encoder = TorchEncoder(tiny)
    right = encoder.encode
    monkeypatch.setattr(encoder, "encode", lambda texts: np.roll(right(texts), 1, axis=1))
    verdict = exporters.make(encoder, tmp_path)
    assert "disagrees with sentence-transformers" in verdict.problems[0]
    assert "differs" in verdict.figures


def test_refusals_hold_as_long_as_their_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    note = tmp_path / "a.refused"
    for why, ages in ((Why.DIFFERS, (1e9, 0)), (Why.FAILED, (80_000, 90_000)), (Why.ROOM, (500, 700))):
        note_refusal(note, Refusal(why, "so"))
        kept = json.loads(note.read_text())
        for age, holds in zip(ages, (True, why == Why.DIFFERS), strict=True):
            note.write_text(json.dumps({**kept, "at": str(time() - age)}))
            assert (refusal_in_force(note) == Refusal(why, "so")) is holds
        note.write_text(json.dumps({**kept, "torch": "0.1"}))
        assert refusal_in_force(note) is None
    note_refusal(note, Refusal(Why.ROOM, "so"))
    monkeypatch.setattr(resource, "getrlimit", lambda kind: (1 << 40, 1 << 40))
    assert refusal_in_force(note) is None


@pytest.mark.parametrize(
    ("reason", "holds"),
    [
        ("The model m cannot be exported (OSError: [Errno 28] No space left on device; MemoryError: ).", False),
        ("The model m cannot be exported (RuntimeError: odd).", False),
        ("The model m cannot be exported (NotExportable: it disagrees with sentence-transformers (cosine .9)).", True),
    ],
)
def test_notes_of_earlier_builds_count_only_where_vectors_differed(tmp_path: Path, reason: str, holds: bool) -> None:
    note = tmp_path / "a.refused"
    note.write_text(json.dumps({**AS_IT_WAS, "reason": reason}))
    assert (refusal_in_force(note) is not None) is holds


@pytest.mark.parametrize("what", ["ImportError: a.so: failed to map segment from shared object", "std::bad_alloc"])
def test_libraries_say_in_their_own_words_that_memory_is_wanting(what: str) -> None:
    assert is_for_want_of_room(RuntimeError(what))
    assert not is_for_want_of_room(ArchiveError("no such operator"))


def test_a_model_that_found_no_memory_is_known_by_what_its_loader_met() -> None:
    unloaded = ArchiveError("The model m cannot be loaded: ")
    unloaded.__cause__ = MemoryError()
    assert is_for_want_of_room(unloaded)


def test_a_model_that_finds_no_memory_says_so(tiny: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*arguments: object, **options: object) -> None:
        raise MemoryError

    monkeypatch.setattr("sentence_transformers.SentenceTransformer", refused)
    with pytest.raises(ArchiveError, match=f"cannot be loaded: {os.strerror(errno.ENOMEM)}"):
        TorchEncoder(tiny)


@pytest.mark.parametrize("number", [errno.EMFILE, errno.ENOMEM, errno.EAGAIN])
def test_what_the_system_refuses_an_export_is_not_laid_to_the_cache(
    tiny: Model, cache: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def refused(*arguments: object, **options: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(subprocess, "Popen", refused)
    with pytest.raises(ArchiveError, match=os.strerror(number)) as raised:
        export(tiny)
    assert "MORGUE_CACHE" not in str(raised.value)
    assert str(raised.value).endswith("It is tried again later.")
    monkeypatch.undo()
    monkeypatch.setenv("MORGUE_CACHE", str(cache))
    assert refusal_in_force(note_of(tiny)) is not None
    assert not list(cache.rglob("making-*"))


def test_files_that_run_out_in_the_cache_are_not_laid_to_it(
    tiny: Model, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*arguments: object, **options: object) -> str:
        raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))

    monkeypatch.setattr("index.embedding.export.mkdtemp", refused)
    with pytest.raises(NotExportable, match="Too many open files") as raised:
        export(tiny)
    assert "MORGUE_CACHE" not in str(raised.value)


def test_an_onnxruntime_that_does_not_fit_is_no_damage_of_the_encoder(
    model: Model, private_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {path.name: path.stat().st_mtime_ns for path in private_cache.iterdir()}
    monkeypatch.delattr("onnxruntime.disable_telemetry_events")
    told: list[str] = []
    assert isinstance(query_encoder(model, told.append), TorchEncoder)
    assert len(told) == 1
    assert told[0].startswith("onnxruntime cannot be used here (AttributeError")
    assert {path.name: path.stat().st_mtime_ns for path in private_cache.iterdir()} == before
