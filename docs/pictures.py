"""Make the README's pictures from the running UI over an archive of the sample articles.

Run ``python docs/pictures.py``; the pictures (SVG) are written to ``docs/pictures/``.
"""

from __future__ import annotations

import asyncio
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


def save(app: MorgueApp, root: Path, target: Path) -> None:
    """Write what is on the screen; the temporary folder's name, new in every run, gives way to one as long."""
    folder = str(root.parent)
    drawn = app.export_screenshot()
    target.write_text(drawn.replace(folder, SHOWN_AS) if len(folder) == len(SHOWN_AS) else drawn, "utf-8")


async def take(root: Path, name: str, size: tuple[int, int], folder: Path) -> None:
    """Take the pictures of one size: results, an article, help."""
    app = MorgueApp(lambda: Searcher.open(root), QUESTION)
    async with app.run_test(size=size) as pilot:
        await until(pilot, lambda: (hits := app.query_one(ResultList).hits) and hits[0].semantic)
        await until(pilot, lambda: (page := app.query_one(ArticleText).page) and page.nearest)
        await pilot.press("enter")
        save(app, root, folder / f"search-{name}.svg")
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, ArticleScreen) and app.screen.text.page)
        save(app, root, folder / f"article-{name}.svg")
        await pilot.press("f1")
        save(app, root, folder / f"help-{name}.svg")


def main() -> None:
    """Make all pictures."""
    folder = HERE / "pictures"
    folder.mkdir(exist_ok=True)
    with TemporaryDirectory(prefix="morgue-") as tmp:
        root = sample_archive(Path(tmp))
        for name, size in SIZES.items():
            asyncio.run(take(root, name, size, folder))


if __name__ == "__main__":
    main()
