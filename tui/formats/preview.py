"""What an add would read, in words and as JSON: articles, refusals, and how the fields of records are read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from archive import Draft, Refusal
from archive.cleaning.boilerplate import hidden_spans
from archive.core.record_fields import FieldSeen, FieldsSeen
from tui.formats.facts import ROLES, joined
from tui.formats.json import SCHEMA, Json, refusal_object
from tui.formats.plural import counted
from tui.formats.remedies import refusal_reason

_WIDEST = 32  # characters of a path after which its role is no longer put below the others. Chosen, not measured.


def preview_lines(item: Draft | Refusal | FieldsSeen) -> Iterator[str]:
    """Yield an article's title and what is known of it, why it is refused, or how the fields of records are read."""
    if isinstance(item, FieldsSeen):
        yield from _fields_lines(item)
        return
    if isinstance(item, Refusal):
        record = f" (record {item.record})" if item.record else ""
        yield f"refused  {item.path + record}: {refusal_reason(item)}"
        return
    words = counted(len(item.text.split()), "word")
    hidden = counted(len(hidden_spans(item.text, item.title, item.hidden)), "place")
    yield f"article  {item.title}"
    facts = (item.outlet, item.published, item.record and f"record {item.record}", words, f"{hidden} hidden")
    yield f"         {joined(facts, ', ')}"


def _fields_lines(seen: FieldsSeen) -> Iterator[str]:
    without = f", {seen.without_text} without a text that is found" if seen.without_text else ""
    yield f"fields   {seen.path}: {counted(seen.records, 'record')} looked at{without}"
    width = min(_WIDEST, max((len(one.path) for one in seen.fields), default=0))
    roles = [_role(one) for one in seen.fields]
    for one, role in zip(seen.fields, roles, strict=True):
        yield f"         {one.path:{width}}  {role:{max(map(len, roles))}}  {one.example}"
    if seen.proposal is not None:
        yield "         To have them read, put this into morgue.toml and correct its guesses (docs/records.md):"
        yield from (f"           {line}" for line in seen.proposal.split("\n"))


def _role(one: FieldSeen) -> str:
    if one.unreadable is not None:
        return f"no {ROLES[one.unreadable]} that can be read"
    return f"is the {ROLES[one.role]}" if one.role is not None else "is not read"


def preview_object(items: Iterable[Draft | Refusal | FieldsSeen]) -> Json:
    """Return what ``add --preview --json`` prints; consumes the items one by one."""
    articles: list[Json] = []
    refusals: list[Json] = []
    records: list[Json] = []
    for item in items:
        if isinstance(item, Refusal):
            refusals.append(refusal_object(item))
        elif isinstance(item, FieldsSeen):
            records.append(_records(item))
        else:
            articles.append(_article(item))
    return {"schema": SCHEMA, "articles": articles, "refusals": refusals, "records": records}


def _records(seen: FieldsSeen) -> Json:
    return {
        "path": seen.path,
        "looked_at": seen.records,
        "without_text": seen.without_text,
        "fields": [
            {
                "path": one.path,
                "records": one.records,
                "example": one.example,
                "read_as": one.role,
                "unreadable_as": one.unreadable,
            }
            for one in seen.fields
        ],
        "proposal": seen.proposal,
    }


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
