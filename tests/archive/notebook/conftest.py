"""An archive of two articles, and clips of the second."""

from __future__ import annotations

import pytest

from archive.notebook.kept import Clip
from tests.archive.conftest import World

QUARRY = "The quarry at Umber closed. Zebedee counted the carts twice, and nobody believed him."
WORDS = "Zebedee counted the carts twice"


@pytest.fixture
def told(world: World) -> World:
    """An archive of two articles."""
    world.tell("a.txt", "Monday")
    world.write("quarry.txt", QUARRY)
    world.add()
    return world


def clipped(world: World, name: str = "quarry.txt", words: str = WORDS, **more: str) -> Clip:
    """Mark words of the current text of an article."""
    one = world.articles()[name]
    start = world.text(name).index(words)
    return world.archive.notebook.add_clip(one.id, one.version, start, start + len(words), **more)


def only(world: World) -> Clip:
    """Give the one clip there is."""
    (clip,) = world.archive.notebook.clips()
    return clip
