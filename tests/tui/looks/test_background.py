from __future__ import annotations

import os
import pty
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.theme import Theme

from index import Searcher
from tests.tui.conftest import Drive, read_until, sgr
from tui.app.app import MorgueApp
from tui.app.background import AnswerFilter, guessed, is_light
from tui.app.themes import DARK, LIGHT, LOOKS, THEMES, Look, look_of, theme_of

LIGHT_ANSWER, DARK_ANSWER = "\x1b]11;rgb:ffff/ffff/dede\x1b\\", "\x1b]11;rgb:1c/1c/1c\x07"


@pytest.mark.parametrize(
    ("told", "light"),
    [
        ("rgb:ffff/ffff/ffff", True),
        ("rgb:0000/0000/0000", False),
        ("rgb:fd/f6/e3", True),
        ("rgb:00/2b/36", False),
        ("rgba:f/f/f/f", True),
        ("?", None),
        ("rgb:zz/00/00", None),
    ],
)
def test_a_terminals_answer_is_read(told: str, light: bool | None) -> None:
    assert is_light(told) is light


@pytest.mark.parametrize(("stated", "light"), [("0;15", True), ("15;0", False), ("0;default;15", True), ("", False)])
def test_until_then_what_the_environment_says_counts(stated: str, light: bool) -> None:
    assert guessed({"COLORFGBG": stated}) is light


@given(st.data(), st.sampled_from([LIGHT_ANSWER, DARK_ANSWER]), st.text(max_size=20), st.text(max_size=20))
def test_an_answer_is_taken_out_of_what_is_typed_however_it_is_cut(
    data: st.DataObject, answer: str, before: str, after: str
) -> None:
    arrived = before.replace("\x1b", "") + answer + after.replace("\x1b", "")
    cuts = sorted(data.draw(st.lists(st.integers(0, len(arrived)), max_size=8)))
    pieces = [arrived[start:end] for start, end in zip([0, *cuts], [*cuts, len(arrived)], strict=True)]
    filter_ = AnswerFilter()
    passed = [filter_.passed(piece, patient=True) for piece in pieces if piece]
    assert "".join(text for text, _ in passed) == arrived.replace(answer, "")
    assert [light for _, told in passed for light in told] == [answer == LIGHT_ANSWER]


@pytest.mark.parametrize("typed", ["\x1b", "\x1b]", "\x1b]1", "\x1b[A", "\x1b]11;what", "[]11;"])
def test_what_only_begins_like_one_is_typed_after_all(typed: str) -> None:
    filter_ = AnswerFilter()
    first, _ = filter_.passed(typed, patient=True)
    rest, told = filter_.passed("", patient=True)
    assert (first + rest, told) == (typed, ())
    assert AnswerFilter().passed(typed, patient=False) == (typed, ())


def test_a_setting_wins_over_the_terminal() -> None:
    chosen = {look: [theme_of(look, light_terminal=light).name for light in (False, True)] for look in LOOKS}
    dark, light, high_dark, high_light = (theme.name for theme in THEMES)
    assert chosen == {
        "auto": [dark, light],
        "dark": [dark, dark],
        "light": [light, light],
        "high-contrast": [high_dark, high_light],
        "high-contrast-dark": [high_dark, high_dark],
        "high-contrast-light": [high_light, high_light],
    }
    assert [look_of({"MORGUE_THEME": value}) for value in ("", "LIGHT", "pink")] == ["auto", "light", None]


@pytest.mark.parametrize(("answer", "expected"), [(LIGHT_ANSWER, LIGHT), (DARK_ANSWER, DARK)])
def test_the_ui_asks_the_terminal_and_nothing_of_its_answer_is_typed(
    seed_archive: Path, drive: Drive, answer: str, expected: object
) -> None:
    first, second = answer[:9].encode(), answer[9:].encode()
    ended = drive(
        seed_archive,
        steps=[(b"\x1b]11;?\x1b\\", first), (b"", second), (b"plain words", b"sanctions"), (b"1 of", b"\x11")],
        environment={"COLORTERM": "truecolor", "NO_COLOR": None, "COLORFGBG": None},
    )
    assert ended.status == 0
    assert b"rgb:" not in ended.written
    last = [one for one in sgr(ended.written) if "48" in one][-200:]
    shades = {one[index + 2 : index + 5] for one in last for index, part in enumerate(one) if part == "48"}
    assert (("255", "255", "255") in shades) is (expected is LIGHT)


def test_a_late_answer_is_not_typed_either(seed_archive: Path, drive: Drive) -> None:
    ended = drive(
        seed_archive,
        "sanctions",
        "lexical",
        steps=[(b"1 of", LIGHT_ANSWER.encode()), (b"48;2;255;255;255", b"x"), (b"sanctionsx", b"\x11")],
        environment={"COLORTERM": "truecolor", "NO_COLOR": None, "COLORFGBG": None},
    )
    assert (ended.status, b"rgb:" in ended.written) == (0, False)


def test_a_theme_that_there_is_not_is_told_in_a_sentence(seed_archive: Path) -> None:
    pid, terminal = pty.fork()
    if pid == 0:
        os.environ.update(TERM="xterm-256color", MORGUE_THEME="pink", COLUMNS="200")
        os.execv(sys.executable, [sys.executable, "-m", "tui.__main__", "--archive", str(seed_archive)])
    said = read_until(terminal)
    _, status = os.waitpid(pid, 0)
    os.close(terminal)
    assert os.waitstatus_to_exitcode(status) == 2
    assert "MORGUE_THEME is “pink”; it can be auto, dark, light," in said.decode()


async def test_a_theme_that_was_chosen_before_the_start_is_drawn(seed_archive: Path) -> None:
    drawn = []
    begun: tuple[tuple[Look, Theme], ...] = (("dark", LIGHT), ("light", DARK), ("light", LIGHT))
    for look, theme in begun:
        app = MorgueApp(lambda: Searcher.open(seed_archive), look=look)
        app.theme = theme.name
        async with app.run_test():
            drawn.append(app.screen.styles.background.hex)
    assert drawn[0] == drawn[2] != drawn[1]
