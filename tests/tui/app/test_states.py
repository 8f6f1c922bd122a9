"""Whatever is wrong is said in words, with what to do; nothing is lost by it."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from archive import Archive
from archive.core.errors import Action, Damaged, Remedy
from index import Searcher, build, passage_rule
from tests.archives import empty_archive
from tui.app import notices
from tui.app.app import MorgueApp
from tui.app.widgets.article_text import ArticleText
from tui.app.widgets.notice import NoticePanel, Warnings
from tui.app.widgets.preview import Preview
from tui.app.widgets.result_list import ResultList
from tui.app.widgets.search_line import SearchLine
from tui.session.request import ModeName, Request, stages

Until = Callable[[Pilot[None], Callable[[], object]], Awaitable[None]]
Picture = Callable[[MorgueApp], str]


def said(app: MorgueApp) -> str:
    panel = app.query_one(NoticePanel)
    return "\n".join([panel.notice.heading, *panel.advice]) if panel.display else ""


def add_article(root: Path, folder: Path, text: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / f"{len(list(folder.iterdir()))}.txt").write_text(text, "utf-8")
    with Archive.open(root) as archive:
        archive.add([folder], passage_rule(archive.settings))


async def test_a_folder_that_is_no_archive_is_named_and_can_be_tried_again(tmp_path: Path, until: Until) -> None:
    app = MorgueApp(lambda: Searcher.open(tmp_path / "nothing"))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "Opening" not in said(app))
        assert str(tmp_path / "nothing") in said(app)
        assert "F5" in said(app)
        assert "Traceback" not in said(app)
        await pilot.press(*"abc")
        assert app.query_one(SearchLine).value == "abc"


async def test_an_archive_without_an_index_says_what_to_run_and_opens_once_there_is_one(
    tmp_path: Path, until: Until
) -> None:
    root, folder = tmp_path / "archive", tmp_path / "news"
    empty_archive(root)
    add_article(root, folder, "Harbour news\n\nThe harbour stayed closed on Monday, the mayor said.")
    app = MorgueApp(lambda: Searcher.open(root), "harbour", "lexical")
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "morgue" in said(app))
        with Archive.open(root) as archive:
            build(archive)
        await pilot.press("f5")
        await until(pilot, lambda: app.query_one(ResultList).hits)


async def test_an_archive_whose_articles_were_all_removed_says_how_to_add_some(
    fresh_archive: Callable[[], Path], until: Until
) -> None:
    root = fresh_archive()
    with Archive.open(root) as archive:
        for source in archive.sources():
            archive.remove(source.id)
    app = MorgueApp(lambda: Searcher.open(root))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "morgue add" in said(app))


async def test_an_empty_archive_says_how_to_add_articles(tmp_path: Path, until: Until) -> None:
    Archive.create(tmp_path / "archive").close()
    app = MorgueApp(lambda: Searcher.open(tmp_path / "archive"))
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: "morgue add" in said(app))


async def test_nothing_found_says_so_and_a_key_shows_the_nearest_all_the_same(seed_archive: Path, until: Until) -> None:
    app = MorgueApp(lambda: Searcher.open(seed_archive), "kneading sourdough bread dough overnight")
    async with app.run_test(size=(80, 24)) as pilot:
        await until(
            pilot,
            lambda: (
                app.query_one(NoticePanel).notice.heading == notices.NOTHING.heading
                and said(app).endswith("F3 shows the nearest passages all the same.")
            ),
        )
        assert app.query_one(ResultList).hits == ()
        await pilot.press("f3")
        await until(pilot, lambda: app.query_one(ResultList).hits)
        assert said(app) == ""


@pytest.mark.parametrize("mode", ["lexical", "hybrid"])
async def test_where_nothing_resembles_a_question_it_is_told_that_some_of_its_words_are_there(
    seed_archive: Path, until: Until, mode: ModeName
) -> None:
    unknown = " ".join(f"zzqx{letter}" for letter in "abcdefgh")
    app = MorgueApp(lambda: Searcher.open(seed_archive), f"sanctions {unknown}", mode)
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: "at least one of its words. F3 shows the nearest passages" in said(app))
        assert said(app).startswith("Nothing here resembles this.")
        assert re.search(r"^[1-9]\d* articles? holds? at least", said(app), re.MULTILINE)
        await pilot.press("f3")
        await until(pilot, lambda: app.query_one(ResultList).hits)
        assert "sanctions" in app.query_one(ResultList).hits[0].passage.text.casefold()
        await pilot.press("ctrl+u", *"zzqxa", "space")
        await until(pilot, lambda: said(app) and "Nothing yet" not in said(app) and "earching" not in said(app))
        assert "at least one" not in said(app)


async def test_other_spellings_are_looked_for_until_a_key_turns_that_off(
    seed_archive: Path, until: Until, picture: Picture
) -> None:
    app = MorgueApp(lambda: Searcher.open(seed_archive), "sanktoins")
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: app.query_one(ResultList).hits and "also looked for: sanctions" in picture(app))
        await pilot.press("f6")
        await until(pilot, lambda: "similar: sanctions" in picture(app))
        assert not any(hit.highlights for hit in app.query_one(ResultList).hits)
        await pilot.press("f6")
        await until(pilot, lambda: "also looked for: sanctions" in picture(app))


async def test_an_index_behind_the_catalog_and_then_a_newer_one_are_announced(
    fresh_archive: Callable[[], Path], tmp_path: Path, until: Until, picture: Picture
) -> None:
    root = fresh_archive()
    add_article(root, tmp_path / "news", "More sanctions\n\nSanctions were announced once more on Sunday evening.")
    app = MorgueApp(lambda: Searcher.open(root), "sanctions", "lexical")
    async with app.run_test(size=(160, 45)) as pilot:
        await until(pilot, lambda: app.query_one(ResultList).hits and app.query_one(Warnings).display)
        assert "1 article is not indexed yet: Ctrl+G updates the index." in picture(app)
        await pilot.press("enter", "j")
        await until(pilot, lambda: app.query_one(Preview).page_of(app.query_one(ResultList).hits[1]))
        await pilot.press("tab", "end", "up", "up", "up", "shift+tab")
        place = app.query_one(ArticleText).scroll_offset
        chosen, count = app.query_one(ResultList).hit, len(app.query_one(ResultList).hits)
        assert chosen is not None
        with Archive.open(root) as archive:
            build(archive)
        await until(pilot, lambda: "A newer index is ready" in picture(app))
        await pilot.press("r")
        await until(pilot, lambda: len(app.query_one(ResultList).hits) > count)
        now = app.query_one(ResultList).hit
        assert now is not None
        assert now.passage.id == chosen.passage.id
        assert app.query_one(SearchLine).value == "sanctions"
        await until(pilot, lambda: app.query_one(Preview).page_of(now))
        assert app.query_one(ArticleText).scroll_offset == place
        await until(pilot, lambda: not app.query_one(Warnings).display)


async def test_what_is_slow_below_is_told(seed_archive: Path, until: Until, picture: Picture) -> None:
    app = MorgueApp(lambda: Searcher.open(seed_archive), mode="lexical")
    async with app.run_test(size=(80, 24)) as pilot:
        app.tell("Preparing the model [/red] once")
        await until(pilot, lambda: "Preparing the model [/red] once" in picture(app))


@pytest.mark.parametrize("sign", [b" help", b"model loading"])
def test_leaving_while_the_archive_or_the_model_is_loaded_is_quick_and_clean(
    seed_archive: Path, drive: Callable[..., Any], sign: bytes
) -> None:
    ended = drive(seed_archive, steps=[(sign, b"\x11")])

    assert ended.status == 0
    assert ended.written.endswith(b"\x1b[?1006l"), "nothing is printed after the screen was given back"


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (Damaged("The catalog is damaged.", remedy=Remedy(Action.VERIFY)), "morgue verify"),
        (PermissionError(13, "Permission denied"), "Permission denied"),
        (ValueError("odd"), "ValueError: odd"),
    ],
)
async def test_errors_at_opening_are_shown_as_words(error: Exception, expected: str, until: Until) -> None:
    def opener() -> Searcher:
        raise error

    app = MorgueApp(opener)
    async with app.run_test(size=(80, 24)) as pilot:
        await until(pilot, lambda: expected in said(app))
        assert "F5" in said(app)


def test_an_answer_is_given_in_words_first_only_where_meaning_takes_longer_than_a_blink() -> None:
    assert stages("hybrid", ready=False, pace_ms=0) == ("lexical",)
    assert stages("hybrid", ready=True, pace_ms=10) == ("hybrid",)
    assert stages("hybrid", ready=True, pace_ms=200) == ("lexical", "hybrid")
    assert stages("lexical", ready=True, pace_ms=200) == ("lexical",)
    assert stages("semantic", ready=False, pace_ms=0) == ()


def test_every_new_request_has_a_higher_number() -> None:
    first = Request()
    asked = (first.retyped("a"), first.again(), first.in_next_mode(), first.in_next_group(), first.all_the_same())
    for later in (*asked, first.with_spellings_turned(), first.deeper()):
        assert later.number == first.number + 1
