"""Make the README's pictures from the running UI over an archive of the sample articles.

Run ``python docs/pictures.py``; the pictures (PNG) are written to ``docs/pictures/``. They need the font DejaVu Sans
Mono on the machine: Textual exports SVG, which loses its spaces wherever the font it names is not installed.
"""

from __future__ import annotations

import asyncio
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from textual.pilot import Pilot

from archive import Archive
from index import Searcher, build, passage_rule
from tui.app.app import MorgueApp
from tui.app.screens.article import ArticleScreen
from tui.app.widgets.article_text import ArticleText
from tui.app.widgets.result_list import ResultList

HERE = Path(__file__).resolve().parent
QUESTION = "sanctions threats"
SHOWN_AS = "/home/you/my-archive"
SIZES = {"wide": (160, 45), "narrow": (80, 24)}
FONT = "DejaVu Sans Mono"
ZOOM = 2  # pixels for each unit of the SVG, sharp on screens of high density; chosen, not measured


def sample_archive(root: Path) -> Path:
    """Build an archive of a copy of the sample articles, so that no picture shows where this checkout lies."""
    articles = Path(shutil.copytree(HERE.parent / "seeds" / "articles", root / "clippings"))
    with Archive.create(root / "archive") as archive:
        archive.add([articles], passage_rule(archive.settings))
        build(archive)
        return archive.root


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


def save(app: MorgueApp, root: Path, target: Path) -> None:
    """Write what is on the screen; the temporary folder's name, new in every run, gives way to one as long."""
    folder = str(root.parent)
    drawn = app.export_screenshot()
    target.write_bytes(rendered(drawn.replace(folder, SHOWN_AS) if len(folder) == len(SHOWN_AS) else drawn))


async def take(root: Path, name: str, size: tuple[int, int], folder: Path) -> None:
    """Take the pictures of one size: results, an article, help."""
    app = MorgueApp(lambda: Searcher.open(root), QUESTION)
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: (hits := app.query_one(ResultList).hits) and hits[0].semantic)
        await until(pilot, lambda: (page := app.query_one(ArticleText).page) and page.nearest)
        await pilot.press("enter")
        save(app, root, folder / f"search-{name}.png")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, ArticleScreen) and app.screen.text.page)
        save(app, root, folder / f"article-{name}.png")
        await pilot.press("f1")
        save(app, root, folder / f"help-{name}.png")


def main() -> None:
    """Make all pictures, in true colour whatever this terminal has."""
    os.environ.pop("NO_COLOR", None)
    os.environ |= {"TERM": "xterm-256color", "COLORTERM": "truecolor"}
    check_font()
    folder = HERE / "pictures"
    folder.mkdir(exist_ok=True)
    with TemporaryDirectory(prefix="morgue-") as tmp:
        root = sample_archive(Path(tmp))
        for name, size in SIZES.items():
            asyncio.run(take(root, name, size, folder))


if __name__ == "__main__":
    main()
