#!/usr/bin/env bash
# Textual: letters typed right behind Ctrl+U in an Input are deleted with what stood before them.
#
# Version: textual 8.2.8 (Python 3.11), without a terminal (run_test); seen 2026-11-30.
#
# Guessed: keys reach a line in the order in which they were typed, and each is done before the next; Ctrl+U empties the
# line, and the letters behind it stand there.
# Seen: a letter is put in by the line itself, as soon as its key comes to it. Ctrl+U, Ctrl+W, Home and the like are
# bindings of the line, which are looked up only when the key was handed on, message by message, through every widget
# around the line up to the application; until then the letters behind it are put in. So "zebra", Ctrl+U, "mayor",
# which a terminal hands over at once where a key is repeated, text is pasted without brackets, or the application was
# busy, leaves an empty line, and Home, "x" puts the x at the end. With a pause between the keys all is as guessed.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check "textual==8.2.8"

cat >"$folder/application.py" <<'PYTHON'
import asyncio

from textual.app import App
from textual.events import Key
from textual.widgets import Input


class Line(App):
    def compose(self):
        yield Input(value="zebra", select_on_focus=False)


async def typed(name, keys, pause):
    app = Line()
    async with app.run_test() as pilot:
        for key in keys:
            app.post_message(Key(key, key if len(key) == 1 else None))
            if pause:
                await pilot.pause(0.2)
        await pilot.pause(0.5)
        print(name, "with pauses:" if pause else "at once:", repr(app.query_one(Input).value))


async def main():
    for pause in (True, False):
        await typed("Ctrl+U, mayor,", ["ctrl+u", *"mayor"], pause)
        await typed("Home, x,", ["home", "x"], pause)


asyncio.run(main())
PYTHON

cd "$folder"
seen=$("$folder/venv/bin/python" application.py)
echo "$seen"
expected="Ctrl+U, mayor, with pauses: 'mayor'
Home, x, with pauses: 'xzebra'
Ctrl+U, mayor, at once: ''
Home, x, at once: 'zebrax'"
[ "$seen" = "$expected" ] || { echo "This has changed." >&2; exit 1; }
