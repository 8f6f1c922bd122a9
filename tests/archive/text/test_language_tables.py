"""The tables by which languages are told: the same from the cache as from the package, whatever lies in the cache."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.text.language import tables
from tests.archive.text.test_language import CHINESE, ENGLISH, FRENCH, RUSSIAN

TEXTS = (
    ENGLISH,
    FRENCH,
    RUSSIAN,
    CHINESE,
    "",
    "1 2 3",
    "Ministrat u mblodhën në Tiranë",
    "Министрите се срещнаха в София",
)


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MORGUE_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache" / "languages"


def told(made: bool = False) -> list[object]:
    one = tables._made() if made else tables.identifier()
    return [one.rank(text) for text in TEXTS]


def test_what_is_kept_tells_the_same_and_is_unpacked_only_once(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = told(made=True)
    assert told() == plain
    (kept,) = cache.iterdir()
    monkeypatch.setattr(tables, "_made", None)
    assert told() == plain
    assert kept.stat().st_mode & 0o077 == 0


def test_tables_that_are_damaged_or_cut_short_are_made_anew(cache: Path) -> None:
    plain = told()
    (kept,) = cache.iterdir()
    sound = kept.read_bytes()
    thirds = (len(sound) // 3, 2 * len(sound) // 3)
    flipped = [sound[:at] + bytes([sound[at] ^ 1]) + sound[at + 1 :] for at in thirds]
    for damaged in (b"", sound[: len(sound) // 2], *flipped):
        kept.write_bytes(damaged)
        assert told() == plain
        assert kept.read_bytes() == sound


def test_tables_of_another_model_are_replaced(cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told()
    (before,) = cache.iterdir()
    monkeypatch.setattr(tables, "_place", lambda _: cache / "other.npz")
    told()
    assert [path.name for path in cache.iterdir()] == ["other.npz"] != [before.name]


def test_a_cache_that_cannot_be_written_costs_only_time(cache: Path) -> None:
    cache.parent.write_text("no folder")
    assert told() == told(made=True)
