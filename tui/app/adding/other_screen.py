"""Opening another archive: its path is typed; where there is none, one can be made by adding to it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from threading import Thread

from textual import on

from archive.folder.discovery import is_archive
from archive.text.visible import visible_line
from tui.app import messages
from tui.app.adding.path_screen import PathScreen
from tui.writing.folders import archive_beside
from tui.writing.obstacles import obstacle

Open = Callable[[Path], None]


class OtherScreen(PathScreen):
    """Asks which archive.

    Args:
        root: the one that is open, None where that is not known.
        former: the one that was open before, which Enter goes back to; without one, that is one beside the open one.
        still: what goes on in the archive that is open, in words; empty where nothing does.
        open: called with an archive.
        make: called with a folder in which one is to be made.
    """

    TITLE_WORDS = "Open another archive"

    def __init__(
        self,
        root: Path | None,
        former: Path | None,
        still: str,
        open: Open,  # noqa: A002 - what it does
        make: Open,
    ) -> None:
        super().__init__("" if root is None else f"{root.parent}/".replace("//", "/"))
        self._root = root
        self._former = former
        self._still = still
        self._open = open
        self._make = make
        self._makes: Path | None = None
        self._looks = False
        self._enters = False

    def begin(self) -> None:
        """Suggest the other archive, once it is known which."""
        super().begin()
        if self._former is not None:
            self.suggest(self._former)
        elif self._root is not None:
            self._looks = True
            Thread(target=self._look_beside, args=(self._root,), daemon=True).start()

    def _look_beside(self, root: Path) -> None:
        self.post_message(messages.OtherArchiveFound(archive_beside(root)))

    @on(messages.OtherArchiveFound)
    def _found_beside(self, message: messages.OtherArchiveFound) -> None:
        """Suggest what was found, unless something was typed meanwhile; open it, if Enter was pressed for it."""
        if not self._looks:
            return
        self._looks = False
        if message.path is not None:
            self.suggest(message.path)
        if self._enters:
            self.action_go()

    @property
    def target(self) -> str:
        """Say which one is open."""
        opened = "" if self._root is None else f"Open now: {self._root}."
        return f"{opened} {self._still} goes on all the same." if self._still else opened

    def changed(self) -> None:
        """Forget that one was to be made elsewhere."""
        self._makes = None
        self._looks = False

    def go(self) -> None:
        """Open what is there; where nothing is, offer to make one, and do so at a second time."""
        if self._looks:
            self._enters = True
        elif self._makes == self.path:
            self.dismiss()
            self._make(self.path)
        else:
            self.in_thread(partial(self._look, self.path))

    def _look(self, path: Path, is_stale: Callable[[], bool]) -> None:
        there = is_archive(path)
        found = None if there else obstacle(path)
        if not is_stale():
            self.post_message(messages.ArchiveLookedAt(path, there, "" if found is None else found.words))

    @on(messages.ArchiveLookedAt)
    def _looked_at(self, message: messages.ArchiveLookedAt) -> None:
        if message.path != self.path:
            return
        if message.is_archive:
            self.dismiss()
            self._open(message.path)
        elif message.why:
            self.tell([visible_line(f"{message.path} is no archive."), visible_line(message.why)])
        else:
            self._makes = message.path
            none = visible_line(f"{message.path} is no archive yet.")
            self.tell([none, "Enter again makes one, by adding a folder to it."])
