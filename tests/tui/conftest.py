"""What the tests of the UI share: waiting for threads, and reading the picture as text."""

from __future__ import annotations

import html
import re
from collections.abc import Awaitable, Callable
from time import monotonic

import pytest
from textual.pilot import Pilot

from tui.app import MorgueApp

Until = Callable[[Pilot[None], Callable[[], object]], Awaitable[None]]


@pytest.fixture
def until() -> Until:
    """Wait until something holds, as threads post what they found."""

    async def until(pilot: Pilot[None], holds: Callable[[], object]) -> None:
        end = monotonic() + 30
        while not holds():
            assert monotonic() < end, "waited 30 seconds in vain"
            await pilot.pause(0.02)
        await pilot.pause()

    return until


@pytest.fixture
def picture() -> Callable[[MorgueApp], str]:
    """Give the words on the screen, in order, without their styles."""

    def picture(app: MorgueApp) -> str:
        drawn = app.export_screenshot().split("<g ", 1)[1]
        return html.unescape(re.sub("<[^>]+>", "", drawn)).replace("\xa0", " ")

    return picture
