"""What an add would read, in words and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from archive import Draft, Refusal
from archive.cleaning.boilerplate import hidden_spans
from tui.formats.facts import joined
from tui.formats.json import SCHEMA, Json, refusal_object
from tui.formats.plural import counted
from tui.formats.remedies import refusal_reason


def preview_lines(item: Draft | Refusal) -> Iterator[str]:
    """Yield an article's title and what is known of it, or why it is refused."""
    if isinstance(item, Refusal):
        record = f" (record {item.record})" if item.record else ""
        yield f"refused  {item.path + record}: {refusal_reason(item)}"
        return
    words = counted(len(item.text.split()), "word")
    hidden = counted(len(hidden_spans(item.text, item.title, item.hidden)), "place")
    yield f"article  {item.title}"
    facts = (item.outlet, item.published, item.record and f"record {item.record}", words, f"{hidden} hidden")
    yield f"         {joined(facts, ', ')}"


def preview_object(items: Iterable[Draft | Refusal]) -> Json:
    """Return what ``add --preview --json`` prints; consumes the items one by one."""
    articles: list[Json] = []
    refusals: list[Json] = []
    for item in items:
        if isinstance(item, Refusal):
            refusals.append(refusal_object(item))
        else:
            articles.append(_article(item))
    return {"schema": SCHEMA, "articles": articles, "refusals": refusals}


def _article(draft: Draft) -> Json:
    return {
        "title": draft.title,
        "title_from": draft.title_from,
        "outlet": draft.outlet,
        "author": draft.author,
        "url": draft.url,
        "published": draft.published,
        "lang": draft.language,
        "record": draft.record,
        "words": len(draft.text.split()),
        "hidden": len(hidden_spans(draft.text, draft.title, draft.hidden)),
        "damage": draft.damage,
    }
