"""Make the README's pictures from the running UI, over the sample articles and over a small town's newspapers.

Run ``python docs/pictures.py``; the pictures (PNG) are written to ``docs/pictures/``. They need the font DejaVu Sans
Mono on the machine: Textual exports SVG, which loses its spaces wherever the font it names is not installed.
"""

from __future__ import annotations

import asyncio
import os
import re
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, chdir
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from typing import Any
from unittest.mock import patch

from textual.app import App
from textual.pilot import Pilot

from archive import Archive
from archive.text.visible import visible_line
from index import Searcher, build, passage_rule
from tests.tui.looks.gazette import line, records
from tui.app.app import MorgueApp
from tui.app.screens.article import ArticleScreen
from tui.app.view import head
from tui.app.widgets.article_text import ArticleText
from tui.app.widgets.result_list import ResultList

HERE = Path(__file__).resolve().parent
HOME = "/home/you"
TEXTS = "clippings"  # the folder of articles
SIZES = {"wide": (160, 45), "middle": (120, 35), "narrow": (80, 24)}
FONT = "DejaVu Sans Mono"
ZOOM = 2  # pixels for each unit of the SVG, sharp on screens of high density; chosen, not measured


def archive_of(name: str, texts: Path) -> Path:
    """Build an archive of a folder of texts in the working directory, and return where it is from there."""
    with Archive.create(Path(name)) as archive:
        archive.add([texts], passage_rule(archive.settings))
        build(archive)
    return Path(name)


def town_news(folder: Path) -> Path:
    """Write the made-up articles of half a year that the tests look at, of several outlets, some of them copies."""
    folder.mkdir()
    (folder / "news.jsonl").write_text("".join(map(line, records())), "utf-8")
    return folder


def at_home(text: str) -> str:
    """Return a text with the folder of the articles as if it lay in somebody's home: where it lies is new each time."""
    return visible_line(f"{HOME}/{text[text.index(TEXTS) :]}" if f"/{TEXTS}/" in text else text)


async def until(pilot: Pilot[None], holds: Callable[[], object]) -> None:
    """Wait until something holds."""
    for _ in range(3000):
        if holds():
            await pilot.pause()
            return
        await pilot.pause(0.02)
    raise TimeoutError("the UI did not get there within a minute")


def rendered(svg: str) -> bytes:
    """Turn a screenshot as Textual exports it into a PNG, all of it in one font."""
    from resvg_py import svg_to_bytes

    in_one_font = re.sub(r"font-family: (Fira Code, monospace|arial);", f"font-family: {FONT};", svg)
    return bytes(svg_to_bytes(svg_string=in_one_font, zoom=ZOOM))


def check_font() -> None:
    """Make sure that letters are drawn at all.

    Raises:
        SystemExit: the font is not installed.
    """
    box = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 20" width="20" height="20">{}</svg>'
    letter = f'<text y="15" font-family="{FONT}">M</text>'
    if rendered(box.format(letter)) == rendered(box.format("")):
        raise SystemExit(f"The font {FONT} is not installed; without it the pictures would hold no words.")


def save(app: MorgueApp, target: Path) -> None:
    """Write what is on the screen.

    Raises:
        SystemExit: a path of this machine shows.
    """
    drawn = app.export_screenshot(simplify=True)
    if str(Path.cwd()) in drawn or gettempdir() in drawn:
        raise SystemExit(f"{target.name}: a path of this machine shows")
    target.write_bytes(rendered(drawn))


@asynccontextmanager
async def running(root: Path, question: str, size: tuple[int, int]) -> AsyncIterator[Pilot[None]]:
    """Run the UI until the answer is there with all that belongs to it, and go to the first result."""
    app = MorgueApp(lambda: Searcher.open(root), question, archive=root, look="dark")
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: (hits := app.query_one(ResultList).hits) and hits[0].semantic)
        await until(pilot, lambda: (page := app.query_one(ArticleText).page) and page.nearest)
        await until(pilot, lambda: "counting" not in words(app) and "articles" in words(app))
        await pilot.press("enter")
        await pilot.pause(1)  # for what is counted only once everything rests
        yield pilot


def words(app: App[Any]) -> str:
    """Return the words on the screen."""
    return " ".join("".join(segment.text for segment in row) for row in app.screen._compositor.render_strips())


async def take_reading(root: Path, name: str, size: tuple[int, int], folder: Path) -> None:
    """Take the pictures of results and an article."""
    async with running(root, "sanctions threats", size) as pilot:
        app = pilot.app
        assert isinstance(app, MorgueApp)
        save(app, folder / f"search-{name}.png")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, ArticleScreen) and app.screen.text.page)
        save(app, folder / f"article-{name}.png")


async def take_working(root: Path, folder: Path) -> None:
    """Take the pictures of narrowing, of clips, of commands and of help."""
    async with running(root, "ferry strike", SIZES["middle"]) as pilot:
        app = pilot.app
        assert isinstance(app, MorgueApp)
        await pilot.press("space", "j", "j", "space", "C")
        await until(pilot, lambda: "2 clips" in words(app))
        await pilot.press("e", *"Ring the mediator before the paper goes out.", "enter")
        await until(pilot, lambda: "note: Ring" in words(app))
        save(app, folder / "clips.png")
        await pilot.press("escape", "ctrl+p", *"copy")
        await until(pilot, lambda: "Copy the address" in words(app))
        save(app, folder / "commands.png")
        await pilot.press("escape", "escape")
        app.screen_stack[0].query_one(ResultList).focus()
        await pilot.press("f1")
        await until(pilot, lambda: "you are here" in words(app))
        save(app, folder / "help.png")
        await pilot.press("escape", "t", "f", "space")
        await until(pilot, lambda: "×" in words(app) and "counting" not in words(app) and "old rows" not in words(app))
        await pilot.pause(1)
        save(app, folder / "narrowed.png")


def main() -> None:
    """Make all pictures, in true colour whatever this terminal has."""
    os.environ.pop("NO_COLOR", None)
    os.environ |= {"TERM": "xterm-256color", "COLORTERM": "truecolor"}
    check_font()
    folder = HERE / "pictures"
    folder.mkdir(exist_ok=True)
    os.environ["MORGUE_HISTORY"] = "off"
    with patch.object(head, "visible_line", at_home), TemporaryDirectory(prefix="morgue-") as tmp, chdir(tmp):
        os.environ["MORGUE_STATE"] = f"{tmp}/state"
        samples = archive_of("my-archive", Path(shutil.copytree(HERE.parent / "seeds" / "articles", f"seeds/{TEXTS}")))
        for name in ("wide", "narrow"):
            asyncio.run(take_reading(samples, name, SIZES[name], folder))
        asyncio.run(take_working(archive_of("harbour-news", town_news(Path(TEXTS))), folder))


if __name__ == "__main__":
    main()
