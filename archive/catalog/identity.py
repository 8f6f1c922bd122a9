"""What an article, a version and a place are named by."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import sha256
from itertools import count
from urllib.parse import urlsplit

from archive.core.article import Draft
from archive.text.urls import canonical


def text_digest(text: str) -> str:
    """Return the digest that names a version."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def named_by(address: str | None) -> str | None:
    """Return the article that a canonical address stands for by itself, None when it names no page."""
    return minted("url", address) if address is not None and _names_a_page(address) else None


def names_of(address: str | None) -> tuple[str, ...]:
    """Return the articles that a canonical address may stand for: by itself, then with http for https or the reverse.

    Sites moved to https, so that the capture of a page and its later copy differ in that alone.
    """
    if address is None:
        return ()
    scheme, _, rest = address.partition("://")
    other = f"{'http' if scheme == 'https' else 'https'}://{rest}"
    return tuple(name for name in (named_by(address), named_by(other)) if name is not None)


def address_of(draft: Draft) -> str | None:
    """Return the canonical address of a draft."""
    return canonical(draft.url) if draft.url else None


def _names_a_page(address: str) -> bool:
    """Tell a page's address from that of a whole site, which careless exporters give every record."""
    parts = urlsplit(address)
    return parts.path not in ("", "/") or bool(parts.query)


def named_by_place(key: Sequence[object]) -> Iterator[str]:
    """Yield the articles that a place (its key) may stand for: one, and more where that moved away or was purged."""
    return (minted("place", *map(str, key), str(turn)) for turn in count())


def minted(*parts: str) -> str:
    """Return an identifier of 16 hexadecimal digits, the same for the same parts."""
    return sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]
