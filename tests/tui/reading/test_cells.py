"""Marks stand on the cells of the words they belong to, whatever else is in the text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable

import pytest
from rich.cells import cell_len
from textual.pilot import Pilot

from archive.text.decode import one_line
from tests.tui.cells import styled
from tests.tui.reading.test_long_texts import TextAlone, page_of
from tui.app.view.draw import GUTTER
from tui.app.widgets.article_text import ArticleText

Until = Callable[[Pilot[None], Callable[[], object]], Awaitable[None]]
TEXTS = {
    "markup": "[bold]x[/] [@click=app.quit]y[/] zeppelin [/red] and [ zeppelin ] in [link=file:///]z[/link]",
    "escapes": "a\x1b[2Jb zeppelin \x9b31m\x1b]52;c;QQ==\x07 \x1b]0;t\x07zeppelin\x1b[0m end",
    "combining marks": "Cafe\u0301 n\u0303o\u0304 zeppelin a\u0301\u0302\u0303\u0304\u0305 e\u0301zeppelin u\u0308ber",
    "right to left": "قال الرئيس zeppelin إن \u202eabc\u202c שלום עולם zeppelin \u2066x\u2069 والعالم",
    "wide": "制裁威胁升级zeppelin，東京の新聞 zeppelin ハーバー 한국어 신문 zeppelin。" * 4,
    "emoji": "👍 zeppelin 👩\u200d👩\u200d👧 zeppelin 🇺🇦 zeppelin ❤\ufe0f zeppelin",
    "tabs and no spaces": "a\tb\tzeppelin\t" + "x" * 200 + "zeppelin" + "y" * 200,
    "hidden characters": "ab\u200bcd zeppelin \ufeff\u00ad zeppelin\u2028next\u2029zeppelin",
}


def marked(app: TextAlone) -> list[tuple[int, str]]:
    """Return the first cell and the text of each stretch of marked cells, from the top."""
    found: list[tuple[int, str]] = []
    ended = (-1, -1)
    pieces = styled(app)
    plain = Counter(style.bgcolor for *_, style in pieces).most_common(1)[0][0]
    for line, cell, text, style in pieces:
        if style.bold and style.bgcolor != plain:
            if ended == (line, cell) and found:
                found[-1] = (found[-1][0], found[-1][1] + text)
            else:
                found.append((cell, text))
            ended = (line, cell + cell_len(text))
    return found


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("width", [40, 79, 100])
async def test_marks_stand_on_the_cells_of_their_words(name: str, width: int) -> None:
    text, app = TEXTS[name], TextAlone()
    page = page_of(text)
    async with app.run_test(size=(width, 40)) as pilot:
        widget = app.query_one(ArticleText)
        widget.show(page)
        await pilot.pause()
        rows = widget._rows
        expected = []
        for match in page.matches:
            row = rows.row_of(match.start)
            while row < len(rows) and rows.starts[row] < match.end:
                start, end = max(match.start, rows.starts[row]), min(match.end, rows.ends[row])
                before = one_line(text[rows.starts[row] : start])
                expected.append((GUTTER + cell_len(before), text[start:end]))
                row += 1
        assert marked(app) == expected
        drawn = "".join(piece for _, _, piece, _ in styled(app))
        assert "\x1b" not in drawn
        assert not {"\x9b", "\u202e", "\u2066", "\u2028"} & set(drawn)
        assert all(sum(cell_len(piece) for at, _, piece, _ in styled(app) if at == line) == width for line in range(40))


async def test_a_line_of_ten_megabytes_is_drawn_at_its_match_and_broken_into_rows(until: Until) -> None:
    half = "The harbour council met again, 制裁, and heard eleven speakers. " * 80_000
    page, app = page_of(f"{half}A zeppelin landed. {half}The zeppelin left."), TextAlone()
    assert len(page.text) > 9_900_000
    async with app.run_test(size=(100, 40)) as pilot:
        widget = app.query_one(ArticleText)
        widget.show(page)
        await pilot.pause()
        assert [text for _, text in marked(app)] == ["zeppelin"]
        before = marked(app)
        await until(pilot, lambda: widget._rows.reach.end == len(page.text))
        assert marked(app) == before, "nothing moves when all rows are known"
        await pilot.press("n")
        assert [text for _, text in marked(app)] == ["zeppelin"]
