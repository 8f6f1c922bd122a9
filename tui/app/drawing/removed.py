"""What Textual keeps of widgets that are gone."""

from __future__ import annotations

from textual._styles_cache import StylesCache


def forget_removed() -> None:
    """Let go of the lines that were drawn of widgets that are gone.

    Textual (8.2) remembers the colours of the last 1,024 pairs of a widget's lines and its background, and the lines
    with them, however long ago the widget was removed: 40 MB after 5,000 keys. The colours are told again at once.
    """
    forget = getattr(StylesCache.get_inner_outer, "cache_clear", None)
    if forget is not None:
        forget()
