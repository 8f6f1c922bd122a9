"""Contrast, computed from the cells as they are drawn, in every theme and every number of colours."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.color import ColorSystem
from textual.color import Color as Shade
from textual.notifications import SeverityLevel
from textual.theme import Theme
from textual.widgets import OptionList

from index import Searcher
from tests.tui.cells import strips
from tests.tui.conftest import Drive, Until, sgr
from tests.tui.looks.colours import SYSTEMS, drawn, in_all_colours
from tests.tui.looks.scenes import SCENES, Stage
from tui.app import themes
from tui.app.app import MorgueApp
from tui.app.legibility import GRAPHICS, TEXT, contrast
from tui.app.screens.article import ArticleScreen
from tui.app.screens.why import WhyScreen
from tui.app.widgets.article_text import ArticleText
from tui.app.widgets.narrowing.panel import NarrowPanel
from tui.app.widgets.narrowing.time_strip import TimeStrip
from tui.app.widgets.notice import NoticePanel
from tui.app.widgets.result_list import ResultList


def test_contrast_is_that_of_the_guidelines() -> None:
    assert contrast(Shade.parse("#000"), Shade.parse("#fff")) == pytest.approx(21)
    assert contrast(Shade.parse("#777"), Shade.parse("#fff")) == pytest.approx(4.48, abs=0.01)
    assert contrast(Shade.parse("#abc"), Shade.parse("#abc")) == 1


@pytest.mark.parametrize("theme", themes.THEMES, ids=lambda theme: theme.name)
def test_each_text_of_a_theme_can_be_read_on_all_it_stands_on(theme: Theme) -> None:
    colours = {name: Shade.parse(value) for name, value in theme.variables.items() if value.startswith("#")}
    grounds = [Shade.parse(ground or "") for ground in (theme.background, theme.surface)] + [
        colours["block-cursor-background"]
    ]
    for name in ("text", "text-muted", "text-secondary"):
        assert min(contrast(colours[name], ground) for ground in grounds) >= TEXT, name
    for name in ("text-warning", "text-error", "text-success", "text-accent"):
        assert min(contrast(colours[name], ground) for ground in grounds[:2]) >= TEXT, name
    assert contrast(Shade.parse("#000"), Shade.parse(theme.secondary or "")) >= TEXT, "a match"
    for name in ("border-blurred", "border", "scrollbar"):
        assert contrast(colours[name], grounds[0]) >= GRAPHICS, name
    assert contrast(grounds[2], grounds[0]) >= 1.5, "the selected row"


async def test_every_text_can_be_read_in_every_theme_and_number_of_colours(seed_archive: Path, until: Until) -> None:
    app = MorgueApp(lambda: Searcher.open(seed_archive))
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await until(pilot, lambda: app.query_one(NoticePanel).notice.heading.startswith("Ask"))
        await in_all_colours(pilot, app, "the welcome")
        await pilot.press(*"sanctions threats")
        await until(pilot, lambda: (hits := app.query_one(ResultList).hits) and hits[0].semantic)
        await until(pilot, lambda: (page := app.query_one(ArticleText).page) and page.nearest)
        await in_all_colours(pilot, app, "results, asked from the line")
        await pilot.press("enter", "j")
        severities: tuple[SeverityLevel, ...] = ("information", "warning", "error")
        for severity in severities:
            app.notify("Told in a few words.", title="A title", severity=severity)
        await pilot.pause(0.2)
        await in_all_colours(pilot, app, "results with focus, and messages")
        await pilot.press("t")
        await until(pilot, lambda: "counting" not in str(app.query_one(TimeStrip).border_title))
        await pilot.press("shift+left", "f")
        await until(pilot, lambda: app.query_one(NarrowPanel).rows)
        await pilot.press("space", "j")
        await in_all_colours(pilot, app, "values, chips and a timeline")
        await pilot.press("U", "escape", "t", "escape")
        await until(pilot, lambda: app.query_one(ResultList).hits)
        await pilot.press("tab")
        await in_all_colours(pilot, app, "the article beside them with focus")
        await pilot.press("f1")
        await pilot.pause(0.2)
        await in_all_colours(pilot, app, "help")
        await pilot.press("escape", "ctrl+p", *"cop")
        await until(pilot, lambda: app.screen.query(OptionList) and app.screen.query_one(OptionList).option_count > 1)
        await in_all_colours(pilot, app, "commands")
        await pilot.press("escape", "escape", "i")
        await until(pilot, lambda: isinstance(app.screen, WhyScreen) and len(app.screen._lines) > 1)
        await in_all_colours(pilot, app, "why")
        await pilot.press("escape", "enter")
        await until(pilot, lambda: isinstance(app.screen, ArticleScreen) and app.screen.text.page)
        await pilot.press("n", "h")
        await in_all_colours(pilot, app, "an article")
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(app.screen, ArticleScreen))
        await pilot.press("slash", "end", *" +zeppelin foo:bar ")  # old rows stay until the last word ends
        await until(pilot, lambda: not app.query_one(ResultList).display)
        await in_all_colours(pilot, app, "nothing, with warnings")


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("name", SCENES)
async def test_every_screen_can_be_read_in_every_theme_and_number_of_colours(until: Until, name: str) -> None:
    scene = SCENES[name]
    app = scene.app()
    async with app.run_test(size=(120, 40)) as pilot:
        try:
            await scene.play(Stage(pilot, until))
            await in_all_colours(pilot, app, name)
        finally:
            scene.let_go()


@pytest.mark.parametrize("system", SYSTEMS, ids=lambda system: system.name)
async def test_the_selected_row_and_both_kinds_of_highlight_can_be_told_apart(
    seed_archive: Path, until: Until, system: ColorSystem
) -> None:
    app = MorgueApp(lambda: Searcher.open(seed_archive), "sanctions threats")
    async with app.run_test(size=(120, 40)) as pilot:
        app.console._color_system = system
        await until(pilot, lambda: (hits := app.query_one(ResultList).hits) and hits[0].semantic)
        await until(pilot, lambda: (page := app.query_one(ArticleText).page) and page.nearest)
        for theme in themes.THEMES[::-1]:
            app.theme = theme.name
            await pilot.pause()
            await pilot.pause()
            cells = list(drawn(app, system))
            grounds = {one.behind for one in cells if "▌" in one.text or one.style.bold}
            assert len(grounds) >= 3, f"page, selected row, match: {theme.name}"
            nearest = {one.pairs[0][0] for one in cells if one.style.underline and not one.style.bold}
            plain = Counter(one.pairs[0][0] for one in cells if len(one.text) > 20 and not one.style.underline)
            assert nearest - {plain.most_common(1)[0][0]}, theme.name


async def test_without_colours_bold_underline_and_reverse_tell_what_colours_told(
    seed_archive: Path, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = MorgueApp(lambda: Searcher.open(seed_archive), "sanctions threats")
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: (hits := app.query_one(ResultList).hits) and hits[0].semantic)
        await until(pilot, lambda: (page := app.query_one(ArticleText).page) and page.nearest)
        await pilot.press("enter", "enter")
        await until(pilot, lambda: isinstance(app.screen, ArticleScreen) and app.screen.text.page)
        styles = {style for strip in strips(app) for _, style, _ in strip if style}
    assert all(style.color is None and style.bgcolor is None for style in styles)
    looks = {(bool(style.bold), bool(style.underline), bool(style.reverse)) for style in styles}
    assert {(True, True, False), (False, True, False), (True, True, True)} <= looks, "match, nearest, current match"


@pytest.mark.parametrize(
    ("environment", "allowed"),
    [
        ({"NO_COLOR": "1", "COLORTERM": "truecolor"}, set()),
        ({"TERM": "dumb"}, set()),
        ({"TERM": "xterm"}, {"16"}),
        ({"TERM": "xterm-256color"}, {"256", "16"}),
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, {"256", "16", "24 bits"}),
    ],
)
def test_a_terminal_is_written_only_colours_that_it_has(
    seed_archive: Path, drive: Drive, environment: dict[str, str], allowed: set[str]
) -> None:
    bare = {"COLORTERM": "", "NO_COLOR": None, "TERM": "xterm-256color"}
    ended = drive(
        seed_archive,
        "sanctions",
        "lexical",
        steps=[(b"1 of", b"\x1b[B"), (b"", b"\x11")],
        environment={**bare, **environment},
    )
    written = sgr(ended.written)
    assert ended.status == 0
    assert {kind for one in written for kind in kinds(one)} <= allowed
    assert bool(allowed) == bool({kind for one in written for kind in kinds(one)})
    assert any("1" in one or "7" in one for one in written), "bold or reverse"


def kinds(parameters: tuple[str, ...]) -> Iterator[str]:
    """Tell which kinds of colours one sequence sets; the terminal's own two count as well."""
    left = iter(parameters)
    for parameter in left:
        if parameter in {"38", "48"}:
            yield "256" if (kind := next(left)) == "5" else "24 bits"
            for _ in range(1 if kind == "5" else 3):
                next(left)
        elif parameter and (30 <= int(parameter) <= 49 or 90 <= int(parameter) <= 107):
            yield "16"


async def test_the_pane_that_keys_go_to_is_bounded_otherwise(seed_archive: Path, until: Until) -> None:
    app = MorgueApp(lambda: Searcher.open(seed_archive), "sanctions", "lexical")
    async with app.run_test(size=(120, 40)) as pilot:
        await until(pilot, lambda: app.query_one(ArticleText).page)
        await pilot.press("enter")
        listed = "".join(one.text for one in drawn(app, ColorSystem.TRUECOLOR))
        await pilot.press("tab")
        read = "".join(one.text for one in drawn(app, ColorSystem.TRUECOLOR))
    assert ("┃" in listed, "┃" in read, "│" in listed) == (False, True, True)


async def test_rows_can_be_compact(seed_archive: Path) -> None:
    app = MorgueApp(lambda: Searcher.open(seed_archive))
    async with app.run_test() as pilot:
        await app.run_action("toggle_density")
        await pilot.pause()
        assert app.has_class("-compact")
        await app.run_action("toggle_density")
        assert not app.has_class("-compact")
