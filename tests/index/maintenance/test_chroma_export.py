"""A collection that is written for other programs: Chroma's own client and LangChain's open it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from archive import Archive, Step
from archive.core.errors import NoIndex, UsageError
from index import ChromaExport, Searcher, export_to_chroma
from index.ann.trust import folder_hash
from index.indexing.purge import purge
from tests.archives import copied_archive
from tests.index.world import World, parts_in_use

ROOT = Path(__file__).resolve().parents[3]
QUESTION = "Why was the harbour closed?"
BY_CLIENT = """
import json, sys
import chromadb
collection = chromadb.PersistentClient(sys.argv[1]).get_collection("passages", embedding_function=None)
answer = collection.query(query_embeddings=[json.loads(sys.argv[2])], n_results=3, where=json.loads(sys.argv[3]))
print(json.dumps([collection.count(), answer["ids"][0], answer["documents"][0], answer["metadatas"][0]]))
"""
BY_LANGCHAIN = """
import json, sys
from langchain_chroma import Chroma
from langchain_core.embeddings import Embeddings
class Ours(Embeddings):
    def embed_query(self, text):
        return json.loads(sys.argv[2])
    def embed_documents(self, texts):
        raise NotImplementedError
store = Chroma("passages", Ours(), sys.argv[1], create_collection_if_not_exists=False)
found = store.similarity_search(sys.argv[3], k=3)
print(json.dumps([[one.id, one.page_content, one.metadata] for one in found]))
"""
KILLED = """
import os, sys
from archive import Archive
from index import export_to_chroma
def tell(step):
    if step.done:
        os._exit(9)
with Archive.open(sys.argv[1]) as archive:
    export_to_chroma(archive, sys.argv[2], tell)
"""


@pytest.fixture(scope="module")
def exported(light_archive: Path, tmp_path_factory: pytest.TempPathFactory) -> ChromaExport:
    """A collection of the made-up news; a copy of the archive is exported, since its catalog names the export."""
    root = copied_archive(light_archive, tmp_path_factory.mktemp("exported") / "my-archive")
    before = folder_hash(root / "generations")
    with Archive.open(root) as archive:
        made = export_to_chroma(archive, root.with_name("my-chroma"))
    assert folder_hash(root / "generations") == before
    return made


def asked(script: str, *arguments: str) -> Any:
    """Run another program's code in a process of its own, as another program would."""
    done = subprocess.run([sys.executable, "-c", script, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def vector(archive: Path) -> str:
    with Searcher.open(archive) as searcher:
        return str([float(number) for number in searcher.encode(QUESTION)])


def nearest(archive: Path, language: str | None = None) -> list[tuple[str, str]]:
    """Return identifier and title of each passage, the nearest to the question first, scored exactly."""
    with Searcher.open(archive) as searcher, parts_in_use(archive) as parts:
        columns, vectors = parts.columns, parts.vectors
        assert vectors is not None
        ordinals = vectors.nearest(searcher.encode(QUESTION), len(vectors)).ordinals.tolist()
        articles = [columns.article(int(columns.article_of[ordinal])) for ordinal in ordinals]
        return [
            (columns.passage_id(ordinal), article.title)
            for ordinal, article in zip(ordinals, articles, strict=True)
            if language in (None, article.language)
        ]


def test_chromas_client_finds_what_the_archive_finds(exported: ChromaExport, light_archive: Path) -> None:
    count, ids, documents, metadata = asked(
        BY_CLIENT, str(exported.path), vector(light_archive), '{"start": {"$gte": 0}}'
    )
    assert (exported.collection, exported.records, count) == ("passages", count, count)
    assert ids == [passage for passage, _ in nearest(light_archive)[:3]]
    with Archive.open(light_archive) as archive:
        for passage, document, known in zip(ids, documents, metadata, strict=True):
            article = archive.article(known["article"])
            assert passage == known["passage"]
            text = archive.version(article.id, article.version).text
            assert text[known["start"] : known["end"]] == document
            given = (article.title, article.outlet, article.published, article.url, article.language)
            assert tuple(known.get(name) for name in ("title", "outlet", "date", "url", "language")) == given


def test_a_condition_on_what_is_known_narrows(exported: ChromaExport, light_archive: Path) -> None:
    _, _, _, metadata = asked(BY_CLIENT, str(exported.path), vector(light_archive), '{"outlet": "Vestria Daily"}')
    assert {known["outlet"] for known in metadata} == {"Vestria Daily"}


def test_langchain_finds_what_the_archive_finds(exported: ChromaExport, light_archive: Path) -> None:
    answer = asked(BY_LANGCHAIN, str(exported.path), vector(light_archive), QUESTION)
    assert [one[0] for one in answer] == [passage for passage, _ in nearest(light_archive)[:3]]
    assert all(text and known["title"] for _, text, known in answer)


def test_the_examples_of_the_manual_run_as_they_are_printed(exported: ChromaExport, light_archive: Path) -> None:
    page = (ROOT / "docs" / "commands" / "export.md").read_text("utf-8")
    programs = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    assert len(programs) == 2
    titles = [title for _, title in nearest(light_archive, "en")[:5]]
    for program in programs:
        command = [sys.executable, "-c", program]
        done = subprocess.run(command, cwd=exported.path.parent, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        told = [line.split(" | ")[0] for line in done.stdout.splitlines() if " | " in line]
        assert told == titles


def test_passages_that_share_a_vector_share_a_record_that_counts_them(world: World, tmp_path: Path) -> None:
    for number in range(20):
        world.put(f"copy{number}", "Harbour news\n\nDivers looked at the harbour wall.\n")
    world.put("a003", "Report 3\n\nNothing about any town.\n")
    world.add()
    world.build()
    with Archive.open(world.root) as archive:
        made = export_to_chroma(archive, tmp_path / "chroma")
    assert (made.passages, made.records, made.dimension) == (32, 13, 384)
    query = str(np.eye(1, 384)[0].tolist())
    count, _, _, metadata = asked(BY_CLIENT, str(made.path), query, '{"copies": 19}')
    assert (count, [known["title"] for known in metadata]) == (13, ["Harbour news"])
    _, _, documents, _ = asked(BY_CLIENT, str(made.path), query, '{"title": "Report 3"}')
    assert [text.split("\n")[-1] for text in documents] == ["Nothing about any town."], (
        "what it said before is not exported"
    )


@pytest.mark.parametrize(
    ("place", "what"),
    [
        ("full", "is not empty"),
        ("file", "is a file"),
        ("absent/chroma", "There is no folder"),
        ("archive/chroma", "lies in an archive"),
        ("archive", "lies in an archive"),
        ("link/chroma", "lies in an archive"),
        ("to-empty", "is a link"),
        ("to-nothing", "is a link"),
        ("n" * 256, "too long"),
    ],
)
def test_a_folder_that_cannot_be_used_is_refused_in_a_sentence(
    world: World, tmp_path: Path, place: str, what: str
) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine")
    (tmp_path / "file").write_text("mine")
    (tmp_path / "link").symlink_to(world.root)
    (tmp_path / "empty").mkdir()
    (tmp_path / "to-empty").symlink_to(tmp_path / "empty")
    (tmp_path / "to-nothing").symlink_to(tmp_path / "nothing")
    before = sorted(path.name for path in tmp_path.rglob("*"))
    with Archive.open(world.root) as archive, pytest.raises(UsageError, match=what):
        export_to_chroma(archive, tmp_path / place)
    assert sorted(path.name for path in tmp_path.rglob("*") if path.suffix not in (".sqlite-wal", ".sqlite-shm")) == [
        name for name in before if not name.endswith(("-wal", "-shm"))
    ]


def test_nothing_is_exported_of_what_is_not_indexed(tmp_path: Path) -> None:
    with Archive.create(tmp_path / "archive") as archive, pytest.raises(NoIndex):
        export_to_chroma(archive, tmp_path / "chroma")
    assert not (tmp_path / "chroma").exists()


def test_an_export_that_is_stopped_leaves_nothing_and_an_empty_folder_empty(world: World, tmp_path: Path) -> None:
    (tmp_path / "chroma").mkdir()

    def tell(step: Step) -> None:
        if step.done:
            raise KeyboardInterrupt

    with Archive.open(world.root) as archive, pytest.raises(KeyboardInterrupt):
        export_to_chroma(archive, tmp_path / "chroma", tell)
    assert list((tmp_path / "chroma").iterdir()) == []
    assert not list(tmp_path.glob(".chroma*"))
    with Archive.open(world.root) as archive:
        assert export_to_chroma(archive, tmp_path / "chroma").records == 12


def test_a_later_purge_names_the_export(world: World, tmp_path: Path) -> None:
    with Archive.open(world.root) as archive:
        made = export_to_chroma(archive, tmp_path / "chroma")
        article = next(archive.articles()).id
        report = purge(archive, article, encoder=lambda _: world.encoder)
    assert [str(path) for path in report.catalog.elsewhere] == [str(made.path)]


def test_a_later_purge_names_what_a_killed_export_left(world: World, tmp_path: Path) -> None:
    process = subprocess.run([sys.executable, "-c", KILLED, str(world.root), str(tmp_path / "chroma")], cwd=ROOT)
    assert process.returncode == 9
    with Archive.open(world.root) as archive:
        named = purge(archive, next(archive.articles()).id, encoder=lambda _: world.encoder).catalog.elsewhere
    (left,) = (path for path in tmp_path.iterdir() if path.name.startswith(".chroma."))
    assert named == (str(tmp_path / "chroma"), str(left))


def test_what_lies_beside_an_export_stays_and_a_name_may_be_as_long_as_there_are(world: World, tmp_path: Path) -> None:
    name = "n" * 255
    mine = tmp_path / f".{name[:50]}.part" / "mine.txt"
    mine.parent.mkdir()
    mine.write_text("mine")
    with Archive.open(world.root) as archive:
        export_to_chroma(archive, tmp_path / name)
    assert mine.read_text() == "mine"
    assert (tmp_path / name / "chroma.sqlite3").is_file()
