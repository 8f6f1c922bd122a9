from __future__ import annotations

from archive import Archive
from index import status
from tests.index.world import World


def test_a_setting_that_means_something_else_now_is_told_until_a_build_has_renamed_it(world: World) -> None:
    world.set('vectors = "exact"', "chroma = false  # ours")
    with Archive.open(world.root) as archive:
        (note,) = status(archive).notes
    assert 'vectors = "exact"' in note
    assert "chroma = false" in (world.root / "morgue.toml").read_text("utf-8"), "to look changes nothing"
    assert note in world.build(rebuild=True).notes
    assert 'vectors = "auto"  # ours' in (world.root / "morgue.toml").read_text("utf-8")
    with Archive.open(world.root) as archive:
        assert status(archive).notes == ()
    assert note not in world.build().notes
