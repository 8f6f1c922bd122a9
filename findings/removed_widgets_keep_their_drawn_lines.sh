#!/usr/bin/env bash
# Textual: the drawn lines of a widget that was removed stay in memory until 1,024 others were drawn.
#
# Version: textual 8.2.8 (Python 3.11), without a terminal (run_test); seen 2026-11-30.
#
# Guessed: what was drawn of a widget is kept in its styles cache, and goes with the widget when it is removed and
# nothing refers to it any more.
# Seen: StylesCache.get_inner_outer, whose first parameter is called cls, is no class method, but is decorated with
# functools.lru_cache(1024). So the cache of pairs of colours, shared by all widgets, has each widget's StylesCache in
# its keys, and with it all lines that were drawn of the widget, and what was derived from them. Of 200 widgets that
# were drawn and removed, all 200 caches are alive after a collection; of a program that opens a few dialogues a minute,
# those of the last hours. They go when the function's own cache is cleared.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check "textual==8.2.8"

cat >"$folder/application.py" <<'PYTHON'
import asyncio
import gc

from textual._styles_cache import StylesCache
from textual.app import App
from textual.widgets import Static


def count():
    gc.collect()
    return sum(isinstance(each, StylesCache) for each in gc.get_objects())


async def main():
    app = App()
    async with app.run_test() as pilot:
        before = count()
        for number in range(200):
            widget = Static(f"number {number}")
            await app.mount(widget)
            await pilot.pause()
            await widget.remove()
            del widget
        kept = count() - before
        print("after 200 widgets were removed, alive:", "198 caches or more" if kept >= 198 else f"{kept} caches")
        StylesCache.get_inner_outer.cache_clear()
        kept = count() - before
        print("after the colours were forgotten, alive:", "2 or fewer" if kept <= 2 else kept)


asyncio.run(main())
PYTHON

cd "$folder"
seen=$("$folder/venv/bin/python" application.py)
echo "$seen"
expected="after 200 widgets were removed, alive: 198 caches or more
after the colours were forgotten, alive: 2 or fewer"
[ "$seen" = "$expected" ] || { echo "This has changed." >&2; exit 1; }
