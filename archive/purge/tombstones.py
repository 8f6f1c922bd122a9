"""What is kept of a purged article or source: hashes of everything that would bring it back, and nothing else.

A hash is salted with the kind of thing it stands for, so that an article is never taken for a text.
"""

from __future__ import annotations

import unicodedata
from hashlib import sha256

from archive.catalog.tables import purged
from archive.catalog.transaction import CatalogReader
from archive.folder.paths import absolute


def article_hash(article: str) -> str:
    """Return what is kept of an article's identifier."""
    return _hash("article", article)


def source_hash(source: str) -> str:
    """Return what is kept of a source's identifier."""
    return _hash("source", source)


def place_hash(root: str, path: str, record: str) -> str:
    """Return what is kept of a place: by its whole path, so that it is the same in any source."""
    return _hash("place", unicodedata.normalize("NFC", absolute(root, path)), record)


def raw_hash(raw_digest: str) -> str:
    """Return what is kept of the bytes of a record."""
    return _hash("raw", raw_digest)


def text_hash(digest: str) -> str:
    """Return what is kept of a version."""
    return _hash("text", digest)


def is_banned(reader: CatalogReader, kept: str) -> bool:
    """Tell whether a hash is among those of what was purged."""
    return bool(purged.times(reader, (kept,)))


def _hash(*parts: str) -> str:
    return sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
