"""Whether the parts of a generation agree with each other and with its manifest, also from a process of its own.

    python -m index.indexing.finishing.validate FOLDER

prints what is wrong with a finished generation as JSON.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from archive.core.errors import Action, ArchiveError, Damaged, Remedy
from archive.core.system_limits import raise_limit
from archive.folder.files import remove_tree
from index.contracts.arrays import load
from index.contracts.engines import LexicalIndex, Table
from index.generations import manifest as manifests
from index.generations.checksums import bad_files, shared
from index.generations.columns import Columns, open_columns
from index.generations.generation import COLUMNS, LEXICAL
from index.generations.manifest import Manifest
from index.generations.open import SLOTS
from index.lexical import SMALL, engine
from index.runtime.subprocess import ChildProcess, Verdict, main


def disagreements(columns: Columns, words: LexicalIndex, vectors: int) -> list[str]:
    """Compare how much each part holds; return what differs, in sentences."""
    counts = (
        ("articles in the word index", words.size(Table.ARTICLES), columns.articles),
        ("passages in the word index", words.size(Table.PASSAGES), columns.passages),
        ("passages with a vector", vectors, columns.passages),
    )
    return [
        f"There are {count:,} {what} instead of {expected:,}." for what, count, expected in counts if count != expected
    ]


def check_folder(folder: Path, old: Path | None = None) -> list[str]:
    """Check a finished generation against its manifest and open its parts; return what is wrong, in sentences.

    Args:
        folder: of the generation.
        old: of the generation before, whose files were checked; those that both share are not read again.

    Raises:
        OSError, MemoryError: the system refuses what it takes to look.
    """
    try:
        manifest = manifests.from_bytes((folder / manifests.NAME).read_bytes(), folder)
        fresh = [
            record for record in manifest.files if old is None or not shared(folder / record.path, old / record.path)
        ]
        problems = [f"{bad.path} {bad.what}." for bad in bad_files(folder, fresh, None)]
        columns = open_columns(folder / COLUMNS)
        words = engine(manifest.engine).open(folder / LEXICAL)
        slots = load(folder / SLOTS)
        return [*problems, *_counts(manifest, columns), *disagreements(columns, words, len(slots))]
    except (ArchiveError, OSError, ValueError) as error:
        raise_limit(error)
        return [str(error)]


def _counts(manifest: Manifest, columns: Columns) -> list[str]:
    counts = (
        ("articles", int(columns.live_articles.sum()), manifest.articles),
        ("passages", int(columns.live_passages.sum()), manifest.passages),
    )
    return [f"There are {count:,} {what} instead of {stated:,}." for what, count, stated in counts if count != stated]


def require_whole(folder: Path, problems: Sequence[str]) -> None:
    """Remove a new generation in which something is wrong.

    Raises:
        Damaged: something is.
    """
    if problems:
        remove_tree(folder)
        raise Damaged(
            f"The new index did not verify and was thrown away: {problems[0]} The one in use stays.",
            remedy=Remedy(Action.REBUILD),
        )


def check(folder: Path, engine_name: str, old: Path | None = None) -> Sequence[str]:
    """Run ``check_folder``, in another process where words are in files of tantivy, whose code may crash on bad ones.

    What rank-bm25 has are arrays of numpy and JSON, which at worst cannot be read; starting a process for them takes as
    long as the rest of an update of a small archive.
    """
    return check_folder(folder, old) if engine_name == SMALL else check_in_subprocess(folder, old)


def check_in_subprocess(folder: Path, old: Path | None = None) -> tuple[str, ...]:
    """Run ``check_folder`` in another process."""
    return ChildProcess(__name__, folder, *([old] if old else [])).answer().problems


def _main(folder: str, old: str | None = None) -> Verdict:
    return Verdict(tuple(check_folder(Path(folder), Path(old) if old else None)))


if __name__ == "__main__":
    main(_main)
