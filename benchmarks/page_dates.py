"""Days of publication that are read from pages, beside htmldate alone and trafilatura alone.

Usage: python benchmarks/page_dates.py [-v] [FOLDER]

The pages are those of ``tests/archive/readers/pages``: three for each of 37 content systems, labelled with the day on
which they say they were published; half of the systems are held out while rules are changed. FOLDER, where it is given,
holds the unpacked source distributions of htmldate and trafilatura, whose own tests are read where they lie:

    pip download --no-binary :all: --no-deps --dest FOLDER htmldate==1.11.0 trafilatura==2.3.1
    for f in FOLDER/*.tar.gz; do tar xzf $f -C FOLDER; done

Of these, tests that expect a day that does not say it is one of publication (a change, a creation, a copyright year, an
image's address, a price list's "Stand:") are counted apart: a day given there is wrong. Prints precision, the share of
the days given that are right, and recall, that of the days stated that are given; with -v each page read otherwise.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from measure import arguments

from archive.readers import html
from tests.archive.readers.pages.systems import pages
from tests.archive.readers.pages.templates_of_blogs import BLOGS
from tests.archive.readers.pages.templates_of_papers import PAPERS

Finder = Callable[[str], str | None]
# What a test of htmldate names that is not the day of publication, by its page.
_OTHER: Final = re.compile(
    r"modif|updat|copyright|©|&copy;|<img|og:image|stand:|erstausstrahlung|lastmod|ungültig|menu 20|günce|\"created"
    r"|datecreated|dc:created|http-equiv|css",
    re.IGNORECASE,
)
_PUBLISHED: Final = re.compile(r"publish|entry-date|pubdate|veröffentlicht", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Case:
    """A page, and the day that it states, None when it states none."""

    name: str
    page: str
    published: str | None


def main(*given: str) -> None:
    """Print a table for each half of our pages and for each source distribution."""
    folder, told = next((argument for argument in given if argument != "-v"), None), "-v" in given
    ours = list(pages((*BLOGS, *PAPERS)))
    for half in (False, True):
        cases = [Case(page.name, page.html, page.published) for page in ours if page.held_out is half]
        _print("held out" if half else "seen while rules are changed", cases, told=told)
    for path in sorted(Path(folder).glob("htmldate-*/tests/unit_tests.py")) if folder else ():
        cases = list(_htmldate_cases(path))
        _print(f"{path.parts[-3]}, days of publication", [case for case in cases if case.published], told=told)
        _print(f"{path.parts[-3]}, none or other days", [case for case in cases if not case.published], told=told)
    for path in sorted(Path(folder).glob("trafilatura-*/tests/metadata_tests.py")) if folder else ():
        _print(path.parts[-3], list(_trafilatura_cases(path)), told=told)


def _print(name: str, cases: Sequence[Case], *, told: bool) -> None:
    stated = sum(case.published is not None for case in cases)
    print(f"{name}: {len(cases)} pages, {stated} state a day")
    for finder, find in {"morgue": _ours, "htmldate": _htmldate, "trafilatura": _trafilatura}.items():
        found = [(case, find(case.page)) for case in cases]
        given = sum(day is not None for _, day in found)
        right = sum(day is not None and day == case.published for case, day in found)
        precision = f"{right / given:.3f}" if given else "-"
        recall = f"{right / stated:.3f}" if stated else "-"
        print(f"  {finder:12} given {given:3}  right {right:3}  precision {precision}  recall {recall}")
        if finder == "morgue" and told:
            for case, day in found:
                if day != case.published:
                    print(f"    {case.name}: {day} for {case.published}")


def _ours(page: str) -> str | None:
    tree = html.parsed(page)
    found = html.published_of(tree, _address(page)) if tree is not None else None
    return found.date[:10] if found is not None and found.date else None


def _address(page: str) -> str | None:
    stated = re.search(r'(?:rel="canonical" href|og:url" content)="([^"]+)', page)
    return stated[1] if stated else None


def _htmldate(page: str) -> str | None:
    from htmldate import find_date

    return find_date(page, original_date=True)


def _trafilatura(page: str) -> str | None:
    from trafilatura.metadata import extract_metadata

    found: str | None = extract_metadata(page).date
    return found


def _htmldate_cases(path: Path) -> Iterator[Case]:
    """Yield the pages that htmldate's tests give to ``find_date``, each once, with the day that they expect."""
    seen = set[str]()
    for test in ast.parse(path.read_text("utf-8")).body:
        if not isinstance(test, ast.FunctionDef) or test.name == "test_sanity":
            continue
        known = dict[str, str]()
        for node in (node for statement in test.body for node in ast.walk(statement)):
            match node:
                case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=str(page))):
                    known[name] = page
                case ast.Compare(left=ast.Call(func=ast.Name(id="find_date")) as call, comparators=[want]):
                    case = _htmldate_case(call, want, known)
                    if case is not None and case.page not in seen:
                        seen.add(case.page)
                        yield case


def _htmldate_case(call: ast.Call, want: ast.expr, known: Mapping[str, str]) -> Case | None:
    """Return what a comparison of a call with a value says; None where it asks for something else than a day."""
    given = call.args[0]
    page = given.value if isinstance(given, ast.Constant) else known.get(getattr(given, "id", ""))
    options = {option.arg: getattr(option.value, "value", None) for option in call.keywords}
    if not isinstance(page, str) or options.get("original_date") is False:
        return None
    if options.keys() & {"url", "min_date", "outputformat"}:
        return None
    is_other = _OTHER.search(page) and not _PUBLISHED.search(page)
    return Case(" ".join(page.split())[:150], page, None if is_other else getattr(want, "value", None))


def _trafilatura_cases(path: Path) -> Iterator[Case]:
    for test in ast.parse(path.read_text("utf-8")).body:
        if isinstance(test, ast.FunctionDef) and test.name == "test_dates":
            for node in ast.walk(test):
                match node:
                    case ast.Tuple(elts=[ast.Constant(value=str(page)), ast.Constant(value=str(day)), _]):
                        yield Case(page[:150], page, day)


if __name__ == "__main__":
    main(*arguments(0))
