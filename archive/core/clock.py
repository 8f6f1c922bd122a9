"""The time, as the catalog writes it."""

from __future__ import annotations

from datetime import UTC, datetime


def now_utc() -> str:
    """Return the time, UTC, to the second, in ISO 8601."""
    return datetime.now(UTC).isoformat(timespec="seconds")
