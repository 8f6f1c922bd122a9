"""The tables of modules in ARCHITECTURE.md, made of the first sentence of each module's docstring.

    python docs/tables.py           writes the tables anew
    python docs/tables.py --check   writes nothing; exits 1 and says why when a table is stale or a folder has none

A folder's table stands between ``<!-- modules: FOLDER -->`` and ``<!-- end -->``, below the first sentence of the
folder's own docstring. The sources are parsed, never imported.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
PAGE: Final = ROOT / "ARCHITECTURE.md"
PACKAGES: Final = ("archive", "index", "tui")
_SECTION: Final = re.compile(r"<!-- modules: (\S+) -->\n.*?<!-- end -->", re.DOTALL)
_SENTENCE: Final = re.compile(r"(.+?[.!?])(?=\s|$)", re.DOTALL)


def folders(root: Path = ROOT) -> list[str]:
    """Return every folder of the program that holds modules, relative to the checkout."""
    return sorted(
        {path.parent.relative_to(root).as_posix() for name in PACKAGES for path in (root / name).rglob("*.py")}
    )


def sections(page: str) -> list[str]:
    """Return the folders that have a table on the page, in its order."""
    return [match[1] for match in _SECTION.finditer(page)]


def filled(page: str, root: Path = ROOT) -> str:
    """Return the page with each of its tables as the modules have it now."""
    return _SECTION.sub(lambda match: _section(root, match[1]), page)


def problems(page: str, root: Path = ROOT) -> list[str]:
    """Return what is wrong with the page, in sentences."""
    told, held = sections(page), folders(root)
    missing = [f"{folder} has no table in ARCHITECTURE.md" for folder in held if folder not in told]
    twice = [
        f"{folder} has several tables in ARCHITECTURE.md" for folder in sorted(set(told)) if told.count(folder) > 1
    ]
    gone = [f"ARCHITECTURE.md has a table of {folder}, where no module is" for folder in told if folder not in held]
    silent = [f"{folder}/{name} has no docstring" for folder in held for name in _silent(root / folder)]
    stale = ["a table in ARCHITECTURE.md is stale: run python docs/tables.py"] if filled(page, root) != page else []
    return [*missing, *twice, *gone, *silent, *stale]


def sentence(path: Path) -> str:
    """Return the first sentence of a module's docstring as Markdown; empty when it has none."""
    if not path.is_file():
        return ""
    docstring = ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""
    match = _SENTENCE.match(docstring.split("\n\n")[0])
    return " ".join(match[1].split()).replace("``", "`").replace("|", r"\|") if match else ""


def _section(root: Path, folder: str) -> str:
    return "\n".join([f"<!-- modules: {folder} -->", *_lines(root / folder), "<!-- end -->"])


def _lines(folder: Path) -> Iterator[str]:
    """Yield what a folder is, then a row for each of its modules."""
    yield sentence(folder / "__init__.py")
    rows = {f"`{path.stem}`": sentence(path) for path in _modules(folder)}
    if rows:
        width = max(map(len, rows))
        yield from ("", f"| {'module':{width}} | job |", f"|{'-' * (width + 2)}|---|")
        yield from (f"| {name:{width}} | {job} |" for name, job in rows.items())


def _modules(folder: Path) -> list[Path]:
    return sorted(path for path in folder.glob("*.py") if path.name != "__init__.py")


def _silent(folder: Path) -> list[str]:
    return [name for name in ("__init__.py", *(path.name for path in _modules(folder))) if not sentence(folder / name)]


def main(arguments: list[str]) -> int:
    """Write the tables, or with ``--check`` only tell what is wrong; return the exit code."""
    page = PAGE.read_text("utf-8")
    if "--check" not in arguments:
        page = filled(page)
        PAGE.write_text(page, "utf-8")
    found = problems(page)
    sys.stderr.write("".join(f"{problem}\n" for problem in found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
