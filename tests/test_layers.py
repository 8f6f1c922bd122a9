from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
MAY_IMPORT = {"archive": {"archive"}, "index": {"index", "archive"}, "tui": {"tui", "index", "archive"}}
HEAVY = ("torch", "transformers", "sentence_transformers", "chromadb", "textual")


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name.split(".")[0] for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            yield (node.module or "").split(".")[0]


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_imports_go_one_way(package: str) -> None:
    ours = set(MAY_IMPORT)
    files = sorted((ROOT / package).rglob("*.py"))
    assert files
    for path in files:
        wrong = {name for name in imported(path) if name in ours} - MAY_IMPORT[package]
        assert not wrong, f"{path.relative_to(ROOT)} imports {wrong}"


def loaded_after(code: str) -> set[str]:
    names = "{name.split('.')[0] for name in sys.modules}"
    probe = f"{code}\nimport sys; print(*sorted({names}), file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True, cwd=ROOT)
    return set(done.stderr.split())


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_importing_a_package_loads_nothing_heavy(package: str) -> None:
    assert not loaded_after(f"import {package}") & set(HEAVY)


@pytest.mark.parametrize("arguments", [["--help"], ["search", "--help"], ["add", "--help"], ["--version"]])
def test_help_loads_neither_numpy_nor_an_engine(arguments: list[str]) -> None:
    loaded = loaded_after(f"from tui.__main__ import run; run({arguments!r})")
    assert not loaded & {*HEAVY, "numpy", "tantivy", "onnxruntime", "trafilatura"}


def test_the_list_of_commands_loads_nothing_of_an_archive() -> None:
    assert not loaded_after("from tui.__main__ import run; run(['--help'])") & {"index", "sqlite3", "regex"}


def test_names_of_the_archive_package_are_loaded_when_they_are_used() -> None:
    import archive

    assert "sqlite3" not in loaded_after("import archive")
    assert "sqlite3" in loaded_after("from archive import Archive")
    assert all(getattr(archive, name).__name__ == name for name in archive.__all__ if name != "Progress")
    assert set(archive.__all__) <= set(dir(archive))
    with pytest.raises(AttributeError, match="no attribute 'absent'"):
        getattr(archive, "absent")  # noqa: B009 - mypy knows that there is none


@pytest.mark.parametrize(
    ("mode", "absent"),
    [("lexical", {*HEAVY, "onnxruntime", "tokenizers", "lark"}), ("hybrid", {*HEAVY, "lark"})],
)
def test_a_search_loads_only_what_its_mode_needs(seed_archive: Path, mode: str, absent: set[str]) -> None:
    arguments = ["--archive", str(seed_archive), "search", "sanctions threats", "--mode", mode]
    assert not loaded_after(f"from tui.__main__ import run; assert run({arguments!r}) == 0") & absent


def test_a_reranker_loads_its_libraries_when_there_is_something_to_rerank(
    seed_archive: Path, cross_encoder: Path
) -> None:
    arguments = ["--archive", str(seed_archive), "search", "--mode", "lexical", "--rerank", str(cross_encoder)]
    run = "from tui.__main__ import run; assert run({}) == 0"
    assert not loaded_after(run.format([*arguments, "lang:en"])) & set(HEAVY)
    assert "sentence_transformers" in loaded_after(run.format([*arguments, "sanctions threats"]))
