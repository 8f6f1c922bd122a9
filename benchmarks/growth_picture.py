"""The figures of ``growth.py`` as tables in Markdown and as a picture of cost against size.

Usage: python benchmarks/growth_picture.py FOLDER/growth.jsonl PICTURE.svg

Of each size the newest line counts. matplotlib draws (``pip install '.[benchmarks]'``).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from measure import arguments

FIGURES: Final = {
    "p50_ms": "warm hybrid question, p50, ms",
    "p95_ms": "the same, p95, ms",
    "filtered_ms": "filtered to 5% by date, p50, ms",
    "cold_s": "new process to answer, s",
    "build_s": "build without embedding, s",
    "add_s": "add 100 passages, s",
    "disk_mb": "disk, MB",
    "own_mb": "memory of its own while asking, MB",
}
STYLES: Final = {"Morgue": "-o", "script": "--s", "txtai": ":^", "LanceDB": "-.d"}


def newest(path: Path) -> list[dict[str, Any]]:
    """Return the newest measurement of each size, by size."""
    found = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    return [found for _, found in sorted({one["passages"]: one for one in found}.items())]


def table(name: str, measurements: list[dict[str, Any]]) -> str:
    """Return one figure of all systems at all sizes, in Markdown."""
    systems = list(measurements[0]["systems"])
    rows = [f"| {FIGURES[name]} | {' | '.join(systems)} |", "|--:" * (len(systems) + 1) + "|"]
    for one in measurements:
        cells = [_cell(one["systems"].get(system, {}).get(name)) for system in systems]
        rows.append(f"| {one['passages']:,} | {' | '.join(cells)} |")
    return "\n".join(rows)


def _cell(value: float | None) -> str:
    return "" if value is None else f"{value:,.3g}" if value < 1000 else f"{value:,.0f}"


def draw(measurements: list[dict[str, Any]], picture: Path) -> None:
    """Draw one panel for each figure, both axes logarithmic."""
    from matplotlib import pyplot

    pyplot.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "morgue", "font.size": 8})
    figure, panels = pyplot.subplots(2, 4, figsize=(12, 5.5), layout="constrained")
    for panel, (name, title) in zip(panels.flat, FIGURES.items(), strict=True):
        for system, style in STYLES.items():
            points = [(one["passages"], one["systems"].get(system, {}).get(name)) for one in measurements]
            known = [point for point in points if point[1] is not None]
            panel.plot([size for size, _ in known], [value for _, value in known], style, label=system, markersize=4)
        panel.set(xscale="log", yscale="log", title=title)
        panel.grid(visible=True, which="major", linewidth=0.3)
    figure.supxlabel("passages")
    panels.flat[0].legend()
    figure.savefig(picture, metadata={"Date": None})


def main(path: Path, picture: Path) -> None:
    """Print the tables and write the picture."""
    measurements = newest(path)
    loads = ", ".join(f"{one['passages']:,}: {one['load']:.1f}" for one in measurements)
    print(f"Load of the machine at the end of each size: {loads}\n")
    print("\n\n".join(table(name, measurements) for name in FIGURES))
    draw(measurements, picture)


if __name__ == "__main__":
    figures, picture = arguments(2)
    main(Path(figures), Path(picture))
