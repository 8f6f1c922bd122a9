"""The keys that keep and judge, of every screen on which a passage is selected."""

from __future__ import annotations

from tui.app import messages
from tui.app.actions.whole_screen import WholeScreen
from tui.app.clipboard import Quotation
from tui.app.worker import ArchiveWorker
from tui.session.kept import Place


class KeepingScreen(WholeScreen, inherit_bindings=False):
    """Wishes that what is selected be kept; the application does it and says so."""

    _worker: ArchiveWorker

    def quoted(self) -> Quotation | None:
        """Return the words that are selected: by the mouse, else the passage."""
        raise NotImplementedError

    def judged(self) -> tuple[str, str] | None:
        """Return the question that was asked, and the identifier of the passage that is selected as its answer."""
        raise NotImplementedError

    def action_clip(self) -> None:
        """Mark the selected words as a clip, or take the clips of exactly these words out."""
        quotation, judged = self.quoted(), self.judged()
        if quotation is None or judged is None:
            self._nothing()
            return
        from tui.session.changes import toggled_clip

        place = Place(quotation.article.id, quotation.version, quotation.start, quotation.end)
        self.post_message(messages.KeepWanted(toggled_clip(place, judged[0])))

    def action_star(self) -> None:
        """Star the article, or take its star away."""
        quotation = self.quoted()
        if quotation is None:
            self._nothing()
        else:
            from tui.session.changes import toggled_star

            self.post_message(messages.KeepWanted(toggled_star(quotation.article.id)))

    def action_remove_article(self) -> None:
        """Take the article out of the archive."""
        quotation = self.quoted()
        if quotation is None:
            self._nothing()
        else:
            self.post_message(messages.RemoveWanted(quotation.article))

    def action_judge(self, gain: int) -> None:
        """Judge the passage as an answer to the question: 1 for relevant, 0 for not."""
        judged = self.judged()
        if judged is None or not judged[0].strip():
            self._nothing()
        else:
            from tui.session.changes import toggled_judgement

            self.post_message(messages.KeepWanted(toggled_judgement(*judged, gain)))

    def action_undo(self) -> None:
        """Undo what was marked, noted, taken out or narrowed last."""
        self.post_message(messages.UndoWanted())

    def action_clips(self) -> None:
        """Show the clips."""
        from tui.app.screens.notebook.clips import ClipsScreen

        self.app.push_screen(ClipsScreen())

    def action_write_clips(self) -> None:
        """Show the clips, and name a file to write them to."""
        from tui.app.screens.notebook.clips import ClipsScreen

        self.app.push_screen(ClipsScreen(writes=True))

    def action_saved(self) -> None:
        """Show the saved questions."""
        from tui.app.screens.notebook.saved import SavedScreen

        self.app.push_screen(SavedScreen())

    def action_judging(self) -> None:
        """Show the measures of each mode."""
        from tui.app.screens.notebook.judging import JudgingScreen

        self.app.push_screen(JudgingScreen(self._worker))

    def _nothing(self) -> None:
        self.notify("No passage is selected yet.", severity="warning", markup=False)
