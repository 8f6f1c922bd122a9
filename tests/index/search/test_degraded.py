"""What is left of an archive answers, saying what is missing; nothing but an ``ArchiveError`` ever comes out."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from archive import Archive
from archive.core.errors import Action, ArchiveError, Remedy
from index import Answer, Mode, Searcher, VerifyReport, build, parse, status, verify
from index.embedding.onnx import OnnxEncoder

QUESTIONS = ("sanctions", '"inner basin"', "harbour -football", "-harbour", "+penalty", "")


@dataclass(frozen=True)
class Case:
    """A way to damage an archive.

    Attributes:
        name: for people.
        spoil: does the damage to the archive folder.
        answers: whether search still answers.
        code: of the problem that verify finds.
        says: what the degraded sentence holds.
    """

    name: str
    spoil: Callable[[Path], object]
    answers: bool
    code: str
    says: str = ""

    def __str__(self) -> str:
        return self.name


def generation(root: Path) -> Path:
    (folder,) = (root / "generations").iterdir()
    return folder


def one(root: Path, pattern: str) -> Path:
    return next(iter(sorted(path for path in generation(root).glob(pattern) if path.is_file())))


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def flip(path: Path) -> None:
    raw = bytearray(path.read_bytes())
    raw[-5] ^= 0xFF
    path.write_bytes(bytes(raw))


def segment(root: Path) -> Path:
    return next(iter((root / "vectors").rglob("*.i16")))


def edit_manifest(root: Path) -> None:
    path = generation(root) / "manifest.json"
    path.write_bytes(path.read_bytes().replace(b'"articles": 10', b'"articles": 11'))


CASES = (
    Case("words deleted", lambda root: shutil.rmtree(generation(root) / "lexical"), True, "lexical", "word index"),
    Case("words cut", lambda root: cut(one(root, "lexical/vocabulary.json")), True, "lexical", "word index"),
    Case("words flipped", lambda root: flip(one(root, "lexical/articles.*.npy")), True, "lexical", "word index"),
    Case("words emptied", lambda root: one(root, "lexical/*.ends.npy").write_bytes(b""), True, "lexical", "word index"),
    Case("vectors deleted", lambda root: shutil.rmtree(root / "vectors"), True, "vectors", "vectors"),
    Case("vectors cut", lambda root: cut(segment(root)), True, "vectors", "vectors"),
    Case("vectors' log cut", lambda root: cut(segment(root).with_suffix(".log")), True, "vectors", "vectors"),
    Case("slots deleted", lambda root: one(root, "slots.npy").unlink(), True, "vectors", "vectors"),
    Case("slots emptied", lambda root: one(root, "slots.npy").write_bytes(b""), True, "vectors", "vectors"),
    Case("slots flipped", lambda root: flip(one(root, "slots.npy")), True, "vectors", "vectors"),
    Case("manifest edited", edit_manifest, True, "generation", "manifest"),
    Case("CURRENT deleted", lambda root: (root / "CURRENT").unlink(), True, "generation", "CURRENT"),
    Case("CURRENT emptied", lambda root: (root / "CURRENT").write_bytes(b""), True, "generation", "CURRENT"),
    Case(
        "CURRENT astray", lambda root: (root / "CURRENT").write_text("000042 " + "0" * 64), True, "generation", "000042"
    ),
    Case("manifest deleted", lambda root: (generation(root) / "manifest.json").unlink(), False, "generation"),
    Case("manifest cut", lambda root: cut(generation(root) / "manifest.json"), False, "generation"),
    Case("columns deleted", lambda root: shutil.rmtree(generation(root) / "columns"), False, "columns"),
    Case("columns cut", lambda root: cut(one(root, "columns/title.utf8")), False, "columns"),
    Case("columns flipped", lambda root: flip(one(root, "columns/starts.npy")), False, "columns"),
    Case("generation deleted", lambda root: shutil.rmtree(generation(root)), False, "generation"),
)
CHROMAS = (
    Case("chroma deleted", lambda root: shutil.rmtree(generation(root) / "chroma"), True, "chroma", "Chroma"),
    Case("chroma cut", lambda root: cut(one(root, "chroma/chroma.sqlite3")), True, "chroma", "Chroma"),
)
CATALOGS = (
    Case("catalog deleted", lambda root: (root / "catalog.sqlite").unlink(), False, "catalog"),
    Case("catalog cut", lambda root: cut(root / "catalog.sqlite"), False, "catalog"),
    Case("catalog emptied", lambda root: (root / "catalog.sqlite").write_bytes(b""), False, "catalog"),
    Case("catalog overwritten", lambda root: (root / "catalog.sqlite").write_bytes(b"junk" * 5000), False, "catalog"),
)


@pytest.fixture
def root(light_copy: Callable[[], Path]) -> Path:
    return light_copy()


def answers(root: Path) -> Iterator[Answer]:
    with Searcher.open(root) as searcher:
        for mode in Mode:
            for question in QUESTIONS:
                yield searcher.search(question, mode=mode, nearest=True)


def checked(root: Path) -> VerifyReport:
    with Archive.open(root) as archive:
        return verify(archive)


@pytest.mark.leaves_damage
@pytest.mark.parametrize("case", CASES, ids=str)
def test_damage_is_told_and_what_is_left_answers(case: Case, root: Path) -> None:
    case.spoil(root)
    tell(case, root)


@pytest.mark.leaves_damage
@pytest.mark.parametrize("case", CHROMAS, ids=str)
def test_damaged_chroma_is_told_and_everything_is_scored_exactly(case: Case, news_copy: Callable[[], Path]) -> None:
    root = news_copy()
    case.spoil(root)
    tell(case, root)
    with Archive.open(root) as archive:
        assert case.code in {problem.code for problem in verify(archive).problems}


def tell(case: Case, root: Path) -> None:
    if not case.answers:
        with pytest.raises(ArchiveError) as told:
            list(answers(root))
        assert told.value.remedy == Remedy(Action.REBUILD)
        return
    every = list(answers(root))
    assert all(case.says in " ".join(answer.degraded) for answer in every)
    assert all("index.build(archive, rebuild=True)" in " ".join(answer.degraded) for answer in every)
    assert every[0].hits[0].article.record == "a2"


@pytest.mark.parametrize("case", CASES, ids=str)
def test_verify_names_the_damage_and_a_rebuild_mends_it(case: Case, root: Path, onnx_encoder: OnnxEncoder) -> None:
    case.spoil(root)
    report = checked(root)
    assert not report.whole
    assert case.code in {problem.code for problem in report.problems}
    assert all(problem.what and problem.remedy for problem in report.problems)
    with Archive.open(root) as archive:
        assert status(archive).articles == 10
        embedded = build(archive, rebuild=True, encoder=lambda _: onnx_encoder).embedded
    assert (embedded > 0) == (case.name in ("vectors deleted", "vectors cut", "vectors' log cut"))
    assert checked(root).problems == ()
    assert all(answer.degraded == () for answer in answers(root))


@pytest.mark.leaves_damage
@pytest.mark.parametrize("case", CATALOGS, ids=str)
def test_without_its_catalog_an_archive_says_what_to_do(case: Case, root: Path) -> None:
    case.spoil(root)
    for use in (checked, lambda root: list(answers(root))):
        with pytest.raises(ArchiveError, match="catalog") as told:
            use(root)
        assert told.value.remedy


@pytest.mark.leaves_damage
def test_without_the_word_index_conditions_are_said_not_to_hold(root: Path) -> None:
    shutil.rmtree(generation(root) / "lexical")
    with Searcher.open(root) as searcher:
        assert any("behind + and -" in told for told in searcher.search("gas -harbour").degraded)
        assert not any("behind + and -" in told for told in searcher.search("gas").degraded)
        assert searcher.search("sanctions", mode=Mode.LEXICAL).hits


@pytest.mark.leaves_damage
def test_without_words_and_vectors_nothing_is_found_and_it_says_so(root: Path) -> None:
    shutil.rmtree(generation(root) / "lexical")
    shutil.rmtree(root / "vectors")
    for answer in answers(root):
        assert len(answer.degraded) >= 2
        assert answer.plan in ("lexical only", "listing")
        assert answer.plan == "listing" or not answer.hits


def test_without_a_model_words_are_searched(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = root / "morgue.toml"
    settings.write_text(settings.read_text().replace('name = ""', 'name = "/nowhere/model"'))
    with Searcher.open(root) as searcher:
        assert not searcher.warm()
        answer = searcher.search("sanctions")
        assert answer.plan == "lexical only"
        assert "/nowhere/model" in " ".join(answer.degraded)
        assert answer.hits[0].article.record == "a2"


def test_without_a_cache_or_a_place_for_one_questions_are_still_answered(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("MORGUE_STATE", str(tmp_path / "file" / "state"))
    with Searcher.open(root) as searcher:
        assert searcher.search("sanctions").hits[0].article.record == "a2"


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="permissions do not bind root")
def test_a_read_only_archive_is_searched(root: Path) -> None:
    folders = [path for path in (root, *root.rglob("*")) if path.is_dir()]
    for path in folders:
        path.chmod(0o500)
    try:
        assert next(answers(root)).degraded == ()
    finally:
        for path in folders:
            path.chmod(0o700)


@pytest.mark.leaves_damage
def test_highlights_need_no_index(root: Path) -> None:
    shutil.rmtree(generation(root) / "lexical")
    with Searcher.open(root) as searcher:
        assert searcher.highlights(parse("gas"), "the gas")


@pytest.mark.parametrize("cache", ["empty", "file/unwritable"])
def test_where_no_encoder_can_be_had_words_are_searched(
    cache: str, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("MORGUE_CACHE", str(tmp_path / cache))
    missing = tmp_path / "missing"  # for the process that exports the encoder
    missing.mkdir()
    for name in ("torch", "sentence_transformers", "transformers"):
        monkeypatch.setitem(sys.modules, name, None)
        (missing / f"{name}.py").write_text(f"raise ModuleNotFoundError({name!r})")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join((str(missing), *filter(None, [os.environ.get("PYTHONPATH")]))))
    told: list[str] = []
    with Searcher.open(root, on_message=told.append) as searcher:
        answer = searcher.search("sanctions")
        assert answer.plan == "lexical only"
        assert answer.hits[0].article.record == "a2"
        assert "Only words were searched" in " ".join(answer.degraded)
        assert not searcher.warm()
    assert told
