"""Quotations that leave something out: the parts between ellipses and insertions, which stand in this order."""

from __future__ import annotations

from typing import Final

import regex

_CAPITAL: Final = regex.compile(r"[\[(](\p{L})[\])](?=\p{L})")  # "[T]he sea": a letter that was made to fit
_LEFT_OUT: Final = regex.compile(
    r"[\[(]\s*(?:\.{2,}|…|(?:\.\s){2,}\.)\s*[\])]"  # [...] (…)
    r"|\[[^\[\]]*\]"  # [Putin], [sic]
    r"|\.{3,}|…\.?|(?<!\S)(?:\.\s){2,}\.(?!\S)"  # ... … . . .
)


def parts(quotation: str) -> tuple[str, ...]:
    """Return what stands between what a quotation leaves out (``...``, ``[...]``) or puts in (``[Putin]``).

    A quotation that leaves nothing out, or has nothing besides, is its only part. ``[T]he`` is ``The``.
    """
    pieces = _LEFT_OUT.split(_CAPITAL.sub(r"\1", quotation))
    return tuple(piece for each in pieces if (piece := each.strip(" ,;:–—-"))) or (quotation,)


def puts_in(quotation: str) -> bool:
    """Tell whether a quotation has insertions in brackets, such as ``[Putin]``; ``[...]`` and ``[T]he`` are none."""
    left_out = (match[0] for match in _LEFT_OUT.finditer(_CAPITAL.sub(r"\1", quotation)))
    return any(regex.search(r"[\p{L}\p{N}]", each) for each in left_out)
