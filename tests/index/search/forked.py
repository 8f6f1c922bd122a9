"""A program that asks and adds, forks as multiprocessing does by default on Linux, and does it all in the child.

It is started by ``test_fork``, with the folder of an archive and that of a source. Each child has a minute.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path

from archive import Archive
from index import Mode, Searcher, build, passage_rule

_SECONDS = 120


def in_child(name: str, work: Callable[[], object]) -> None:
    """Do something in a forked child, and print what it gave; SIGALRM ends one that hangs."""
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        signal.alarm(_SECONDS)
        try:
            given = repr(work())
        except BaseException as error:
            given = f"{type(error).__name__}: {error}"
        os.write(write, given.encode()[:1000])
        os._exit(0)
    os.close(write)
    _, status = os.waitpid(pid, 0)
    print(name, "hangs" if os.WIFSIGNALED(status) else os.read(read, 1000).decode(), flush=True)
    os.close(read)


def main(root: Path, source: Path) -> None:
    """Do all that holds threads or locks here, then each of it in a child, while other threads go on."""
    archive = Archive.create(root)
    rule = passage_rule(archive.settings)
    archive.add([source], rule)
    build(archive)
    searcher = Searcher.open(root)
    answer = searcher.search("closed harbour", 5, Mode.SEMANTIC)
    known, other = answer.hits[0], answer.hits[1]
    known_nearest, passages = known.nearest, [hit.passage.id for hit in answer]
    stop = threading.Event()

    def ask() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            _ = searcher.search(f"minister {number % 20}", 5, Mode.SEMANTIC).hits[0].nearest

    def add(text: str, into: Archive) -> int:
        (source / f"{text}.txt").write_text(f"A ship called {text} was seen at the harbour on Thursday.\n" * 3)
        added = into.add([source], passage_rule(into.settings)).added
        build(into)
        return added

    def add_anew() -> int:
        with Archive.open(root) as again:
            return add("Zebra", again)

    threads = [threading.Thread(target=ask) for _ in range(2)]
    for thread in threads:
        thread.start()
    again = lambda: [hit.passage.id for hit in searcher.search("closed harbour", 5, Mode.SEMANTIC)] == passages  # noqa: E731
    in_child("search", again)
    in_child("nearest known", lambda: known.nearest == known_nearest)
    in_child("nearest", lambda: other.nearest is not None)
    in_child("read", lambda: len(archive.version(known.article.id, known.article.version).text) > 0)
    in_child("new searcher", lambda: len(Searcher.open(root).search("harbour").hits) > 0)
    in_child("close", searcher.close)
    stop.set()
    for thread in threads:
        thread.join()
    in_child("add", lambda: add("Xylophone", archive))
    in_child("add anew", add_anew)
    print("parent", add("Parent", archive), len(Searcher.open(root).search("Xylophone Zebra").hits), flush=True)
    searcher.close()
    archive.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
