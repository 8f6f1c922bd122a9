"""What an article needs before it can be written down: what is hidden, its language, its passages. No catalog."""

from __future__ import annotations

from dataclasses import dataclass, replace

from archive.cleaning.boilerplate import hidden_spans
from archive.core.article import Draft, Prepared
from archive.core.spans import without
from archive.text.chunking import Rule, spans
from archive.text.language import detect


@dataclass(frozen=True, slots=True)
class Recipe:
    """How drafts become articles.

    Attributes:
        rule: how passages are packed.
        clean: whether residue is hidden; off for judged collections, whose texts are taken as they are.
    """

    rule: Rule
    clean: bool = True


def prepare(draft: Draft, recipe: Recipe) -> Prepared:
    """Clean and cut a draft."""
    hidden = hidden_spans(draft.text, draft.title, draft.hidden) if recipe.clean else ()
    language = detect(without(draft.text, hidden), draft.language)
    return Prepared(hidden, language, spans(draft.text, hidden, recipe.rule))


def prepared(draft: Draft, recipe: Recipe) -> Draft:
    """Return a draft with what ``prepare`` finds, unless it has it."""
    return draft if draft.prepared is not None else replace(draft, prepared=prepare(draft, recipe))
