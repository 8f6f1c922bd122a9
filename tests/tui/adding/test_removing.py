"""Taking articles out of the archive in the UI and bringing them back, by the command, the UI alive meanwhile."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from archive import Archive
from tests.tui.adding.conftest import SIZE, seen
from tests.tui.adding.test_adding import begin
from tests.tui.conftest import Until
from tests.tui.keeping.conftest import QUESTION, in_list, said
from tests.tui.newsroom import DrawnRow, Picture, opened
from tui.app.actions.keymap import Keymap
from tui.app.app import MorgueApp
from tui.app.screens.article import ArticleScreen
from tui.app.screens.search import SearchScreen
from tui.writing import child

Make = Callable[..., MorgueApp]
Slow = Callable[[float], None]


def titles(root: Path) -> set[str]:
    """Return the titles of what the archive holds, as another program reads it."""
    with Archive.open(root) as archive:
        return {article.title.split()[0] for article in archive.articles()}


def selected(app: MorgueApp) -> DrawnRow:
    row = Picture(app).selected
    assert row is not None
    return row


def places(app: MorgueApp) -> list[tuple[int, str]]:
    """Return which article stands on which line of the list."""
    return [(row.y, row.title) for row in Picture(app).rows]


def order(app: MorgueApp) -> list[str]:
    """Return which articles are listed, also below the screen."""
    assert isinstance(app.screen, SearchScreen)
    return [row.hit.article.title.split()[0] for row in app.screen.session.rows]


def is_out(app: MorgueApp, title: str) -> bool:
    """Tell whether the row of an article is drawn as taken out."""
    return any(title in line and "⊘" in line for line in Picture(app).lines)


async def settled(pilot: Pilot[None], until: Until, articles: int) -> None:
    """Wait until the list is that of an archive of so many articles."""
    app = pilot.app
    assert isinstance(app, MorgueApp)
    await until(pilot, lambda: not app.runs and f"{articles} articles" in Picture(app).lines[0])
    await until(pilot, lambda: Picture(app).is_at_rest)


async def test_delete_takes_the_article_out_and_undoing_brings_it_back(
    app: Make, root: Path, slow: Slow, until: Until
) -> None:
    slow(0)
    application, all_of_them = app(), titles(root)
    async with application.run_test(size=SIZE) as pilot:
        await in_list(pilot, until)
        await pilot.press("j")
        chosen, before, listed = selected(application), places(application), order(application)
        await pilot.press("delete")
        await until(pilot, lambda: is_out(application, chosen.title))
        assert places(application) == before
        assert selected(application).title == chosen.title
        await until(pilot, lambda: said(application, f"“{chosen.title} report” was taken out of the archive. U brings"))
        await settled(pilot, until, 11)
        assert titles(root) == all_of_them - {chosen.title}
        assert order(application) == [title for title in listed if title != chosen.title]
        assert selected(application).y == chosen.y
        assert "The result selected before was not in the answer" in Picture(application).status
        await pilot.press("U")
        await until(pilot, lambda: said(application, f"“{chosen.title} report” is back in the archive."))
        await settled(pilot, until, 12)
        assert titles(root) == all_of_them
        assert order(application) == listed
        assert not is_out(application, chosen.title)
        await pilot.press("U")
        await until(pilot, lambda: said(application, "There is nothing to undo."))


async def test_in_an_article_it_is_said_in_its_head_and_reading_goes_on(
    app: Make, root: Path, slow: Slow, until: Until
) -> None:
    slow(0)
    application = app()
    async with application.run_test(size=SIZE) as pilot:
        await in_list(pilot, until)
        title = selected(application).title
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(application.screen, ArticleScreen) and title in seen(application))
        await pilot.press("delete")
        await until(pilot, lambda: "⊘ taken out" in seen(application))
        await until(pilot, lambda: title not in titles(root) and not application.runs)
        assert title in seen(application)
        await pilot.press("U")
        await until(pilot, lambda: title in titles(root) and not application.runs)
        assert "⊘" not in seen(application)
        await pilot.press("escape")
        await settled(pilot, until, 12)
        assert title in order(application)


async def test_several_are_taken_out_one_after_the_other_and_come_back_in_turn(
    app: Make, root: Path, slow: Slow, until: Until
) -> None:
    slow(0)
    application, all_of_them = app(), titles(root)
    async with application.run_test(size=SIZE) as pilot:
        await in_list(pilot, until)
        first, second = (title for _, title in places(application)[:2])
        await pilot.press("delete", "j", "delete")
        await until(pilot, lambda: is_out(application, first) and is_out(application, second))
        await settled(pilot, until, 10)
        assert titles(root) == all_of_them - {first, second}
        await pilot.press("U")
        await settled(pilot, until, 11)
        assert titles(root) == all_of_them - {first}
        await pilot.press("U")
        await settled(pilot, until, 12)
        assert titles(root) == all_of_them


async def test_undone_before_it_is_done_everything_is_as_it_was(
    app: Make, root: Path, slow: Slow, until: Until
) -> None:
    slow(0)
    application, all_of_them = app(), titles(root)
    async with application.run_test(size=SIZE) as pilot:
        await in_list(pilot, until)
        first, second = (title for _, title in places(application)[:2])
        listed = order(application)
        await pilot.press("delete", "j", "delete", "U", "U")
        await until(pilot, lambda: said(application, f"“{first} report” is back in the archive."))
        await settled(pilot, until, 12)
        assert titles(root) == all_of_them
        assert order(application) == listed
        assert not is_out(application, first)
        assert not is_out(application, second)


async def test_a_second_time_it_is_said_that_it_is_out(app: Make, root: Path, slow: Slow, until: Until) -> None:
    slow(0)
    application = app()
    async with application.run_test(size=SIZE) as pilot:
        await in_list(pilot, until)
        await pilot.press("delete", "delete")
        await until(pilot, lambda: said(application, "report” is out already."))
        await settled(pilot, until, 11)
        await pilot.press("U")
        await settled(pilot, until, 12)


async def test_while_another_program_writes_it_is_said_and_nothing_changes(
    app: Make, root: Path, slow: Slow, until: Until
) -> None:
    slow(0)
    application, all_of_them = app(), titles(root)
    async with application.run_test(size=SIZE) as pilot:
        await in_list(pilot, until)
        title, before = selected(application).title, places(application)
        with Archive.open(root) as archive, archive.writing():
            await pilot.press("delete")
            await until(pilot, lambda: said(application, "Another program is writing to the archive"))
            assert application.job is None
            assert (places(application), titles(root)) == (before, all_of_them)
            assert not is_out(application, title)
        await pilot.press("delete")
        await settled(pilot, until, 11)
        application.clear_notifications()
        with Archive.open(root) as archive, archive.writing():
            await pilot.press("U")
            await until(pilot, lambda: said(application, "Another program is writing to the archive"))
            assert title not in titles(root)
        await pilot.press("U")
        await settled(pilot, until, 12)
        assert titles(root) == all_of_them


async def test_an_archive_that_may_only_be_read_keeps_its_articles_and_it_is_said(
    app: Make, root: Path, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    allowed: Any = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: mode != os.W_OK and allowed(path, mode))
    application = app()
    async with application.run_test(size=SIZE) as pilot:
        await in_list(pilot, until)
        title = selected(application).title
        await pilot.press("delete")
        await until(pilot, lambda: said(application, f"The archive {root} may only be read here"))
        assert application.job is None
        assert not is_out(application, title)
        await pilot.press("U")
        await until(pilot, lambda: said(application, "There is nothing to undo."))
    assert title in titles(root)


async def test_while_articles_are_added_none_is_taken_out(
    app: Make, root: Path, more: Path, slow: Slow, until: Until
) -> None:
    slow(2.0)
    application = app()
    async with application.run_test(size=SIZE) as pilot:
        await begin(pilot, until, more)
        await pilot.press("escape")
        await until(pilot, lambda: Picture(application).searches and Picture(application).selected)
        title = selected(application).title
        await pilot.press("delete")
        await until(pilot, lambda: said(application, "no article can be taken out or brought back until that is done"))
        assert not is_out(application, title)
        await until(pilot, lambda: not application.runs)
        assert title in titles(root)


def script(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    """Let the child be another program."""
    monkeypatch.setattr(child, "COMMAND", (sys.executable, "-c", code))


async def test_where_it_fails_the_row_is_as_before_and_there_is_nothing_to_undo(
    app: Make, root: Path, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    script(monkeypatch, "import sys; print('{]'); sys.stderr.write('\\x1b[2J no room\\n'); sys.exit(17)")
    application, all_of_them = app(), titles(root)
    async with application.run_test(size=SIZE) as pilot:
        await in_list(pilot, until)
        title, before = selected(application).title, places(application)
        await pilot.press("delete")
        await until(
            pilot, lambda: said(application, f"Taking “{title} report” out of archive: ") and not application.runs
        )
        assert said(application, "no room")
        assert (places(application), titles(root)) == (before, all_of_them)
        assert not is_out(application, title)
        await pilot.press("U")
        await until(pilot, lambda: said(application, "There is nothing to undo."))


async def test_killed_when_it_was_taken_out_it_is_told_so_and_can_be_undone(
    app: Make, root: Path, slow: Slow, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    remove = "from archive import Archive; Archive.open(sys.argv[2]).remove(sys.argv[-1])"
    script(monkeypatch, f"import os, sys; {remove}; os.kill(os.getpid(), 9)")
    application = app()
    async with application.run_test(size=SIZE) as pilot:
        await in_list(pilot, until)
        title = selected(application).title
        await pilot.press("delete")
        await until(pilot, lambda: said(application, "It was ended from outside, by SIGKILL.") and not application.runs)
        assert said(application, "It was taken out all the same; Ctrl+G brings the index up to that.")
        await until(pilot, lambda: "1 article is not indexed yet" in seen(application))
        await until(pilot, lambda: title not in {row.title for row in Picture(application).rows})
        assert "The text of 1 article that answers was removed since the index was made" in seen(application)
        slow(0)
        await pilot.press("U")
        await until(pilot, lambda: title in titles(root) and not application.runs)
        await until(pilot, lambda: title in {row.title for row in Picture(application).rows})


async def test_leaving_waits_for_what_is_being_taken_out_and_says_what_became_of_it(
    app: Make, root: Path, slow: Slow, until: Until
) -> None:
    slow(0)
    application = app()
    async with application.run_test(size=SIZE) as pilot:
        await in_list(pilot, until)
        title = selected(application).title
        await pilot.press("delete")
        await until(pilot, lambda: is_out(application, title))
        await pilot.press("ctrl+q")
        await until(pilot, lambda: application.parting or not application.is_running)
    assert f"“{title} report” was taken out of the archive." in application.parting
    assert title not in titles(root)


async def test_in_the_line_delete_takes_letters_whatever_keys_letters_have(
    root: Path, slow: Slow, until: Until
) -> None:
    slow(0)
    keymap = Keymap({"delete-right": "ctrl+d"})
    application = MorgueApp(lambda: opened(root), QUESTION, "lexical", root, keymap=keymap)
    async with application.run_test(size=SIZE) as pilot:
        await in_list(pilot, until)
        await pilot.press("slash", "home", "delete")
        await pilot.pause()
        assert not application.runs
        assert application.job is None
        await pilot.press("ctrl+d")
        await until(pilot, lambda: Picture(application).line.startswith(QUESTION[1:]))


async def test_hostile_titles_are_told_safely(tmp_path: Path, slow: Slow, until: Until) -> None:
    slow(0)
    from index import build, passage_rule
    from tests.archives import empty_archive
    from tests.index.world import CheapEncoder

    (tmp_path / "odd.txt").write_text("[red]{undo}\x1b[2J \u202eodd\n\nThe harbour council met.\n", "utf-8")
    (tmp_path / "other.txt").write_text("Other\n\nThe ferry was late.\n", "utf-8")
    root = empty_archive(tmp_path / "odd")
    with Archive.open(root) as archive:
        archive.add([tmp_path / "odd.txt", tmp_path / "other.txt"], passage_rule(archive.settings))
        build(archive, encoder=CheapEncoder)
    application = MorgueApp(lambda: opened(root), "harbour", "lexical", root)
    async with application.run_test(size=SIZE) as pilot:
        await until(pilot, lambda: Picture(application).is_at_rest and "[red]" in seen(application))
        await pilot.press("enter", "delete")
        await until(pilot, lambda: said(application, "was taken out of the archive. U brings it back."))
        assert said(application, "“[red]{undo}")
        assert not {"\x1b", "\u202e"} & set("".join(note.message for note in application._notifications))
        await until(pilot, lambda: not application.runs)
