"""What reporters do in the terminal UI, in keys pressed until the goal stands on the screen or in a file.

Letters of words, which have to be typed in any program, are counted apart. Each task begins where a reporter is when
it comes up: in the list or in an article. ``benchmarks/tasks.py`` prints the table.
"""

from __future__ import annotations

import json
import os
import re
import sys
import webbrowser
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from archive import Archive
from tests.tui.cells import styled
from tests.tui.hands import ARTICLES, OTHER, QUESTION, Hands, Keys, Missed
from tests.tui.newsroom import newsroom, opened
from tui.app.actions.keymap import Keymap
from tui.app.app import MorgueApp
from tui.writing import child

Doing = Callable[[Hands], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Task:
    """Something that reporters do.

    Attributes:
        words: what.
        before: keys it took before the UI was built anew, in words where it could not be done.
        peer: the best of the other programs that were looked at, in words.
        most: keys the peer needs, None where none was counted: then it is only to be done.
        do: do it and see that it is done.
    """

    words: str
    before: str
    peer: str
    most: int | None
    do: Doing

    @property
    def name(self) -> str:
        return self.words.split(":")[0].replace(" ", "-")


async def new_question(hands: Hands) -> None:
    async with hands.at_work():
        await hands.in_article()
        await hands.press("escape", "slash")
        await hands.write(OTHER)
        await hands.until("the other question's results", lambda: hands.at_rest(f"{OTHER}*"))


async def one_outlet(hands: Hands) -> None:
    async with hands.at_work():
        await hands.in_list()
        await hands.press("f")
        await hands.until("the outlets", lambda: re.search(r"\[ \] Outlet \d \d", hands.text))
        await hands.press("enter")
        await hands.until(
            "results of one outlet", lambda: "outlet:" in hands.picture.chips and hands.picture.is_at_rest
        )
        await hands.until("no other outlet", lambda: len({row["outlet"] for row in hands.rows}) == 1)


async def one_month(hands: Hands) -> None:
    async with hands.at_work():
        await hands.in_list()
        await hands.press("t")
        await hands.until("bars", lambda: _bars(hands))
        await hands.press("m", "enter")
        await hands.until("results of a month", lambda: hands.picture.chips == "date:2022-12")
        await hands.until(
            "no other month", lambda: hands.rows and {row["date"][:7] for row in hands.rows} == {"2022-12"}
        )


async def newest_first(hands: Hands) -> None:
    async with hands.at_work():
        await hands.in_list()
        await hands.press("s")
        await hands.until("newest first", lambda: "newest first" in hands.picture.status and hands.picture.is_at_rest)
        days = [row["date"] for row in hands.rows]
        if days != sorted(days, reverse=True) or len(days) < 5:
            raise Missed(f"not the newest first: {days}")


async def over_time(hands: Hands) -> None:
    async with hands.at_work():
        await hands.in_list()
        await hands.press("t")
        await hands.until("bars", lambda: _bars(hands))


def _bars(hands: Hands) -> bool:
    return re.search(r"Time · by \w+ [^▁-█]*[▁-█]", hands.text) is not None and "counting" not in hands.text.casefold()


async def yesterday(hands: Hands) -> None:
    async with hands.at_work():
        await hands.in_list()
        await hands.press("j", "j")
        title = hands.selected
        await hands.press("ctrl+q")
    hands.begin()
    async with hands.at_work():
        await hands.until("the question and its place", lambda: hands.at_rest(QUESTION) and hands.is_at(title))


async def former_question(hands: Hands) -> None:
    async with hands.at_work():
        await hands.in_list()
        await hands.ask(OTHER)
        hands.begin()
        await hands.press("ctrl+r")
        await hands.until("the questions", lambda: "the last one first" in hands.text and QUESTION in hands.text)
        await hands.press("enter")
        await hands.until("the former one's results", lambda: hands.at_rest(QUESTION))


async def word_inside(hands: Hands) -> None:
    async with hands.at_work():
        await hands.in_article()
        await hands.press("slash")
        await hands.write("note")
        await hands.until("a place of the word", lambda: "“note”: 1 of" in hands.text)
        if not any("note" in text and style.bold for _, _, text, style in styled(hands.app)):
            raise Missed("the word is not marked")


async def next_article(hands: Hands) -> None:
    async with hands.at_work():
        await hands.in_article()
        before = hands.head
        await hands.press("right_square_bracket")
        await hands.until("another article", lambda: _title(hands.head) not in (None, _title(before)))


def _title(head: str) -> str | None:
    found = re.search(r"T\d{4}", head)
    return None if found is None else found[0]


async def quotations(hands: Hands) -> None:
    async with hands.at_work():
        await hands.in_list()
        for number in range(5):
            await hands.press(*["j"] * (number > 0), "space")
        await hands.press("W", "enter")
        await hands.until("the file", (hands.place / "clips.md").is_file)
        written = " ".join((hands.place / "clips.md").read_text("utf-8").replace("> ", " ").split())
    with Archive.open(hands.archive) as archive:
        kept = [clip.text or "" for clip in archive.notebook.clips()]
    if len(set(kept)) != 5 or any(" ".join(text.split()) not in written for text in kept):
        raise Missed(f"{len(kept)} kept, but not all of them written")


async def copy_address(hands: Hands) -> None:
    async with hands.at_work():
        await hands.in_article()
        await hands.press("u")
        await hands.until("the address", lambda: re.fullmatch(r"https://www\.post\d\.example/\d+", hands.app.clipboard))


class _Browser(webbrowser.BaseBrowser):
    def __init__(self) -> None:
        super().__init__("browser")
        self.opened: list[str] = []

    def open(self, url: str, new: int = 0, autoraise: bool = True) -> bool:
        self.opened.append(url)
        return True


async def open_page(hands: Hands) -> None:
    browser = _Browser()
    with patch.object(webbrowser, "get", lambda: browser):
        async with hands.at_work():
            await hands.in_article()
            await hands.press("o")
            await hands.until("the page", lambda: browser.opened and "Given to the browser" in hands.text)


async def _elsewhere(hands: Hands, variable: str) -> None:
    """Open the file in a program that writes down what it was told to open."""
    told, program = hands.place / "told.txt", hands.place / "program.py"
    program.write_text(f"import sys; open({str(told)!r}, 'w').write(repr(sys.argv[1:]))", "utf-8")
    names = dict.fromkeys(("VISUAL", "EDITOR", "PAGER"), "") | {variable: f"{sys.executable} {program}"}
    with patch.dict(os.environ, names), patch.object(MorgueApp, "suspend", lambda app: nullcontext()):
        async with hands.at_work():
            await hands.in_article()
            await hands.press("E")
            await hands.until("the program", lambda: told.exists() and "archive.jsonl" in told.read_text("utf-8"))


async def editor(hands: Hands) -> None:
    await _elsewhere(hands, "EDITOR")


async def pager(hands: Hands) -> None:
    await _elsewhere(hands, "PAGER")


async def export(hands: Hands) -> None:
    async with hands.at_work():
        await hands.in_list()
        drawn = [row.title for row in hands.picture.rows]
        await hands.press("w", "enter")
        await hands.until("the file", (hands.place / "results.md").is_file)
        written = re.findall(r"^## \d+\. (T\d{4})", (hands.place / "results.md").read_text("utf-8"), re.MULTILINE)
    if not drawn or written[: len(drawn)] != drawn:
        raise Missed(f"the list shows {drawn}, the file has {written}")


async def more_like_this(hands: Hands) -> None:
    async with hands.at_work():
        await hands.in_article()
        await hands.press("l")
        await hands.until("what is like it", lambda: hands.picture.searches and hands.picture.line.startswith("like:"))
        await hands.until("results", lambda: hands.rows and hands.picture.is_at_rest)


async def why(hands: Hands) -> None:
    async with hands.at_work():
        await hands.in_list()
        await hands.press("i")
        await hands.until("ranks and sums", lambda: re.search(r"By words: +place \d+, score [\d.]+", hands.text))


@contextmanager
def _cheaply(hands: Hands) -> Iterator[None]:
    """Let what writes to an archive, and another archive that is opened, encode with the newsroom's cheap encoder."""
    cache = f"MORGUE_CACHE={hands.place / 'cache'}"
    command = ("env", cache, sys.executable, "-m", "tests.tui.slow", "0")
    with patch.object(child, "COMMAND", command), patch.object(MorgueApp, "_open", lambda app, root: opened(root)):
        yield


async def add_folder(hands: Hands) -> None:
    (hands.place / "late").mkdir()
    for number in range(3):
        (hands.place / "late" / f"{number}.txt").write_text(f"Late boat {number}\n\nThe boat was late.\n", "utf-8")
    with _cheaply(hands):
        async with hands.at_work():
            await hands.in_list()
            await hands.press("A")
            await hands.until("the line to type in", lambda: "Add articles" in hands.text)
            await hands.write("late")
            await hands.press("enter")
            await hands.until("what lies there", lambda: "To be read: 3 files" in hands.text)
            await hands.press("enter")
            await hands.until("it done", lambda: "Done. Articles: 3 added" in hands.text)
    _expect(hands, ARTICLES + 3)


async def update(hands: Hands) -> None:
    with (hands.place / "archive.jsonl").open("a", encoding="utf-8") as news:
        news.write(json.dumps({"id": "late", "title": "T9999 report", "text": "The boat was late."}) + "\n")
    with _cheaply(hands):
        async with hands.at_work():
            await hands.in_list()
            await hands.press("R")
            await hands.until("what is looked at again", lambda: "archive.jsonl" in hands.text)
            await hands.press("enter")
            await hands.until("it done", lambda: "Done. Articles: 1 added" in hands.text)
    _expect(hands, ARTICLES + 1)


def _expect(hands: Hands, articles: int) -> None:
    with Archive.open(hands.archive) as archive:
        if (there := sum(1 for _ in archive.articles())) != articles:
            raise Missed(f"{there} articles, not {articles}")


async def switch(hands: Hands) -> None:
    newsroom(hands.place / "second", 5, seed=2)
    with _cheaply(hands):
        async with hands.at_work():
            await hands.in_list()
            await hands.press("O", "enter")
            await hands.until("the other archive", lambda: "second · 5 articles" in hands.picture.lines[0])


async def find_command(hands: Hands) -> None:
    async with hands.at_work():
        await hands.in_list()
        await hands.press("ctrl+p")
        await hands.until("the commands", lambda: "Next result" in hands.text)
        await hands.write("newest")
        await hands.until("what was found", lambda: "Next result" not in hands.text and "newest first" in hands.text)
        await hands.press("enter")
        await hands.until("it done", lambda: "newest first" in hands.picture.status)


async def own_keys(hands: Hands) -> None:
    async with hands.at_work(keymap=Keymap({"sort": "b"})):
        await hands.in_list()
        await hands.press("b")
        await hands.until("the action of one's own key", lambda: "newest first" in hands.picture.status)


async def own_colours(hands: Hands) -> None:
    async with hands.at_work(look="light"):
        hands.begin()
        colours = [style.bgcolor.triplet for _, _, _, style in styled(hands.app) if style.bgcolor is not None]
        if not colours or any(colour is None or sum(colour) < 3 * 128 for colour in colours[:1]):
            raise Missed(f"not light: {colours[:3]}")


TASKS = (
    Task("new question after an article", "3", "Esc / (msgvault, lazygit)", 2, new_question),
    Task("one outlet", "12 and more", "g Enter (msgvault)", 2, one_outlet),
    Task("one month", "13", "t j Enter (msgvault)", 3, one_month),
    Task("newest first", "impossible", "s (msgvault)", 1, newest_first),
    Task("spread over time", "impossible", "t (msgvault)", 1, over_time),
    Task("yesterday's question: where one left", "retyped", "Up (msgvault)", 1, yesterday),
    Task("a question before that", "retyped", "F8 Enter (harlequin)", 2, former_question),
    Task("word inside the open article", "impossible", "/ (msgvault, lazygit)", 1, word_inside),
    Task("next article", "] for each passage", "1", 1, next_article),
    Task("5 quotations into notes", "20", "5 marks, 4 steps, save, Enter", 11, quotations),
    Task("copy the address", "impossible", "1 (posting)", 1, copy_address),
    Task("open the page", "impossible", "o (msgvault)", 1, open_page),
    Task("open the file in $EDITOR", "impossible", "1 (posting)", 1, editor),
    Task("open the file in $PAGER", "impossible", "1 (posting)", 1, pager),
    Task("export this list", "left, asked again", "Ctrl+E Enter (harlequin)", 2, export),
    Task("more like this", "impossible", "1", 1, more_like_this),
    Task("why is this here", "another command", "1", 1, why),
    Task("add a folder", "left, another command", "", None, add_folder),
    Task("update", "left, another command", "", None, update),
    Task("switch the archive", "left, another command", "A Enter (msgvault)", 2, switch),
    Task("find a command", "F1, 119 lines", "Ctrl+P Enter (posting, harlequin)", 2, find_command),
    Task("keys of one's own: a file", "impossible", "a file (posting, harlequin)", 1, own_keys),
    Task("another theme: a variable", "undocumented", "a file (posting, harlequin)", 0, own_colours),
)


async def done(task: Task, place: Path) -> Keys:
    """Do a task in a workplace, and return what was pressed.

    Raises:
        Missed: its goal was not reached.
    """
    pressed = Keys()
    await task.do(Hands(place, pressed))
    return pressed


def table(counted: Sequence[tuple[Task, Keys]]) -> Iterator[tuple[str, ...]]:
    """Yield a row for each task."""
    for task, pressed in counted:
        now = f"{pressed.keys}{' + the word' if pressed.letters else ''}"
        yield task.words, task.before, task.peer, "" if task.most is None else str(task.most), now
