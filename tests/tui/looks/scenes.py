"""Every screen: how one comes there from the start, over the archives of ``gazette``."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import Any, Final

from textual.command import CommandPalette
from textual.pilot import Pilot
from textual.widgets import OptionList

from index import Answer, Searcher
from tests.tui.cells import shown
from tests.tui.conftest import Until
from tests.tui.looks.gazette import NAME, QUESTION, Timeless, opened
from tests.tui.newsroom import Picture
from tui.app import keys
from tui.app.app import MorgueApp
from tui.app.screens.article import ArticleScreen
from tui.app.screens.search import SearchScreen
from tui.app.widgets.article_text import ArticleText
from tui.app.widgets.result_list import ResultList
from tui.session.rows import Kind


class Held(Timeless):
    """A searcher that answers nothing which names the harbour before it is let go."""

    let = Event()

    def search(self, *arguments: Any, **options: Any) -> Answer:
        if "harbour" in str(arguments[0]):
            assert self.let.wait(60)
        return super().search(*arguments, **options)


@dataclass(frozen=True, slots=True)
class Stage:
    """What a scene is played on."""

    pilot: Pilot[None]
    wait: Until

    @property
    def app(self) -> MorgueApp:
        app = self.pilot.app
        assert isinstance(app, MorgueApp)
        return app

    async def until(self, holds: Callable[[], object]) -> None:
        await self.wait(self.pilot, holds)

    async def says(self, words: str) -> None:
        await self.until(lambda: words in shown(self.app))

    async def press(self, *pressed: str) -> None:
        await self.pilot.press(*pressed)

    async def at_rest(self) -> None:
        """Wait for rows with all that belongs to them: the article beside, and what is counted."""
        screen = self.app.screen_stack[0]
        assert isinstance(screen, SearchScreen)
        await self.until(lambda: Picture(self.app).is_at_rest and screen.session.rows and is_full(screen))
        await self.until(lambda: screen.session.counts is not None and not screen.session.counts_are_old)
        await self.until(lambda: not screen.preview.display or is_read(screen))

    async def listed(self, *pressed: str) -> None:
        """Go to the first result, and on by keys."""
        await self.at_rest()
        await self.press("enter", *pressed)
        await self.at_rest()


def is_full(screen: SearchScreen) -> bool:
    """Tell whether there are as many rows as the screen has room for, or no more."""
    return screen.results.virtual_size.height >= screen.results.size.height or not screen.session.may_go_on


def is_read(screen: SearchScreen) -> bool:
    """Tell whether the selected row's article is there, with all that is marked in it."""
    page, answer = screen.preview.text.page, screen.session.answer
    if page is None or answer is None or screen.hit is None or page.hit.passage != screen.hit.passage:
        return False
    return answer.mode == "lexical" or page.nearest is not None


Play = Callable[[Stage], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Scene:
    """A screen: how one comes there, and over which archive, asking what."""

    play: Play
    archive: str = NAME
    query: str = QUESTION
    kind: type[Searcher] = Timeless
    waits: Event | None = None

    def app(self, kind: type[MorgueApp] = MorgueApp) -> MorgueApp:
        """Make the application; what is to wait does until ``let_go``."""
        path = Path(self.archive)
        if self.waits is not None:
            self.waits.clear()

        def opener() -> Searcher:
            assert self.kind is Held or self.waits is None or self.waits.wait(60)
            return opened(path, self.kind)

        return kind(opener, self.query, archive=path, look="dark")

    def let_go(self) -> None:
        """Let what waits go on."""
        if self.waits is not None:
            self.waits.set()


async def opening(stage: Stage) -> None:
    await stage.says("Opening the archive")


async def welcome(stage: Stage) -> None:
    await stage.says("Ask a topic in plain words")
    await stage.until(lambda: Picture(stage.app).is_at_rest and "29 articles" in shown(stage.app))


async def empty(stage: Stage) -> None:
    await stage.says("add FOLDER")
    await stage.until(lambda: Picture(stage.app).is_at_rest)


async def trouble(stage: Stage) -> None:
    await stage.says("F5 looks again")


async def nothing(stage: Stage) -> None:
    await stage.says("No article meets the conditions")
    await stage.until(lambda: Picture(stage.app).is_at_rest)


async def asked(stage: Stage) -> None:
    await stage.at_rest()


async def results(stage: Stage) -> None:
    await stage.listed("j", "j")


async def by_passage(stage: Stage) -> None:
    await stage.listed("z")


async def unfolded(stage: Stage) -> None:
    await stage.listed()
    results = stage.app.query_one(ResultList)
    place = next(number for number, row in enumerate(results.rows) if row.copies)
    await stage.press(*["j"] * place, "x")
    await stage.until(lambda: results.rows[place + 1].kind != Kind.BEST)
    await stage.at_rest()


async def old(stage: Stage) -> None:
    await stage.at_rest()
    await stage.press("end", *" harbour ")
    await stage.says("old rows, of")


async def compact(stage: Stage) -> None:
    await stage.listed("d")
    await stage.until(lambda: stage.app.query_one(ResultList).compact)
    await stage.at_rest()


async def narrowing(stage: Stage) -> None:
    await stage.listed("f", "j", "space")
    await stage.at_rest()


async def timeline(stage: Stage) -> None:
    await stage.listed("t", "m", "shift+left")


async def all_panels(stage: Stage) -> None:
    await stage.listed("t", "f", "x")
    await stage.at_rest()


async def beside(stage: Stage) -> None:
    await stage.listed("j", "tab", "n")


async def reading(stage: Stage) -> None:
    await stage.listed("j", "enter")
    await stage.until(lambda: isinstance(stage.app.screen, ArticleScreen))
    text = stage.app.screen.query_one(ArticleText)
    await stage.until(lambda: text.page and text.page.nearest and text.page.whole)
    await stage.press("n")


async def finding(stage: Stage) -> None:
    await reading(stage)
    await stage.press("slash", *"ferry")
    await stage.says("“ferry”: 1 of")


async def versions(stage: Stage) -> None:
    await reading(stage)
    await stage.press("v")
    await stage.says("four per cent")


async def why(stage: Stage) -> None:
    await stage.listed("i")
    await stage.says("By words:")


async def kept(stage: Stage, *pressed: str) -> None:
    """Go to the first result once it is known what is new of saved questions, and on by keys."""
    await stage.listed()
    await stage.says("questions that you saved")
    await stage.press(*pressed)


async def clips(stage: Stage) -> None:
    await kept(stage, "C")
    await stage.says("4 clips")


async def note(stage: Stage) -> None:
    await clips(stage)
    await stage.press("j", "e")


async def saved(stage: Stage) -> None:
    await kept(stage, "Q")
    await stage.says("new since last seen")


async def history(stage: Stage) -> None:
    await stage.at_rest()
    await stage.press("up")
    await stage.says("harbour dues")


async def judging(stage: Stage) -> None:
    await kept(stage, "J")
    await stage.says("MRR@10")


async def adding(stage: Stage) -> None:
    await stage.listed("A", *"clippings", "enter")
    await stage.says("Enter begins.")


async def other_archive(stage: Stage) -> None:
    await stage.listed("O", "ctrl+u", *"kept/")
    await stage.says("kept/")


async def helping(stage: Stage) -> None:
    await stage.listed("f1")


async def commands(stage: Stage) -> None:
    await stage.listed("ctrl+p")
    await stage.until(lambda: isinstance(stage.app.screen, CommandPalette))
    await stage.press(*"copy")
    found = stage.app.screen.query_one(OptionList)
    wanted = {row.tooltip for row in (*keys.SEARCH, *keys.PANES) if row.tooltip.startswith("Copy")}
    await stage.until(lambda: wanted <= set(prompts(found)))
    await stage.pilot.pause(0.5)  # for what matches less, which is told in no other way


def prompts(options: OptionList) -> Iterator[str]:
    for place in range(options.option_count):
        yield str(options.get_option_at_index(place).prompt).partition("\n")[0]


SCENES: Final = {
    "opening": Scene(opening, query="", waits=Event()),
    "welcome": Scene(welcome, query=""),
    "empty": Scene(empty, archive="new-archive", query=""),
    "trouble": Scene(trouble, archive="no-archive"),
    "nothing": Scene(nothing, query="ferry +zeppelin outlet:nowhere"),
    "asked": Scene(asked),
    "results": Scene(results),
    "by-passage": Scene(by_passage),
    "unfolded": Scene(unfolded),
    "old": Scene(old, kind=Held, waits=Held.let),
    "compact": Scene(compact),
    "narrowing": Scene(narrowing),
    "timeline": Scene(timeline),
    "all-panels": Scene(all_panels),
    "beside": Scene(beside),
    "reading": Scene(reading),
    "finding": Scene(finding),
    "versions": Scene(versions, query='"four per cent"'),
    "why": Scene(why),
    "clips": Scene(clips, archive=f"kept/{NAME}"),
    "note": Scene(note, archive=f"kept/{NAME}"),
    "saved": Scene(saved, archive=f"kept/{NAME}"),
    "history": Scene(history),
    "judging": Scene(judging, archive=f"kept/{NAME}"),
    "adding": Scene(adding),
    "other-archive": Scene(other_archive),
    "help": Scene(helping),
    "commands": Scene(commands),
}
