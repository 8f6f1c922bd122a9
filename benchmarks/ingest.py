"""What reading, cleaning, cutting and word-indexing cost beside embedding the same articles.

Usage: python benchmarks/ingest.py DOCS.jsonl [ARTICLES]

Both sides run in one process, one after the other, on the same articles; CPU seconds, as the machine may be shared.
"""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time

from measure import arguments, show

from archive import Archive
from index import passage_rule
from index.contracts.recipe import RECIPE
from index.embedding.model import locate
from index.embedding.torch import TorchEncoder
from index.indexing.catalog_pass import InputKeys, read_articles, wanted_inputs
from index.indexing.lexical_documents import TextIndexWriter
from index.vectors.key_lookup import distinct


def main(documents: Path, count: int) -> None:
    """Print the seconds of each side and their ratio."""
    model = locate(None)
    with TemporaryDirectory() as folder, Archive.create(Path(folder) / "archive") as archive:
        part = Path(folder) / "part.jsonl"
        with documents.open(encoding="utf-8") as lines:
            part.write_text("".join(islice(lines, count)), "utf-8")
        began, cpu = perf_counter(), process_time()
        archive.add([part], passage_rule(archive.settings))
        added = (perf_counter() - began, process_time() - cpu)
        began, cpu = perf_counter(), process_time()
        weight, keys = RECIPE.words.title_weight, InputKeys(model)
        generation = Path(folder) / "generation"
        generation.mkdir()
        writer = TextIndexWriter(generation, "tantivy", weight)
        read_articles(archive, [writer, keys])
        writer.finish()
        indexed = (perf_counter() - began, process_time() - cpu)
        wanted = distinct(keys.matrix())
        texts = [one.text for one in wanted_inputs(archive, model, wanted)]
        encoder = TorchEncoder(model)
        encoder.encode(texts[:64])
        began, cpu = perf_counter(), process_time()
        encoder.encode(sorted(texts, key=len))
        embedded = (perf_counter() - began, process_time() - cpu)
    both = [added[at] + indexed[at] for at in (0, 1)]
    rows = [
        (name, f"{seconds[0]:.1f}", f"{seconds[1]:.1f}", f"{seconds[1] / embedded[1]:.3f}")
        for name, seconds in (
            ("adding, cleaning, passages", added),
            ("columns and word index", indexed),
            ("both", (both[0], both[1])),
            (f"embedding {len(texts):,} passages", embedded),
        )
    ]
    show(f"{count:,} articles", ("", "wall s", "CPU s", "share of embedding (CPU)"), rows)


if __name__ == "__main__":
    documents, *more = arguments(1)
    main(Path(documents), int(more[0]) if more else 2000)
