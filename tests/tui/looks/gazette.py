"""A small town's newspapers: an archive that is the same in every run, for pictures that are compared.

No time is told that passes: what the archive notes is of one noon, and what an answer took is always the same. What is
shown of a path is as if it lay in somebody's home.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Any, Final, Self

import pytest

from archive import Archive
from archive.text.visible import visible_line
from index import Answer, Searcher, build, passage_rule
from index.embedding.model import locate
from tests.archives import empty_archive
from tests.index.world import CheapEncoder
from tui.app.view import head
from tui.app.widgets import notice
from tui.session.history import History

QUESTION: Final = "ferry strike"
NAME: Final = "harbour-news"
HOME: Final = "/home/you"
OUTLETS: Final = ("Harbour Post", "Coast Herald", "The Farrow and District Weekly Courier", "Ferry Times")
AUTHORS: Final = ("Ada Lindqvist", "B. Okonjo", "Marta Reyes and Tomasz Wilk")
SENTENCES: Final = (
    "The ferry strike went into its third week on Monday, and the council met until after midnight.",
    "Crews said that they would sail again once the rota of last winter was back on the notice board.",
    "A spokeswoman of the line called the demands “neither new nor affordable”.",
    "Fishmongers on the quay counted crates that nobody would carry across the sound.",
    "The mayor promised a second vote on the harbour dues before the end of the month.",
    "Two lorries with medicine were let through after a phone call from the island's only surgery.",
    "Sanctions against the owner of the terminal have been before the court since spring.",
    "Nobody at the terminal could say when the next ferry would leave.",
    "Pupils from the island slept in the sports hall, as they had during the strike of 1998.",
    "The price of a crossing had risen by a third within a year, the auditors found.",
    "Dockers on the north pier voted by a show of hands not to load what the ferries left behind.",
    "The union's letter, which this paper has seen, names three dates and no sum.",
    "Fog kept the inspectors ashore, and their report will be read out next week instead.",
    "An agreement is near, said the mediator, who had said so on Friday as well.",
)
TITLES: Final = (
    "Third week without a ferry",
    "Council puts off its vote on harbour dues",
    "What the crews want, and what the line says it can pay",
    "Fishmongers: “We are throwing it away by the crate”",
    "Night talks end without a word to the reporters who had waited on the steps of the town hall since noon",
    "Court hears the owner of the terminal",
    "Islanders charter a trawler",
    "Mediator sees an end to the strike",
)
NEWSLETTER: Final = "Sign up to our daily newsletter and get the news of the coast in your inbox every morning."
FIRST, SECOND = "The line offered a rise of two per cent.", "The line offered a rise of four per cent."


class Noon(datetime):
    """A clock that stands still."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Self:
        return cls(2022, 3, 1, 12, tzinfo=tz)


class Timeless(Searcher):
    """A searcher whose answers always take the same time."""

    def search(self, *arguments: Any, **options: Any) -> Answer:
        answer = super().search(*arguments, **options)
        object.__setattr__(answer, "took_ms", 12.0)
        return answer


def opened(path: Path, kind: type[Searcher] = Timeless) -> Searcher:
    return kind.open(path, encoder=CheapEncoder(locate()))


@contextmanager
def standing_still() -> Iterator[None]:
    """Stop the clock by which the archive and the history note what was done, and let paths be of a home."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("archive.core.clock.datetime", Noon)
        for place in (head, notice):
            patched.setattr(place, "visible_line", lambda text: visible_line(text.replace(str(Path.cwd()), HOME)))
        yield


def gazette(folder: Path) -> Path:
    """Make the archive in a folder, of texts that lie beside it; one of its articles was edited once."""
    root, texts = folder / NAME, folder / "clippings"
    texts.mkdir(parents=True)
    with standing_still(), Archive.open(empty_archive(root)) as archive:
        for words in (FIRST, SECOND):
            (texts / "news.jsonl").write_text("".join(map(line, records(words))), "utf-8")
            archive.add([texts], passage_rule(archive.settings))
        build(archive, encoder=CheapEncoder)
    return root


def line(record: dict[str, str]) -> str:
    return json.dumps(record, ensure_ascii=False) + "\n"


def records(offered: str = SECOND) -> Iterator[dict[str, str]]:
    """Yield articles of half a year, three of them copies, one in another script, one of nobody and no day."""
    for number in range(24):
        day, month = 1 + number * 5 % 27, (9, 10, 11, 12, 1, 1, 2, 2)[number % 8]
        yield _record(
            f"n{number}",
            TITLES[number % len(TITLES)],
            _text(number, 1 + number % 4, offered if number == 8 else ""),
            outlet=OUTLETS[number % 7 % len(OUTLETS)],
            author=AUTHORS[number % len(AUTHORS)],
            date=f"{2021 if month > 8 else 2022}-{month:02}-{day:02}",
            lang="en",
        )
    copies = (("Coast Herald", "2022-02-12"), ("Harbour Post", "2022-02-11"), ("Ferry Times", "2022-02-14"))
    for outlet, published in copies:
        text = f"Agency copy. The ferry strike is over, the line told the exchange before it opened. {SENTENCES[13]}"
        yield _record(f"c{published[-2:]}", "Ferry strike over, says line", text, outlet=outlet, date=published)
    yield _record("de", "Die Fähre bleibt im Hafen", "Die Fähre liegt still, sagt ein Schild am Kai.", lang="de")
    yield _record("none", "A letter to the editor", f"{SENTENCES[7]} {SENTENCES[9]}")


def _record(name: str, title: str, text: str, **facts: str) -> dict[str, str]:
    host = "".join(filter(str.isalpha, facts.get("outlet", "letters").casefold()))
    return {"id": name, "title": title, "text": text, "url": f"https://www.{host}.example/2022/{name}", **facts}


def _text(number: int, paragraphs: int, last: str) -> str:
    chosen = [SENTENCES[(number * 5 + place * 3) % len(SENTENCES)] for place in range(paragraphs * 6)]
    parts = [
        f"{' '.join(chosen[place : place + 6])} {number + 12} crates were left on pier {place + 1}."
        for place in range(0, len(chosen), 6)
    ]
    return "\n\n".join([parts[0], NEWSLETTER, *parts[1:], *filter(None, [last])])


def keep(root: Path) -> None:
    """Keep clips, stars, saved questions and judgements in the archive."""
    with standing_still(), opened(root) as searcher:
        archive, notebook = searcher.archive, searcher.archive.notebook
        hits = searcher.search(QUESTION, 6).hits
        for number, hit in enumerate(hits[:3]):
            passage = hit.passage
            question = QUESTION if number < 2 else "sanctions owner"
            clip = notebook.add_clip(hit.article.id, passage.version, passage.start, passage.end, question=question)
            if number == 1:
                notebook.note_clip(clip.id, "Ring the surgery on the island about the two lorries.")
        edited = next(one for one in archive.articles() if one.record == "n8")
        old = archive.versions(edited.id)[0]
        start = old.text.index(FIRST)
        notebook.add_clip(edited.id, old.digest, start, start + len(FIRST), question="sanctions owner")
        notebook.star(hits[0].article.id)
        for question, mode, seen in ((QUESTION, "hybrid", searcher.change), ("+mayor date:2022-01", "lexical", 0)):
            notebook.save(question, mode, seen=seen)
        for place, gain in ((0, 1), (1, 1), (3, 0)):
            notebook.judge(QUESTION, [hits[place].passage.id], gain)
        notebook.judge("medicine island", [searcher.search("medicine island", 1).hits[0].passage.id])


def ask_before(root: Path) -> None:
    """Let questions have been asked before."""
    with standing_still(), Archive.open(root) as archive:
        history = History(archive.id)
    for text, mode, found in (
        ("sanctions owner", "hybrid", None),
        ('"harbour dues" -court outlet:="Coast Herald"', "lexical", 9),
        (
            "who slept in the sports hall, and in which of the strikes was it that they had done so before",
            "semantic",
            20,
        ),
        (QUESTION, "hybrid", 28),
    ):
        with standing_still():
            history.asked(text, mode, found)
