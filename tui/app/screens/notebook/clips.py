"""The clips: each with how its words stand now, to be noted, taken out, copied and written to a file."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar, Final

from textual import on, work
from textual.binding import BindingType
from textual.content import Content
from textual.widgets.option_list import Option

from archive.notebook.kept import Clip
from archive.text.visible import visible_line
from tui.app import keys, messages, notices
from tui.app.clipboard import CopyWanted
from tui.app.notebook.words import UNASKED, clip_drawn
from tui.app.screens.notebook.notebook_list import NotebookList
from tui.app.screens.notebook.prompt_line import PromptLine
from tui.copying.citation import citation
from tui.copying.new_file import place_of, unused, write_new
from tui.formats.notebook.clips import document
from tui.formats.plural import counted
from tui.session.changes import DropClips, NoteClip
from tui.session.kept import Kept
from tui.session.keyed import Keyed

SHAPES: Final = {".md": "markdown", ".csv": "csv", ".txt": "text"}
FILE: Final = "clips.md"


class ClipsScreen(NotebookList):
    """Lists the clips by the questions they were found with.

    Args:
        writes: begin with the name of a file to write them to.
    """

    BINDINGS: ClassVar[list[BindingType]] = [*keys.CLIPS]

    def __init__(self, *, writes: bool = False) -> None:
        super().__init__()
        self._writes = writes
        self._noted: str | None = None

    def enter(self) -> None:
        """Let keys go to the list, or to the name of a file where that was asked for."""
        if self._writes:  # though no clip is kept yet: one on its way is waited for before anything is written
            self._ask_for_file()
        else:
            super().enter()

    def options(self, kept: Kept) -> Sequence[Option]:
        """Return the clips under their questions."""
        listed: list[Option] = []
        before: str | None = None
        for clip in kept.clips:
            if clip.question != before:
                before = clip.question
                heading = Content(visible_line(before) or UNASKED).stylize("bold underline")
                listed.append(Option(heading, disabled=True))
            listed.append(Option(clip_drawn(clip), id=clip.id))
        return listed

    def title_of(self, kept: Kept) -> str:
        """Say how many there are."""
        return counted(len(kept.clips), "clip")

    def advice_of(self, kept: Kept) -> str | Keyed:
        """Say how a passage becomes a clip."""
        return "" if kept.clips else Keyed("No clips yet: {clip} marks the selected passage.")

    @property
    def clip(self) -> Clip | None:
        """Return the selected clip."""
        return None if self.selected is None else self.keeper.kept.clip(self.selected)

    def action_ask(self) -> None:
        """Ask the question that the clip was found with, or write what stands in the line."""
        if self.clip is not None and self.clip.question:
            self.post_message(messages.QuestionAsked(self.clip.question))

    def action_note(self) -> None:
        """Write a note to the clip."""
        if self.clip is not None:
            self._noted = self.clip.id
            self.prompt.ask("note", "Your own words about it; left empty, there is no note", self.clip.note)

    def action_drop(self) -> None:
        """Take the clip out."""
        if (chosen := self.selected) is not None:
            self.post_message(messages.KeepWanted(lambda _: DropClips((chosen,))))

    def action_copy_citation(self) -> None:
        """Copy the clip with its source."""
        if self.selected is not None:  # by the application: the list may be closed at the next key
            self.app.run_worker(self._copy_one(self.selected), group="clips")

    async def _copy_one(self, chosen: str) -> None:
        """Copy a clip as it is now: its words may have been erased since the list was read."""
        clips = await self._read()
        if clips is None:
            return
        clip = next((clip for clip in clips if clip.id == chosen), None)
        if clip is None or clip.text is None or clip.article is None:
            self._refuse("The words of this clip are not in the archive any more; its note stays.")
            return
        text = citation(clip.article, clip.version, clip.start, clip.end, clip.text, clip.part)
        self.app.post_message(CopyWanted(text, f"{counted(len(clip.text), 'character')} with the source"))

    def action_copy_all(self) -> None:
        """Copy all clips, as Markdown."""
        self._copy_all()

    @work(exclusive=True, group="clips")
    async def _copy_all(self) -> None:
        clips = await self._read()
        if clips:
            self.post_message(CopyWanted(document(clips, "markdown"), counted(len(clips), "clip")))

    async def _read(self) -> tuple[Clip, ...] | None:
        """Return the clips as their texts hold them now; None where that fails, which is said."""
        try:
            return await self.keeper.desk.clips()
        except Exception as error:  # whatever it is, it is shown in words
            self._refuse(visible_line(notices.trouble(error).heading))
            return None

    def action_write(self) -> None:
        """Write all clips to a file."""
        if self.keeper.kept.clips:
            self._ask_for_file()

    def _ask_for_file(self) -> None:
        self.prompt.ask("file", "File to write: .md, .csv or .txt", unused(FILE))

    @on(PromptLine.Done)
    def _written(self, message: PromptLine.Done) -> None:
        if message.purpose == "note":
            clip, note = self._noted, message.text
            self.on_prompt_line_left()
            if clip is not None:
                self.post_message(messages.KeepWanted(lambda _: NoteClip(clip, note)))
            return
        path = place_of(message.text)
        if path.suffix.lower() not in SHAPES:
            self._refuse("End the name with .md for Markdown, .csv for CSV or .txt for text.")
        else:
            self.on_prompt_line_left()
            self._write(path)

    @work(exclusive=True, group="clips")
    async def _write(self, path: Path) -> None:
        """Write what the texts hold now; a file that is there is left alone."""
        clips = await self._read()
        if not clips:
            return
        try:
            await asyncio.to_thread(write_new, path, document(clips, SHAPES[path.suffix.lower()]))
        except (OSError, ValueError) as error:  # the second of a name that the system has no bytes for
            why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
            self._refuse(f"{visible_line(str(path))} was not written: {visible_line(why)}.")
            return
        missing = sum(clip.text is None for clip in clips)
        without = (
            f"; {counted(missing, 'clip')} without words, which are not in the archive any more" if missing else ""
        )
        self.notify(
            f"Wrote {counted(len(clips), 'clip')} to {visible_line(str(path.absolute()))}{without}.", markup=False
        )

    def _refuse(self, why: str) -> None:
        self.notify(why, severity="warning", markup=False)
