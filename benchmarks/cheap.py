"""Archives of real news of any size whose vectors cost next to nothing: those of ``synthetic.CheapEncoder``.

The first copy of the articles is as they are, further ones have a tenth of their words exchanged (``enlarged``), cut
off where there are passages enough. Every article gets an outlet, an author and, but for one in fifty, a day of its
own, spread over twenty years.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from typing import TypedDict

import numpy as np
from enlarged import Exchange
from synthetic import CheapEncoder

from archive import Archive
from index import BuildReport, Searcher, build, passage_rule
from index.embedding.model import locate

ORIGINAL = "0-"
"""How the record of an article of the first copy begins."""

OUTLETS = ("The Larnholm Courier", "Vestria Daily", "Ostmark Times", "Evening Courier", "Daily Telegram")
AUTHORS = ("Ida Krumm", "Jan de Vries", "Zoë O'Neil", "Ida Lindqvist", "M. Krumm-Vries", "Ana Sosa", "Li Wei")

_FIRST_DAY = date(2002, 1, 1)
_DAYS = 7_305
_UNDATED = 50
_PASSAGE = 707  # characters, about
_TO_A_FILE = 2_000


class Story(TypedDict):
    """What is taken of a line of JSON."""

    title: str
    text: str


def stories(files: Sequence[Path]) -> list[Story]:
    """Return the articles of files of JSON Lines in turn."""
    lines = (line for file in files for line in file.read_text("utf-8").splitlines())
    held = map(json.loads, lines)
    return [Story(title=one.get("title") or "", text=one["text"]) for one in held if one.get("text")]


def make_cheap(root: Path, files: Sequence[Path], passages: int, engine: str = "auto") -> BuildReport:
    """Make an archive of about so many passages beside a folder ``news`` of its articles."""
    news = root.parent / "news"
    news.mkdir(parents=True)
    lines = [json.dumps(one) for one in _records(stories(files), passages)]
    for number, at in enumerate(range(0, len(lines), _TO_A_FILE)):
        (news / f"{number:04d}.jsonl").write_text("\n".join(lines[at : at + _TO_A_FILE]) + "\n", "utf-8")
    Archive.create(root).close()
    settings = root / "morgue.toml"
    settings.write_text(settings.read_text("utf-8").replace('engine = "auto"', f'engine = "{engine}"'), "utf-8")
    with Archive.open(root) as archive:
        archive.add([news], passage_rule(archive.settings))
        return build(archive, encoder=CheapEncoder)


def _records(held: Sequence[Story], passages: int) -> Iterator[dict[str, str]]:
    exchange, made = Exchange([one["text"] for one in held]), 0.0
    for copy in count():
        for at, one in enumerate(held):
            if made >= passages:
                return
            title, text, rng = one["title"], one["text"], np.random.default_rng((copy, at))
            if copy:
                title, text = exchange(title, rng), exchange(text, rng)
            day = _FIRST_DAY + timedelta(days=(copy * len(held) + at) * 7919 % _DAYS)
            made_up = {"outlet": OUTLETS[at % len(OUTLETS)], "author": AUTHORS[at % len(AUTHORS)]}
            dated = {"date": f"{day}"} if (copy + at) % _UNDATED else {}
            yield {"id": f"{copy}-{at}", "title": title, "text": text, **made_up, **dated}
            made += max(1.0, len(text) / _PASSAGE)


def searching(root: Path) -> Searcher:
    """Open an archive whose vectors the cheap encoder made, to be asked by the same."""
    return Searcher.open(root, encoder=CheapEncoder(locate()))
