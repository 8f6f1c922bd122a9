"""Every key of the UI, once: the widgets bind these lists and the help screen shows them.

Control keys that tmux and WezTerm claim (ctrl+b, ctrl+a) are not used; single letters work outside the search line.
Keys that move the focus have priority: they are done before the next key is given to anyone, however fast it follows.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from textual.binding import Binding
from textual.keys import format_key
from textual.screen import Screen
from textual.widgets import Input, OptionList

Keys = list[Binding]
_NAMES: Final = {"enter": "Enter", "escape": "Esc", "backspace": "Backspace", "pagedown": "PgDn", "pageup": "PgUp"}


def _key(keys: str, action: str, description: str, *, priority: bool = False, display: str | None = None) -> Binding:
    return Binding(keys, action, description, show=False, priority=priority, key_display=display)


EVERYWHERE: Final[Keys] = [
    _key("f1", "help", "Show this help, or close it", priority=True),
    _key("ctrl+q", "quit", "Leave Morgue", priority=True),
    _key("ctrl+c", "help_quit", "Copy the text selected with the mouse, else say how to leave"),
]

SEARCH: Final[Keys] = [
    _key("slash", "focus_query", "Go to the search line"),
    _key("f9,S", "save", "Save the question as it is written"),
    _key("ctrl+r", "history", "List the questions that were asked before"),
    _key("f2,m", "change('mode')", "Search by words and meaning, by words, or by meaning"),
    _key("f3,a", "nearest", "Show the nearest passages although nothing resembles the question"),
    _key("f6,e", "change('spellings')", "Look for other spellings of rare words too, or for none"),
    _key("f7,x", "unfold", "Show what is folded under the selected result, or fold it again"),
    _key("f8,o", "change('group')", "Change between a row for each passage and one for each article"),
    _key("f4,p", "toggle_preview", "Show or hide the article beside the results"),
    _key("f5,r", "look_again", "Change to a newer index; try again after an error"),
    _key("n", "walk(1)", "Next match of the article beside the results"),
    _key("N", "walk(-1)", "Previous match of the article beside the results"),
    _key("c", "copy_citation", "Copy the selected passage with its source"),
    _key("y", "copy_passage", "Copy the selected passage alone"),
    _key("u", "copy_address", "Copy the address of the selected article"),
    _key("question_mark", "app.help", "Show this help"),
]

KEEPING: Final[Keys] = [
    _key("space", "clip", "Mark the passage (or the mouse's selection) as a clip, or take the clip out"),
    _key("asterisk", "star", "Star the article, or take the star away"),
    _key("plus", "judge(1)", "Judge the passage relevant to the question; a second time, judge it no more"),
    _key("minus", "judge(0)", "Judge the passage not relevant; a second time, judge it no more"),
    _key("U", "undo", "Undo what was marked, noted or taken out last"),
    _key("C", "clips", "Show the clips, note and write them"),
    _key("Q", "saved", "Show the saved questions, and what is new of them"),
    _key("J", "judging", "Measure how well each mode finds what was judged relevant"),
]

CLIPS: Final[Keys] = [
    _key("escape,q,C", "close", "Close the clips"),
    _key("enter", "ask", "Ask the question it was found with"),
    _key("e", "note", "Write a note to the clip"),
    _key("d", "drop", "Take the clip out"),
    _key("U", "undo", "Undo what was marked, noted or taken out last"),
    _key("c", "copy_citation", "Copy the clip with its source"),
    _key("y", "copy_all", "Copy all clips, as Markdown"),
    _key("w", "write", "Write all clips to a file: Markdown (.md), CSV (.csv) or text (.txt)"),
]

SAVED: Final[Keys] = [
    _key("escape,q,Q", "close", "Close the saved questions"),
    _key("enter", "ask", "Ask it; what is new of it counts as seen"),
    _key("d", "drop", "Take the question out"),
    _key("U", "undo", "Undo what was marked, noted or taken out last"),
]

JUDGING: Final[Keys] = [
    _key("escape,q,J", "close", "Close the measures"),
]

HISTORY: Final[Keys] = [
    _key("escape,q,ctrl+r", "close", "Close the list"),
    _key("enter", "ask", "Ask it again"),
    _key("X", "clear", "Forget all of them, and the place where one left; asks for a second press"),
]

PROMPT: Final[Keys] = [
    _key("enter", "done", "Keep what is written", priority=True),
    _key("escape", "leave", "Leave it as it was", priority=True),
]

QUERY: Final[Keys] = [
    _key("up", "screen.history", "List the questions that were asked before", priority=True),
    _key("enter", "screen.first_result", "Go to the first result; twice reads it", priority=True),
    _key("down", "screen.into_results", "Go into the results", priority=True),
    _key("escape", "screen.into_results", "Go back to the results", priority=True),
]

RESULTS: Final[Keys] = [
    _key("enter", "screen.open", "Read the article at this passage", priority=True),
    _key("down,j", "screen.move(1)", "Next result"),
    _key("up,k", "screen.move(-1)", "Previous result; from the first one, the search line"),
    _key("pagedown", "screen.page(1)", "A page down"),
    _key("pageup", "screen.page(-1)", "A page up"),
    _key("home,g", "screen.first", "First result"),
    _key("end,G", "screen.last", "Last result, of all there are"),
    _key("escape", "screen.focus_query", "Back to the search line", priority=True),
]

TEXT: Final[Keys] = [
    _key("n", "walk(1)", "Next match"),
    _key("N", "walk(-1)", "Previous match"),
    _key("h", "toggle_hidden", "Show or fold what cleaning hid"),
    _key("down,j", "scroll_rows(1)", "A line down"),
    _key("up,k", "scroll_rows(-1)", "A line up"),
    _key("pagedown", "scroll_pages(1)", "A page down"),
    _key("pageup", "scroll_pages(-1)", "A page up"),
    _key("home,g", "top", "The beginning"),
    _key("end,G", "bottom", "The end"),
    _key("b", "to_passage", "Back to the passage that was found"),
]

READER: Final[Keys] = [
    _key("slash", "find", "Find words within the article; n and N walk through them"),
    _key("right_square_bracket", "neighbour(1, True)", "The next article on the list"),
    _key("left_square_bracket", "neighbour(-1, True)", "The article before it on the list"),
    _key("right_curly_bracket", "neighbour(1, False)", "The next passage on the list"),
    _key("left_curly_bracket", "neighbour(-1, False)", "The passage before it on the list"),
    _key("v", "versions", "Show the versions of the article, and how they differ"),
    _key("l", "like", "Ask for more like the marked passage"),
    _key("o", "browse", "Open the article's address in the browser"),
    _key("E", "edit", "Open its file at the passage, in $VISUAL, $EDITOR or $PAGER"),
]

FIND: Final[Keys] = [
    _key("enter", "keep", "Go on to the text; n and N walk through what was found", priority=True),
    _key("escape", "forget", "Forget what was looked for", priority=True),
]

VERSIONS: Final[Keys] = [
    _key("escape,q,v", "close", "Back to the article"),
]

PREVIEW: Final[Keys] = [
    _key("enter", "screen.open", "Read the article on the whole screen"),
    _key("escape", "screen.into_results", "Back to the results"),
]

ARTICLE: Final[Keys] = [
    _key("escape,q", "back", "Back to the results, as they were"),
    _key("c", "copy_citation", "Copy the marked passage (or the mouse's selection) with its source"),
    _key("y", "copy_passage", "Copy the marked passage (or the mouse's selection) alone"),
    _key("u", "copy_address", "Copy the article's address"),
    _key("question_mark", "app.help", "Show this help"),
]

HELP: Final[Keys] = [
    _key("escape,q,question_mark", "close", "Close this help"),
]


def _described(bindings: object) -> tuple[Binding, ...]:
    """Return a framework class's own bindings, without keys that ours take first."""
    ours = {key for binding in (*EVERYWHERE, *QUERY) for key in binding.key.split(",")}
    listed = [binding for binding in bindings if isinstance(binding, Binding)] if isinstance(bindings, list) else []
    left = [(b, ",".join(key for key in b.key.split(",") if key not in ours)) for b in listed]
    return tuple(replace(binding, key=key) for binding, key in left if key)


EDITING: Final[Keys] = [*_described(Input.BINDINGS)]


@dataclass(frozen=True, slots=True)
class Section:
    """Keys that work in one place."""

    title: str
    keys: tuple[Binding, ...]


def sections() -> tuple[Section, ...]:
    """Return every key, grouped by where it works; built from the bindings themselves."""
    return (
        Section("Everywhere", (*EVERYWHERE, *_described(Screen.BINDINGS))),
        Section("Search screen, outside the search line (F-keys also inside it)", tuple(SEARCH)),
        Section("Search line", tuple(QUERY)),
        Section("Results", tuple(RESULTS)),
        Section("Article text, also beside the results", (*TEXT, *READER, *PREVIEW)),
        Section("Keeping and judging, in the results and in an article", tuple(KEEPING)),
        Section("Finding within an article", tuple(FIND)),
        Section("Versions of an article", (*VERSIONS, *_described(OptionList.BINDINGS))),
        Section("Article screen", tuple(ARTICLE)),
        Section("Clips", tuple(CLIPS)),
        Section("Saved questions", tuple(SAVED)),
        Section("Measures over your judgements", tuple(JUDGING)),
        Section("Questions asked before", tuple(HISTORY)),
        Section("Writing a note or a file's name", tuple(PROMPT)),
        Section("This help", tuple(HELP)),
        Section("Editing the search line", tuple(EDITING)),
    )


def label(key: str) -> str:
    """Write a key the way it is labelled: ``ctrl+q`` as ``Ctrl+Q``, ``slash`` as ``/``."""
    *modifiers, last = key.split("+")
    name = format_key(_NAMES.get(last, last))
    named = name[0].upper() + name[1:] if len(name) > 1 or modifiers else name
    return "+".join([*(modifier.capitalize() for modifier in modifiers), named])
