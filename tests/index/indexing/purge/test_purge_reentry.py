"""What was purged does not come back by itself, and comes back when a person says so."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from archive import Archive
from tests.index.indexing.accused import (
    SECRETS,
    TITLE,
    URL,
    added,
    article_id,
    found_in,
    problems,
    purged,
    updated,
)
from tests.index.world import World

pytestmark = pytest.mark.usefixtures("background")


def test_what_was_purged_does_not_come_back_and_leaves_no_name(world: World) -> None:
    purged(world, article_id(world))
    for report in (updated(world), added(world)):
        assert (report.added, report.unchanged) == (0, 11)
        (refusal,) = report.refusals
        assert (refusal.code, Path(refusal.path).name) == ("purged", "secret-dossier.md")
        assert refusal.reason.startswith("It was purged on ")
        assert report.new_refusals == ()
    assert found_in(world.root, *SECRETS) == set()
    assert problems(world) == []


@pytest.mark.parametrize("change", ["touched", "edited", "moved", "same address"])
def test_it_does_not_come_back_in_another_guise(unindexed: World, change: str) -> None:
    world = unindexed
    with Archive.open(world.root) as archive:
        archive.purge(article_id(world))
    old = world.folder / "secret-dossier.md"
    text = old.read_text("utf-8")
    match change:
        case "touched":
            os.utime(old, ns=(1, 1))
        case "edited":
            old.write_text(text.replace("Monday", "Tuesday"), "utf-8")
        case "moved":
            old.rename(world.folder / "moved.md")
        case "same address":
            old.unlink()
            (world.folder / "new.md").write_text(f"---\nurl: {URL}\n---\nQuite other words.\n", "utf-8")
    report = updated(world)
    assert (report.added, [one.code for one in report.refusals]) == (0, ["purged"])
    assert found_in(world.root, *SECRETS) == set()


def test_it_comes_back_when_a_person_says_so(world: World) -> None:
    one = article_id(world)
    purged(world, one)
    assert added(world, again=True).added == 1
    assert article_id(world) == one
    assert world.found("Quillfeather") == [TITLE]
    assert problems(world) == []
    assert updated(world).refusals == ()


def test_a_purged_folder_is_refused_until_a_person_says_otherwise(plain: World) -> None:
    with Archive.open(plain.root) as archive:
        (source,) = archive.sources()
    purged(plain, source.id)
    report = added(plain)
    assert (report.added, {one.code for one in report.refusals}) == (0, {"purged"})
    report = added(plain, again=True)
    assert (report.added, report.refusals) == (3, ())
    assert problems(plain) == []


def test_lines_of_a_file_that_take_the_place_of_a_purged_one_are_taken(plain: World) -> None:
    def lines(*texts: str) -> None:
        made = "".join(f'{{"title": "{one}", "text": "{one} was seen in town."}}\n' for one in texts)
        (plain.folder / "lines.jsonl").write_text(made, "utf-8")

    lines("First", "Quillfeather", "Third")
    plain.add()
    plain.build()
    purged(plain, article_id(plain, "Quillfeather"))
    lines("First", "Fresh", "Quillfeather", "Third")
    report = updated(plain)
    assert (report.added, [one.record for one in report.refusals]) == (1, ["3"])
    plain.build()
    assert plain.found("Fresh") == ["Fresh"]
    assert "Third" in plain.found("seen in town")
    assert problems(plain) == []
