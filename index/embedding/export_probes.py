"""Texts on which an exported encoder must agree with sentence-transformers: short, long, odd, in many scripts."""

from __future__ import annotations

from typing import Final

_REPORT: Final = (
    "The harbour authority closed both northern berths on Tuesday after divers found a crack in the quay wall. "
    "Two freighters were sent on to the next port, and the ferry company warned of delays until the weekend. "
)

PROBES: Final = (
    "a",
    "?",
    " ",
    "harbour closed",
    "sanctions threats against a neighbouring state",
    "Who paid for the bridge, and what did it cost in 2019?",
    "U.S.-led talks: 3,5 % (AP) \u2014 \u201cno comment\u201d",
    "El gobierno anunció nuevas ayudas para los agricultores afectados por la sequía.",
    "Die Straße bleibt wegen Überschwemmung bis auf Weiteres gesperrt.",
    "В столице выпал первый снег.",
    "محادثات السلام في العاصمة",
    "港口因台風暂时关闭",
    "\u2693️ \U0001f6a2 supercalifragilisticexpialidocious " + "x" * 150,
    _REPORT,
    _REPORT * 4,
    _REPORT * 20,
)
