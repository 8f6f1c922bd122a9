"""The rule of the list, under random keys and clicks, late answers and rebuilds; judged by the cells that are drawn.

Rows are the answer to what stands in the line, or drawn as old, and the screen says which; at rest they are the answer;
the selected row changes only by what moves it, and stays where it stands.

``MORGUE_EVENTS=2000 MORGUE_DELAY=2 pytest tests/tui/app/test_rule.py --timeout 0`` drives it for longer: so many events
in each of five archives at two sizes, with answers as late as so many seconds. ``MORGUE_SEED`` changes what happens.
"""

from __future__ import annotations

import os
import random
import re
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread
from time import monotonic
from typing import TypeAlias

import pytest
from textual.pilot import Pilot

from archive import Archive
from index import Group, Mode, Order, Searcher, build, narrowed
from index.query.parser import parse
from tests.index.world import CheapEncoder
from tests.tui.newsroom import WORDS, Delayed, DrawnRow, Picture, newsroom, opened
from tui.app.app import MorgueApp
from tui.app.screens.search import SearchScreen
from tui.session.kept import Kept
from tui.session.session import GONE, STANDS_FOR

Until = Callable[[Pilot[None], Callable[[], object]], Awaitable[None]]
EVENTS = int(os.environ.get("MORGUE_EVENTS", "100"))
SEED = int(os.environ.get("MORGUE_SEED", "1"))
DELAY = float(os.environ.get("MORGUE_DELAY", "0.2"))
ARCHIVES = {"many": (90, 0), "few": (7, 0), "copied": (120, 3), "one": (1, 0), "more than are listed": (400, 0)}
"""How many articles there are, and how many of them, one after the other, have the same words (0: none)."""
MODES = {"words and meaning": Mode.HYBRID, "words": Mode.LEXICAL, "meaning": Mode.SEMANTIC}
_OLD = re.compile(r"old rows, of “(?P<text>.*?)(”|…)")
_ASKED = re.compile(
    r"(?:^| )(?:(?P<order>newest|oldest) first · )?"
    r"(?P<mode>words and meaning|words|meaning)(?::[^·]*)? · by (?P<group>passage|article)"
)
_NARROWS = ("narrow", "span", "backspace", "U")
_KEEPS = ("space", "asterisk", "plus", "minus")
Asked: TypeAlias = tuple[str, str, Mode, Group, Order]
"""What is written, what narrows that, and in which way it is asked."""
Results: TypeAlias = tuple[frozenset[str], ...]
"""The results of an answer, each as the titles by which it may be drawn."""
_MOVES = frozenset({"j", "k", "g", "G", "pagedown", "pageup", "down", "up", "home", "end", "enter", "escape", "click"})


@pytest.fixture(scope="module", params=[*ARCHIVES.values()], ids=[*ARCHIVES])
def news(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    articles, copied = request.param
    return newsroom(tmp_path_factory.mktemp("rule") / "archive", articles, seed=articles, copied=copied)


@dataclass
class Oracle:
    """Knows every answer, from a searcher of its own: the results in their order, each with the titles of its words.

    By article, what has the same words as a hit before it is folded under that, and whichever was published first is
    drawn; so each result is the titles that may be.
    """

    searcher: Searcher
    known: dict[tuple[Asked, bool], Results] = field(default_factory=dict)

    def answer(self, asked: Asked, *, expand: bool = True) -> Results:
        text, chips, mode, group, order = asked
        if (asked, expand) not in self.known:
            query = narrowed(parse(text), chips) if chips else parse(text)
            answer = self.searcher.search(query, 1_000, mode, group, expand=expand, order=order)
            titles: dict[str, set[str]] = {}
            for hit in answer:
                same = hit.passage.text if group == Group.ARTICLE else hit.passage.id
                titles.setdefault(same, set()).add(hit.article.title[:5])
            self.known[asked, expand] = tuple(map(frozenset, titles.values()))
        return self.known[asked, expand]

    def answers(self, asked: Asked) -> list[Results]:
        """Return the answer to a question, with other spellings and, as while it is written, without."""
        return [self.answer(asked, expand=expand) for expand in (True, False)]


@dataclass
class Driver:
    """Presses keys at random and holds what is drawn to the rule."""

    pilot: Pilot[None]
    app: MorgueApp
    oracle: Oracle
    drawn: random.Random
    done: list[str] = field(default_factory=list)
    seen: Counter[str] = field(default_factory=Counter)
    sorts: bool = False
    """Another order was asked for, whose first row is gone to."""
    narrows: bool = False
    """Several questions were asked, one after the other; what is said of the first is not said of the last."""
    ends: bool = False
    """The last row of all was asked for, which is gone to once it is there."""

    async def press(self, *keys: str) -> None:
        self.done += keys
        await self.pilot.press(*keys)

    def next_event(self) -> str:
        writing = self.app.focused is self.screen.line
        if writing and not Picture(self.app).rows and self.drawn.random() < 0.4:
            return "word" if self.screen.session.request.is_blank else "clear"
        typed = 9 * ["word"] + [*"sz", "space", "backspace", "backspace", "quotation_mark", "plus", "f2", "f8", "tab"]
        typed += 6 * ["enter"] + ["down", "down", "clear", "clear"]
        moved = [*"jjjjkgG", "pagedown", "pageup", "wheel", "click", "x", "o", "slash", "slash", "z", "open", "tab"]
        moved += 4 * ["wait"] + 3 * ["m"] + 2 * ["f5"] + [*_NARROWS, "s"]
        moved += [*_KEEPS, "space", "U", "d", "why"]
        events: list[str] = typed if writing else [*moved, "escape", "shift+tab"]
        return events[self.drawn.randrange(len(events))]

    @property
    def screen(self) -> SearchScreen:
        screen = self.app.screen_stack[0]
        assert isinstance(screen, SearchScreen)
        return screen

    async def step(self) -> None:
        await self.come_back()
        before, event = Picture(self.app), self.next_event()
        in_list = self.app.focused is self.screen.results and before.line == before.line.rstrip("*")
        await self.do(event)
        after = Picture(self.app)
        self.sorts, self.ends = self.sorts or event == "s", self.ends or event == "G"
        self.narrows = self.narrows or event in ("narrow", "span")
        if not after.searches:
            return
        self.check(after)
        if in_list and self.app.focused is self.screen.results:
            self.check_selection(before, after, event)
        if after.is_at_rest:
            self.sorts = self.ends = self.narrows = False

    async def come_back(self) -> None:
        """Leave the article that an Enter has opened, however late."""
        while not Picture(self.app).searches:
            await self.press("escape")

    async def do(self, event: str) -> None:
        if event == "word":
            word, before = self.drawn.choice(WORDS), self.screen.line.value
            await self.press(*(["space"] if before and not before.endswith(" ") else []))
            await self.press(*word[: self.drawn.choice([2, 4, *4 * [len(word)]])])
        elif event == "clear":
            await self.press("end", "ctrl+u", *["backspace"] * self.drawn.choice([0, 6]))
        elif event == "narrow":
            marked = self.drawn.choices(["j", "j", "j", "space", "x"], k=4)
            await self.press("f", *["j"] * self.drawn.randrange(12), *marked, "escape")
        elif event == "span":
            await self.press("t", *self.drawn.choices(["left", "home", "shift+left", "w", "m", "enter"], k=5))
            await self.leave_timeline()
        elif event == "click":
            self.done.append("click")
            rows = Picture(self.app).rows
            if rows:
                region = self.screen.results.content_region
                await self.pilot.click(offset=(region.x + 20, region.y + self.drawn.choice(rows).y))
        elif event == "wait":
            await self.pilot.pause(self.drawn.random() * DELAY)
        elif event == "wheel":
            self.done.append("wheel")
            self.screen.results.scroll_relative(y=self.drawn.choice([-6, 6]), animate=False)
        elif event in ("open", "why"):
            there = self.drawn.choices(["right_square_bracket", "left_square_bracket", "n"], k=3)
            await self.press(*(["enter", *there] if event == "open" else ["i"]))
            await self.come_back()
        else:
            await self.press(event)
        await self.pilot.pause()

    async def leave_timeline(self) -> None:
        """Press Esc, twice where a span was begun."""
        while self.screen.timeline.has_focus:
            await self.press("escape")

    def check(self, picture: Picture, *, at_rest: bool = False) -> None:
        rows = picture.rows
        is_old = any("━ Old results ━" in line or "─ Old results ─" in line for line in picture.lines)
        self.seen["old" if rows and is_old else "rows" if rows else "none"] += 1
        if not rows:
            return
        assert is_old == ("old rows, of “" in picture.status), self.told(picture)
        assert len({row.rank is None for row in rows}) == 1, self.told(picture)
        if is_old:  # rows that have just become old have their ranks for a moment longer
            self.check_old(picture)
        else:
            self.check_answer(picture, rows, at_rest=at_rest)

    def asked(self, picture: Picture) -> Asked | None:
        """Return what is asked, as far as all of it is drawn."""
        found = _ASKED.search(picture.status)
        if found is None or "…" in picture.chips:
            return None
        return picture.line, picture.chips, MODES[found["mode"]], Group(found["group"]), Order(found["order"] or "best")

    def check_answer(self, picture: Picture, rows: list[DrawnRow], *, at_rest: bool) -> None:
        asked = self.asked(picture)
        if asked is None:
            return
        if "meaning follows" in picture.status:
            asked = (*asked[:2], Mode.LEXICAL, *asked[3:])
        self.seen["narrowed"] += bool(asked[1])
        ranked = [(row.rank or 0, row.title) for row in rows]
        answers = self.oracle.answers(asked)[: 1 if at_rest else 2]
        first, titles = ranked[0][0], [title for _, title in ranked]
        assert any(_holds(answer, titles, first - 1) for answer in answers), self.told(picture)
        assert [rank for rank, _ in ranked] == [*range(first, first + len(ranked))], self.told(picture)

    def check_old(self, picture: Picture) -> None:
        """Old rows are those of the question that is named, in some mode: a stretch of its answer."""
        found = _OLD.search(picture.status)
        assert found is not None, self.told(picture)
        text, titles = found["text"], [row.title for row in picture.rows]
        if found[2] == "…":
            return  # not all of it is drawn
        answers = (
            answer
            for order in Order
            for mode in MODES.values()
            for group in (Group.ARTICLE, Group.PASSAGE)
            for answer in self.oracle.answers((text, "", mode, group, order))
        )
        assert any(_holds(answer, titles) for answer in answers), self.told(picture)

    def check_selection(self, before: Picture, after: Picture, event: str) -> None:
        was, now = before.selected, after.selected
        if event in _MOVES or event in ("wheel", "open", "x", "o", "f8", "s") or was is None or now is None:
            return
        if self.sorts or self.narrows:
            return
        if self.ends and f" {now.rank} of {now.rank} " in after.status:
            return
        if GONE[:30] in after.status or STANDS_FOR[:30] in after.status:
            return
        self.seen["kept"] += 1
        assert now.title == was.title, self.told(after)
        # another answer may be too short to be scrolled to where the row stood; the same one never moves it
        another = event in ("m", *_NARROWS) or any(row.rank is None for row in (*before.rows, *after.rows))
        at_an_end = after.rows[0].rank == 1 or re.search(rf" of {after.rows[-1].rank}\+? ", after.status)
        if event not in ("tab", "shift+tab", "d") and not another and not at_an_end:
            assert now.y == was.y, f"from line {was.y} to {now.y}, {self.told(after)}"

    async def rest(self) -> None:
        """Leave the line, wait for all that is under way, and find the answer to exactly what stands there."""
        await self.come_back()
        if self.app.focused is self.screen.line:
            await self.press("enter")
        end = monotonic() + 60
        while not Picture(self.app).is_at_rest:
            assert monotonic() < end, self.told(Picture(self.app))
            await self.pilot.pause(0.02)
        await self.pilot.pause()
        await self.come_back()
        picture = Picture(self.app)
        assert not picture.line.endswith("*"), self.told(picture)
        self.check(picture, at_rest=True)
        asked = self.asked(picture)
        if asked is not None and (picture.line or picture.chips):
            assert all(row.rank is not None for row in picture.rows), self.told(picture)
            assert bool(picture.rows) == bool(self.oracle.answer(asked)), self.told(picture)

    @staticmethod
    def kept(kept: Kept) -> tuple[object, ...]:
        """Return what is kept, as far as it is shown."""
        clips = sorted((clip.article.id if clip.article else "", clip.start, clip.question) for clip in kept.clips)
        return clips, kept.stars, dict(kept.judged)

    def told(self, picture: Picture) -> str:
        return "\n".join([f"after {self.done[-400:]}", *picture.lines])


def on_disk(searcher: Searcher) -> Kept:
    """Return what is kept in the archive now."""
    return Kept.read(searcher.archive.notebook)


def _holds(answer: Results, titles: list[str], at: int | None = None) -> bool:
    """Tell whether titles are a stretch of an answer, which begins at a place if one is given."""
    places = range(len(answer) - len(titles) + 1) if at is None else [at]
    return any(
        len(answer) >= at + len(titles) and all(title in answer[at + n] for n, title in enumerate(titles))
        for at in places
    )


@pytest.fixture
def rebuilds(news: Path) -> Iterator[None]:
    """Rebuild the index beside the UI, again and again, from the same articles."""
    ends = Event()

    def rebuild() -> None:
        while not ends.wait(2):
            with Archive.open(news) as archive:
                build(archive, rebuild=True, encoder=CheapEncoder)

    thread = Thread(target=rebuild)
    thread.start()
    yield
    ends.set()
    thread.join()


@pytest.mark.parametrize("size", [(110, 40), (80, 24)])
@pytest.mark.usefixtures("rebuilds")
async def test_rows_are_the_answer_or_old_whatever_is_pressed(
    news: Path, until: Until, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Delayed, "longest", DELAY)
    monkeypatch.setattr(Delayed, "drawn", random.Random(SEED))
    app = MorgueApp(lambda: opened(news, Delayed), "", "hybrid", news)
    with opened(news) as searcher:
        assert searcher.warm()
        async with app.run_test(size=size) as pilot:
            await until(pilot, lambda: "words and meaning ·" in Picture(app).status)
            driver = Driver(pilot, app, Oracle(searcher), random.Random(SEED))
            for number in range(1, EVENTS // 4 + 1):
                await driver.step()
                if number % 20 == 0:
                    await driver.rest()
            await until(pilot, lambda: driver.kept(app.kept) == driver.kept(on_disk(searcher)))
            # of each step's picture; answers that come late leave old rows for longer
            assert driver.seen["rows"] > EVENTS / 80, f"{driver.seen} {driver.told(Picture(app))}"
            if EVENTS > 1_000:
                print(driver.seen)
