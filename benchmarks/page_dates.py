"""Days of publication that are read from pages, beside htmldate alone and trafilatura alone.

Usage: python benchmarks/page_dates.py [-v] [FOLDER]

The pages are those of ``tests/archive/readers/pages``: three for each of 37 content systems, labelled with the day on
which they say they were published; half of the systems are held out while rules are changed. FOLDER, where it is given,
holds the unpacked source distributions of htmldate and trafilatura, whose own tests are read where they lie:

    pip download --no-binary :all: --no-deps --dest FOLDER htmldate==1.11.0 trafilatura==2.3.1
    for f in FOLDER/*.tar.gz; do tar xzf $f -C FOLDER; done

Of these, tests that expect a day that is not one of publication (a change, a copyright year, an image's address, a
price list's "Stand:") are counted apart: a day given there is wrong. Prints precision, the share of the days given that
are right, and recall, the share of the days stated that are given; with -v each page that is read otherwise.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Final

from measure import arguments

from archive.core.article import Draft
from archive.readers import html
from archive.readers.common import Limits
from tests.archive.readers.pages.systems import pages
from tests.archive.readers.pages.templates_of_blogs import BLOGS
from tests.archive.readers.pages.templates_of_papers import PAPERS

Finder = Callable[[str], str | None]
# What a test of htmldate names that is not the day of publication, by its page.
_OTHER: Final = re.compile(
    r"modif|updat|copyright|©|&copy;|<img|og:image|stand:|erstausstrahlung|lastmod|ungültig|menu 20|class=\"updated",
    re.IGNORECASE,
)
_FILLER: Final = "<p>The council voted to close the old bridge to lorries until its pillars have been examined.</p>" * 3


@dataclass(frozen=True, slots=True)
class Case:
    """A page, and the day that it states, None when it states none."""

    name: str
    page: str
    published: str | None


def main() -> None:
    """Print a table for each half of our pages and for each source distribution."""
    folder = next((argument for argument in arguments(0) if argument != "-v"), None)
    ours = list(pages((*BLOGS, *PAPERS)))
    for half in (False, True):
        cases = [Case(page.name, page.html, page.published) for page in ours if page.held_out is half]
        _print("held out" if half else "seen while rules are changed", cases)
    if folder:
        for path in sorted(Path(folder).glob("htmldate-*/tests/unit_tests.py")):
            cases = list(_htmldate_cases(path))
            _print(f"{path.parts[-3]}, days of publication", [case for case in cases if case.published])
            _print(f"{path.parts[-3]}, none or other days", [case for case in cases if not case.published])
        for path in sorted(Path(folder).glob("trafilatura-*/tests/metadata_tests.py")):
            _print(path.parts[-3], list(_trafilatura_cases(path)))


def _print(name: str, cases: Sequence[Case]) -> None:
    stated = sum(case.published is not None for case in cases)
    print(f"{name}: {len(cases)} pages, {stated} state a day")
    for finder, find in {"morgue": _ours, "htmldate": _htmldate, "trafilatura": _trafilatura}.items():
        found = [(case, find(case.page)) for case in cases]
        given = sum(day is not None for _, day in found)
        right = sum(day is not None and day == case.published for case, day in found)
        precision = f"{right / given:.3f}" if given else "-"
        recall = f"{right / stated:.3f}" if stated else "-"
        print(f"  {finder:12} given {given:3}  right {right:3}  precision {precision}  recall {recall}")
        if finder == "morgue" and "-v" in sys.argv:
            for case, day in found:
                if day != case.published:
                    print(f"    {case.name}: {day} for {case.published}")


def _ours(page: str) -> str | None:
    with NamedTemporaryFile("w", suffix=".html", encoding="utf-8") as file:
        file.write(page)
        file.flush()
        (draft,) = html.read(Path(file.name), Limits())
    return draft.published[:10] if isinstance(draft, Draft) and draft.published else None


def _htmldate(page: str) -> str | None:
    from htmldate import find_date

    return find_date(page, original_date=True)


def _trafilatura(page: str) -> str | None:
    from trafilatura.metadata import extract_metadata

    return extract_metadata(page).date


def _htmldate_cases(path: Path) -> Iterator[Case]:
    """Yield the pages that htmldate's tests give to ``find_date``, each once, with the day that they expect."""
    seen = set[str]()
    for test in ast.parse(path.read_text("utf-8")).body:
        if not isinstance(test, ast.FunctionDef) or test.name == "test_sanity":
            continue
        known = dict[str, str]()
        for node in ast.walk(test):
            match node:
                case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=str(text))):
                    known[name] = text
                case ast.Compare(left=ast.Call(func=ast.Name(id="find_date"), args=[page]) as call, comparators=[want]):
                    text = page.value if isinstance(page, ast.Constant) else known.get(getattr(page, "id", ""))
                    options = {option.arg: getattr(option.value, "value", None) for option in call.keywords}
                    if (
                        not isinstance(text, str)
                        or text in seen
                        or options.keys() & {"url", "min_date", "outputformat"}
                    ):
                        continue
                    expected = getattr(want, "value", None)
                    other = _OTHER.search(text) and options.get("original_date") is not True
                    if "original_date" in options and not options["original_date"]:
                        continue
                    seen.add(text)
                    yield Case(f"{test.name}: {text[:150]}", _padded(text), None if other else expected)


def _trafilatura_cases(path: Path) -> Iterator[Case]:
    for test in ast.parse(path.read_text("utf-8")).body:
        if isinstance(test, ast.FunctionDef) and test.name == "test_dates":
            for node in ast.walk(test):
                match node:
                    case ast.Tuple(elts=[ast.Constant(value=str(page)), ast.Constant(value=str(day)), _]):
                        yield Case(page[:150], _padded(page), day)


def _padded(page: str) -> str:
    """Give a page some text, without which ours refuses it as no article."""
    return re.sub(r"</body>|<body ?/>|$", f"{_FILLER}</body>", page, count=1)


if __name__ == "__main__":
    main()
