"""Whatever happens to a process that reads, its task is answered, and the next one too."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import CancelledError
from pathlib import Path

import pytest

from archive.readers import workers
from archive.readers.workers import Ended, NeverReady, NotSendable, Workers

pytestmark = pytest.mark.skipif(os.name != "posix", reason="needs signals")
ROOM = 1 << 30
ROOT = Path(__file__).resolve().parents[3]


def double(number: int) -> int:
    return 2 * number


def noted(notes: str, number: int) -> None:
    """Send this process a signal, after a line in a file that says so."""
    with Path(notes).open("a") as file:
        file.write(f"{number}\n")
    os.kill(os.getpid(), number)


def killed_at_first(notes: str) -> str:
    """Be killed unless that has happened before."""
    if not Path(notes).exists():
        noted(notes, signal.SIGKILL)
    return "done"


def end() -> None:
    os._exit(3)


def unready() -> None:
    os._exit(1)


def empty_end() -> None:
    raise EOFError("a file that was cut short")


class Unsendable:
    """What no pipe takes, for a reason that is no fault of pickle's."""

    def __init__(self, why: type[Exception]) -> None:
        self.why = why

    def __reduce__(self) -> tuple[type, tuple[object]]:
        raise self.why("no more room")


def interrupt() -> None:
    raise KeyboardInterrupt


@pytest.fixture
def pool() -> Iterator[Workers]:
    made = Workers(1, ROOM)
    yield made
    made.stop()


def test_a_task_gives_what_its_function_gives_and_raises_what_it_raises(pool: Workers) -> None:
    assert pool.schedule(double, (21,), 60).result() == 42
    with pytest.raises(TypeError):
        pool.schedule(double, (None,), 60).result()
    with pytest.raises(EOFError, match="cut short"):
        pool.schedule(empty_end, (), 60).result()
    assert pool.schedule(double, (4,), 60).result() == 8


def test_a_process_that_is_stopped_is_ended_when_its_time_is_up(pool: Workers, tmp_path: Path) -> None:
    stopped = pool.schedule(noted, (str(tmp_path / "notes"), signal.SIGSTOP), 1.0)
    after = pool.schedule(double, (4,), 60)
    with pytest.raises(TimeoutError):
        stopped.result()
    assert after.result() == 8


def test_a_task_whose_process_was_killed_is_begun_once_more(pool: Workers, tmp_path: Path) -> None:
    assert pool.schedule(killed_at_first, (str(tmp_path / "notes"),), 60).result() == "done"


def test_a_task_whose_processes_are_killed_over_and_over_is_given_up(pool: Workers, tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    with pytest.raises(Ended) as told:
        pool.schedule(noted, (str(notes), signal.SIGKILL), 60).result()
    assert told.value.code == -signal.SIGKILL
    assert notes.read_text() == "9\n" * 2
    assert pool.schedule(double, (4,), 60).result() == 8


def test_a_task_that_ends_its_process_is_not_begun_again(pool: Workers) -> None:
    with pytest.raises(Ended) as told:
        pool.schedule(end, (), 60).result()
    assert told.value.code == 3
    assert pool.schedule(double, (4,), 60).result() == 8


def test_processes_that_are_never_ready_are_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[int] = []
    begin = workers._Process.__init__

    def counted(self: workers._Process, *given: object) -> None:
        started.append(1)
        begin(self, *given)  # type: ignore[arg-type]

    monkeypatch.setattr(workers._Process, "__init__", counted)
    pool = Workers(1, ROOM, unready)
    try:
        for _ in range(5):
            with pytest.raises(NeverReady):
                pool.schedule(double, (4,), 60).result()
    finally:
        pool.stop()
    assert len(started) == 3


STOPPABLE = """
import sys
from archive.readers.workers import Workers
from tests.archive.readers.test_workers import sent_on

if __name__ == "__main__":
    pool = Workers(1, 1 << 30)
    print(pool.schedule(sent_on, (sys.argv[1],), 6.0).result(), flush=True)
    pool.stop()
"""


def sent_on(folder: str) -> str:
    """Say by a file that this was begun, and go on a moment after another one is there."""
    (Path(folder) / "begun").touch()
    while not (Path(folder) / "go").exists():
        time.sleep(0.01)
    time.sleep(0.5)
    return "done"


def test_the_time_for_which_all_of_it_was_stopped_is_not_counted(tmp_path: Path) -> None:
    command = [sys.executable, "-c", STOPPABLE, str(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, process_group=0) as reading:
        while not (tmp_path / "begun").exists():
            assert reading.poll() is None
            time.sleep(0.02)
        os.killpg(reading.pid, signal.SIGSTOP)
        time.sleep(7)
        (tmp_path / "go").touch()
        os.killpg(reading.pid, signal.SIGCONT)
        out, _ = reading.communicate(timeout=120)
    assert out == "done\n"


def test_what_cannot_be_sent_is_told_and_costs_no_process(pool: Workers) -> None:
    before = pool.schedule(os.getpid, (), 60).result()
    with pytest.raises(NotSendable):
        pool.schedule(lambda: 1, (), 60).result()
    with pytest.raises(NotSendable):
        pool.schedule(Path.open, (Path(__file__),), 60).result()
    assert pool.schedule(os.getpid, (), 60).result() == before


@pytest.mark.parametrize(("why", "raised"), [(MemoryError, MemoryError), (RecursionError, NotSendable)])
def test_an_answer_for_which_there_is_no_room_costs_no_process(
    pool: Workers, why: type[Exception], raised: type[Exception]
) -> None:
    before = pool.schedule(os.getpid, (), 60).result()
    with pytest.raises(raised):
        pool.schedule(Unsendable, (why,), 60).result()
    assert pool.schedule(os.getpid, (), 60).result() == before


def test_what_would_end_a_process_is_not_raised_here(pool: Workers) -> None:
    for arguments, code in (((5,), 5), ((), 0), (("A fatal error",), 1), ((-9,), 247)):
        with pytest.raises(Ended) as told:
            pool.schedule(sys.exit, arguments, 60).result()
        assert (told.value.code, told.value.is_own) == (code, True)
    with pytest.raises(Ended):
        pool.schedule(interrupt, (), 60).result()
    assert pool.schedule(double, (4,), 60).result() == 8


def test_stopping_ends_what_runs_and_cancels_what_waits(pool: Workers) -> None:
    running, waiting = pool.schedule(time.sleep, (600,), 600), pool.schedule(double, (4,), 60)
    while not running.running():
        time.sleep(0.01)
    pool.stop()
    with pytest.raises((Ended, NeverReady)):
        running.result()
    with pytest.raises(CancelledError):
        waiting.result()
    assert pool.schedule(double, (4,), 60).result() == 8
