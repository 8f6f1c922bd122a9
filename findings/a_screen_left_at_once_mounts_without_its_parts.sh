#!/usr/bin/env bash
# Textual: a screen popped before it is mounted is mounted all the same, but without what lies in its containers.
#
# Version: textual 8.2.8 (Python 3.11), without a terminal (run_test); seen 2026-11-29.
#
# Guessed: when on_mount of a screen or widget is called, all that its compose yielded is mounted, as the guide says of
# the order of events; a screen that is popped before it got so far is never mounted.
# Seen: compose runs, what it yields inside a container is dropped without a word because the screen is being removed
# already, and on_mount is called then: the Input that compose has just yielded is not below the screen. One that lies
# in no container is there. What is usual in on_mount, `self.query_one(Input).focus()`, raises NoMatches in the one case
# and not in the other, and an exception in a handler ends the whole application. It takes no more than a key that opens
# a dialogue and an Esc that comes before the dialogue is drawn (a slow machine, keys typed ahead). With `Pilot.press`
# it does not show, since that waits after each key.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check "textual==8.2.8"

cat >"$folder/application.py" <<'PYTHON'
import asyncio

from textual.app import App
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input


class Dialogue(ModalScreen):
    def __init__(self, seen, nested):
        super().__init__()
        self.seen = seen
        self.nested = nested

    def compose(self):
        self.seen.append("composed")
        if self.nested:
            with Vertical():
                yield Input()
        else:
            yield Input()

    def on_mount(self):
        self.seen.append(f"mounted with {len(self.query(Input))} Input")


class Asking(App):
    def open(self, nested, leave):
        seen = []
        self.push_screen(Dialogue(seen, nested))
        if leave:
            self.pop_screen()
        return seen


async def main():
    app = Asking()
    async with app.run_test() as pilot:
        for nested in (False, True):
            for leave in (False, True):
                seen = app.open(nested, leave)
                await pilot.pause(0.5)
                place, how = "in a container" if nested else "alone", "popped at once" if leave else "left open"
                print(f"{place}, {how}: {', '.join(seen)}")


asyncio.run(main())
PYTHON

cd "$folder"
seen=$("$folder/venv/bin/python" application.py)
echo "$seen"
expected="alone, left open: composed, mounted with 1 Input
alone, popped at once: composed, mounted with 1 Input
in a container, left open: composed, mounted with 1 Input
in a container, popped at once: composed, mounted with 0 Input"
[ "$seen" = "$expected" ] || { echo "This has changed." >&2; exit 1; }
