"""Readers: what turns a file of any kind into drafts of articles."""

from archive.readers.common import Limits
from archive.readers.html import release
from archive.readers.registry import SUFFIXES, holds_many, read, read_here

__all__ = ["SUFFIXES", "Limits", "holds_many", "read", "read_here", "release"]
