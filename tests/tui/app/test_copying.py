"""Copying from the UI: what is asked for, and that what is said of it is what happened."""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Callable
from pathlib import Path

import pytest

from index import Searcher
from tests.archives import built_archive
from tests.tui.conftest import Drive, Until
from tui.__main__ import run
from tui.app.app import MorgueApp
from tui.app.screens.article import ArticleScreen
from tui.app.widgets.result_list import ResultList
from tui.copying import clipboard

Picture = Callable[[MorgueApp], str]


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """An article of a known address, and one without."""
    folder = tmp_path / "news"
    folder.mkdir()
    record = (
        '{"id": "r1", "title": "Ferry stops", "text": "The ferry stops at noon.", "url": "https://a.example/ferry"}'
    )
    (folder / "ferry.jsonl").write_text(record + "\n", "utf-8")
    (folder / "tram.txt").write_text("Trams\n\nThe tram stops at one.\n", "utf-8")
    return built_archive(tmp_path / "archive", folder)


@pytest.fixture
def taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A desktop whose clipboard's content is in this file."""
    (tmp_path / "bin").mkdir()
    script = tmp_path / "bin" / "wl-copy"
    body = '/bin/cat > "$0.new" && /bin/mv "$0.new" "$0.taken"'
    script.write_text(f"#!/bin/sh\n{body}\n", "utf-8")
    script.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    monkeypatch.setenv("MORGUE_STATE", str(tmp_path / "state"))
    return tmp_path / "bin" / "wl-copy.taken"


def said(app: MorgueApp, words: str) -> bool:
    return any(words in note.message for note in app._notifications)


async def test_a_passage_its_citation_and_the_address_reach_the_desktops_clipboard(
    archive: Path, taken: Path, until: Until
) -> None:
    app = MorgueApp(lambda: Searcher.open(archive), "ferry", "lexical")
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: app.query_one(ResultList).hits)
        await pilot.press("enter", "y")
        await until(pilot, lambda: said(app, "Copied 24 characters (wl-copy)."))
        assert taken.read_text("utf-8") == "The ferry stops at noon."
        await pilot.press("c")
        await until(pilot, lambda: said(app, "Copied 24 characters with the source (wl-copy)."))
        assert "https://a.example/ferry\n" in taken.read_text("utf-8")
        await pilot.press("u")
        await until(pilot, lambda: said(app, "Copied the address (wl-copy)."))
        assert taken.read_text("utf-8") == "https://a.example/ferry"
        taken.unlink()
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, ArticleScreen) and app.screen.text.page)
        await pilot.press("u")
        await until(pilot, taken.exists)
        assert taken.read_text("utf-8") == "https://a.example/ferry"


async def test_an_article_without_an_address_says_so(archive: Path, taken: Path, until: Until) -> None:
    app = MorgueApp(lambda: Searcher.open(archive), "tram", "lexical")
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: app.query_one(ResultList).hits)
        await pilot.press("enter", "u")
        await until(pilot, lambda: said(app, "No address is known"))
    assert not taken.exists()


@pytest.mark.parametrize("erases", [False, True])
async def test_what_another_program_removed_is_neither_copied_nor_shown_any_more(
    archive: Path, taken: Path, until: Until, monkeypatch: pytest.MonkeyPatch, erases: bool
) -> None:
    monkeypatch.setattr("tui.app.screens.search.POLL_SECONDS", 3600.0)
    monkeypatch.setattr("tui.app.screens.article.POLL_SECONDS", 3600.0)
    app = MorgueApp(lambda: Searcher.open(archive), "stops", "lexical")
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: app.query_one(ResultList).hits)
        await pilot.press("enter", "enter")
        await until(pilot, lambda: isinstance(app.screen, ArticleScreen) and app.screen.text.page)
        reading = app.screen
        assert isinstance(reading, ArticleScreen)
        assert reading.text.page is not None
        withdrawn = reading.text.page.article.id
        taken_out = run(["--archive", str(archive), "remove", withdrawn, *(["--purge", "--yes"] if erases else [])])
        assert taken_out == (4 if erases else 0)  # this program holds the index from which it could not be erased
        quoted = reading.text.page.version.text.splitlines()[-1]
        await pilot.press("y")
        await until(pilot, lambda: said(app, "Not copied: the article was removed from the archive."))
        monkeypatch.setattr(reading, "get_selected_text", lambda: quoted)
        app.copy_to_clipboard(quoted)
        await until(pilot, lambda: sum(n.message.startswith("Not copied") for n in app._notifications) == 2)
        reading._look_whether_withdrawn()
        await until(pilot, lambda: reading.text.page is None)
        assert not taken.exists()
        assert quoted not in app.clipboard
        await pilot.press("escape")
        app.get_default_screen()._check_index()
        await until(pilot, lambda: withdrawn not in {hit.article.id for hit in app.query_one(ResultList).hits})
        await until(
            pilot, lambda: quoted not in "".join(strip.text for strip in app.screen._compositor.render_strips())
        )
        if not erases:  # brought back and removed again, it goes again
            search = app.get_default_screen()
            assert run(["--archive", str(archive), "remove", withdrawn, "--undo", "--no-index"]) == 0
            search._become(search.session.again())
            await until(pilot, lambda: withdrawn in {hit.article.id for hit in app.query_one(ResultList).hits})
            search._check_index()
            await pilot.pause(0.2)
            assert run(["--archive", str(archive), "remove", withdrawn, "--no-index"]) == 0
            search._check_index()
            await until(pilot, lambda: withdrawn not in {hit.article.id for hit in app.query_one(ResultList).hits})


async def test_what_the_mouse_selected_in_a_line_goes_the_same_way(archive: Path, taken: Path, until: Until) -> None:
    app = MorgueApp(lambda: Searcher.open(archive), "x", "lexical")
    async with app.run_test(size=(120, 40)) as pilot:
        app.copy_to_clipboard("x")
        await until(pilot, lambda: said(app, "Copied 1 character (wl-copy)."))
        assert app.clipboard == "x"
    assert taken.read_text("utf-8") == "x"


async def test_texts_copied_one_after_the_other_arrive_in_that_order(archive: Path, taken: Path, until: Until) -> None:
    app = MorgueApp(lambda: Searcher.open(archive), "x", "lexical")
    async with app.run_test(size=(120, 40)) as pilot:
        for number in range(8):
            app.copy_to_clipboard("x" * (number + 1))
        await until(pilot, lambda: said(app, "Copied 8 characters"))
    assert taken.read_text("utf-8") == "x" * 8


def test_a_terminal_is_sent_the_text_and_no_more_is_claimed(
    archive: Path, tmp_path: Path, drive: Drive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MORGUE_STATE", str(tmp_path / "state"))
    ended = drive(
        archive,
        "ferry",
        "lexical",
        steps=[(b"Ferry stops", b"\x1b[B"), (b"", b"y"), (b"not known", b"\x11")],
    )
    sent = re.findall(rb"\x1b]52;c;([A-Za-z0-9+/=]*)\x07", ended.written)
    assert [b64decode(text) for text in sent] == [b"The ferry stops at noon."]
    assert b"Copied" not in ended.written
    assert not [*(tmp_path / "state").glob("copied*")], "what was kept besides is gone when Morgue has ended"
    assert ended.status == 0


async def test_an_error_in_copying_is_told_and_ends_nothing(
    archive: Path, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*arguments: object) -> None:
        raise ValueError("no [such] encoding")

    monkeypatch.setattr(clipboard, "copy", failing)
    app = MorgueApp(lambda: Searcher.open(archive), "x", "lexical")
    async with app.run_test(size=(120, 40)) as pilot:
        app.copy_to_clipboard("x")
        await until(pilot, lambda: said(app, "Not copied: no [such] encoding"))
        assert app.is_running
