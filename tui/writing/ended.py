"""How a child process ended: what it reports on its last line, or why it does not."""

from __future__ import annotations

import json
import signal
from dataclasses import dataclass
from typing import Any, Final

_ARTICLES: Final = ("added", "changed", "unchanged", "moved", "missing")


@dataclass(frozen=True, slots=True)
class Refused:
    """A file or record that was not taken in, with the stable word for why, and why."""

    path: str
    record: str
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Report:
    """What was done; counts of articles but for passages and vectors.

    Attributes:
        passages, new: in the index, and in no index before.
        embedded: vectors made.
        waiting: made by older rules, and left until somebody agrees.
    """

    added: int
    changed: int
    unchanged: int
    moved: int
    missing: int
    passages: int
    new: int
    embedded: int
    waiting: int
    refusals: tuple[Refused, ...]


@dataclass(frozen=True, slots=True)
class Ended:
    """How it ended.

    Attributes:
        code: its exit code, of a signal that killed it the negative number.
        report: of what was added or updated, None where that was not done to its end.
        moved: how many articles were taken out or brought back, None where that was not done to its end.
        message: why it was not, in its own words; empty where it said nothing.
        run: the command that helps then; empty where none does.
    """

    code: int
    report: Report | None = None
    moved: int | None = None
    message: str = ""
    run: str = ""

    @property
    def is_done(self) -> bool:
        """Tell whether what was asked for was done to its end."""
        return self.report is not None or self.moved is not None

    @property
    def killed_by(self) -> str:
        """Return the name of the signal that killed it, empty where none did."""
        if self.code >= 0:
            return ""
        try:
            return signal.Signals(-self.code).name
        except ValueError:
            return f"signal {-self.code}"


def ended(code: int, printed: bytes, said: str) -> Ended:
    """Return how a process ended.

    Args:
        code: its exit code.
        printed: to its stdout; the last line is what it reports, unless it is garbage.
        said: to its stderr, at last.
    """
    value = _object(printed)
    if (error := _part(value, "error")) and isinstance(error.get("message"), str):
        return Ended(code, message=error["message"], run=_text(error.get("run")))
    done = Ended(code, _report(value), _moved(value))
    return done if done.is_done else Ended(code, message=said)


def _object(printed: bytes) -> dict[str, Any]:
    lines = printed.strip().splitlines()
    try:
        value = json.loads(lines[-1]) if lines else None
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _report(value: dict[str, Any]) -> Report | None:
    articles, passages = _part(value, "articles"), _part(value, "passages")
    if not articles or not isinstance(value.get("refusals"), list):
        return None
    added, changed, unchanged, moved, missing = (_count(articles.get(name)) for name in _ARTICLES)
    return Report(
        added=added,
        changed=changed,
        unchanged=unchanged,
        moved=moved,
        missing=missing,
        passages=_count(passages.get("total")),
        new=_count(passages.get("new")),
        embedded=_count(value.get("embedded")),
        waiting=_count(_part(_part(value, "reprocessed"), "waiting").get("articles")),
        refusals=tuple(_refused(each) for each in value["refusals"] if isinstance(each, dict)),
    )


def _moved(value: dict[str, Any]) -> int | None:
    articles = value.get("articles")
    return len(articles) if value.get("command") in ("remove", "restore") and isinstance(articles, list) else None


def _refused(value: dict[str, Any]) -> Refused:
    path, record, code, reason = (_text(value.get(name)) for name in ("path", "record", "code", "reason"))
    return Refused(path, record, code, reason)


def _part(value: dict[str, Any], name: str) -> dict[str, Any]:
    part = value.get(name)
    return part if isinstance(part, dict) else {}


def _count(value: Any) -> int:  # noqa: ANN401 - whatever JSON holds
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else 0


def _text(value: Any) -> str:  # noqa: ANN401
    return value if isinstance(value, str) else ""
