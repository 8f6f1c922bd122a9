"""Pieces of versions' texts, many in one question to the catalog."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeAlias

from archive.catalog.database import Catalog

Place: TypeAlias = tuple[str, str, int, int]
"""An article, the digest of one of its versions, start and end in that version's text."""

_TOGETHER: Final = 500


def pieces(catalog: Catalog, places: Sequence[Place]) -> list[str | None]:
    """Return the text at each place, None where the version is not there."""
    texts: list[str | None] = []
    for at in range(0, len(places), _TOGETHER):
        texts += _read(catalog, places[at : at + _TOGETHER])
    return texts


def _read(catalog: Catalog, places: Sequence[Place]) -> list[str | None]:
    asked = ", ".join(["(?, ?, ?, ?, ?)"] * len(places))
    values = [
        value
        for at, (article, digest, start, end) in enumerate(places)
        for value in (at, article, digest, start + 1, end - start)
    ]
    rows = catalog.rows(
        f"WITH asked(at, article, digest, start, length) AS (VALUES {asked})"
        " SELECT at, substr(text, start, length) FROM asked CROSS JOIN versions USING (article, digest)",
        tuple(values),
    )
    found = {int(at): str(text) for at, text in rows}
    return [found.get(at) for at in range(len(places))]
