"""Archives of made-up news with a cheap encoder, searchers that take their time, and the screen read as cells."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import sleep
from typing import Any

from textual.geometry import Region

from archive import Archive
from index import Answer, Searcher, build, passage_rule
from index.embedding.model import locate
from tests.archives import empty_archive
from tests.index.world import CheapEncoder
from tests.tui.cells import strips
from tui.app.app import MorgueApp
from tui.app.screens.search import SearchScreen

WORDS = [
    "sanctions",
    "threats",
    "pipeline",
    "harbour",
    "council",
    "tariff",
    "ferry",
    "strike",
    "embassy",
    "border",
    "winter",
    "energy",
    "market",
    "vote",
    "budget",
    "minister",
    "protest",
    "transit",
    "railway",
    "climate",
    "drought",
    "hospital",
    "vaccine",
    "school",
    "university",
    "festival",
    "football",
    "museum",
]


def newsroom(root: Path, articles: int, seed: int = 1, copied: int = 0) -> Path:
    """Make an archive of articles, numbered in their titles, of a few hundred words that many of them share.

    Of each ``copied`` that follow one another, where it is not 0, all but the first have the words of the first.
    """
    drawn, lines, paragraphs = random.Random(seed), list[str](), list[str]()
    for number in range(articles):
        if not copied or number % copied == 0:
            paragraphs = [" ".join(drawn.choices(WORDS, k=60)) + f" note{number}." for _ in range(1 + number % 3)]
        date = f"2022-{1 + number % 12:02}-{1 + number % 28:02}"
        facts = {
            "outlet": f"Outlet {number % 7}",
            "published": date,
            "url": f"https://www.post{number % 5}.example/{number}",
        }
        lines.append(
            json.dumps({"id": number, "title": f"T{number:04} report", "text": "\n\n".join(paragraphs), **facts})
        )
    news = root.with_name(f"{root.name}.jsonl")
    news.write_text("\n".join(lines) + "\n", "utf-8")
    with Archive.open(empty_archive(root)) as archive:
        archive.add([news], passage_rule(archive.settings))
        build(archive, encoder=CheapEncoder)
    return root


class Delayed(Searcher):
    """A searcher whose answers come late, each after another time."""

    longest = 0.0
    drawn = random.Random(0)

    def search(self, *args: Any, **options: Any) -> Answer:
        answer = super().search(*args, **options)
        sleep(self.drawn.random() * self.longest)
        return answer


def opened(path: Path, kind: type[Searcher] = Searcher) -> Searcher:
    return kind.open(path, encoder=CheapEncoder(locate()))


@dataclass(frozen=True, slots=True)
class DrawnRow:
    """A result as the screen shows it: where, its rank (None as an old row), its title, how the bar marks it."""

    y: int
    rank: int | None
    title: str
    bar: str
    below: str


_ROW = re.compile(r"(?P<bar>[▌▏ ]) {0,2}(?P<mark>\d{1,3}|·) (?:\d{4}-\d\d-\d\d|no date   )  .*(?P<title>T\d{4})")


class Picture:
    """What stands on the screen, by the cells that are drawn."""

    def __init__(self, app: MorgueApp) -> None:
        screen = app.screen
        self.lines = [strip.text for strip in strips(app)]
        self._screen = screen
        self.status = self.lines[-1] if self.lines else ""

    @property
    def searches(self) -> bool:
        return isinstance(self._screen, SearchScreen)

    def _cells(self, region: Region) -> list[str]:
        return [line[region.x : region.right] for line in self.lines[region.y : region.bottom]]

    @property
    def line(self) -> str:
        """Return what the line shows: what is written, with the star of a beginning; nothing where it is empty."""
        assert isinstance(self._screen, SearchScreen)
        drawn = self._cells(self._screen.line.content_region)[0].rstrip()
        return "" if drawn == self._screen.line.placeholder else drawn

    @property
    def chips(self) -> str:
        """Return what narrows the question, as it is drawn; it ends in dots where it does not fit."""
        assert isinstance(self._screen, SearchScreen)
        line = self._cells(self._screen.chips.region)[0] if self._screen.chips.display else ""
        drawn = line[: line.rfind("×") + 1].strip() + line[line.rfind("×") + 1 :][:1].strip()
        return drawn.replace(" ×", "")

    @property
    def rows(self) -> list[DrawnRow]:
        """Return the results that are drawn, from top to bottom."""
        assert isinstance(self._screen, SearchScreen)
        return list(self._drawn_rows(self._screen)) if self._screen.results.display else []

    def _drawn_rows(self, screen: SearchScreen) -> Iterator[DrawnRow]:
        lines = self._cells(screen.results.content_region)
        for y, (line, below) in enumerate(zip(lines, [*lines[1:], ""], strict=False)):
            if (found := _ROW.match(line)) is not None:
                rank = None if found["mark"] == "·" else int(found["mark"])
                yield DrawnRow(y, rank, found["title"], found["bar"].strip(), below[1:])

    @property
    def selected(self) -> DrawnRow | None:
        """Return the result that a bar marks."""
        return next((row for row in self.rows if row.bar), None)

    @property
    def is_at_rest(self) -> bool:
        return bool(self.lines) and not re.search(
            r"searching …|more …|meaning follows …|model loading|Opening|Searching …", "\n".join(self.lines)
        )
