"""What reporters do in the terminal UI, in keys pressed until it is done, beside what it took before and elsewhere.

Usage: python benchmarks/tasks.py

Each task is done in the real application over an archive of made-up news, and is done when its goal stands in the drawn
cells, in a file or in the archive; where one is missed the script says so and exits 1. Letters of words, which have to
be typed in any program, are not counted. The figures of other programs are of msgvault, lazygit, posting and harlequin.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from measure import arguments, show

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.tui.hands import Keys, Missed, workplace
from tests.tui.tasks import TASKS, Task, done, table

COLUMNS = ("task", "before", "elsewhere", "keys there", "keys now")


def counted(task: Task) -> Keys:
    """Do a task in a place of its own."""
    with TemporaryDirectory() as folder, workplace(Path(folder)) as place:
        return asyncio.run(done(task, place))


def main() -> int:
    """Print a row for each task; return 1 where one was missed or takes more keys than elsewhere."""
    results = list[tuple[Task, Keys]]()
    failures = list[str]()
    for task in TASKS:
        try:
            pressed = counted(task)
        except Missed as missed:
            failures.append(f"{task.words}: {missed}")
            continue
        results.append((task, pressed))
        if task.most is not None and pressed.keys > task.most:
            failures.append(f"{task.words}: {pressed.keys} keys, elsewhere {task.most}")
    show("Keys", COLUMNS, list(table(results)))
    print(*failures, sep="\n")
    return 1 if failures else 0


if __name__ == "__main__":
    arguments(0)
    sys.exit(main())
