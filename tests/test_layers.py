from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
MAY_IMPORT = {"archive": {"archive"}, "index": {"index", "archive"}, "tui": {"tui", "index", "archive"}}
HEAVY = ("torch", "transformers", "sentence_transformers", "chromadb", "textual")

# From top to bottom; what stands in one row imports from lower rows alone, lazily or not.
ROWS: dict[str, tuple[tuple[str, ...], ...]] = {
    "archive": (
        ("__init__",),
        ("dry_run",),
        ("archive",),
        ("notebook",),
        ("ingest",),
        ("purge",),
        ("readers",),
        ("cleaning", "catalog"),
        ("text",),
        ("folder",),
        ("core",),
    ),
    "index": (
        ("__init__",),
        ("evaluation",),
        ("installation",),
        ("maintenance",),
        ("search", "indexing"),
        ("ranking",),
        ("generations",),
        ("ann",),
        ("query", "lexical", "vectors", "embedding"),
        ("analysis",),
        ("contracts",),
        ("runtime",),
    ),
    "tui": (
        ("__init__", "__main__"),
        ("cli.commands",),
        ("cli",),
        ("app.app",),
        ("app.screens", "app.adding"),
        ("app.clipboard",),
        ("app.widgets",),
        ("app",),
        ("app.view",),
        ("copying", "writing"),
        ("formats", "session"),
    ),
}


def imported(path: Path) -> Iterator[str]:
    """Yield what a module imports: of ``from a.b import c``, ``a.b.c`` where that is a module, else ``a.b``.

    What ``import_module`` imports counts where its name stands there.
    """
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        match node:
            case ast.Import():
                yield from (name.name for name in node.names)
            case ast.ImportFrom(module=module):
                assert node.level == 0, f"{path} imports relatively"
                yield from (joined(module or "", name.name) for name in node.names)
            case ast.Call(func=ast.Name(id="import_module") | ast.Attribute(attr="import_module"), args=[first, *_]):
                if isinstance(first, ast.Constant):
                    yield str(first.value)


def joined(module: str, name: str) -> str:
    """Return the name of what is imported from a module, if that is a module, else the module's own."""
    inner = ROOT.joinpath(*module.split("."), name)
    return f"{module}.{name}" if inner.is_dir() or inner.with_suffix(".py").exists() else module


def unit(module: str) -> str:
    """Return the part of a package in which a module lies, as ``ROWS`` names it."""
    package, *parts = module.split(".")
    named = {name for row in ROWS[package] for name in row}
    inside = (".".join(parts[:length]) for length in range(len(parts), 0, -1))
    return next((name for name in inside if name in named), parts[0] if parts else "__init__")


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("from tui.cli import commands, DONE", ["tui.cli.commands", "tui.cli"]),
        ("import index.search.searcher", ["index.search.searcher"]),
        ("def f():\n    from archive.core import clock", ["archive.core.clock"]),
        ('import_module("index.search.searcher")', ["index.search.searcher"]),
        ('importlib.import_module("index.search")', ["index.search"]),
    ],
)
def test_every_way_to_import_is_seen(tmp_path: Path, line: str, names: list[str]) -> None:
    (tmp_path / "module.py").write_text(line, "utf-8")
    assert list(imported(tmp_path / "module.py")) == names


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_imports_go_one_way(package: str) -> None:
    ours = set(MAY_IMPORT)
    files = sorted((ROOT / package).rglob("*.py"))
    assert files
    for path in files:
        wrong = {name for name in imported(path) if name.split(".")[0] in ours - MAY_IMPORT[package]}
        assert not wrong, f"{path.relative_to(ROOT)} imports {wrong}"


def upward(package: str) -> Iterator[str]:
    """Yield the imports of a package's modules that do not go to a lower row."""
    row = {name: number for number, names in enumerate(ROWS[package]) for name in names}
    for module, path in modules(package):
        inside = (name for name in imported(path) if name.split(".")[0] == package)
        for name in inside:
            if unit(name) != unit(module) and row[unit(name)] <= row[unit(module)]:
                yield f"{module} imports {name}"


def modules(package: str) -> Iterator[tuple[str, Path]]:
    """Yield the modules of a package by name; a folder's ``__init__`` goes by the folder's name."""
    for path in sorted((ROOT / package).rglob("*.py")):
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        yield module.removesuffix(".__init__") if module.count(".") > 1 else module, path


@pytest.mark.parametrize("package", ROWS)
def test_inside_a_package_imports_go_downwards(package: str) -> None:
    assert not list(upward(package))


@pytest.mark.parametrize("package", ROWS)
def test_every_part_of_a_package_has_a_row(package: str) -> None:
    assert {unit(module) for module, _ in modules(package)} == {name for row in ROWS[package] for name in row}


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


@pytest.mark.parametrize(
    ("package", "heavy", "name"), [("archive", "sqlite3", "Archive"), ("index", "numpy", "Searcher")]
)
def test_names_of_a_package_are_loaded_when_they_are_used(package: str, heavy: str, name: str) -> None:
    imported = import_module(package)
    assert heavy not in loaded_after(f"import {package}")
    assert heavy in loaded_after(f"from {package} import {name}")
    assert all(getattr(imported, each).__name__ == each for each in imported.__all__ if each != "Progress")
    assert set(imported.__all__) <= set(dir(imported))
    with pytest.raises(AttributeError, match="no attribute 'absent'"):
        getattr(imported, "absent")  # noqa: B009 - mypy knows that there is none


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
