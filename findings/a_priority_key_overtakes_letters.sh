#!/usr/bin/env bash
# Textual: a key bound with priority is acted on before the letters typed ahead of it have reached the Input.
#
# Version: textual 8.2.8 (Python 3.11), in a pseudo terminal; seen 2026-11-29.
#
# Guessed: keys are done in the order in which they are typed, and `priority=True` only decides who may handle a key
# first. So an application that binds Enter with priority, and then reads the value of the focused Input, finds all that
# was typed before that Enter, as it does when Enter is left to the Input (`Input.Submitted`).
# Seen: when "ferry" and Enter arrive in one go (a paste without brackets, an expect script, `tmux send-keys`, a line
# typed while the program starts), the action of the priority binding sees an empty value; left to the Input, Enter
# gives "ferry". Letters are forwarded to the queue of the focused widget, which runs in a task of its own, while a
# priority binding is run at once in the task of the application. In tests with `Pilot.press` it does not show, since
# that waits after each key; by hand, nobody types so fast.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check "textual==8.2.8"

cat >"$folder/application.py" <<'PYTHON'
import sys

from textual.app import App
from textual.binding import Binding
from textual.widgets import Input


class Asking(App):
    BINDINGS = [Binding("enter", "ask", priority=sys.argv[1] == "priority")]

    def compose(self):
        yield Input()

    def on_input_submitted(self):
        self.action_ask()

    def action_ask(self):
        self.exit(repr(self.query_one(Input).value))


print("heard", Asking().run())
PYTHON

cat >"$folder/type.py" <<'PYTHON'
import os
import pty
import re
import select
import sys
import time


def heard(who):
    pid, terminal = pty.fork()
    if pid == 0:
        os.environ.update(TERM="xterm-256color", COLUMNS="80", LINES="24")
        os.execv(sys.executable, [sys.executable, "application.py", who])
    written, drawn = b"", None
    while True:
        ready = select.select([terminal], [], [], 0.1)[0]
        if ready:
            try:
                chunk = os.read(terminal, 65536)
            except OSError:
                break
            if not chunk:
                break
            written += chunk
            drawn = drawn or (time.monotonic() if "▁".encode() in written else None)
        if drawn is not None and time.monotonic() - drawn > 2:
            os.write(terminal, b"ferry\r")
            drawn = float("inf")
    os.waitpid(pid, 0)
    return re.findall(r"heard ('.*?')", written.decode(errors="replace"))[-1]


for who in ("input", "priority"):
    print(f"Enter handled by {who}: {heard(who)}")
PYTHON

cd "$folder"
seen=$("$folder/venv/bin/python" type.py)
echo "$seen"
expected="Enter handled by input: 'ferry'
Enter handled by priority: ''"
[ "$seen" = "$expected" ] || { echo "This has changed." >&2; exit 1; }
