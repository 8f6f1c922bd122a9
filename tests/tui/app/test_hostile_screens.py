"""What others wrote is drawn, never obeyed, on every screen that tells of it: kept, remembered, counted, explained."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from rich.cells import cell_len
from textual.pilot import Pilot

from archive import Archive
from archive.core.article import Draft, Refusal
from archive.readers import Limits, Reader
from archive.text.decode import printable
from index import build, passage_rule
from tests.archives import empty_archive
from tests.index.world import CheapEncoder
from tests.tui.cells import lines, shown, styled
from tests.tui.conftest import Drive, Until
from tests.tui.newsroom import Picture, opened
from tui.app.app import MorgueApp
from tui.app.widgets.narrowing.panel import NarrowPanel
from tui.app.widgets.result_list import ResultList
from tui.session.history import History

BODY: Final = (
    "\u65b0\u805e\u306e zeppelin e\u0301te\u0301 \u05e9\u05dc\u05d5\u05dd zeppelin landed. [b]Then[/] it left."
)
NAME: Final = "arch[b]ive\x1b]0;PWNED-archive\x07"


def hostile(what: str) -> str:
    """Return words that hold markup, sequences of the terminal, marks of direction, combining and wide characters."""
    sequences = f"\x1b]0;PWNED-{what}\x07\x1b[2J\x9b31m\u202e"
    return f"{what} [/red] [@click=app.quit]x[/] {sequences} e\u0301\u0302 \u6771\u4eac [b]"


def read_hostile(path: Path, limits: Limits) -> Iterator[Draft | Refusal]:
    facts: dict[str, Any] = {name.casefold(): hostile(name) for name in ("Outlet", "Author", "Record")}
    yield Draft(
        BODY,
        hostile("Title"),
        "metadata",
        "0" * 64,
        published="2022-01-15",
        url=f"https://a.b/{hostile('Url')}",
        **facts,
    )


HOSTILE: Final = Reader("hostile", 1, (".hostile",), read_hostile, many=True)


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An archive of one article, of which all that can be kept is; every word of it means harm, its own name too."""
    monkeypatch.setenv("MORGUE_STATE", str(tmp_path / "state"))
    monkeypatch.delenv("MORGUE_HISTORY")
    folder = tmp_path / "texts [b] [@click=app.quit]x"
    folder.mkdir()
    (folder / "a [@click=app.quit]x[bold].hostile").write_text("one", "utf-8")
    root = empty_archive(tmp_path / NAME)
    with Archive.open(root, readers=[HOSTILE]) as archive:
        archive.add([folder], passage_rule(archive.settings))
        build(archive, encoder=CheapEncoder)
        (article,) = archive.articles()
        passage = archive.passages(article.id, article.version)[0]
        keep = archive.notebook
        clip = keep.add_clip(article.id, article.version, passage.start, passage.end, question=hostile("Asked"))
        keep.note_clip(clip.id, hostile("Note"))
        keep.star(article.id)
        keep.save(hostile("Saved"), "lexical")
        keep.judge(hostile("Judged"), [passage.id])
        History(archive.id).asked(hostile("Before"), "lexical", 1)
    return root


async def looked_at(pilot: Pilot[None], until: Until, *words: str) -> None:
    """Wait for words, with the markup behind them as it is written; and look whether all that is drawn is harmless."""
    app = pilot.app
    assert isinstance(app, MorgueApp)
    for word in words:
        await until(pilot, lambda word=word: f"{word} [/red] [@" in shown(app))  # type: ignore[misc]
    for line in lines(app):
        assert printable(line) == line
        assert cell_len(line) == app.size.width
    for y, line in enumerate(lines(app)):
        if "[@click" in line:
            await pilot.click(offset=(cell_len(line[: line.index("[@click")]) + 2, y))
            break
    assert app.is_running


async def test_words_that_mean_harm_are_drawn_as_they_are_on_every_screen(root: Path, until: Until) -> None:
    app = MorgueApp(lambda: opened(root), "zeppelin", "lexical", root)
    async with app.run_test(size=(180, 45)) as pilot:
        await until(pilot, lambda: Picture(app).is_at_rest and "landed" in shown(app))
        assert "arch[b]ive" in lines(app)[0]
        await pilot.press("enter")
        await looked_at(pilot, until, "Title", "Outlet")
        await pilot.press("t", "f")
        await until(pilot, lambda: "[ ] Outlet" in shown(app))
        await looked_at(pilot, until)
        app.query_one(NarrowPanel).focus()
        await pilot.press("home", "space")
        await until(pilot, lambda: "outlet:=" in lines(app)[app.query_one("ChipLine").region.y])
        await until(pilot, lambda: Picture(app).is_at_rest and "landed" in shown(app))
        await looked_at(pilot, until)
        for key, words in (("C", ("Asked", "Note")), ("Q", ("Saved",)), ("i", ("Title",)), ("J", ("Judged",))):
            await pilot.press(key)
            await looked_at(pilot, until, *words)
            await pilot.press("escape")
            await until(pilot, lambda: app.screen is app.screen_stack[0])
        await pilot.press("ctrl+r")
        await looked_at(pilot, until, "Before")
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is app.screen_stack[0])
        app.query_one(ResultList).focus()
        await pilot.press("enter")
        await until(pilot, lambda: len(app.screen_stack) == 2)
        await looked_at(pilot, until, "Title", "Author")
        await pilot.press("v")
        await until(pilot, lambda: "the oldest version" in shown(app))
        await looked_at(pilot, until, "Title")


async def test_a_question_asked_again_and_the_advice_of_an_empty_archive_are_drawn_as_they_are(
    root: Path, tmp_path: Path, until: Until
) -> None:
    app = MorgueApp(lambda: opened(root), hostile("Typed"), "lexical", root)
    async with app.run_test(size=(100, 30)) as pilot:
        await until(pilot, lambda: app.screen_stack and "Opening" not in shown(app) and Picture(app).is_at_rest)
        await looked_at(pilot, until, "Typed")
    other = tmp_path / "other [@click=app.quit]\x1b]0;PWNED\x07"
    Archive.create(other).close()
    app = MorgueApp(lambda: opened(other), "", "lexical", other)
    async with app.run_test(size=(200, 30)) as pilot:
        await until(pilot, lambda: "Nothing was added" in shown(app))
        await looked_at(pilot, until)
        assert "[@click=app.quit]" in shown(app)


async def test_matches_in_the_list_stand_on_their_words_whatever_is_before_them(root: Path, until: Until) -> None:
    app = MorgueApp(lambda: opened(root), "zeppelin", "lexical", root)
    async with app.run_test(size=(100, 30)) as pilot:
        await until(pilot, lambda: Picture(app).is_at_rest and "landed" in shown(app))
        results = app.query_one("#results").region
        match = app.get_css_variables()["secondary"]
        marked = [
            (cell, text)
            for line, cell, text, style in styled(app)
            if results.contains(cell, line) and style.bgcolor is not None and style.bgcolor.name == match.casefold()
        ]
        (line,) = (line for line in lines(app)[results.y : results.bottom] if "landed" in line)
        places = [place for place in range(len(line)) if line.startswith("zeppelin", place)]
        assert marked == [(cell_len(line[:place]), "zeppelin") for place in places]
        assert len(marked) == 2


def test_no_sequence_of_what_is_kept_counted_or_remembered_reaches_the_terminal(root: Path, drive: Drive) -> None:
    steps: list[tuple[bytes, bytes]] = [
        (b"landed", b"\rt"),
        (b"by day", b"f"),
        (b"[ ] Outlet", b" "),
        (b"outlet:=", b"C"),
        (b"note: Note", b"C"),
        (b"landed", b"Q"),
        (b"Saved [", b"Q"),
        (b"landed", b"J"),
        (b"Judged [", b"J"),
        (b"landed", b"i"),
        (b"Why this is here", b"i"),
        (b"landed", b"\x12"),
        (b"Before [", b"\x11"),
    ]
    ended = drive(root, "zeppelin", "lexical", steps=steps, environment={"LINES": "45", "COLUMNS": "160"})
    assert ended.status == 0
    for what in ("Title", "Outlet", "Asked", "Note", "Saved", "Judged", "Before"):
        assert f"]0;PWNED-{what}".encode() in ended.written, f"{what} is drawn, as plain characters"
    assert b"\x1b]0;PWNED" not in ended.written
    assert "\x9b".encode() not in ended.written
    assert "\u202e".encode() not in ended.written
