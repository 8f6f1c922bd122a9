"""The tables that are made of the program: modules in ARCHITECTURE.md, keys, and fields of records in docs/records.md.

    python docs/tables.py           writes the tables anew
    python docs/tables.py --check   writes nothing; exits 1 and says why when a table is stale or a folder has none

A folder's table stands between ``<!-- modules: FOLDER -->`` and ``<!-- end -->``, below the first sentence of the
folder's own docstring. The sources are parsed for it, never imported. Tables of keys, made of the lists in
``tui.app.keys``, stand between ``<!-- keys: few -->`` (what the footer names) or ``<!-- keys: all -->`` and such an
end; those of fields, made of ``archive.readers.records.names``, between ``<!-- records -->`` and one, and lists of
names from there between ``<!-- lists -->`` or ``<!-- wrappers -->`` and one.
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
KEY_PAGES: Final = (ROOT / "README.md", ROOT / "docs" / "keys.md")
RECORD_PAGE: Final = ROOT / "docs" / "records.md"
PACKAGES: Final = ("archive", "index", "tui")
_SECTION: Final = re.compile(r"<!-- modules: (\S+) -->\n.*?<!-- end -->", re.DOTALL)
_KEYS: Final = re.compile(r"<!-- keys: (few|all) -->\n.*?<!-- end -->", re.DOTALL)
_RECORDS: Final = re.compile(r"<!-- (records|lists|wrappers) -->.*?<!-- end -->", re.DOTALL)
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


def keys_filled(page: str) -> str:
    """Return a page with each of its tables of keys as the program has them now."""
    return _KEYS.sub(lambda match: "\n".join([match[0].partition("\n")[0], *_keys(match[1]), "<!-- end -->"]), page)


def _keys(which: str) -> Iterator[str]:
    """Yield the tables of keys: the few that the footer names in one, or all, one for each place."""
    from tui.app import keys

    if which == "few":
        yield from ("| where | key | does |", "|---|---|---|")
    for place in keys.PLACES:
        if which == "all":
            yield from ("", f"### {place.title}", "", "| action | keys | does |", "|---|---|---|")
        for row in place.actions:
            named = ", ".join(f"`{keys.label(key)}`" for key in row.key.split(","))
            if which == "all":
                yield f"| `{row.id}` | {named} | {row.tooltip} |"
            elif row.show:
                yield f"| {place.title.partition(':')[0]} | {named} | {row.tooltip} |"
    if which == "all":
        yield ""


def records_filled(page: str) -> str:
    """Return a page with its tables and lists of fields of records as the program has them now."""
    return _RECORDS.sub(lambda match: f"<!-- {match[1]} -->{_fields(match[1])}<!-- end -->", page)


def _fields(which: str) -> str:
    """Return the tables of known fields, one for each role, or the names of fields that hold records."""
    from typing import get_args

    from archive.core.record_fields import Role
    from archive.readers.records import names

    if which != "records":
        return ", ".join(f"`{name}`" for name, _ in (names.LISTS if which == "lists" else names.WRAPPERS))
    lines = list[str]()
    for role in get_args(Role):
        lines += ["", f"### {role}", "", "| field | written by |", "|---|---|"]
        for _, row in (*names.known(role, False), *names.known(role, True)):
            beside = f" beside `{row.beside}`" if row.beside else ""
            lines.append(f"| `{row.path.text}`{beside} | {row.tools} |")
    return "\n".join((*lines, "", ""))


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


def stale_tables() -> list[str]:
    """Return which tables of keys and of fields are not as the program has them, in sentences."""
    read = {path: path.read_text("utf-8") for path in KEY_PAGES}
    none = [f"{path.name} has no table of keys" for path, page in read.items() if not _KEYS.search(page)]
    stale = [path.name for path, page in read.items() if keys_filled(page) != page]
    fields = RECORD_PAGE.read_text("utf-8")
    if records_filled(fields) != fields:
        stale.append(RECORD_PAGE.name)
    return [*none, *(f"a table in {name} is stale: run python docs/tables.py" for name in stale)]


def main(arguments: list[str]) -> int:
    """Write the tables, or with ``--check`` only tell what is wrong; return the exit code."""
    if "--check" not in arguments:
        PAGE.write_text(filled(PAGE.read_text("utf-8")), "utf-8")
        for path in KEY_PAGES:
            path.write_text(keys_filled(path.read_text("utf-8")), "utf-8")
        RECORD_PAGE.write_text(records_filled(RECORD_PAGE.read_text("utf-8")), "utf-8")
    found = [*problems(PAGE.read_text("utf-8")), *stale_tables()]
    sys.stderr.write("".join(f"{problem}\n" for problem in found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
