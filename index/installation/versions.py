"""Whether what is installed fits: each package that Morgue needs, and what those need in turn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, requires, version
from typing import TYPE_CHECKING, Final

from archive.core.errors import Action, Remedy
from index.installation.finding import Finding, State
from index.installation.packages import DEPENDENCIES, MODEL, Dependency
from index.installation.trial_imports import Trouble, import_errors

if TYPE_CHECKING:
    from packaging.requirements import Requirement

_OURSELVES: Final = "morgue"


def packages(needed: Sequence[str] | None = None) -> Iterator[Finding]:
    """Tell of each package whether it is there, of a version that fits, and can be imported.

    What packages need in turn is told where it is missing or does not fit.

    Args:
        needed: what Morgue needs, as in its metadata; None reads those.
    """
    yield from _ourselves(needed)
    bounds = _bounds(needed)
    asked = [one for one in DEPENDENCIES if one.name != MODEL and (bounds is None or _plain(one.name) in bounds)]
    errors = import_errors([one.module for one in asked if _installed(one.name) is not None])
    for one in asked:
        yield _finding(one, None if bounds is None else bounds[_plain(one.name)], errors.get(one.module))
    if bounds is not None:
        yield from _needed_in_turn(bounds)


def _ourselves(needed: Sequence[str] | None) -> Iterator[Finding]:
    installed = _installed(_OURSELVES)
    if installed is not None:
        yield Finding("package", _OURSELVES, State.OK, installed)
    elif needed is None:
        yield Finding("package", _OURSELVES, State.ODD, "Not installed, so which versions it needs is not known.")


def _finding(one: Dependency, bound: Requirement | None, error: Trouble | None) -> Finding:
    installed = _installed(one.name)
    wanted = str(bound.specifier) if bound is not None else ""
    remedy = Remedy(Action.INSTALL_PACKAGE, f"{one.name}{wanted}")
    if installed is None:
        return Finding("package", one.name, State.MISSING, f"Not installed; it is for {one.purpose}.", remedy)
    if error is not None and error.limited:
        message = f"{installed}; the system did not let it be imported: {error.words}"
        return Finding("package", one.name, State.UNKNOWN, message)
    if error is not None:
        message = f"{installed} cannot be imported: {error.words} (it is for {one.purpose})"
        return Finding("package", one.name, State.BROKEN, message, remedy)
    if bound is not None and not bound.specifier.contains(installed, prereleases=True):
        return Finding("package", one.name, State.ODD, f"{installed}, where Morgue needs {wanted}", remedy)
    return Finding("package", one.name, State.OK, installed)


def _needed_in_turn(bounds: Mapping[str, Requirement]) -> Iterator[Finding]:
    """Follow what packages need; tell what is missing or does not fit, and how many fit."""
    left, seen = list(bounds.values()), set(bounds)
    asked: set[tuple[str, str]] = set()
    wrong: set[str] = set()
    while left:
        requirement = left.pop()
        for inner in _requirements(requirement.name, requirement.extras):
            name = _plain(inner.name)
            if (name, str(inner)) in asked:
                continue
            asked.add((name, str(inner)))
            installed = _installed(name)
            if name not in wrong and (finding := _misfit(inner, requirement.name, installed)) is not None:
                wrong.add(name)
                yield finding
            if installed is not None:
                left.append(inner)
            seen.add(name)
    fitting = len(seen) - len(bounds) - len(wrong - set(bounds))
    yield Finding("package", "their own needs", State.OK, f"{fitting} further packages fit")


def _misfit(inner: Requirement, outer: str, installed: str | None) -> Finding | None:
    remedy = Remedy(Action.INSTALL_PACKAGE, f"{inner.name}{inner.specifier}")
    if installed is None:
        return Finding("package", inner.name, State.MISSING, f"Not installed; {outer} needs it.", remedy)
    if not inner.specifier.contains(installed, prereleases=True):
        return Finding("package", inner.name, State.ODD, f"{installed}, where {outer} needs {inner.specifier}", remedy)
    return None


def _bounds(needed: Sequence[str] | None) -> dict[str, Requirement] | None:
    """Return what Morgue needs on this machine, by plain name; None when it cannot be told."""
    try:
        from packaging.requirements import Requirement

        told = requires(_OURSELVES) if needed is None else needed
    except (ImportError, PackageNotFoundError):
        return None
    parsed = [Requirement(line) for line in told or []]
    return {_plain(one.name): one for one in parsed if one.marker is None or one.marker.evaluate({"extra": ""})}


def _requirements(name: str, extras: set[str]) -> Iterator[Requirement]:
    from packaging.requirements import Requirement

    try:
        told = requires(name) or []
    except PackageNotFoundError:
        return
    for one in map(Requirement, told):
        if one.marker is None or any(one.marker.evaluate({"extra": extra}) for extra in ("", *extras)):
            yield one


def _installed(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _plain(name: str) -> str:
    return name.lower().replace("_", "-").replace(".", "-")
