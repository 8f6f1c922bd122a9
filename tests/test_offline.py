from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

WITHOUT_NETWORK = """
import socket, sys
attempts = []
def blocked(self, address, *rest):
    if self.family != socket.AF_UNIX:
        attempts.append(address)
        raise OSError("the network is cut off")
socket.socket.connect = blocked
socket.socket.connect_ex = blocked
socket.getaddrinfo = lambda *asked, **more: (attempts.append(asked), (_ for _ in ()).throw(OSError("no names")))[1]
from tui.__main__ import run
code = run(sys.argv[1:])
assert not attempts, attempts
sys.exit(code)
"""


def morgue(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", WITHOUT_NETWORK, *arguments], capture_output=True, text=True, cwd=ROOT, check=False
    )


def test_the_whole_product_works_with_the_network_cut_off(tmp_path: Path) -> None:
    archive = str(tmp_path / "archive")
    page = tmp_path / "articles" / "page.html"
    page.parent.mkdir()
    page.write_text(
        "<html><head><title>Harbour strike ends</title></head><body><article><h1>Harbour strike ends</h1>"
        "<p>Dock workers went back to the harbour on Monday after the union accepted a pay rise of four per cent.</p>"
        "<p>The port authority said that the first container ships would be unloaded by the evening.</p>"
        "</article></body></html>",
        "utf-8",
    )
    (page.parent / "note.txt").write_text(
        "Council votes on tram line\n\nThe council approved the new tram line.\n", "utf-8"
    )
    for arguments in (
        ("add", str(page.parent)),
        ("search", "dock workers pay"),
        ("search", "tram", "--mode", "semantic", "--json"),
        ("verify",),
        ("rebuild",),
    ):
        done = morgue("--archive", archive, *arguments)
        assert done.returncode == 0, f"{arguments}: {done.stdout}{done.stderr}"
