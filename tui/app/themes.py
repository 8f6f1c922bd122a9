"""The colours: four themes, and which of them a person's setting and the terminal's background ask for.

All colours are of xterm's palette of 256 or next to one of it, so that a terminal of 256 shows nearly the same; each
text has a contrast of at least 4.5 to 1 to what it can stand on, each line and bar 3 to 1 (WCAG 2.2, AA).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, get_args

from textual.theme import Theme

Look = Literal["auto", "dark", "light", "high-contrast", "high-contrast-dark", "high-contrast-light"]
"""What a person can ask for; ``auto`` and ``high-contrast`` follow the terminal's background."""

LOOKS: Final[tuple[Look, ...]] = get_args(Look)
FOLLOWING: Final[tuple[Look, ...]] = ("auto", "high-contrast")
VARIABLE: Final = "MORGUE_THEME"


def _theme(
    name: str,
    *,
    dark: bool,
    background: str,
    raised: str,
    chosen: str,
    text: str,
    quiet: str,
    line: str,
    focus: str,
    nearest: str,
    match: str,
    selection: str,
    good: str,
    warning: str,
    error: str,
) -> Theme:
    """Make a theme of Textual's own names, so that the rules hold under its themes too.

    ``secondary`` is what stands behind matches, ``text-secondary`` the sentence nearest in meaning, ``border-blurred``
    lines, ``block-cursor-background`` the selected row.
    """
    return Theme(
        name=name,
        dark=dark,
        primary=focus,
        secondary=match,
        accent=focus,
        foreground=text,
        background=background,
        surface=raised,
        panel=raised,
        success=good,
        warning=warning,
        error=error,
        variables={
            "text": text,
            "text-muted": quiet,
            "text-disabled": quiet,
            "text-primary": focus,
            "text-secondary": nearest,
            "text-accent": focus,
            "text-success": good,
            "text-warning": warning,
            "text-error": error,
            "foreground-muted": quiet,
            "foreground-disabled": quiet,
            "panel-lighten-1": raised,
            "border": focus,
            "border-blurred": line,
            "scrollbar": line,
            "scrollbar-hover": quiet,
            "scrollbar-active": focus,
            "scrollbar-background": background,
            "scrollbar-background-hover": background,
            "scrollbar-background-active": background,
            "scrollbar-corner-color": background,
            "input-selection-background": selection,
            "input-selection-foreground": text,
            "screen-selection-background": selection,
            "screen-selection-foreground": text,
            "block-cursor-background": chosen,
            "block-cursor-foreground": text,
            "block-cursor-blurred-background": chosen,
            "block-cursor-blurred-foreground": text,
            "block-hover-background": raised,
            "footer-background": raised,
            "footer-foreground": text,
            "footer-description-foreground": text,
            "footer-key-foreground": focus,
        },
    )


DARK: Final = _theme(
    "morgue-dark",
    dark=True,
    background="#121212",
    raised="#262626",
    chosen="#3a3a3a",
    text="#e4e4e4",
    quiet="#b2b2b2",
    line="#767676",
    focus="#5fafff",
    nearest="#5fd7d7",
    match="#ffd75f",
    selection="#005f87",
    good="#87d787",
    warning="#ffaf5f",
    error="#ff8787",
)
LIGHT: Final = _theme(
    "morgue-light",
    dark=False,
    background="#ffffff",
    raised="#eeeeee",
    chosen="#d2d2d2",
    text="#121212",
    quiet="#444444",
    line="#808080",
    focus="#005faf",
    nearest="#0000af",
    match="#ffd700",
    selection="#afd7ff",
    good="#005f00",
    warning="#5f0000",
    error="#870000",
)
HIGH_CONTRAST_DARK: Final = _theme(
    "morgue-high-contrast-dark",
    dark=True,
    background="#000000",
    raised="#121212",
    chosen="#005faf",
    text="#ffffff",
    quiet="#eeeeee",
    line="#bcbcbc",
    focus="#ffff00",
    nearest="#00ffff",
    match="#ffff00",
    selection="#005faf",
    good="#87ff87",
    warning="#ffd787",
    error="#ffd7d7",
)
HIGH_CONTRAST_LIGHT: Final = _theme(
    "morgue-high-contrast-light",
    dark=False,
    background="#ffffff",
    raised="#ffffff",
    chosen="#5f87ff",
    text="#000000",
    quiet="#121212",
    line="#444444",
    focus="#0000d7",
    nearest="#00005f",
    match="#ffd700",
    selection="#87d7ff",
    good="#005f00",
    warning="#5f0000",
    error="#870000",
)
THEMES: Final = (DARK, LIGHT, HIGH_CONTRAST_DARK, HIGH_CONTRAST_LIGHT)


def look_of(environment: Mapping[str, str]) -> Look | None:
    """Return the look that ``MORGUE_THEME`` asks for, ``auto`` without it, None if there is no such look."""
    named = environment.get(VARIABLE, "").strip().lower() or "auto"
    return next((look for look in LOOKS if look == named), None)


def theme_of(look: Look, *, light_terminal: bool) -> Theme:
    """Choose the theme for a look in a terminal of this background."""
    light = look.endswith("light") if look.endswith(("dark", "light")) else light_terminal
    if look.startswith("high-contrast"):
        return HIGH_CONTRAST_LIGHT if light else HIGH_CONTRAST_DARK
    return LIGHT if light else DARK
