"""What ``morgue doctor`` found, as lines and as an object."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from index.installation.finding import State
from tui.formats.remedies import command_line

if TYPE_CHECKING:
    from index.installation.finding import Finding

_WIDTHS: Final = (8, 22)  # of the state and of the name; most names are shorter


def doctor_line(finding: Finding) -> str:
    """Return a finding as a line, with what to type where something helps."""
    state, name = (text.ljust(width) for text, width in zip((finding.state, finding.name), _WIDTHS, strict=True))
    advice = f" Run: {command_line(finding.remedy)}" if finding.remedy and finding.state != State.OK else ""
    return f"{state}{name} {finding.message}{advice}"


def verdict_line(findings: Sequence[Finding]) -> str:
    """Return how many things are not as they should be."""
    wrong = [finding for finding in findings if finding.state != State.OK]
    if not wrong:
        return "All is well."
    kinds = ((state, sum(finding.state == state for finding in wrong)) for state in State)
    return f"Not all is well: {', '.join(f'{count} {state}' for state, count in kinds if count)}."


def is_well(findings: Sequence[Finding]) -> bool:
    """Tell whether everything is as it should be."""
    return all(finding.state == State.OK for finding in findings)


def doctor_object(findings: Sequence[Finding]) -> dict[str, Any]:
    """Return the findings as the object of ``tui/schemas/doctor.json``."""
    return {"schema": 1, "well": is_well(findings), "findings": [_finding_object(finding) for finding in findings]}


def _finding_object(finding: Finding) -> dict[str, Any]:
    run = command_line(finding.remedy) if finding.remedy and finding.state != State.OK else None
    return {
        "topic": finding.topic,
        "name": finding.name,
        "state": finding.state.value,
        "message": finding.message,
        "run": run,
    }
