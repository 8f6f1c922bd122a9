"""The questions that were asked and the place where a reader left: in the user's folder, as long as that is wanted."""

from __future__ import annotations

from pathlib import Path
from threading import Event, Thread

import pytest
from filelock import FileLock

from archive.core.errors import Busy
from tui.session import history as remembering
from tui.session.history import History, Left


@pytest.fixture(autouse=True)
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MORGUE_STATE", str(tmp_path / "state"))
    monkeypatch.delenv("MORGUE_HISTORY", raising=False)
    return tmp_path / "state"


def asked(history: History) -> list[tuple[str, str, int | None]]:
    return [(one.text, one.mode, one.found) for one in history.questions()]


def test_each_question_is_there_once_the_last_one_first() -> None:
    history = History("an archive")
    assert history.questions() == ()
    for text, found in (("sanctions", 3), ("gas", None), ("sanctions", 5), ("  ", 1)):
        history.asked(text, "hybrid", found)
    history.asked("gas", "lexical")
    assert asked(History("an archive")) == [
        ("gas", "lexical", None),
        ("sanctions", "hybrid", 5),
        ("gas", "hybrid", None),
    ]
    assert History("another").questions() == ()


def test_the_place_where_one_left_is_found_again_and_questions_stay() -> None:
    history, place = History("an archive"), Left("gas", "hybrid", "article", "0123456789abcdef")
    assert history.left() is None
    history.asked("gas", "hybrid")
    history.leave(place)
    assert History("an archive").left() == place
    assert len(history.questions()) == 1


def test_nothing_is_written_when_it_is_switched_off(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MORGUE_HISTORY", "off")
    history = History("an archive")
    history.asked("gas", "hybrid")
    history.leave(Left("gas", "hybrid", "article"))
    assert not state.exists()
    assert (history.questions(), history.left()) == ((), None)


def test_it_is_forgotten_when_it_is_cleared(state: Path) -> None:
    history = History("an archive")
    history.asked("a very private question", "hybrid")
    history.clear()
    history.clear()
    assert (history.questions(), history.left()) == ((), None)
    assert not [path for path in state.rglob("*") if path.is_file() and b"private" in path.read_bytes()]


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[1]", b'{"questions": [{"other": 1}], "left": {"other": 1}}', b"\xff"]
)
def test_a_file_that_cannot_be_read_is_an_empty_history(state: Path, content: bytes) -> None:
    (state / "history").mkdir(parents=True)
    (state / "history" / "an archive.json").write_bytes(content)
    history = History("an archive")
    assert (history.questions(), history.left()) == ((), None)
    history.asked("gas", "hybrid")
    assert [one.text for one in history.questions()] == ["gas"]


def test_where_nothing_can_be_written_asking_goes_on(state: Path) -> None:
    state.write_text("a file in the way")
    history = History("an archive")
    history.asked("gas", "hybrid")
    assert history.questions() == ()


def test_what_is_on_its_way_to_be_written_down_is_forgotten_with_the_rest(
    state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def told() -> str:
        begun.set()
        return "2026-01-01T00:00:00Z"

    history, begun = History("an archive"), Event()
    history.asked("gas", "hybrid")
    monkeypatch.setattr(remembering, "now_utc", told)
    monkeypatch.setattr(remembering, "_PATIENCE", 60.0)
    with FileLock(state / "history" / "an archive.json.lock"):
        asking = Thread(target=history.asked, args=("a very private question", "hybrid"))
        asking.start()
        assert begun.wait(60)
        clearing = Thread(target=history.clear)
        clearing.start()
        while history._cleared == 0:
            pass
    for thread in (asking, clearing):
        thread.join()
    assert history.questions() == ()
    history.asked("ferry", "hybrid")
    assert [one.text for one in history.questions()] == ["ferry"]


def test_after_clearing_the_place_where_one_left_is_kept_once_something_is_asked_again() -> None:
    history, place = History("an archive"), Left("a very private question", "hybrid", "article")
    history.asked("a very private question", "hybrid")
    history.clear()
    history.leave(place)
    assert history.left() is None
    history.asked("gas", "hybrid")
    history.leave(place)
    assert history.left() == place


def test_what_another_program_holds_is_not_told_as_forgotten(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    history = History("an archive")
    history.asked("gas", "hybrid")
    monkeypatch.setattr(remembering, "_PATIENCE", 0.0)
    with FileLock(state / "history" / "an archive.json.lock"), pytest.raises(Busy):
        history.clear()
    assert [one.text for one in history.questions()] == ["gas"]
