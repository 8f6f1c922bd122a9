"""Every screen looks as it did when somebody looked at it last: pictures (SVG) beside, at two sizes of a terminal.

After a change that is meant, ``pytest tests/tui/looks/test_snapshots.py --snapshot-update`` writes them anew; look at
each one that changed. They are of the versions of Textual and Rich that the suite runs with, and are compared with no
other: those place cells and write SVG in their own ways.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from difflib import unified_diff
from html import unescape
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import pytest
from textual.pilot import Pilot

from tests.tui.cells import strips
from tests.tui.conftest import Until
from tests.tui.looks.scenes import SCENES, Stage
from tui.app.app import MorgueApp

ROOT: Final = Path(__file__).resolve().parents[3]
DRAWN_BY: Final = ("textual", "rich")
PICTURES: Final = Path(__file__).with_name("__snapshots__") / "test_snapshots"
MOST_LOOKS: Final = 200
SIZES: Final = ((80, 24), (160, 45))


def pinned(package: str) -> str:
    """Return the version of a package that the suite runs with."""
    found = re.search(rf"^{package}==(\S+)$", (ROOT / "constraints.txt").read_text("utf-8"), re.MULTILINE)
    assert found is not None
    return found[1]


class Pictured(MorgueApp):
    """The application, which gives back the picture that was taken of it."""

    def run(self, **options: Any) -> Any:
        super().run(**options)
        return self.return_value


async def still(pilot: Pilot[None]) -> None:
    """Wait until the picture, its colours too, stays as it is; on a busy machine a thread's last word comes late."""
    seen = [strips(pilot.app)]
    while len(seen) < 3 or any(one != seen[-1] for one in seen[-3:]):
        assert len(seen) < MOST_LOOKS, "the screen does not stand still"
        await pilot.pause(0.3)
        seen.append(strips(pilot.app))


def rows(picture: str) -> list[str]:
    """Return the words of each line of a picture."""
    found: dict[float, list[tuple[float, str]]] = {}
    for x, y, words in re.findall(r'<text [^>]*x="([\d.]+)" y="([\d.]+)"[^>]*>(.*?)</text>', picture):
        found.setdefault(float(y), []).append((float(x), unescape(words)))
    return ["".join(words for _, words in sorted(found[y])) for y in sorted(found)]


def differences(old: str, new: str) -> str:
    """Return the lines whose words differ from those of an older picture; where there are none, colours do."""
    return "\n".join(unified_diff(rows(old), rows(new), "looked at last", "now", lineterm="")) or "colours differ"


@pytest.mark.skipif(
    any(version(package) != pinned(package) for package in DRAWN_BY),
    reason="the pictures are of other versions of Textual and Rich",
)
@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("name", SCENES)
def test_a_screen_looks_as_it_did(
    until: Until, snap_compare: Callable[..., bool], name: str, size: tuple[int, int]
) -> None:
    scene = SCENES[name]
    app = scene.app(Pictured)
    kept = PICTURES / f"{test_a_screen_looks_as_it_did.__name__}[{name}-{size[0]}x{size[1]}].svg"
    before = kept.read_text("utf-8") if kept.exists() else ""

    async def play(pilot: Pilot[None]) -> None:
        await scene.play(Stage(pilot, until))
        pilot.app.clear_notifications()
        await still(pilot)

    try:
        alike = snap_compare(app, terminal_size=size, run_before=play)
        assert alike, differences(before, str(app.return_value))
    finally:
        scene.let_go()
