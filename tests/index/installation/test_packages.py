from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from index.installation.packages import DEPENDENCIES, MODEL
from tests.environments import TOOLS

ROOT = Path(__file__).resolve().parents[3]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
UNSEEN = {"onnx", "onnxscript", "lxml-html-clean", MODEL}
"""Never imported by us: torch imports the first two when it exports a model, trafilatura's justext the third; the last
is only looked into."""


def requirements(extra: str | None = None) -> dict[str, Requirement]:
    lines = PROJECT["optional-dependencies"][extra] if extra else PROJECT["dependencies"]
    return {canonicalize_name(one.name): one for one in map(Requirement, lines)}


def pins(file: str) -> dict[str, Version]:
    lines = re.findall(r"^([\w.-]+)==(\S+)$", (ROOT / file).read_text("utf-8"), re.MULTILINE)
    return {canonicalize_name(name): Version(version) for name, version in lines}


def imported() -> Iterator[str]:
    """Yield the top-level names of what the program imports that is neither of Python nor its own."""
    for path in (path for folder in ("archive", "index", "tui") for path in (ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                yield from (name.name.split(".")[0] for name in node.names)
            elif isinstance(node, ast.ImportFrom):
                yield (node.module or "").split(".")[0]


def test_what_is_imported_is_declared_and_what_is_declared_is_needed() -> None:
    others = set(imported()) - set(sys.stdlib_module_names) - {"archive", "index", "tui", "_typeshed"}
    assert others == {one.module for one in DEPENDENCIES if one.name not in UNSEEN}


def test_each_package_is_told_what_it_is_for() -> None:
    assert {canonicalize_name(one.name) for one in DEPENDENCIES} == set(requirements())
    assert [one.name.casefold() for one in DEPENDENCIES] == sorted(one.name.casefold() for one in DEPENDENCIES)
    assert all(one.purpose for one in DEPENDENCIES)


def test_the_lowest_environment_has_every_lower_bound_and_nothing_else() -> None:
    tools = {name: one for name, one in requirements("dev").items() if not name.startswith(TOOLS)}
    bounds = {**requirements(), **tools}
    lowest = {
        name: Version(one.version) for name, bound in bounds.items() for one in bound.specifier if one.operator == ">="
    }
    assert pins("lowest.txt") == lowest
    assert set(lowest) == set(bounds)


def installed() -> Iterator[tuple[Requirement, list[str]]]:
    """Yield what each installed package that Morgue needs asks for, with the extras that the one asked provides."""
    seen, waiting = set(), ["morgue"]
    while waiting:
        if (name := canonicalize_name(waiting.pop())) in seen:
            continue
        seen.add(name)
        for line in metadata.requires(name) or []:
            asked = Requirement(line)
            if asked.marker is None or asked.marker.evaluate({"extra": ""}):
                yield asked, metadata.metadata(asked.name).get_all("Provides-Extra") or []
                waiting.append(asked.name)


def test_no_package_is_left_out_for_how_its_extra_is_spelt() -> None:
    """pip before 23.3 leaves an extra out, with a warning, that is spelt otherwise than its package spells it.

    justext 3.0.2 asks for lxml[html_clean], lxml 6.1.3 provides html-clean: no page could be read (pip 23.2.1, which
    Python 3.11.7 brings).
    """
    missing: set[str] = set()
    for asked, provided in installed():
        for extra in asked.extras - set(provided):
            for one in map(Requirement, metadata.requires(asked.name) or []):
                if one.marker and any(
                    one.marker.evaluate({"extra": name})
                    for name in provided
                    if canonicalize_name(name) == canonicalize_name(extra)
                ):
                    missing.add(canonicalize_name(one.name))
    assert missing, "nothing is spelt otherwise any more: the requirement may go"
    assert missing <= set(requirements())


def test_what_the_suite_runs_with_lies_within_the_bounds() -> None:
    used = pins("constraints.txt")
    for name, bound in {**requirements(), **requirements("dev")}.items():
        assert bound.specifier.contains(used[name], prereleases=True), name


def test_every_version_of_python_that_is_tested_is_named() -> None:
    begin = "Programming Language :: Python :: "
    named = {line.removeprefix(begin) for line in PROJECT["classifiers"] if line.startswith(begin)}
    assert named == {"3", "3.11", "3.12", "3.13"}
    assert PROJECT["requires-python"] == ">=3.11"
