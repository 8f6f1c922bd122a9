"""Marking, starring, judging and undoing, in the list and in an article; read from the drawn cells and the disk."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from textual.geometry import Offset
from textual.selection import Selection

from archive.core.errors import Busy
from archive.notebook.notebook import Notebook
from tests.tui.cells import shown
from tests.tui.conftest import Until
from tests.tui.keeping.conftest import QUESTION, SIZE, in_list, on_disk, said
from tests.tui.newsroom import Picture
from tui.app.app import MorgueApp
from tui.app.screens.article import ArticleScreen

Make = Callable[..., MorgueApp]
SIGNS = ("◆", "◇", "✓", "✗", "★")


def signs(app: MorgueApp) -> str:
    """Return the signs in the drawn line of the selected row."""
    picture = Picture(app)
    row = picture.selected
    assert row is not None
    region = app.query_one("#results").content_region
    line = picture.lines[region.y + row.y][region.x : region.right]
    return "".join(sign for sign in SIGNS if sign in line)


async def test_space_marks_the_passage_and_a_second_time_takes_it_out(news: Path, app: Make, until: Until) -> None:
    application = app()
    async with application.run_test(size=SIZE) as pilot:
        await in_list(pilot, until)
        await pilot.press("space")
        await until(pilot, lambda: said(application, "Clip kept"))
        assert signs(application) == "◆"
        (clip,) = on_disk(news).clips
        passage = application.query_one("#results").hit.passage  # type: ignore[attr-defined]
        assert (clip.text, clip.question, clip.start) == (passage.text, QUESTION, passage.start)
        await pilot.press("j")
        assert signs(application) == ""
        await pilot.press("k", "space")
        await until(pilot, lambda: said(application, "1 clip taken out."))
        assert signs(application) == ""
        assert on_disk(news).clips == ()
        await pilot.press("U")
        await until(pilot, lambda: said(application, "1 clip brought back."))
        assert signs(application) == "◆"
        assert on_disk(news).clips == (clip,)


async def test_keys_that_follow_each_other_quickly_are_done_in_their_order(
    news: Path, app: Make, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    from time import sleep

    def slowly(self: Notebook, *arguments: Any, **more: Any) -> Any:
        sleep(0.2)
        return add(self, *arguments, **more)

    add = Notebook.add_clip
    monkeypatch.setattr(Notebook, "add_clip", slowly)
    application = app()
    async with application.run_test(size=SIZE) as pilot:
        await in_list(pilot, until)
        await pilot.press("space", "j", "space", "space", "asterisk", "j", "space")
        await until(pilot, lambda: len(application.kept.clips) == 2 and not application.workers._workers)
        assert [clip.id for clip in on_disk(news).clips] == [clip.id for clip in application.kept.clips]
        assert len(on_disk(news).stars) == 1
        await pilot.press(*4 * "U", "U")
        await until(pilot, lambda: said(application, "There is nothing to undo.") or len(application.kept.clips) == 0)
        await until(pilot, lambda: not application.workers._workers)
        assert (on_disk(news).clips, on_disk(news).stars) == ((), frozenset())


async def test_what_could_not_be_kept_is_told_so_and_has_no_sign(
    news: Path, app: Make, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise Busy("Another program holds the catalog.")

    monkeypatch.setattr(Notebook, "add_clip", refuse)
    application = app()
    async with application.run_test(size=SIZE) as pilot:
        await in_list(pilot, until)
        await pilot.press("space")
        await until(pilot, lambda: said(application, "Not done: Another program holds the catalog."))
        assert not said(application, "kept")
        assert signs(application) == ""
        assert on_disk(news).clips == ()


async def test_stars_and_judgements_are_signs_in_the_row_and_words_over_the_article(
    news: Path, app: Make, until: Until
) -> None:
    application = app()
    async with application.run_test(size=SIZE) as pilot:
        await in_list(pilot, until)
        await pilot.press("asterisk", "plus")
        await until(pilot, lambda: signs(application) == "✓★")
        await pilot.press("minus")
        await until(pilot, lambda: signs(application) == "✗★")
        assert list(on_disk(news).judged.values()) == [0]
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(application.screen, ArticleScreen) and application.screen.text.page)
        await until(pilot, lambda: "✗ not relevant ★ starred" in shown(application))
        await pilot.press("space", "minus", "asterisk")
        await until(pilot, lambda: "◆ clip" in shown(application))
        assert any(line[:3] in ("▌ ◆", "▌≈◆") for line in Picture(application).lines)
        await until(pilot, lambda: "starred" not in shown(application).replace("Star taken away", ""))
        await pilot.press("escape")
        await until(pilot, lambda: Picture(application).searches)
        await until(pilot, lambda: signs(application) == "◆")
        kept = on_disk(news)
        assert (len(kept.clips), kept.stars, dict(kept.judged)) == (1, frozenset(), {})


async def test_what_the_mouse_selected_is_the_clip_and_the_row_says_that_it_is_a_part(
    news: Path, app: Make, until: Until
) -> None:
    application = app()
    async with application.run_test(size=SIZE) as pilot:
        await in_list(pilot, until)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(application.screen, ArticleScreen) and application.screen.text.page)
        screen = application.screen
        assert isinstance(screen, ArticleScreen)
        text = screen.text
        row = text.scroll_offset.y + 1
        screen.selections = {text: Selection(Offset(3, row), Offset(3 + 25, row))}
        await pilot.pause()
        selected, page = text.selected, text.page
        assert selected is not None
        assert page is not None
        await pilot.press("space")
        await until(pilot, lambda: said(application, "Clip kept, 25 characters."))
        (clip,) = on_disk(news).clips
        assert (clip.start, clip.end) == (selected.start, selected.end)
        assert clip.text == page.text[selected.start : selected.end]


async def test_what_another_program_kept_is_shown_after_opening(news: Path, app: Make, until: Until) -> None:
    from archive import Archive

    with Archive.open(news) as archive:
        for one in archive.articles():
            archive.notebook.star(one.id)
    application = app()
    async with application.run_test(size=SIZE) as pilot:
        await in_list(pilot, until)
        await until(pilot, lambda: signs(application) == "★")


async def test_with_no_row_nothing_is_kept_and_it_is_said(news: Path, app: Make, until: Until) -> None:
    application = app("zzz")
    async with application.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: "No passage holds these words" in shown(application))
        application.set_focus(None)
        await pilot.press("space")
        await until(pilot, lambda: said(application, "No passage is selected yet."))
        assert on_disk(news).clips == ()


async def test_what_could_not_be_undone_as_another_program_wrote_is_undone_later(
    news: Path, app: Make, until: Until
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise Busy("Another program holds the catalog.")

    application = app()
    async with application.run_test(size=SIZE) as pilot:
        await in_list(pilot, until)
        await pilot.press("space")
        await until(pilot, lambda: said(application, "Clip kept"))
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(Notebook, "remove_clips", refuse)
            await pilot.press("U")
            await until(pilot, lambda: said(application, "Not done: Another program holds the catalog."))
        assert signs(application) == "◆"
        await pilot.press("U")
        await until(pilot, lambda: said(application, "1 clip taken out."))
        assert on_disk(news).clips == ()
