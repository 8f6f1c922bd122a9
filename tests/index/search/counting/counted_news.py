"""An archive of made-up articles of many outlets, authors, days and kinds of date, and a plain reading of each."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path

from archive import Archive
from archive.core.article import Article
from index import build, passage_rule
from index.analysis.analyzer import words
from index.analysis.stemming import query_stems
from index.embedding.model import Model
from tests.archives import empty_archive
from tests.index.world import CheapEncoder

VOCABULARY = (
    "harbour", "gas", "pipeline", "sanctions", "threats", "minister", "bread", "bakery", "referee", "penalty",
    "council", "tram", "bridge", "flood", "strike", "election", "harvest", "ferry", "turbine", "inspector",
)  # fmt: skip
OUTLETS = (
    "Harbour Post",
    "HARBOUR POST",
    "The Harbour Post",
    "Times",
    "Ferry Times",
    'The "Daily" Wire',
    "None",  # what programs write of an outlet that they do not know
    "港口报",
    None,
)
AUTHORS = ("Ida Krumm", "Ida Krumm, Jan Vries", "Jan Vries", "O'Neil (ed.)", "AND OR NOT", None)
URLS = ("https://www.post.example.org/{}", "https://post.example.org/{}", "https://times.example.org:8080/{}", None)
UNHEARD = 'Zw\u200desty "\u201e"'
"""An outlet of which little can be typed."""


def record(number: int, chance: random.Random) -> dict[str, str]:
    """Return an article of two or more passages; some are undated, some dated by their address alone."""
    drawn = [chance.choice(VOCABULARY[: chance.choice((5, 20))]) for _ in range(chance.choice((40, 260)))]
    sentences = [" ".join(drawn[at : at + 9]).capitalize() + "." for at in range(0, len(drawn), 9)]
    title = f"{chance.choice(VOCABULARY)} {chance.choice(VOCABULARY)} {number}"
    made = {"id": f"r{number}", "title": title, "text": "\n\n".join(sentences)}
    day = date(2021, 12, 20) + timedelta(days=chance.randrange(60))
    facts = {
        "outlet": UNHEARD if number == 3 else chance.choice(OUTLETS),
        "author": chance.choice(AUTHORS),
        "url": (url := chance.choice(URLS)) and url.format(chance.choice((f"{day:%Y/%m/%d}/{number}", number))),
        "date": chance.choice((f"{day}", f"{day}", None)),
    }
    return made | {name: value for name, value in facts.items() if value}


@dataclass(frozen=True)
class Known:
    """An article with what a plain reading needs of it: the words of its title and of each passage."""

    article: Article
    title: tuple[str, ...]
    passages: tuple[str, ...]

    @cached_property
    def texts(self) -> tuple[frozenset[str], ...]:
        """The folded words of each passage."""
        return tuple(frozenset(words(text).folded) for text in self.passages)

    def holds(self, asked: str) -> bool:
        """Say whether the article holds a word in any of its forms."""
        return any(_has(held, asked) for held in (frozenset(self.title), *self.texts))

    def matching(self, asked: list[str]) -> int:
        """Count the passages that hold any of some words; of an article whose title alone does, the first."""
        count = sum(any(_has(held, word) for word in asked) for held in self.texts)
        return count or int(any(map(self.holds, asked)))


def _has(held: frozenset[str], asked: str) -> bool:
    wanted = set(query_stems(asked, ("en",)))
    return any(wanted & set(query_stems(word, ("en",))) for word in held)


def make(root: Path, model: Model, count: int = 120, engine: str = "auto") -> Path:
    """Make an archive of two sources, the second of which is a file, beside a folder of them."""
    chance = random.Random(16)
    records = [record(number, chance) for number in range(count)]
    (root / "news").mkdir(parents=True)
    (root / "more").mkdir()
    (root / "news" / "a.jsonl").write_text("".join(f"{json.dumps(one)}\n" for one in records[::2]), "utf-8")
    (root / "more" / "b.jsonl").write_text("".join(f"{json.dumps(one)}\n" for one in records[1::2]), "utf-8")
    empty_archive(root / "archive")
    settings = root / "archive" / "morgue.toml"
    settings.write_text(settings.read_text("utf-8").replace('engine = "auto"', f'engine = "{engine}"'), "utf-8")
    with Archive.open(root / "archive") as archive:
        archive.add([root / "news", root / "more" / "b.jsonl"], passage_rule(archive.settings))
        build(archive, encoder=CheapEncoder)
    return root / "archive"


def known(root: Path) -> Iterator[Known]:
    """Yield every article as it is in the catalog."""
    with Archive.open(root) as archive, archive.snapshot() as snapshot:
        for item in snapshot:
            title = tuple(words(item.article.title).folded)
            yield Known(item.article, title, tuple(passage.text for passage in item.passages))
