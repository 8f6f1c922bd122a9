"""``morgue eval``."""

from __future__ import annotations

from pathlib import Path

import click

from tui.cli.common import json_option, quiet_option
from tui.cli.progress import progress
from tui.output.values import evaluation_object, to_line


@click.command("eval")
@click.argument("folder", type=click.Path(path_type=Path))
@json_option
@quiet_option
@click.option("--archive", hidden=True, expose_value=False)
@click.option("--debug", is_flag=True, hidden=True, expose_value=False)
def command(folder: Path, as_json: bool, quiet: bool) -> int:
    """Measure retrieval over a judged collection.

    FOLDER holds docs.jsonl (id, title, text), queries.jsonl (id, text) and qrels.tsv (query, document, gain). It is
    indexed in a temporary archive; each mode is measured by the ranking that search uses.
    """
    from index.evaluate import evaluate

    with progress(quiet) as tell:
        found = evaluate(folder, tell)
    if as_json:
        click.echo(to_line(evaluation_object(found)))
        return 0
    click.echo(f"{found.documents:,} documents, {found.queries:,} judged queries")
    click.echo(f"{'mode':<10}{'nDCG@10':>9}{'R@100':>9}{'MRR@10':>9}")
    for one in found.modes:
        click.echo(f"{one.mode:<10}{one.ndcg10:>9.4f}{one.recall100:>9.4f}{one.mrr10:>9.4f}")
    return 0
