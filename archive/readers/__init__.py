"""Readers: what turns a file of any kind into drafts of articles."""

from archive.readers.common import Limits
from archive.readers.html import release
from archive.readers.reading import SUFFIXES, read

__all__ = ["SUFFIXES", "Limits", "read", "release"]
