"""The versions of an article in the UI, and how they differ."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from textual.pilot import Pilot

from archive import Archive
from archive.core.article import Article, Version
from index import Searcher, build, passage_rule
from tests.archives import empty_archive
from tests.tui.cells import shown
from tui.app.app import MorgueApp
from tui.app.screens import versions
from tui.app.screens.article import ArticleScreen
from tui.app.screens.versions import VersionsScreen
from tui.app.widgets.article_text import ArticleText
from tui.app.widgets.result_list import ResultList
from tui.app.worker import ArchiveWorker
from tui.formats.facts import KnownVersion

Until = Callable[[Pilot[None], Callable[[], object]], Awaitable[None]]
SENTENCE = "The zeppelin [bold]landed[/] at the old gasworks beside the harbour, where the council met on Tuesday.\n"


async def test_versions_are_listed_with_what_changed_between_them(tmp_path: Path, until: Until) -> None:
    root, source = tmp_path / "archive", tmp_path / "a.txt"
    with Archive.open(empty_archive(root)) as archive:
        rule = passage_rule(archive.settings)
        for ending in ("The mayor said nothing of it.", "The mayor regretted it.", "The mayor denied it \x1b[31m."):
            source.write_text(f"Zeppelin lands\n\n{SENTENCE}\n{ending}\n", "utf-8")
            archive.add([source], rule)
        build(archive)
    app = MorgueApp(lambda: Searcher.open(root), "zeppelin", "lexical")
    async with app.run_test(size=(120, 35)) as pilot:
        await until(pilot, lambda: app.query_one(ResultList).hits)
        await pilot.press("enter", "enter")
        await until(pilot, lambda: isinstance(app.screen, ArticleScreen) and app.screen.query_one(ArticleText).page)
        await pilot.press("v")
        await until(pilot, lambda: isinstance(app.screen, VersionsScreen))
        await until(pilot, lambda: "+The mayor denied it" in shown(app))
        assert "-The mayor regretted it." in shown(app)
        assert shown(app).count("characters text/") == 3
        assert "[bold]landed[/]" in shown(app)
        assert "\x1b" not in shown(app)
        await pilot.press("down")
        await until(pilot, lambda: "+The mayor regretted it." in shown(app))
        await pilot.press("down")
        await until(pilot, lambda: "the oldest version that is known" in shown(app))
        await pilot.press("escape")
        assert isinstance(app.screen, ArticleScreen)


async def test_versions_that_were_asked_for_in_an_article_that_was_left_are_not_shown(
    tmp_path: Path, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    root, source, gate, done = tmp_path / "archive", tmp_path / "a.txt", Event(), Event()
    source.write_text(f"Zeppelin lands\n\n{SENTENCE}\n", "utf-8")
    with Archive.open(empty_archive(root)) as archive:
        archive.add([source], passage_rule(archive.settings))
        build(archive)
    find_versions = ArchiveWorker.find_versions

    def waiting(*arguments: Any) -> None:
        gate.wait(60)
        find_versions(*arguments)
        done.set()

    monkeypatch.setattr(ArchiveWorker, "find_versions", waiting)
    app = MorgueApp(lambda: Searcher.open(root), "zeppelin", "lexical")
    async with app.run_test(size=(120, 35)) as pilot:
        await until(pilot, lambda: app.query_one(ResultList).hits)
        await pilot.press("enter", "enter")
        await until(pilot, lambda: isinstance(app.screen, ArticleScreen) and app.screen.query_one(ArticleText).page)
        await pilot.press("v", "f1")
        gate.set()
        await until(pilot, done.is_set)
        await pilot.pause()
        assert not any(isinstance(screen, VersionsScreen) for screen in app.screen_stack)


async def test_texts_that_take_too_long_to_compare_are_not_compared(
    until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(versions, "_COMPARED", 2)
    article = Article("a" * 16, "d" * 64, "Long", None, None, None, None, None, "en", "/news/long.txt", None)
    texts = ("One.\n" * 3, "Two.\n" * 3)
    read = [Version(article.id, text[0] * 64, text, (), "2022-01-01T00:00:00Z", "text/1", "e" * 64) for text in texts]
    known = [KnownVersion(version, "text/1", is_reread=False) for version in read]
    app = MorgueApp(lambda: Searcher.open(Path("nowhere")), "", "lexical")
    async with app.run_test(size=(120, 35)) as pilot:
        await app.push_screen(VersionsScreen(article, known))
        await until(pilot, lambda: "Not compared here" in shown(app))
