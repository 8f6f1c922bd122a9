"""Whether both word engines order documents alike: nDCG@10 by words and by both legs, over judged collections.

Usage: python benchmarks/engines_judged.py KEEP COLLECTION...

KEEP has the archives that ``fusion.py`` made, or gets them; beside them lie their copies, one for each engine.
"""

from __future__ import annotations

import sys
from pathlib import Path

from fusion import by_mode, figures, opened
from measure import arguments, show
from recipes import engine_of, rebuilt

from index import Mode, Searcher
from index.contracts.engines import Floats
from index.evaluation.measures import each_query, judgements, p_value
from index.lexical import ENGINES

NEAR = 0.01


def with_engine(keep: Path, folder: Path, engine: str) -> Searcher:
    """Open the archive of a collection with a word engine; its vectors are those of the archive in ``keep``."""
    opened(keep, folder).close()
    root = rebuilt(keep / folder.name, engine, engine)
    assert engine_of(root) == engine
    return Searcher.open(root)


def main(keep: Path, folders: list[Path]) -> None:
    """Print a row for each collection and mode; exit 1 where the engines are further apart than ``NEAR``."""
    rows, apart = list[tuple[str, ...]](), False
    for folder in folders:
        judged, asked = judgements(folder)
        found: dict[tuple[str, Mode], Floats] = {}
        for engine in ENGINES:
            with with_engine(keep, folder, engine) as searcher:
                searcher.warm()
                for mode in (Mode.LEXICAL, Mode.HYBRID):
                    found[engine, mode] = figures(each_query(mode, asked, judged, by_mode(searcher)))[:, 0]
        for mode in (Mode.LEXICAL, Mode.HYBRID):
            one, other = (found[engine, mode] for engine in ENGINES)
            less = one.mean() - other.mean()
            apart |= abs(less) > NEAR
            p = f"{p_value(one, other):.4f}" if (one != other).any() else ""
            rows.append((folder.name, mode, f"{one.mean():.4f}", f"{other.mean():.4f}", f"{less:+.4f}", p))
    show("nDCG@10 of both word engines", ("", "mode", *ENGINES, "difference", "p"), rows)
    sys.exit(1 if apart else 0)


if __name__ == "__main__":
    keep, *folders = map(Path, arguments(2))
    main(keep, folders)
