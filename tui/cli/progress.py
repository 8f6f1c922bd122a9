"""Progress on stderr: a bar with rate and time left on a terminal, nothing elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from archive.core.progress import Progress, Step

_WORDS: Final = {
    "reading": "Reading",
    "lexical": "Indexing words",
    "embedding": "Embedding",
    "vectors": "Indexing vectors",
    "verifying": "Verifying",
}


@contextmanager
def progress(quiet: bool = False) -> Iterator[Progress | None]:
    """Give a callback that draws each phase as a bar; None where nobody would see it."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars

    columns = (
        TextColumn("{task.description:>17}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]:>8}"),
        TimeRemainingColumn(),
    )
    with Bars(*columns, console=Console(stderr=True), transient=True) as bars:
        tasks: dict[str, int] = {}

        def tell(step: Step) -> None:
            if step.phase not in tasks:
                words = _WORDS.get(step.phase, step.phase)
                tasks[step.phase] = int(bars.add_task(words, total=step.total, rate=""))
            task = bars.tasks[tasks[step.phase]]
            rate = f"{task.speed:,.0f}/s" if task.speed else ""
            bars.update(task.id, completed=step.done, total=step.total, rate=rate)

        yield tell
