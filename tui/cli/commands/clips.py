"""``morgue clips``: list and write the passages you marked; mark, note and remove them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from archive.core.errors import UnknownId
from tui.cli.common import (
    Shared,
    json_option,
    kept_where,
    on_archive,
    print_lines,
    refuse_options,
    results_option,
    say,
    tell_problems,
)
from tui.cli.exit_codes import DAMAGED, DONE, NOTHING_FOUND
from tui.formats.json import to_line
from tui.formats.plural import counted
from tui.formats.remedies import Misuse

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archive import Archive
    from archive.notebook.kept import Clip

_FORMATS = ("text", "markdown", "csv", "json")


@click.group("clips", invoke_without_command=True)
@click.option(
    "--format", "shape", type=click.Choice(_FORMATS), default="text", show_default=True, help="What to print."
)
@click.option("--question", help="Only clips that were found with this question.")
@json_option
@results_option
@on_archive
def command(shared: Shared, shape: str, question: str | None, as_json: bool, quiet: bool) -> int:
    """List the passages you marked, by the question they were found with; write them as Markdown, CSV or text.

    Every quotation is read from the article's text anew and is what was marked, or is left out, which is said. Exits 1
    when there are no clips.
    """
    context = click.get_current_context()
    context.obj = shared
    if context.invoked_subcommand is not None:
        refuse_options(context)
        return DONE
    with shared.open() as archive:
        clips = archive.notebook.clips(question)
        damaged = tell_problems(archive)
    _print(clips, "json" if as_json else shape)
    missing = sum(clip.text is None for clip in clips)
    if missing and not quiet:
        say(f"Without their words, because these are not in the archive any more: {counted(missing, 'clip')}.")
    return DAMAGED if damaged else DONE if clips else NOTHING_FOUND


@command.command("add")
@click.argument("id")
@click.option("--words", help="Only these words of it.")
@click.option("--question", default="", help="The question it was found with.")
@click.option("--note", default="", help="Your own words about it.")
@json_option
@results_option
@on_archive
def add(
    shared: Shared,
    id: str,  # noqa: A002 - the name that help shows
    words: str | None,
    question: str,
    note: str,
    as_json: bool,
    quiet: bool,
) -> int:
    """Mark a passage, by its identifier as search prints it; with --words, these words of a passage or an article."""
    with shared.open() as archive:
        clip = archive.notebook.add_clip(*_place(archive, id, words), question=question, note=note)
        where = kept_where(archive)
        tell_problems(archive)
    what = f"Marked {len(clip.text or '')} characters.{where}"
    _tell([clip], as_json, quiet, f"{what} Undo: morgue clips remove {clip.id}")
    return DONE


@command.command("remove")
@click.argument("clip", nargs=-1, required=True)
@json_option
@results_option
@on_archive
def remove(shared: Shared, clip: tuple[str, ...], as_json: bool, quiet: bool) -> int:
    """Take out clips; "morgue clips undo" brings them back."""
    with shared.open() as archive:
        removed = archive.notebook.remove_clips(clip)
    _tell([], as_json, quiet, f"Removed {counted(removed, 'clip')}. Undo: morgue clips undo", removed)
    return DONE


@command.command("note")
@click.argument("clip")
@click.argument("note")
@json_option
@results_option
@on_archive
def note(shared: Shared, clip: str, note: str, as_json: bool, quiet: bool) -> int:
    """Write a note to a clip, in place of the one it has; an empty one takes it away."""
    with shared.open() as archive:
        noted = archive.notebook.note_clip(clip, note)
    _tell([noted], as_json, quiet, "Noted.")
    return DONE


@command.command("undo")
@click.argument("clip", nargs=-1)
@json_option
@results_option
@on_archive
def undo(shared: Shared, clip: tuple[str, ...], as_json: bool, quiet: bool) -> int:
    """Bring back the clips that were removed last, or those that are named. Exits 1 when none was removed."""
    with shared.open() as archive:
        back = archive.notebook.undo_clips(clip)
    words = f"Brought back {counted(len(back), 'clip')}." if back else "None was removed that could be brought back."
    _tell(back, as_json, quiet, words)
    return DONE if back else NOTHING_FOUND


def _place(archive: Archive, identifier: str, words: str | None) -> tuple[str, str, int, int]:
    """Return where the words to mark are: a passage, or words of it or of an article's current text."""
    try:
        passage = archive.passage(identifier)
        article, version, start, text = passage.article_id, passage.version, passage.start, passage.text
    except UnknownId as unknown:
        try:
            known = archive.article(identifier)
        except UnknownId:
            raise UnknownId(f"There is no passage or article {identifier!r}.", remedy=unknown.remedy) from None
        if words is None:
            raise Misuse(f"{identifier} is a whole article; say which --words of it.") from None
        article, version, start = known.id, known.version, 0
        text = archive.version(article, version).text
    if words is None:
        return article, version, start, start + len(text)
    from archive.text.anchors import find_verbatim

    span = find_verbatim(words, text, 0)
    if span is None:
        raise Misuse("These words do not stand there.")
    return article, version, start + span.start, start + span.end


def _print(clips: Sequence[Clip], shape: str) -> None:
    from tui.formats.notebook.clips import clip_lines, clips_object, csv_rows, markdown

    if shape == "json":
        click.echo(to_line(clips_object(clips)))
    elif shape == "csv":
        click.echo(csv_rows(clips), nl=False)
    else:
        print_lines(markdown(clips) if shape == "markdown" else clip_lines(clips))


def _tell(clips: Sequence[Clip], as_json: bool, quiet: bool, sentence: str, removed: int | None = None) -> None:
    if as_json:
        from tui.formats.notebook.clips import clips_object

        click.echo(to_line(clips_object(clips, removed)))
    elif not quiet:
        say(sentence)
