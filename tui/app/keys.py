"""Every action of the UI, once: its name, its keys and its words, by the place where it works.

Widgets and screens bind these lists; the footer, the help screen, the command palette, the README's table and the file
of one's own keys (``tui/app/actions/keymap.py``) are made of them. A row is one of Textual's bindings: ``id`` names the
action, ``tooltip`` says what it does, and where ``show`` holds, ``description`` is what the footer has room for.

Keys that tmux, screen and WezTerm claim (ctrl+b, ctrl+a), and that terminals hold output with (ctrl+s), are not used;
single letters work outside the lines that are typed in. Keys that move the focus have priority: they are done before
the next key is given to anyone, however fast it follows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from textual.binding import Binding
from textual.keys import format_key

Keys = list[Binding]
_ENTER: Final = "enter,ctrl+j"  # the second is what Enter sends that was pressed before the terminal was taken over
_NAMES: Final = {"enter": "Enter", "escape": "Esc", "backspace": "Backspace", "pagedown": "PgDn", "pageup": "PgUp"}


def _key(name: str, keys: str, action: str, words: str, short: str = "", *, priority: bool = False) -> Binding:
    """Make a row.

    Args:
        name: of the action, for the file of one's own keys: it stays the same from version to version.
        keys: that do it, joined by commas.
        action: Textual's: the method of the widget or screen that binds the row, ``action_`` left out.
        words: what it does.
        short: the same for the footer; without it the footer leaves it out.
        priority: before any widget is given the key.
    """
    return Binding(keys, action, short or words, show=bool(short), priority=priority, tooltip=words, id=name)


EVERYWHERE: Final[Keys] = [
    _key("help", "f1", "app.help", "Show every key that works here, or close the list", "help", priority=True),
    _key("commands", "ctrl+p", "app.command_palette", "Find a command by its words and do it", "commands"),
    _key("redraw", "ctrl+l", "app.redraw", "Draw the whole screen anew, where another program has drawn over it"),
    _key("suspend", "ctrl+z", "app.suspend_process", "Go back to the shell; fg there comes back here"),
    _key("quit", "ctrl+q", "app.quit", "Leave Morgue", priority=True),
    _key("how-to-quit", "ctrl+c", "app.help_quit", "Say how to leave, where nothing is selected that could be copied"),
]

PANES: Final[Keys] = [
    _key("next-pane", "tab", "app.focus_next", "Go to the next pane"),
    _key("previous-pane", "shift+tab", "app.focus_previous", "Go to the pane before"),
    _key("copy-selection", "ctrl+c,super+c", "screen.copy_text", "Copy the text selected with the mouse"),
    _key("help-letter", "question_mark", "app.help", "Show every key that works here"),
]

SEARCH: Final[Keys] = [
    _key(
        "ask",
        "slash",
        "ask_anew",
        "Go to the search line; what is typed takes the place of what is there",
        "ask",
        priority=True,
    ),
    _key("save", "ctrl+o,S", "save", "Save the question as it is written, with what narrows it"),
    _key("history", "ctrl+r", "history", "List the questions that were asked before"),
    _key("mode", "f2,m", "change('mode')", "Search by words and meaning, by words, or by meaning"),
    _key("nearest", "f3,a", "nearest", "Show the nearest passages although nothing resembles the question"),
    _key("spellings", "f6,e", "change('spellings')", "Look for other spellings of rare words too, or for none"),
    _key("unfold", "f7,x", "unfold", "Show what is folded under the selected result, or fold it again", "unfold"),
    _key("rows", "f8,z", "change('group')", "Change between a row for each passage and one for each article"),
    _key("density", "d", "app.toggle_density", "Change between comfortable and compact rows"),
    _key("preview", "f4,p", "toggle_preview", "Show or hide the article beside the results", "article"),
    _key("refresh", "f5,r", "look_again", "Change to a newer index; try again after an error"),
    _key("narrow", "f9,f", "narrow", "Narrow by outlet, month, language, author or source; close that again", "narrow"),
    _key("timeline", "t", "timeline", "Show when what matches was published, and pick a span; close that again"),
    _key("sort", "s", "sort", "Best first, newest first or oldest first"),
    _key("drop-chip", "backspace", "drop_chip", "Take away the last of what narrows the question"),
    _key("copy-question", "Y", "copy_question", "Copy the question with all that narrows it"),
    _key("write-list", "w", "write_list", "Write the results to a file: Markdown, CSV, text or JSON Lines"),
    _key("why", "i", "explain", "Say why the selected result is here: its ranks and sums", "why"),
    _key("next-match-beside", "n", "walk(1)", "Next match of the article beside the results"),
    _key("previous-match-beside", "N", "walk(-1)", "Previous match of the article beside the results"),
    _key("copy-cited", "c", "copy_citation", "Copy the selected passage with its source", "copy"),
    _key("copy-passage", "y", "copy_passage", "Copy the selected passage alone"),
    _key("copy-address", "u", "copy_address", "Copy the address of the selected article"),
]

ARCHIVES: Final[Keys] = [
    _key("add", "ctrl+y,A", "app.add_articles", "Add a folder of articles; show how far that is", "add"),
    _key("update", "ctrl+g,R", "app.update_articles", "Look again at all that was added, for what is new", "update"),
    _key("other-archive", "ctrl+t,O", "app.other_archive", "Open another archive, or make one", "archive"),
]

PATH: Final[Keys] = [
    _key("go", _ENTER, "screen.go", "Look at what is there; a second time, begin", "look, begin", priority=True),
    _key("complete", "tab", "screen.complete", "Complete the name of the folder", "complete", priority=True),
    _key("leave-path", "escape", "screen.close", "Leave everything as it is", "back", priority=True),
]

UPDATE: Final[Keys] = [
    _key("begin-update", "enter", "begin", "Begin, with all that is listed", "begin"),
    _key("close-update", "escape,q,R", "close", "Leave everything as it is", "back"),
]

WORK: Final[Keys] = [
    _key("pause", "p", "pause", "Pause it, with all that reads for it; go on", "pause"),
    _key("stop", "x", "stop", "Stop it after the batch in hand; asks for a second press, once more ends it", "stop"),
    _key("close-work", "escape,q,enter", "close", "Back to the search; it goes on", "back, it goes on"),
]

MARKING: Final[Keys] = [
    _key("clip", "space", "clip", "Mark the passage, or the mouse's selection, as a clip; or take it out", "clip"),
    _key("star", "asterisk", "star", "Star the article, or take the star away"),
    _key("relevant", "plus", "judge(1)", "Judge the passage relevant to the question; a second time, judge it no more"),
    _key("irrelevant", "minus", "judge(0)", "Judge the passage not relevant; a second time, judge it no more"),
    _key("remove-article", "delete", "remove_article", "Take the article out of the archive; its text stays kept"),
]
"""What is done to the selected passage or its article, and lasts."""

KEEPING: Final[Keys] = [
    *MARKING,
    _key("undo", "U", "undo", "Undo what was marked, noted, taken out or narrowed last"),
    _key("clips", "C", "clips", "Show the clips, note and write them"),
    _key("write-kept", "W", "write_clips", "Write all clips to a file: Markdown, CSV or text"),
    _key("saved", "Q", "saved", "Show the saved questions, and what is new of them"),
    _key("judging", "J", "judging", "Measure how well each mode finds what was judged relevant"),
]

LISTED: Final[Keys] = [
    _key("next-listed", "down,j", "cursor_down", "Next one"),
    _key("previous-listed", "up,k", "cursor_up", "Previous one"),
    _key("first-listed", "home,g", "first", "First one"),
    _key("last-listed", "end,G", "last", "Last one"),
    _key("listed-down", "pagedown", "page_down", "A page down"),
    _key("listed-up", "pageup", "page_up", "A page up"),
]

CLIPS: Final[Keys] = [
    _key("ask-clips-question", "enter", "ask", "Ask the question it was found with", "ask"),
    _key("note", "e", "note", "Write a note to the clip", "note"),
    _key("drop-clip", "d", "drop", "Take the clip out", "drop"),
    _key("undo-in-clips", "U", "undo", "Undo what was marked, noted or taken out last"),
    _key("copy-clip", "c", "copy_citation", "Copy the clip with its source", "copy"),
    _key("copy-clips", "y", "copy_all", "Copy all clips, as Markdown", "all"),
    _key("write-clips", "w", "write", "Write all clips to a file: Markdown (.md), CSV (.csv) or text (.txt)", "write"),
    _key("close-clips", "escape,q,C", "close", "Close the clips", "back"),
]

SAVED: Final[Keys] = [
    _key("ask-saved", "enter", "ask", "Ask it; what is new of it counts as seen", "ask"),
    _key("drop-saved", "d", "drop", "Take the question out", "drop"),
    _key("undo-in-saved", "U", "undo", "Undo what was marked, noted or taken out last", "undo"),
    _key("close-saved", "escape,q,Q", "close", "Close the saved questions", "back"),
]

JUDGING: Final[Keys] = [
    _key("close-judging", "escape,q,J", "close", "Close the measures", "back"),
]

HISTORY: Final[Keys] = [
    _key("ask-again", "enter", "ask", "Ask it again", "ask"),
    _key("forget-history", "X", "clear", "Forget them all, and where one left; asks for a second press", "forget"),
    _key("close-history", "escape,q,ctrl+r", "close", "Close the list", "back"),
]

PROMPT: Final[Keys] = [
    _key("keep-written", "enter", "done", "Keep what is written", "keep", priority=True),
    _key("leave-written", "escape", "leave", "Leave it as it was", "leave", priority=True),
]

OF_A_ROW: Final = frozenset({"leave-line", "unfold", "preview", "why", "copy-cited", "clip"})
"""What the footer names and would change nothing where no row is listed."""

QUERY: Final[Keys] = [
    _key("former", "up", "screen.history", "List the questions that were asked before", priority=True),
    _key("first-result", _ENTER, "screen.first_result", "Go to the first result; twice reads it", "ask", priority=True),
    _key("into-results", "down", "screen.into_results", "Go into the results", priority=True),
    _key("leave-line", "escape", "screen.into_results", "Go back to the results", "results", priority=True),
]

RESULTS: Final[Keys] = [
    _key("read", _ENTER, "screen.open", "Read the article at this passage", "read", priority=True),
    _key("next-result", "down,j", "screen.move(1)", "Next result"),
    _key("previous-result", "up,k", "screen.move(-1)", "Previous result; from the first one, the search line"),
    _key("results-down", "pagedown", "screen.page(1)", "A page down"),
    _key("results-up", "pageup", "screen.page(-1)", "A page up"),
    _key("first", "home,g", "screen.first", "First result"),
    _key("last", "end,G", "screen.last", "Last result, of all there are"),
    _key("leave-results", "escape", "screen.focus_query", "Back to the search line", priority=True),
]

NARROW: Final[Keys] = [
    _key(
        "only", "enter,space,plus", "mark(False)", "Only what has this value; no longer, where it is marked so", "only"
    ),
    _key("without", "minus,x", "mark(True)", "Only what does not have it; no longer, where it is marked so", "without"),
    _key("next-value", "down,j", "cursor_down", "Next value"),
    _key("previous-value", "up,k", "cursor_up", "Previous value"),
    _key("first-value", "home,g", "first", "First value"),
    _key("last-value", "end,G", "last", "Last value"),
    _key("leave-values", "escape", "screen.narrow", "Back to the results", "results", priority=True),
]

TIMELINE: Final[Keys] = [
    _key("later", "right,l", "move(1)", "Next day, week or month"),
    _key("earlier", "left,h", "move(-1)", "The one before"),
    _key("extend-later", "shift+right,L", "move(1, True)", "Extend the span by the next one"),
    _key("extend-earlier", "shift+left,H", "move(-1, True)", "Extend the span by the one before"),
    _key("much-later", "pagedown", "page(1)", "Ten further"),
    _key("much-earlier", "pageup", "page(-1)", "Ten back"),
    _key("earliest", "home,g", "end(False)", "The first one"),
    _key("latest", "end,G", "end(True)", "The last one"),
    _key(
        "pick-span",
        "enter",
        "pick",
        "Narrow to what is chosen; at another place once more, to the span between",
        "narrow to it",
        priority=True,
    ),
    _key("by-day", "d", "unit('day')", "By the day", "day"),
    _key("by-week", "w", "unit('week')", "By the week", "week"),
    _key("by-month", "m", "unit('month')", "By the month", "month"),
    _key("leave-timeline", "escape", "leave", "Back to the results", "results", priority=True),
]

TEXT: Final[Keys] = [
    _key("next-match", "n", "walk(1)", "Next match", "next match"),
    _key("previous-match", "N", "walk(-1)", "Previous match"),
    _key("hidden", "h", "toggle_hidden", "Show or fold what cleaning hid", "hidden"),
    _key("line-down", "down,j", "scroll_rows(1)", "A line down"),
    _key("line-up", "up,k", "scroll_rows(-1)", "A line up"),
    _key("text-down", "pagedown", "scroll_pages(1)", "A page down"),
    _key("text-up", "pageup", "scroll_pages(-1)", "A page up"),
    _key("beginning", "home,g", "top", "The beginning"),
    _key("end", "end,G", "bottom", "The end"),
    _key("to-passage", "b", "to_passage", "Back to the passage that was found"),
]

READER: Final[Keys] = [
    _key("find", "slash", "find", "Find words within the article; n and N walk through them", "find", priority=True),
    _key("next-article", "right_square_bracket", "neighbour(1, True)", "The next article on the list", "next article"),
    _key("previous-article", "left_square_bracket", "neighbour(-1, True)", "The article before it on the list"),
    _key("next-passage", "right_curly_bracket", "neighbour(1, False)", "The next passage on the list"),
    _key("previous-passage", "left_curly_bracket", "neighbour(-1, False)", "The passage before it on the list"),
    _key("versions", "v", "versions", "Show the versions of the article, and how they differ", "versions"),
    _key("more-like-this", "l", "like", "Ask for more like the marked passage"),
    _key("browser", "o", "browse", "Open the article's address in the browser"),
    _key("edit", "E", "edit", "Open its file at the passage, in $VISUAL, $EDITOR or $PAGER"),
]

FIND: Final[Keys] = [
    _key("keep-found", "enter", "keep", "Go on to the text; n and N walk through what was found", "go", priority=True),
    _key("forget-found", "escape", "forget", "Forget what was looked for", "forget", priority=True),
]

VERSIONS: Final[Keys] = [
    _key("close-versions", "escape,q,v", "close", "Back to the article", "back"),
]

PREVIEW: Final[Keys] = [
    _key("read-beside", "enter", "screen.open", "Read the article on the whole screen", "read"),
    _key("leave-preview", "escape", "screen.into_results", "Back to the results", "back"),
]

ARTICLE: Final[Keys] = [
    _key("leave-article", "escape,q", "back", "Back to the results, as they were", "back"),
    _key("copy-cited-here", "c", "copy_citation", "Copy the marked passage, or what the mouse selected, cited", "copy"),
    _key("copy-passage-here", "y", "copy_passage", "Copy the marked passage, or what the mouse selected, alone"),
    _key("copy-address-here", "u", "copy_address", "Copy the article's address"),
]

WHY: Final[Keys] = [
    _key("close-why", "escape,q,i", "close", "Back to the results", "back"),
]

HELP: Final[Keys] = [
    _key("close-help", "escape", "close", "Close this help", "back"),
    _key("help-line-down", "down", "scroll(1)", "A line down"),
    _key("help-line-up", "up", "scroll(-1)", "A line up"),
    _key("help-down", "pagedown", "scroll(10)", "Ten lines down"),
    _key("help-up", "pageup", "scroll(-10)", "Ten lines up"),
]

EDITING: Final[Keys] = [
    _key("left", "left", "cursor_left", "A letter to the left"),
    _key("right", "right", "cursor_right", "A letter to the right"),
    _key("word-left", "ctrl+left", "cursor_left_word", "A word to the left"),
    _key("word-right", "ctrl+right", "cursor_right_word", "A word to the right"),
    _key("line-begin", "home", "home", "To the beginning"),
    _key("line-end", "end,ctrl+e", "end", "To the end"),
    _key("select-left", "shift+left", "cursor_left(True)", "Select a letter to the left"),
    _key("select-right", "shift+right", "cursor_right(True)", "Select a letter to the right"),
    _key("select-word-left", "ctrl+shift+left", "cursor_left_word(True)", "Select a word to the left"),
    _key("select-word-right", "ctrl+shift+right", "cursor_right_word(True)", "Select a word to the right"),
    _key("select-begin", "shift+home", "home(True)", "Select to the beginning"),
    _key("select-end", "shift+end", "end(True)", "Select to the end"),
    _key("select-all", "ctrl+shift+a", "select_all", "Select all"),
    _key("delete-left", "backspace", "delete_left", "Delete the letter before"),
    _key("delete-right", "delete,ctrl+d", "delete_right", "Delete the letter behind"),
    _key("delete-word-left", "ctrl+w,ctrl+backspace,alt+backspace", "delete_left_word", "Delete the word before"),
    _key("delete-all-left", "ctrl+u,super+backspace", "delete_left_all", "Delete all before"),
    _key("delete-all-right", "ctrl+k", "delete_right_all", "Delete all behind"),
    _key("cut", "ctrl+x", "cut", "Cut what is selected"),
    _key("copy-typed", "ctrl+c,super+c", "copy", "Copy what is selected"),
    _key("paste", "ctrl+v", "paste", "Paste what was cut or copied here"),
]


@dataclass(frozen=True, slots=True)
class Place:
    """Where actions work.

    Attributes:
        title: of its actions in the help and in the README.
        actions: what can be done there.
    """

    title: str
    actions: tuple[Binding, ...]


MARKING_KEYS: Final = frozenset(key for row in MARKING for key in row.key.split(","))
"""Keys, without one's own, that act on the selected passage or its article."""

PLACES: Final = (
    Place("Everywhere", tuple(EVERYWHERE)),
    Place("Search line", tuple(QUERY)),
    Place("Results", tuple(RESULTS)),
    Place("Search screen: letters outside the line, F-keys also in it", tuple(SEARCH)),
    Place("Values to narrow by", tuple(NARROW)),
    Place("Timeline", tuple(TIMELINE)),
    Place("Article text, also beside the results", (*TEXT, *READER)),
    Place("Article beside the results", tuple(PREVIEW)),
    Place("Article screen", tuple(ARTICLE)),
    Place("Archive: letters outside the line, Ctrl keys also in it", tuple(ARCHIVES)),
    Place("Keeping and judging, in the results and in an article", tuple(KEEPING)),
    Place("Finding within an article", tuple(FIND)),
    Place("Versions of an article", tuple(VERSIONS)),
    Place("Why a result is here", tuple(WHY)),
    Place("Lists of what is kept and asked", tuple(LISTED)),
    Place("Clips", tuple(CLIPS)),
    Place("Saved questions", tuple(SAVED)),
    Place("Measures over your judgements", tuple(JUDGING)),
    Place("Questions asked before", tuple(HISTORY)),
    Place("Writing a note or a file's name", tuple(PROMPT)),
    Place("Typing a folder's path", tuple(PATH)),
    Place("Before an update", tuple(UPDATE)),
    Place("What is being added", tuple(WORK)),
    Place("Every screen, outside the lines that are typed in", tuple(PANES)),
    Place("This help", tuple(HELP)),
    Place("Editing a line", tuple(EDITING)),
)
"""Every action; each stands in one place."""

_KEPT: Final = tuple(row for row in KEEPING if row not in MARKING)
TOGETHER: Final = (
    (*EVERYWHERE, *PANES, *SEARCH, *ARCHIVES, *KEEPING, *RESULTS),
    (*EVERYWHERE, *QUERY, *EDITING),
    (*EVERYWHERE, *PANES, *SEARCH, *ARCHIVES, *KEEPING, *PREVIEW, *READER, *TEXT),
    (*EVERYWHERE, *PANES, *ARTICLE, *KEEPING, *READER, *TEXT),
    (*EVERYWHERE, *PANES, *SEARCH, *ARCHIVES, *_KEPT, *NARROW),
    (*EVERYWHERE, *PANES, *SEARCH, *ARCHIVES, *_KEPT, *TIMELINE),
    (*EVERYWHERE, *FIND, *EDITING),
    (*EVERYWHERE, *PANES, *VERSIONS),
    (*EVERYWHERE, *PANES, *WHY),
    (*EVERYWHERE, *PANES, *CLIPS, *LISTED),
    (*EVERYWHERE, *PANES, *SAVED, *LISTED),
    (*EVERYWHERE, *PANES, *JUDGING),
    (*EVERYWHERE, *PANES, *HISTORY, *LISTED),
    (*EVERYWHERE, *PROMPT, *EDITING),
    (*EVERYWHERE, *PATH, *EDITING),
    (*EVERYWHERE, *PANES, *UPDATE),
    (*EVERYWHERE, *PANES, *WORK),
    (*EVERYWHERE, *HELP, *EDITING),
)
"""Actions that are there at the same time; where two have one key, what is nearer to the focus does its work."""


def label(key: str) -> str:
    """Write a key the way it is labelled: ``ctrl+q`` as ``Ctrl+Q``, ``slash`` as ``/``."""
    *modifiers, last = key.split("+")
    name = format_key(_NAMES.get(last, last))
    named = name[0].upper() + name[1:] if len(name) > 1 or modifiers else name
    return "+".join([*(modifier.capitalize() for modifier in modifiers), named])


def labels(keys: str) -> str:
    """Write keys that are joined by commas the way they are labelled."""
    return ", ".join(map(label, keys.split(",")))
