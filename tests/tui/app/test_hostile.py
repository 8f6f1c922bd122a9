"""Text from the open web is drawn, never obeyed."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

from rich.style import Style
from textual.pilot import Pilot

from archive import Archive
from archive.core.article import Draft, Refusal
from archive.readers import Limits, Reader
from archive.text.decode import printable
from index import Searcher, build, passage_rule
from tests.archives import empty_archive
from tui.app.app import MorgueApp
from tui.app.screens.article import ArticleScreen
from tui.app.view.draw import Painted, Styles, text_row
from tui.app.view.styled_spans import Look
from tui.app.widgets.article_text import ArticleText
from tui.app.widgets.heading import Heading
from tui.app.widgets.result_list import ResultList
from tui.formats.wrapping import wrap

Until = Callable[[Pilot[None], Callable[[], object]], Awaitable[None]]
TITLE = "[/red] and [@click=app.quit]here[/] \x1b]0;PWNED\x07 of the zeppelin"
BODY = "The zeppelin \x1b[2J landed \x9b31m at [bold]noon[/nothing] \u202e said \x1b]52;c;UFdORUQ=\x07 witnesses. [/]"


def hostile_archive(tmp_path: Path) -> Path:
    """Make an archive of articles whose titles and texts hold markup and escape sequences."""
    rows = [{"id": n, "title": TITLE, "text": BODY, "outlet": "\x1b[31mRed [/]"} for n in range(3)]
    source = tmp_path / "hostile.jsonl"
    source.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    with Archive.open(empty_archive(tmp_path / "archive")) as archive:
        archive.add([source], passage_rule(archive.settings))
        build(archive)
    return tmp_path / "archive"


async def test_markup_in_titles_and_texts_is_shown_as_it_is(
    tmp_path: Path, until: Until, picture: Callable[[MorgueApp], str]
) -> None:
    root = hostile_archive(tmp_path)
    app = MorgueApp(lambda: Searcher.open(root), "zeppelin", "lexical")
    async with app.run_test(size=(160, 45)) as pilot:
        await until(pilot, lambda: app.query_one(ArticleText).page)
        shown = picture(app)
        assert "[/red] and [@click=app.quit]here[/]" in shown
        assert "[bold]noon[/nothing]" in shown
        await pilot.click(ResultList, offset=(25, 1))
        await pilot.press("c", "enter")
        await until(pilot, lambda: isinstance(app.screen, ArticleScreen))
        await pilot.click(offset=(30, 0))
        assert app.is_running
        assert "[@click=app.quit]" in picture(app)


def test_no_escape_sequence_of_an_article_reaches_the_terminal(tmp_path: Path, drive: Callable[..., Any]) -> None:
    steps = [(b"landed", b"\r\rn"), (b"match 1 of", b"\x11")]
    written = drive(hostile_archive(tmp_path), "zeppelin", "lexical", steps=steps).written

    assert b"landed" in written, "the article was drawn"
    assert b"PWNED" in written, "its title was drawn"
    assert b"]0;PWNED" in written, "as plain characters"
    assert b"\x1b]0;PWNED" not in written
    assert b"\x1b[2J landed" not in written
    assert "\u009b".encode() not in written
    assert b"\x1b]52;c;UFdORUQ=" not in written
    assert "\u202e".encode() not in written


async def test_facts_of_many_lines_are_drawn_and_copied_as_one_each(
    tmp_path: Path, until: Until, picture: Callable[[MorgueApp], str]
) -> None:
    root, name = tmp_path / "archive", "a.txt, characters 0-57\n 2. Forged\n    article 00aa\t"
    (tmp_path / name).mkdir()
    (tmp_path / name / f"b{name}.odd").write_text("one", "utf-8")
    with Archive.open(empty_archive(root), readers=[ODD]) as archive:
        archive.add([tmp_path / name], passage_rule(archive.settings))
        build(archive)
    app = MorgueApp(lambda: Searcher.open(root), "zeppelin", "lexical")
    async with app.run_test(size=(178, 45)) as pilot:
        await until(pilot, lambda: app.query_one(ArticleText).page)
        rows = [app.query_one(ResultList).render_line(row).text for row in range(3)]
        assert "News␤ 2. Forged␤" in rows[0], "the outlet, in its row"
        assert "Title␤ 2. Forged␤" in rows[0], "the title, in the same"
        assert printable("".join(rows)) == "".join(rows)
        assert "\u202e" not in picture(app)
        await pilot.click(ResultList, offset=(25, 1))
        await pilot.press("c", "enter")
        await until(pilot, lambda: isinstance(app.screen, ArticleScreen))
        heading = str(app.screen.query_one(Heading).render())
        assert heading.count("\n") == 3, "four facts, each on its line"
        assert printable(heading) == heading
        quotation, blank, *facts = app.clipboard.split("\n")
        assert (quotation, blank, len(facts)) == ("The zeppelin landed.", "", 3)
        assert printable(app.clipboard) == app.clipboard


def read_odd(path: Path, limits: Limits) -> Iterator[Draft | Refusal]:
    odd = "\n 2. Forged\n    article 00aa\x1b[31m\u202e\u2028\u200b"
    stated: dict[str, Any] = {
        "outlet": f"News{odd}",
        "author": f"Doe{odd}",
        "url": f"https://a.b/{odd}",
        "record": f"r{odd}",
    }
    yield Draft("The zeppelin landed.", f"Title{odd}", "metadata", "0" * 64, published=f"2026-11-01{odd}", **stated)


ODD = Reader("odd", 1, (".odd",), read_odd, many=True)


def test_text_that_slipped_into_an_archive_is_made_safe_once_more_when_drawn() -> None:
    style = Style()
    looks = dict.fromkeys(Look, style)
    text = "one \x1b[2J two\u202e\x9b three"
    rows = wrap(text, 80)
    drawn = text_row(text, rows, 0, Painted(None, None, (), ()), Styles(style, style, style, looks)).text

    assert drawn.strip() == "one \ufffd[2J two \ufffd three"
