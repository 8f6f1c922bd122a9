"""No task takes more keys than it does in the best of the other programs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tui.hands import Hands, Keys, Missed, workplace
from tests.tui.tasks import TASKS, Task, done


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Path]:
    with workplace(tmp_path) as place:
        yield place


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.name)
async def test_a_task_is_done_in_no_more_keys_than_elsewhere(place: Path, task: Task) -> None:
    pressed = await done(task, place)
    assert task.most is None or pressed.keys <= task.most


async def test_a_goal_that_is_not_reached_is_told_with_the_screen(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hands = Hands(place, Keys())
    async with hands.at_work():
        monkeypatch.setattr("tests.tui.hands._SECONDS", 0.1)
        with pytest.raises(Missed, match=r"not reached: a miracle\n(.*\n)*.*Ask a topic"):
            await hands.until("a miracle", lambda: False)
