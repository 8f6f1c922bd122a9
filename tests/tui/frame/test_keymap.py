"""One's own keys: what the file says is done, what it cannot mean is left out and told in a sentence."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from textual.pilot import Pilot

from index import Searcher
from tests.tui.cells import shown
from tui.app.actions import keymap
from tui.app.app import MorgueApp
from tui.app.widgets.result_list import ResultList
from tui.app.widgets.search_line import SearchLine
from tui.app.widgets.status_line import StatusLine

Until = Callable[[Pilot[None], Callable[[], object]], Awaitable[None]]
Picture = Callable[[MorgueApp], str]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], keymap.Keymap]:
    monkeypatch.setenv("MORGUE_CONFIG", str(tmp_path))

    def write(text: str) -> keymap.Keymap:
        (tmp_path / keymap.FILE).write_text(text, "utf-8")
        return keymap.read()

    return write


def test_without_a_file_no_key_is_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MORGUE_CONFIG", str(tmp_path / "absent"))
    own = keymap.read()
    assert (dict(own.keys), own.sentence) == ({}, "")


def test_keys_are_read_as_they_are_written_on_the_page(write: Callable[[str], keymap.Keymap]) -> None:
    own = write(
        '[keys]\nnext-result = ["j", "ctrl+n"]\nquit = "f10"\nask = "?"\nfirst = ","\nfind = ["slash", "ctrl+f"]\n'
    )
    assert own.keys == {"next-result": "j,ctrl+n", "quit": "f10", "first": "comma", "find": "slash,ctrl+f"}
    assert own.sentence.endswith("ask wants ?, which is a key of help-letter.")
    assert own.label("quit") == "F10"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[keys]\nnext-resutl = "j"', "there is no action “next-resutl” (“next-result”?)"),
        ("[keys]\nquit = []", "quit needs a key"),
        ("[keys]\nquit = 7", "quit needs a key"),
        ('[keys]\nquit = "strg+q"', "quit: there is no key “strg+q”"),
        ('[keys]\nquit = "f1"', "quit wants F1, which is a key of help"),
        ('[keys]\nlast = "k"', "last wants k, which is a key of previous-result"),
        ('[keys]\nfirst = "Z"\nlast = "Z"', "first wants Z, which is a key of last"),
        ('[kees]\nquit = "f10"', "there is no table kees, only [keys]"),
        ("keys = 3", "keys is no table"),
        ("[keys\n", "it is no TOML"),
        ('[keys]\n"\\u001b[2J" = "j"', "there is no action “"),
    ],
)
def test_what_cannot_be_followed_is_told_and_the_rest_holds(
    write: Callable[[str], keymap.Keymap], text: str, said: str
) -> None:
    own = write(text)
    assert said in own.sentence
    assert own.sentence.endswith(".")
    assert own.sentence.isprintable()
    assert "quit" not in own.keys


def test_bytes_that_are_no_text_are_told(write: Callable[[str], keymap.Keymap], tmp_path: Path) -> None:
    write("")
    (tmp_path / keymap.FILE).write_bytes(b"\xff\xfe\x00")
    assert "it is no TOML" in keymap.read().sentence


def test_keys_that_change_places_do_not_clash(write: Callable[[str], keymap.Keymap]) -> None:
    own = write('[keys]\nfirst = "G"\nlast = "g"\n')
    assert own.keys == {"first": "G", "last": "g"}
    assert own.problems == ()


async def test_ones_own_key_works_and_footer_and_help_name_it(
    seed_archive: Path, until: Until, picture: Picture, write: Callable[[str], keymap.Keymap]
) -> None:
    own = write('[keys]\nread = "f10"\nnext-result = "ctrl+n"\nnonsense = "x"\n')
    app = MorgueApp(lambda: Searcher.open(seed_archive), "sanctions", "lexical", keymap=own)
    async with app.run_test(size=(160, 45), notifications=True) as pilot:
        await until(pilot, lambda: len(app.query_one(ResultList).hits) > 1)
        assert ["there is no action “nonsense”" in one.message for one in app._notifications] == [True]
        await pilot.press("enter", "ctrl+n")
        assert app.query_one(ResultList).selected == 1
        assert ("f10", "read") in [(hint.key, hint.words) for hint in app.query_one(StatusLine).hints]
        await pilot.press("f1")
        assert "Ctrl+N Next result" in shown(app)
        await pilot.press("escape")
        await pilot.press("j")  # no key any more: it begins a question
        assert isinstance(app.focused, SearchLine)
        assert app.query_one(SearchLine).value == "j"
