"""A source whose first reading was stopped is told until the rest of it was read."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from archive import Archive
from index import Mode, Searcher, passage_rule
from index.maintenance.status import status
from tests.index.world import World

pytestmark = pytest.mark.usefixtures("background")


@pytest.fixture
def stopped(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """An archive with an index, to which a second folder was being added when that was stopped."""
    more = world.folder.with_name("more")
    more.mkdir()
    for number in range(80):
        (more / f"{number:02d}.txt").write_text(f"Report {number}\n\nThe zeppelin of town {number} rose.\n", "utf-8")

    def stop(step: object) -> None:
        raise KeyboardInterrupt

    with Archive.open(world.root) as archive, pytest.raises(KeyboardInterrupt):
        archive.add([more], passage_rule(archive.settings), stop)
    return world


def told(world: World) -> tuple[list[str], list[str]]:
    """Return what an answer and the status tell of it."""
    with Searcher.open(world.root) as searcher, Archive.open(world.root) as archive:
        said = searcher.search("zeppelin", mode=Mode.LEXICAL).degraded, status(archive).notes
    answer, state = ([one for one in sentences if "not read to the end" in one] for sentences in said)
    return answer, state


def test_a_source_that_was_not_read_to_its_end_is_told_with_every_answer(stopped: World) -> None:
    stopped.build()
    for sentences in told(stopped):
        (sentence,) = sentences
        assert sentence.startswith(f"{stopped.folder.with_name('more')} was not read to the end yet; the rest is not")


@pytest.mark.parametrize("ended", ["read", "removed"])
def test_it_is_told_no_more_once_it_was_read_or_removed(stopped: World, ended: str) -> None:
    with Archive.open(stopped.root) as archive:
        (source,) = archive.half_read
        again: dict[str, Callable[[], object]] = {
            "read": lambda: archive.update(passage_rule(archive.settings)),
            "removed": lambda: archive.remove(source.id),
        }
        again[ended]()
        assert archive.half_read == ()
    stopped.build()
    assert told(stopped) == ([], [])
