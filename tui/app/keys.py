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
    _key("f2,m", "change('mode')", "Search by words and meaning, by words, or by meaning"),
    _key("f3,a", "nearest", "Show the nearest passages although nothing resembles the question"),
    _key("f6,e", "change('spellings')", "Look for other spellings of rare words too, or for none"),
    _key("f7,x", "unfold", "Show what is folded under the selected result, or fold it again"),
    _key("f8,o", "change('group')", "Change between a row for each passage and one for each article"),
    _key("f4,p", "toggle_preview", "Show or hide the article beside the results"),
    _key("f5,r", "look_again", "Change to a newer index; try again after an error"),
    _key("f9,f", "narrow", "Narrow by outlet, month, language, author or source; close that again"),
    _key("f12,t", "timeline", "Show when what matches was published, and pick a span; close that again"),
    _key("s", "sort", "Best first, newest first or oldest first"),
    _key("backspace", "drop_chip", "Take away the last of what narrows the question"),
    _key("Z", "undo", "Undo the last change of what narrows the question"),
    _key("Y", "copy_question", "Copy the question with all that narrows it"),
    _key("n", "walk(1)", "Next match of the article beside the results"),
    _key("N", "walk(-1)", "Previous match of the article beside the results"),
    _key("c", "copy_citation", "Copy the selected passage with its source"),
    _key("y", "copy_passage", "Copy the selected passage alone"),
    _key("u", "copy_address", "Copy the address of the selected article"),
    _key("question_mark", "app.help", "Show this help"),
]

QUERY: Final[Keys] = [
    _key("enter", "screen.first_result", "Go to the first result; twice reads it", priority=True),
    _key("down", "screen.into_results", "Go into the results", priority=True),
    _key("escape", "screen.into_results", "Go back to the results", priority=True),
]

RESULTS: Final[Keys] = [
    _key("enter", "screen.open", "Read the article at this passage", priority=True),
    _key("down,j", "screen.move(1)", "Next result"),
    _key("up,k", "screen.move(-1)", "Previous result; from the first one, the search line"),
    _key("pagedown,space", "screen.page(1)", "A page down"),
    _key("pageup", "screen.page(-1)", "A page up"),
    _key("home,g", "screen.first", "First result"),
    _key("end,G", "screen.last", "Last result, of all there are"),
    _key("escape", "screen.focus_query", "Back to the search line", priority=True),
]

NARROW: Final[Keys] = [
    _key("enter,space", "mark(False)", "Only what has this value; no longer, where it is marked so"),
    _key("minus,x", "mark(True)", "Only what does not have this value; no longer, where it is marked so"),
    _key("down,j", "cursor_down", "Next value"),
    _key("up,k", "cursor_up", "Previous value"),
    _key("home,g", "first", "First value"),
    _key("end,G", "last", "Last value"),
    _key("escape", "screen.narrow", "Back to the results", priority=True),
]

TIMELINE: Final[Keys] = [
    _key("right,l", "move(1)", "Next day, week or month"),
    _key("left,h", "move(-1)", "The one before"),
    _key("shift+right,L", "move(1, True)", "Extend the span by the next one"),
    _key("shift+left,H", "move(-1, True)", "Extend the span by the one before"),
    _key("pagedown", "page(1)", "Ten further"),
    _key("pageup", "page(-1)", "Ten back"),
    _key("home,g", "end(False)", "The first one"),
    _key("end,G", "end(True)", "The last one"),
    _key("enter", "pick", "Narrow to what is chosen; at another place once more, to the span between", priority=True),
    _key("d", "unit('day')", "By the day"),
    _key("w", "unit('week')", "By the week"),
    _key("m", "unit('month')", "By the month"),
    _key("escape", "leave", "Back to the results", priority=True),
]

TEXT: Final[Keys] = [
    _key("n", "walk(1)", "Next match"),
    _key("N", "walk(-1)", "Previous match"),
    _key("h", "toggle_hidden", "Show or fold what cleaning hid"),
    _key("down,j", "scroll_rows(1)", "A line down"),
    _key("up,k", "scroll_rows(-1)", "A line up"),
    _key("pagedown,space", "scroll_pages(1)", "A page down"),
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
        Section("Values to narrow by", tuple(NARROW)),
        Section("Timeline", tuple(TIMELINE)),
        Section("Article text, also beside the results", (*TEXT, *READER, *PREVIEW)),
        Section("Finding within an article", tuple(FIND)),
        Section("Versions of an article", (*VERSIONS, *_described(OptionList.BINDINGS))),
        Section("Article screen", tuple(ARTICLE)),
        Section("This help", tuple(HELP)),
        Section("Editing the search line", tuple(EDITING)),
    )


def label(key: str) -> str:
    """Write a key the way it is labelled: ``ctrl+q`` as ``Ctrl+Q``, ``slash`` as ``/``."""
    *modifiers, last = key.split("+")
    name = format_key(_NAMES.get(last, last))
    named = name[0].upper() + name[1:] if len(name) > 1 or modifiers else name
    return "+".join([*(modifier.capitalize() for modifier in modifiers), named])
