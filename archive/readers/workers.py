"""Processes that read beside this one; each may take so much memory, each task so much time, and none more.

Each process has a thread here and a pipe of its own, and is killed when its time is up. So whatever happens to it,
stopped, killed or gone astray, its pipe ends, its task is answered with an error and another process takes its place.
"""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import Connection
from pickle import PicklingError
from queue import SimpleQueue
from typing import Any, Final

from archive.core.forking import Lock
from archive.core.fresh_process import FreshContext
from archive.core.system_limits import is_exhausted
from archive.readers.patience import Patience

# What a process may take before its first task, on a machine that is busy with much else. Chosen, not measured.
START_SECONDS: Final = 60.0
# A worker is replaced now and then, so that what leaks in C libraries stays small. Chosen: starting one takes a second.
_TASKS_A_WORKER: Final = 1000
# Processes in a row that never were ready, after which no more are started. Chosen, not measured.
_FAILURES: Final = 3
# One that is killed from without takes its task along, so that is begun once more.
_TRIES: Final = 2
# What a killed process may take to be gone; one that waits for a broken disk never is.
_BURIAL_SECONDS: Final = 5.0
_KILLED: Final = -9


class Ended(Exception):
    """A process ended before it had answered; ``code`` is its exit code, of a signal the negative number."""

    def __init__(self, code: int | None) -> None:
        super().__init__(f"The process ended with code {code}.")
        self.code = code

    @property
    def signal(self) -> int:
        """Return the number of the signal that ended it, 0 where none did or it is not known."""
        return -self.code if self.code is not None and self.code < 0 else 0

    @property
    def is_own(self) -> bool:
        """Tell whether it ended by itself, and not by a signal."""
        return not self.signal


class NeverReady(Exception):
    """No process could be started, or none was ever ready to work; its cause is what was in the way, where known."""


class NotSendable(Exception):
    """A task, or what it gave, cannot be sent to another process."""


_UNSENDABLE: Final = (AttributeError, TypeError, ValueError, PicklingError)  # what pickle raises of such things


@dataclass(frozen=True, slots=True)
class _Task:
    """What a process is to call, and how many seconds of the clock it may take."""

    function: Callable[..., Any]
    arguments: tuple[Any, ...]
    seconds: float
    future: Future[Any]


class Workers:
    """A pool of processes, started when tasks come, and again when one has ended.

    Args:
        count: how many there are at most.
        memory: bytes of address space that each may take.
        warm: a function of a module that each calls first, to load what its tasks need.
    """

    def __init__(self, count: int, memory: int, warm: Callable[[], object] | None = None) -> None:
        self._count = count
        self._start = (memory, warm)
        self._lock = Lock()
        self._pool: _Pool | None = None

    def schedule(self, function: Callable[..., Any], arguments: tuple[Any, ...], seconds: float) -> Future[Any]:
        """Begin a task; return its future.

        The future's ``result`` raises what the task raises, ``TimeoutError`` when it took longer than its seconds,
        ``Ended`` when it ended its process, ``NotSendable`` when it cannot be sent there, ``NeverReady`` when no
        process can be started, and ``CancelledError`` when the processes were stopped meanwhile. It always comes: after
        the tasks before it, and its own seconds.

        Args:
            function: a function of a module.
            arguments: to the function.
            seconds: of the clock that it may take.
        """
        with self._lock:
            self._pool = self._pool or _Pool(self._count, *self._start)
            return self._pool.schedule(_Task(function, arguments, seconds, Future()))

    def stop(self) -> None:
        """End the processes, whatever they are at; the next task starts others."""
        with self._lock:
            pool, self._pool = self._pool, None
        if pool is not None:
            pool.stop()


class _Pool:
    """The threads of some processes, which take tasks from one queue."""

    def __init__(self, count: int, memory: int, warm: Callable[[], object] | None) -> None:
        self._count = count
        self._start = (memory, warm)
        self._tasks: SimpleQueue[_Task | None] = SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._processes: set[_Process] = set()
        self._failures = 0  # in a row
        self._stopped = False

    def schedule(self, task: _Task) -> Future[Any]:
        why = self._more_threads()
        if why is not None and not self._threads:
            task.future.set_exception(_never_ready(why))
        else:
            self._tasks.put(task)
        return task.future

    def _more_threads(self) -> RuntimeError | None:
        """Start another thread while there are too few; return why none could be."""
        if len(self._threads) < self._count:
            thread = threading.Thread(target=self._serve, name="reader", daemon=True)
            try:
                thread.start()
            except RuntimeError as error:
                return error
            self._threads.append(thread)
        return None

    def stop(self) -> None:
        self._stopped = True
        for _ in self._threads:
            self._tasks.put(None)
        for process in tuple(self._processes):
            process.kill()
        for thread in self._threads:
            thread.join()

    def _serve(self) -> None:
        process: _Process | None = None
        while (task := self._tasks.get()) is not None:
            if self._stopped:
                task.future.cancel()
            elif task.future.set_running_or_notify_cancel():
                process = self._done(task, process)
        self._let_go(process)

    def _done(self, task: _Task, process: _Process | None) -> _Process | None:
        """Do a task; return the process for the next one."""
        for again in range(_TRIES - 1, -1, -1):
            try:
                process = process or self._ready()
                task.future.set_result(process.call(task))
            except Ended as error:
                process = self._let_go(process)
                if error.code == _KILLED and again and not self._stopped:
                    continue
                task.future.set_exception(error)
            except BaseException as error:
                task.future.set_exception(error)
                if isinstance(error, TimeoutError | NeverReady):
                    process = self._let_go(process)
            break
        return self._let_go(process) if process is not None and process.is_worn else process

    def _ready(self) -> _Process:
        """Start a process that is ready for its first task.

        What this process or the machine has no more of is told at once: it says nothing about those to come.
        """
        while self._failures < _FAILURES and not self._stopped:
            process: _Process | None = None
            try:
                process = _Process(*self._start)
                self._processes.add(process)
                process.wait()
            except (OSError, MemoryError, Ended, NeverReady) as error:  # TimeoutError is an OSError, too
                self._let_go(process)
                if is_exhausted(error) or isinstance(error, NeverReady):
                    raise _never_ready(error) from error
                self._failures += 1
            else:
                self._failures = 0
                return process
        raise NeverReady("No process that reads could be started.")

    def _let_go(self, process: _Process | None) -> _Process | None:
        """End a process; return what is there instead of it, which is nothing yet."""
        if process is not None:
            process.close()
            self._processes.discard(process)
        return None


class _Process:
    """A process, and the pipe to it."""

    def __init__(self, memory: int, warm: Callable[[], object] | None) -> None:
        self._done = 0
        context = FreshContext()
        self._pipe, theirs = context.Pipe()
        try:
            self._process = context.Process(target=_work, args=(theirs, memory, warm), daemon=True)
            self._process.start()
        except BaseException:
            self._pipe.close()
            raise
        finally:
            theirs.close()

    @property
    def is_worn(self) -> bool:
        """Tell whether it has done so much that another is to take its place."""
        return self._done >= _TASKS_A_WORKER

    def wait(self) -> None:
        """Wait until it is ready."""
        with self._ending(START_SECONDS):
            self._pipe.recv()

    def call(self, task: _Task) -> Any:  # noqa: ANN401
        """Return what a task gives; raises what it raises.

        Raises:
            NeverReady: there is no memory here to ask in, or to be answered.
            Ended: also where the task wanted to end its process, or raised what is no error.
        """
        self._done += 1
        with self._ending(task.seconds):
            try:
                _send(self._pipe, (task.function, task.arguments))
                result, error = self._pipe.recv()
            except MemoryError as lacking:
                raise _never_ready(lacking) from lacking
        if isinstance(error, SystemExit):
            raise Ended(error.code & 0xFF if isinstance(error.code, int) else int(error.code is not None))
        if error is not None and not isinstance(error, Exception):
            raise Ended(1)
        if error is not None:
            raise error
        return result

    def kill(self) -> None:
        """End it at once; whoever waits for it is told."""
        self._process.kill()  # unlike SIGTERM this reaches one that was stopped, too

    def close(self) -> None:
        """End it, and let the pipe go; for the thread that calls it."""
        self.kill()
        self._process.join(_BURIAL_SECONDS)
        self._pipe.close()

    @contextmanager
    def _ending(self, seconds: float) -> Iterator[None]:
        """Kill the process when it is not done in time.

        Raises:
            TimeoutError: it was not.
            Ended: it ended by itself, or was killed by others.
            NeverReady: there is no thread to watch it.
        """
        late = threading.Event()

        def end() -> None:
            late.set()
            self.kill()

        timer = Patience(seconds, end)
        timer.daemon = True
        try:
            timer.start()
        except RuntimeError as error:
            raise _never_ready(error) from error
        try:
            yield
        except (EOFError, OSError) as error:
            self._process.join(_BURIAL_SECONDS)
            if late.is_set():
                raise TimeoutError(f"It took longer than {seconds:g} seconds.") from error
            raise Ended(self._process.exitcode) from error
        finally:
            timer.cancel()


def _never_ready(why: BaseException) -> NeverReady:
    error = NeverReady("No process that reads could be started.")
    error.__cause__ = why.__cause__ if isinstance(why, NeverReady) else why
    return error


def _send(pipe: Connection, what: object) -> None:
    try:
        pipe.send(what)
    except _UNSENDABLE as error:
        raise NotSendable(str(error)) from error


# What follows runs in the worker process.


def allow(seconds: float) -> None:
    """Let this process use so much more processor time; the system ends it when it takes more."""
    if sys.platform == "win32":
        return
    import resource

    usage = resource.getrusage(resource.RUSAGE_SELF)
    _lower(resource.RLIMIT_CPU, int(usage.ru_utime + usage.ru_stime + seconds) + 2)


def _work(pipe: Connection, memory: int, warm: Callable[[], object] | None) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _begin(memory, warm)
    pipe.send(None)
    with suppress(EOFError, BrokenPipeError):  # whoever gave the tasks is gone
        while True:
            _answer(pipe)


def _answer(pipe: Connection) -> None:
    """Do one task.

    Raises:
        EOFError: there are none any more.
    """
    call = _received(pipe)
    result: Any = None
    failure: BaseException | None = None
    try:
        result = call()
    except BaseException as error:
        failure = error
    try:
        _send(pipe, (result, failure))
    except OSError:
        raise  # whoever gave the task is gone
    except Exception as error:  # it is pickled as a whole before a byte of it is sent
        pipe.send((None, MemoryError() if isinstance(error, MemoryError) else NotSendable(str(error))))


def _received(pipe: Connection) -> Callable[[], Any]:
    """Return the next task, or one that fails where it cannot be made out here."""
    try:
        function, arguments = pipe.recv()
    except EOFError:
        raise
    except Exception as error:
        return partial(_fail, error)
    return partial(function, *arguments)


def _fail(error: Exception) -> None:
    raise error


def _begin(memory: int, warm: Callable[[], object] | None) -> None:
    """Limit this process for good: its memory, no core files, nothing on the terminal, one thread."""
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.dup2(silence, 2)
    logging.disable(logging.CRITICAL)
    os.environ.update(TOKENIZERS_PARALLELISM="false", OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1")
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        _lower(resource.RLIMIT_AS, memory)
    if warm is not None:
        with suppress(Exception):  # the first task meets it again, and can tell it
            warm()


def _lower(kind: int, soft: int) -> None:
    import resource

    _, hard = resource.getrlimit(kind)
    resource.setrlimit(kind, (soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard))
