"""Writing the results that are listed to a file, as ``morgue search --format`` prints them."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Final

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from archive.text.visible import visible_line
from tui.app import notices
from tui.app.actions.overlay import Overlay
from tui.app.screens.notebook.prompt_line import PromptLine
from tui.app.worker import ArchiveWorker
from tui.copying.new_file import place_of, unused, write_new
from tui.formats.plural import counted

if TYPE_CHECKING:
    from index.search.answer import Answer

SHAPES: Final = {".md": "md", ".csv": "csv", ".txt": "text", ".jsonl": "jsonl"}
FILE: Final = "results.md"
ENDINGS: Final = "End the name with .md for Markdown, .csv for CSV, .txt for text or .jsonl for JSON Lines."


class ListFile(Overlay):
    """Asks for the name of a file, and writes an answer to it; a file that is there is left alone.

    Args:
        worker: lends what looks for the nearest sentences.
        answer: to write, all that is listed of it, numbered as it is there.
        more: there may be results that are not listed yet.
    """

    def __init__(self, worker: ArchiveWorker, answer: Answer, *, more: bool) -> None:
        super().__init__()
        self._worker = worker
        self._answer = answer
        self._more = more

    def compose(self) -> ComposeResult:
        """Make the parts."""
        first = f"the first {self._results}; G on the list fetches all there are" if self._more else self._results
        title = f"Write {first} · in {visible_line(str(Path.cwd()))}"
        with Vertical():
            yield Static(Content(title).stylize("bold"), markup=False)
            yield PromptLine()
            yield Static(Content("Enter write  Esc leave  .md Markdown  .csv  .txt  .jsonl"), markup=False)

    @property
    def _results(self) -> str:
        return counted(self._answer.hits[-1].rank, "result")

    def begin(self) -> None:
        """Propose a name."""
        self.query_one(PromptLine).ask("list", "File to write: .md, .csv, .txt or .jsonl", unused(FILE))

    @on(PromptLine.Left)
    def _left(self) -> None:
        self.dismiss()

    @on(PromptLine.Done)
    def _named(self, message: PromptLine.Done) -> None:
        path = place_of(message.text)
        shape = SHAPES.get(path.suffix.lower())
        if shape is None:
            self._refuse(ENDINGS)
        else:
            self._write(path, shape)

    @work(exclusive=True, group="writing")
    async def _write(self, path: Path, shape: str) -> None:
        named = visible_line(str(path.absolute()))
        try:
            await asyncio.to_thread(self._written, path, shape)
        except OSError as error:
            self._refuse(f"{named} was not written: {visible_line(error.strerror or str(error))}.")
        except Exception as error:  # whatever it is, it is shown in words
            heading = notices.trouble(error, self._worker.archive).heading
            self._refuse(f"{named} was not written: {visible_line(heading)}")
        else:
            self.notify(f"Wrote {self._results} to {named}.", markup=False)
            self.dismiss()

    def _written(self, path: Path, shape: str) -> None:
        from tui.formats.export import document

        with self._worker.pool.lend():  # an encoder is open for as long as its searcher is
            text = document(self._answer, shape)
        write_new(path, text)

    def _refuse(self, why: str) -> None:
        self.notify(why, severity="warning", markup=False)
