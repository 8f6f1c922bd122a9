#!/usr/bin/env bash
# Textual: a screen that watched an attribute of the application and was left stays in memory until that changes.
#
# Version: textual 8.2.8 (Python 3.11), without a terminal (run_test); seen 2026-11-30.
#
# Guessed: watch() belongs to the node that calls it, so what it registered goes when that node is removed; the
# documentation of DOMNode.watch says nothing of an end, and there is no way to end it.
# Seen: the list of watchers lies on the watched object and holds the node and its method. Those of removed nodes are
# taken out only when the attribute changes the next time: of 50 screens that were pushed and left, all 50 are alive
# after a collection, with all their widgets, for as long as nothing changes. They go with one change.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check "textual==8.2.8"

cat >"$folder/application.py" <<'PYTHON'
import asyncio
import gc
import weakref

from textual.app import App
from textual.reactive import reactive
from textual.screen import Screen


class Dialogue(Screen):
    watches = True

    def on_mount(self):
        if self.watches:
            self.watch(self.app, "mood", self.seen, init=False)

    def seen(self, mood):
        pass


class Application(App):
    mood = reactive("calm")


def living(left):
    gc.collect()
    return sum(one() is not None for one in left)


async def main():
    for watches in (False, True):
        Dialogue.watches = watches
        app, left = Application(), []
        async with app.run_test() as pilot:
            for _ in range(50):
                dialogue = Dialogue()
                await app.push_screen(dialogue)
                await pilot.pause()
                app.pop_screen()
                await pilot.pause()
                left.append(weakref.ref(dialogue))
                del dialogue
            print("watching:" if watches else "not watching:", living(left), "of 50 are alive")
            if watches:
                app.mood = "merry"
                await pilot.pause()
                print("after one change:", "2 or fewer" if living(left) <= 2 else living(left))


asyncio.run(main())
PYTHON

cd "$folder"
seen=$("$folder/venv/bin/python" application.py)
echo "$seen"
expected="not watching: 0 of 50 are alive
watching: 50 of 50 are alive
after one change: 2 or fewer"
[ "$seen" = "$expected" ] || { echo "This has changed." >&2; exit 1; }
