"""What an article needs before it can be written down: what is hidden, its language, its passages. No catalog."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from archive.cleaning import boilerplate
from archive.core.article import Draft, Prepared, Span
from archive.core.derivation import Rules
from archive.core.spans import without
from archive.readers import Reader, titles
from archive.text import dates
from archive.text.chunking import Rule, spans
from archive.text.language import detection


@dataclass(frozen=True, slots=True)
class Preparation:
    """How drafts become articles.

    Attributes:
        rule: how passages are packed.
        clean: whether residue is hidden; off for judged collections, whose texts are taken as they are.
    """

    rule: Rule
    clean: bool = True


def load() -> None:
    """Load what preparing needs, which takes a second, before a worker's time begins to run."""
    boilerplate.load()
    detection.load()


def current_rules(readers: Sequence[Reader]) -> Rules:
    """Return the versions of some readers and of the rules of this build."""
    return Rules(
        frozenset(reader.label for reader in readers),
        titles.TITLES_VERSION,
        boilerplate.CLEANING_VERSION,
        dates.DATES_VERSION,
        detection.LANGUAGE_VERSION,
    )


def prepare(draft: Draft, preparation: Preparation) -> Prepared:
    """Clean and cut a draft."""
    hidden = hide(draft.text, draft.title, draft.hidden, preparation)
    detected = detection.detect(without(draft.text, hidden), draft.language)
    return Prepared(hidden, detected, spans(draft.text, hidden, preparation.rule))


def prepared(draft: Draft, preparation: Preparation) -> Draft:
    """Return a draft with what ``prepare`` finds, unless it has it."""
    return draft if draft.prepared is not None else replace(draft, prepared=prepare(draft, preparation))


def hide(text: str, title: str, given: Sequence[Span], preparation: Preparation) -> tuple[Span, ...]:
    """Return the spans of a text to hide; ``given`` are those that its reader handed over."""
    return boilerplate.hidden_spans(text, title, given) if preparation.clean else ()
