"""Web addresses as they are typed into a question, in the spelling by which an archive keeps them."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote, urlsplit

import regex

from archive.text.urls import canonical

_SCHEME: Final = regex.compile(r"(?i)https?://")
_HOST: Final = regex.compile(r"[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+(?::\d+)?(?=[/?#]|$)")
_SAFE: Final = "/%:@!$&'()*+,;=~-._?#[]"


def page(typed: str) -> str | None:
    """Return the page that a whole address names, as ``host/path?query``; None for what is only a piece of one.

    Left out is what does not choose the page: scheme, ``www.``, fragment, tracking parameters, a slash at the end.
    """
    if not _SCHEME.match(typed):
        return None
    address = canonical(typed)
    if address is None:
        return None
    return _bare(address)


def pieces(typed: str) -> tuple[str, ...]:
    """Return the spellings in which an archived address may hold a piece: as typed, percent-encoded, cleared."""
    cleared = canonical(f"http://{typed}") if _HOST.match(typed) and "/" in typed else None
    spelled = (typed, quote(typed, safe=_SAFE, errors="replace"), _bare(cleared) if cleared else typed)
    return tuple(dict.fromkeys(spelled))


def site(typed: str) -> str | None:
    """Return the host that is typed, without ``www.``, with the path behind it if there is one; None for no host."""
    address = canonical(typed if _SCHEME.match(typed) else f"http://{typed}")
    return None if address is None else _bare(address)


def _bare(address: str) -> str:
    parts = urlsplit(address)
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path.rstrip("/")
    return parts.netloc.removeprefix("www.") + path
