"""Pages as the templates of content systems write them, each with the day on which it says it was published.

A template is what a system prints around an article: its own statements of the day, other days beside them (changed,
created, of a comment, of an older story), in the head and in the body. Three pages are composed of each: the whole one;
one without its head, as it is left after copying; and one whose own statements were taken out, which therefore has no
day of publication, however many others it names. The labels follow from that, not from what any program finds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from string import Template
from typing import Final

TITLE: Final = "The old bridge closes to lorries"
URL: Final = "https://pier.example/news/old-bridge-closes"
TEXT: Final = (
    "<p>The council voted to close the old bridge to lorries until its pillars have been examined by divers.</p>"
    "<p>Engineers found cracks in two of the six pillars, and a third was reported to the ministry in the autumn.</p>"
    "<p>Shops on the island will be paid for what they lose while the work goes on, the mayor said.</p>"
)
_MONTHS: Final = {
    "en": "January February March April May June July August September October November December",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
}


@dataclass(frozen=True, slots=True)
class System:
    """What one system prints.

    Attributes:
        name: with its version, and the template where it is one of several.
        head, byline, after: of the page, with places for the statements.
        own, own_head, own_ld: state the day of publication, in the body, the head and its JSON-LD.
        other, other_head, other_ld: state the day of a change.
        visible: whether the body alone names one whole day of publication that cannot be read in two ways.
        day: of publication; by the name's hash where it is not given.
    """

    name: str
    byline: str
    head: str = ""
    own: str = ""
    other: str = ""
    own_head: str = ""
    other_head: str = ""
    own_ld: str = ""
    other_ld: str = ""
    after: str = ""
    language: str = "en"
    visible: bool = True
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """A page, and the day on which it says it was published, None when it does not."""

    name: str
    html: str
    published: str | None
    held_out: bool


def pages(systems: Sequence[System]) -> Iterator[Page]:
    """Compose three pages of each system; half of the systems, by the hash of their names, are held out."""
    order = sorted(systems, key=lambda system: sha256(system.name.encode()).digest())
    held_out = {system.name for system in order[::2]}
    for number, system in enumerate(systems):
        for kind in ("whole", "body", "undated"):
            day = system.day or date(1990 + number % 34, 1 + number % 12, 13 + number % 15)
            stated = {"whole": True, "body": bool(system.own) and system.visible, "undated": False}[kind]
            published = day.isoformat() if stated else None
            yield Page(f"{system.name}, {kind}", _page(system, kind, day), published, system.name in held_out)


def _page(system: System, kind: str, day: date) -> str:
    own = kind != "undated"
    statements = {
        "own": system.own if own else "",
        "own_head": system.own_head if own else "",
        "own_ld": system.own_ld if own else "",
        "other": system.other,
        "other_head": system.other_head,
        "other_ld": system.other_ld,
    }
    head = Template(system.head).safe_substitute(statements) if kind != "body" else ""
    byline = Template(system.byline).safe_substitute(statements)
    written = {"url": URL, "title": TITLE}
    days = {"p": day, "m": day + timedelta(20), "o": day - timedelta(400), "c": day + timedelta(33)}
    for name, value in days.items():
        written |= {f"{name}_{form}": text for form, text in _forms(value, system.language).items()}
    return Template(
        f'<!DOCTYPE html><html lang="{system.language}"><head><meta charset="utf-8"><title>{TITLE}</title>'
        f'<link rel="canonical" href="{URL}">{head}</head><body><nav><a href="/">Home</a></nav><main>'
        f"<article class='post'><h1>{TITLE}</h1>{byline}<div class='body'>{TEXT}</div></article></main>{system.after}"
        "<footer>© 2024 The Pier</footer></body></html>"
    ).substitute(written)


def _forms(day: date, language: str) -> dict[str, str]:
    month = _MONTHS["en"].split()[day.month - 1]
    local = _MONTHS.get(language, _MONTHS["en"]).split()[day.month - 1]
    weekday = day.strftime("%A")
    return {
        "day": day.isoformat(),
        "iso": f"{day.isoformat()}T09:41:00+00:00",
        "digits": day.strftime("%Y%m%d"),
        "slash": day.strftime("%Y/%m/%d"),
        "dmy": day.strftime("%d.%m.%Y"),
        "points": day.strftime("%Y.%m.%d."),
        "us": f"{month} {day.day}, {day.year}",
        "uk": f"{day.day} {month} {day.year}",
        "full": f"{weekday}, {month} {day.day}, {day.year}",
        "short": f"{month[:3]} {day.day}, {day.year}",
        "noyear": f"{month[:3]} {day.day}",
        "guardian": f"{weekday[:3]} {day.day} {month[:3]} {day.year} 09.41 GMT",
        "local": f"{day.day} {local} {day.year}",
        "chinese": f"{day.year}年{day.month:02d}月{day.day:02d}日",
    }
