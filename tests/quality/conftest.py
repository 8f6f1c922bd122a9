"""Archives and labels that tests of quality share: the sample documents, ours and those beside the checkout."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from archive import Archive
from index import Searcher, build, passage_rule
from tests.archives import empty_archive

HERE = Path(__file__).parent
Labels = dict[str, frozenset[int]]


@pytest.fixture(scope="session")
def shared_seeds(shared: Path) -> Path:
    """The sample documents beside the checkout."""
    folder = shared / "seeds"
    if not folder.is_dir():
        pytest.skip("needs shared/seeds beside the checkout")
    return folder


@pytest.fixture(scope="session")
def labelled() -> Callable[[str], Labels]:
    """Give the 1-based numbers of the residue lines of a set of documents, by file name without suffix."""
    sets = tomllib.loads((HERE / "seed_residue.toml").read_text("utf-8"))
    return lambda name: {stem: frozenset(lines) for stem, lines in sets[name].items()}


@pytest.fixture(scope="session")
def questions() -> Callable[[str], list[dict[str, Any]]]:
    """Give the labelled questions of a set."""
    return lambda name: tomllib.loads((HERE / "questions" / f"{name}.toml").read_text("utf-8"))["question"]


@pytest.fixture(scope="session")
def shared_searcher(tmp_path_factory: pytest.TempPathFactory, shared_seeds: Path) -> Iterator[Searcher]:
    """Search the sample documents beside the checkout; for reading only."""
    root = tmp_path_factory.mktemp("shared") / "archive"
    with Archive.open(empty_archive(root)) as archive:
        archive.add([shared_seeds], passage_rule(archive.settings))
        build(archive)
    with Searcher.open(root) as searcher:
        yield searcher


@pytest.fixture(scope="session")
def own_searcher(seed_archive: Path) -> Iterator[Searcher]:
    """Search our own sample articles; for reading only."""
    with Searcher.open(seed_archive) as searcher:
        yield searcher
