"""``morgue eval``: measure retrieval over a judged collection, or over your own judgements."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from archive.core.errors import UsageError
from tui.cli.common import Shared, json_option, on_archive, print_lines, quiet_option
from tui.cli.progress import progress
from tui.formats.json import evaluation_object, query_result_object, to_line

if TYPE_CHECKING:
    from index.evaluation.measures import Evaluation


@click.command("eval")
@click.argument("folder", type=click.Path(path_type=Path), required=False)
@click.option(
    "--per-query", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Write each query's measures."
)
@json_option
@quiet_option
@on_archive
def command(shared: Shared, folder: Path | None, per_query: Path | None, as_json: bool, quiet: bool) -> int:
    """Measure retrieval over a judged collection, or over judgements of your own articles.

    FOLDER holds queries.jsonl (id, text) and qrels.tsv (query, document, gain). With docs.jsonl (id, title, text)
    beside them, that is indexed in a temporary archive. Without it, the judgements name articles or passages of the
    archive, as "morgue judge FOLDER" writes them. Without FOLDER, the judgements are those in the archive itself. Each
    mode is measured by the ranking that search uses.
    """
    evaluation = _evaluated(shared, folder, quiet)
    if per_query is not None:
        _write(per_query, evaluation)
    if as_json:
        click.echo(to_line(evaluation_object(evaluation)))
        return 0
    from tui.formats.notebook.evaluation import evaluation_lines

    print_lines(evaluation_lines(evaluation))
    return 0


def _evaluated(shared: Shared, folder: Path | None, quiet: bool) -> Evaluation:
    from index import Searcher
    from index.evaluation.measures import evaluate, evaluate_archive, evaluate_notebook, judges_an_archive

    if folder is None:
        with Searcher.open(shared.root) as searcher:
            return evaluate_notebook(searcher)
    if judges_an_archive(folder):
        with Searcher.open(shared.root) as searcher:
            return evaluate_archive(folder, searcher)
    with progress(quiet) as tell:
        return evaluate(folder, tell)


def _write(path: Path, evaluation: Evaluation) -> None:
    try:
        with path.open("w", encoding="utf-8") as file:
            file.writelines(to_line(query_result_object(result)) + "\n" for result in evaluation.each)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror or error}.") from error
